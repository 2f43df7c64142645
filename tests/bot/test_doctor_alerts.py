"""What ``siang doctor`` says of alerts: who hears of what, the month's messages, the mail server, mailboxes, groups."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot import doctor_alerts
from bot.doctor_report import Level, Line
from bot.line import LineClient
from survey import db, groups
from survey.settings import Department, Settings
from survey.settings_mail import Smtp
from tests.bot.alerts_kit import DEPARTMENTS, Desk, office
from tests.bot.smtp_server import PASSWORD, USER, smtp_server


@pytest.fixture
def desk(sqlite_engine: Engine, settings_factory: Callable[..., Settings]) -> Iterator[Desk]:
    """Everybody is told, and everything can be mailed."""
    with office(sqlite_engine, settings_factory(), Smtp("127.0.0.1", "siang@example.go.th")) as desk:
        for name, department in zip("กขคง", DEPARTMENTS, strict=True):
            desk.officer(name, department.id)
        yield desk


def told(desk: Desk) -> list[Line]:
    line = LineClient(desk.settings.line_api_base)
    return list(doctor_alerts.check_alerts(desk.settings, desk.engine, desk.agency, line))


def wrong(desk: Desk, text: str, mend: str, level: Level = Level.FINDING) -> bool:
    """Is this the only thing that is not as it should be?"""
    found = [line for line in told(desk) if line.level is not Level.OK]
    return len(found) == 1 and found[0].level is level and text in found[0].text and mend in found[0].mend


def changed(desk: Desk, **changes: object) -> None:
    agency = replace(desk.agency, office=replace(desk.agency.office, **changes))  # type: ignore[arg-type]
    desk.settings = replace(desk.settings, agencies=(agency,))


def test_an_office_in_which_all_is_well(desk: Desk) -> None:
    assert [line.text for line in told(desk)] == [
        "main: complaints of every category reach an officer.",
        "main: 300 paid messages are left, 30 of them kept for urgent alerts.",
        "main: alerts of every department can be mailed.",
    ]
    assert desk.line.billable == 0


def test_a_category_that_reaches_nobody_or_only_admins_is_named(
    sqlite_engine: Engine, settings_factory: Callable[..., Settings]
) -> None:
    with office(sqlite_engine, settings_factory(), Smtp("127.0.0.1", "siang@example.go.th")) as desk:
        assert not any("complaints" in line.text for line in told(desk))  # that nobody works here is said elsewhere
        desk.officer("เวร")
        assert wrong(desk, "nobody is told of complaints about การให้บริการ", "siang officer invite")
        desk.officer("ปลัด", role="admin")
        assert wrong(desk, "only admins are told of complaints about การให้บริการ", "--department", Level.NOTE)


def test_messages_that_are_left_for_the_urgent_only_are_found(desk: Desk) -> None:
    desk.line.channel.used[desk.line.platform.month()] = 275
    assert wrong(desk, "25 paid messages are left, all of them for urgent alerts", "bigger plan")

    desk.line.channel.quota = 20
    assert wrong(desk, "30 messages are kept for urgent alerts, of 20 a month", "urgent_reserve")


def test_without_a_limit_or_without_a_word_from_line_nothing_is_said_of_messages(desk: Desk) -> None:
    desk.line.channel.quota = None
    assert len(told(desk)) == 1

    desk.line.channel.quota = 300
    desk.line.faults.fail(500, "quota")
    assert len(told(desk)) == 1


def test_a_group_that_would_eat_the_plan_is_worth_knowing(desk: Desk) -> None:
    desk.group("กองช่าง", "works", "ก", "ข")
    with db.write(desk.engine) as conn:
        [row] = groups.linked(conn, "main")
        groups.counted(conn, "main", row.id, 15)

    assert wrong(desk, "the group of works (15 people) would take 330 of 300", "siang group list", Level.NOTE)


def test_no_mail_server_and_no_mailbox_are_said(desk: Desk) -> None:
    changed(desk, email="")
    assert wrong(desk, "กองคลัง, กองสาธารณสุข and the office have no mailbox", "AGENCY_FILE")

    changed(desk, departments=(Department("clerk", "สำนักปลัด", email="clerk@example.go.th"),))
    assert [line.level for line in told(desk)] == [Level.OK] * 3

    changed(desk, departments=())
    assert any("The office has no mailbox" in line.text for line in told(desk))

    desk.settings = replace(desk.settings, smtp=None)
    assert any("no mail server is set" in line.text and line.level is Level.NOTE for line in told(desk))


def test_the_mail_server_is_logged_in_to(
    settings_factory: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with smtp_server(tmp_path) as box:
        right = Smtp("127.0.0.1", "siang@example.go.th", box.port, "starttls", USER, PASSWORD)

        def said(**changes: object) -> str:
            smtp = replace(right, **changes)  # type: ignore[arg-type]
            [line] = doctor_alerts.check_server(settings_factory(smtp=smtp))
            return f"{line.level} {line.text} {line.mend}"

        assert "cannot be trusted (self" in said()
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert said() == f"ok The mail server 127.0.0.1:{box.port} takes mail from {USER}. "
        assert "SMTP_PASSWORD" in said(password="wrong")
        assert "cannot be used (ConnectionRefusedError)" in said(port=9)
        assert box.mails == []
    assert list(doctor_alerts.check_server(settings_factory())) == []
