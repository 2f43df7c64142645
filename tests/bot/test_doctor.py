"""``siang doctor``: what is right, what is worth knowing, what is wrong and how to mend it."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from json import dumps
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from bot import doctor, doctor_line
from bot.app import create_app
from bot.cli import cli
from bot.doctor_report import Level, Line
from bot.playground.line import LocalLine
from bot.playground.line_app import running_line
from bot.playground.serve import running
from bot.playground.sheets import LocalSheets
from bot.playground.sheets_auth import service_account_info
from bot.playground.sheets_http import create_app as create_sheets
from survey import db, library, officers, rounds, thai
from survey.privacy import Keys, SecretKeyError
from survey.settings import Agency, Settings
from survey.settings_names import NAMES
from survey.tables import workers


@dataclass
class Ward:
    """A deployment in good health, to make ill."""

    settings: Settings
    engine: Engine
    line: LocalLine
    sheets: LocalSheets

    def examine(self, **changes: object) -> list[Line]:
        settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        return list(doctor.examine(settings, self.engine, lambda: datetime.now(UTC)))

    def findings(self, **changes: object) -> list[Line]:
        return [line for line in self.examine(**changes) if line.level is Level.FINDING]


@pytest.fixture
def ward(
    sqlite_engine: Engine, sqlite_url: str, settings_factory: Callable[..., Settings], agency: Agency, keys: Keys
) -> Iterator[Ward]:
    sheets = LocalSheets()
    sheets.create_spreadsheet("book", "คำตอบของเรา")
    now = datetime.now(UTC)
    with ExitStack() as stack:
        line = stack.enter_context(running_line("test-secret", "test-token"))
        base = stack.enter_context(running(create_sheets(sheets)))
        stack.callback(sheets.close)
        key = dumps(service_account_info(base))
        with db.write(sqlite_engine) as conn:
            rounds.ensure(conn, library.load(), keys, "main", thai.bangkok_date(now))
            code = officers.invite(conn, keys, "main", "admin", "", [], now)
            officers.redeem(conn, keys, "main", code, "r", b"sealed", now)
            conn.execute(workers.insert().values(id="w", beat_at=now))
        settings = settings_factory(
            agencies=(replace(agency, spreadsheet_id="book", google_credentials=key),),
            database_url=sqlite_url,
            line_api_base=line.url,
            sheets_api_base=base,
            anonymity_group=5,
        )
        app = create_app(settings)
        hook = stack.enter_context(running(app))
        stack.callback(app.extensions["siang"].engine.dispose)
        line.webhook_url = f"{hook}/callback"
        yield Ward(replace(settings, public_url=hook), sqlite_engine, line, sheets)


def test_a_healthy_deployment_has_no_finding_and_is_left_as_it_was(ward: Ward) -> None:
    before = ward.sheets.book("book").tabs

    lines = ward.examine()

    assert [line for line in lines if line.level is Level.FINDING] == []
    said = "\n".join(line.text for line in lines)
    for piece in (
        "schema version",
        "The clock is right",
        "LINE knows the account",
        f"LINE sends webhooks to {ward.settings.public_url}/callback",
        "a webhook that LINE sent on trial was taken",
        "0 of 300 paid messages",
        "'คำตอบของเรา' can be read and written",
        "1 officer is registered",
        "round eit-",
        "A worker is running",
    ):
        assert piece in said
    assert ward.sheets.book("book").tabs == before
    assert "test-token" not in said


def only(findings: list[Line], text: str, mend: str) -> bool:
    return len(findings) == 1 and text in findings[0].text and mend in findings[0].mend


def test_a_wrong_token_is_found(ward: Ward) -> None:
    wrong = replace(ward.settings.default_agency, channel_access_token="other")

    assert only(ward.findings(agencies=(wrong,)), "LINE answered 401", "LINE_CHANNEL_ACCESS_TOKEN")


def test_webhooks_that_go_elsewhere_or_nowhere_are_found(ward: Ward) -> None:
    assert only(ward.findings(public_url=""), "PUBLIC_URL is not set", "Set it")
    assert only(ward.findings(public_url="https://b.th"), f"to {ward.line.webhook_url}", "https://b.th/callback")
    ward.line.channel.webhook_active = False
    assert only(ward.findings(), "switched off", "Use webhook")


def test_a_wrong_channel_secret_is_found_by_a_webhook_on_trial(ward: Ward) -> None:
    ward.line.channel.secret = "what LINE signs with"

    assert only(ward.findings(), "refuses LINE's signature", "LINE_CHANNEL_SECRET")


def test_a_webhook_that_nobody_answers_is_found(ward: Ward) -> None:
    ward.line.webhook_url = "http://127.0.0.1:1/callback"

    assert only(ward.findings(public_url="http://127.0.0.1:1"), "cannot reach the webhook", "siang web")


def test_an_http_address_is_nothing_for_the_real_line(ward: Ward) -> None:
    settings = replace(ward.settings, public_url="http://survey.example.go.th", line_api_base="")
    [found] = [doctor_line.check_address(settings, ward.settings.default_agency, {})]

    assert "https only" in found.text


def test_another_secret_key_is_found_and_refused(ward: Ward) -> None:
    other = Keys("another key than the one that the database was made with")

    assert only(ward.findings(keys=other), "SECRET_KEY is not the one", "Put the old key back")
    with db.read(ward.engine) as conn, pytest.raises(SecretKeyError):
        rounds.check_secrets(conn, other, ["main"])


def test_a_sheet_that_is_not_shared_is_found_with_the_address_to_share_it_with(ward: Ward) -> None:
    ward.sheets.deny("book")

    assert only(ward.findings(), "does not let us read", "Share the sheet with siang-mirror@")


def test_a_chat_that_people_read_along_is_worth_knowing(ward: Ward) -> None:
    ward.line.channel.chat_mode = "chat"

    notes = [line.text for line in ward.examine() if line.level is Level.NOTE]

    assert any("can read along" in note for note in notes)


def test_a_silent_worker_and_missing_officers_are_found(ward: Ward) -> None:
    with db.write(ward.engine) as conn:
        conn.execute(workers.update().values(beat_at=datetime.now(UTC) - timedelta(minutes=5)))
        for row in officers.listing(conn, "main"):
            officers.remove(conn, "main", row.id, datetime.now(UTC).date())

    assert [line.mend for line in ward.findings()] == [
        "Run: siang officer invite",
        "Keep `siang worker` running beside `siang web`.",
    ]


def test_a_clock_that_is_off_is_found(ward: Ward) -> None:
    late = datetime.now(UTC) + timedelta(minutes=3)

    [found] = [one for one in doctor_line.check_clock(ward.settings, lambda: late) if one.level is Level.FINDING]

    assert re.search(r"off by 1(79|80|81|82) s", found.text)  # LINE's answer tells whole seconds


def test_without_settings_every_fault_is_a_finding_and_the_exit_code_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting in NAMES:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(cli, ["doctor"])

    assert result.exit_code == 1
    assert result.output.count("finding ") == 5  # four settings and the database
    assert "Run: siang migrate" in result.output
    assert list(tmp_path.iterdir()) == []
