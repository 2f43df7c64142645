"""``siang keys`` and ``siang audit`` as an operator meets them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from cryptography.fernet import Fernet
from sqlalchemy import Engine, update

from bot.cli import context
from survey import audit, db, officers, sealed, sealed_case
from survey.privacy import Keys
from survey.sealed_keys import SealedError, Sealer
from survey.settings_names import NAMES
from survey.tables import audit_log
from tests.bot import command
from tests.survey.sealed_kit import sealed_report

NOW = datetime(2027, 2, 10, 5, tzinfo=UTC)
SECRET = "sixteen or more characters"
OLD, NEW, STRANGE = (Fernet.generate_key().decode() for _ in range(3))
KEYS = Keys(SECRET, (), (OLD,))
WORDS = "นายช่างเรียกเงินห้าร้อยบาท"


@pytest.fixture
def store(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    for setting in NAMES:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("SEALED_KEYS", OLD)
    monkeypatch.setenv("AGENCY_NAME", "อบต.ทดลอง")
    monkeypatch.setattr(context, "now", lambda: NOW)
    monkeypatch.chdir(tmp_path)
    engine = db.connect(sqlite_url)
    yield engine
    engine.dispose()


def siang(*arguments: str, code: int = 0) -> Result:
    result = command.siang(*arguments)
    assert result.exit_code == code, result.output
    return result


def words(store: Engine, report: str, *keys: str) -> str:
    with db.read(store) as conn:
        row = sealed.get(conn, "main", report)
        assert row is not None
        return str(sealed.content(Sealer(keys), row)["what"])


def entry(store: Engine, action: str, subject: str, actor: str = "o1", reason: str = "") -> None:
    with db.write(store) as conn:
        audit.write(conn, KEYS, "main", actor, action, subject, NOW, reason)


# ---- keys ----


@pytest.mark.usefixtures("store")
def test_a_new_key_is_alone_on_the_output_and_is_one_that_settings_take(monkeypatch: pytest.MonkeyPatch) -> None:
    said = siang("keys", "new")

    [key] = said.stdout.split()
    assert "siang keys rotate" in said.stderr
    monkeypatch.setenv("SEALED_KEYS", f"{key},{OLD}")
    siang("keys", "rotate")


def test_rotating_says_what_it_did_and_how_to_finish(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    report = sealed_report(store, KEYS, NOW, WORDS)
    monkeypatch.setenv("SEALED_KEYS", f"{NEW},{OLD}")

    said = siang("keys", "rotate")

    assert "SEALED_KEYS: rows looked at 1, encrypted again 1." in said.stdout
    assert "To finish, leave only the first key in SEALED_KEYS" in said.stdout
    assert words(store, report, NEW) == WORDS
    with pytest.raises(SealedError):
        words(store, report, OLD)
    assert "rotate" in siang("audit", "list").output
    assert OLD not in said.output
    assert NEW not in said.output


def test_rotating_again_changes_nothing_and_notes_nothing(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed_report(store, KEYS, NOW, WORDS)

    said = siang("keys", "rotate")

    assert "rows looked at 1, encrypted again 0." in said.stdout
    assert "To finish" not in said.stdout
    assert siang("audit", "list").output == "The audit log is empty.\n"
    monkeypatch.setenv("SEALED_KEYS", f"{OLD},{STRANGE}")
    assert "To finish" in siang("keys", "rotate").stdout


def test_rows_that_no_key_opens_are_told_and_no_key_may_be_taken_away(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed_report(store, KEYS, NOW, WORDS)
    monkeypatch.setenv("SEALED_KEYS", f"{NEW},{STRANGE}")

    said = siang("keys", "rotate", code=1)

    assert "siang: 1 row is opened by no key that is set. Put the older key back" in said.stderr
    assert "To finish" not in said.stdout


def test_contacts_are_rotated_where_they_have_keys_of_their_own(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    old = Keys(SECRET, (OLD,))
    with db.write(store) as conn:
        code = officers.invite(conn, old, "main", "admin", "กัน", [], NOW)
        officers.redeem(conn, old, "main", code, "pseudonym", old.seal_contact("U" + "1" * 32), NOW)
    monkeypatch.setenv("CONTACT_KEYS", f"{NEW},{OLD}")

    assert "CONTACT_KEYS: rows looked at 1, encrypted again 1." in siang("keys", "rotate").stdout


def test_without_any_key_there_is_nothing_to_rotate(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEALED_KEYS")

    assert store
    assert "nothing to rotate" in siang("keys", "rotate", code=2).stderr


# ---- audit ----


def test_a_whole_log_is_said_to_be_whole_with_its_head(store: Engine) -> None:
    assert siang("audit", "verify").output == "main: the audit log is empty.\n"
    entry(store, "enter", "")
    entry(store, "open", "report", reason="first")

    said = siang("audit", "verify").output

    assert said.startswith("main: 2 entries, each as it was written. Head: 2:")
    noted = said.split("Head: ")[1].strip()
    entry(store, "open", "report", reason="facts")
    assert siang("audit", "verify", "--noted", noted).output.startswith("main: 3 entries")


def test_a_broken_log_is_told_with_the_entry_and_exit_code_1(store: Engine) -> None:
    for _ in range(3):
        entry(store, "open", "report", reason="first")
    with db.write(store) as conn:
        conn.exec_driver_sql("DROP TRIGGER audit_log_no_update")
        conn.execute(update(audit_log).where(audit_log.c.number == 2).values(actor="o2"))

    said = siang("audit", "verify", code=1)

    assert said.stderr.startswith("siang: main: the audit log is broken: entry 2 was changed.")


def test_a_head_that_was_noted_must_still_stand_there(store: Engine) -> None:
    entry(store, "enter", "")

    assert (
        "entry 1 is not the one whose hash was noted"
        in siang("audit", "verify", "--noted", "1:" + "0" * 64, code=1).stderr
    )
    assert "entry 7 is missing" in siang("audit", "verify", "--noted", "7:" + "0" * 64, code=1).stderr
    assert "NUMBER:HASH" in siang("audit", "verify", "--noted", "7", code=2).stderr


def test_the_list_names_who_when_and_why_and_no_word_of_a_report(store: Engine) -> None:
    report = sealed_report(store, KEYS, NOW, WORDS)
    with db.write(store) as conn:
        code = officers.invite(conn, KEYS, "main", "integrity", "กัน", [], NOW)
        officers.redeem(conn, KEYS, "main", code, "pseudonym", b"sealed", NOW)
        kan = officers.listing(conn, "main")[0].id
    for action, subject, reason in (("enter", "", ""), ("open", report, "facts"), ("status", report, "referred")):
        entry(store, action, subject, kan, reason)
    entry(store, "file", "id-of-a-file", "who-left")

    said = siang("audit", "list").output
    lines = [line.split() for line in said.splitlines()]

    number = sealed_case.number(report)
    assert [line[3:5] for line in lines] == [["enter", "-"], ["open", number], ["status", number], ["file", "-"]]
    assert lines[1][:3] == ["2", "2027-02-10", "12:00"]
    assert lines[1][5:] == ["กัน", f"({kan})", "ตรวจสอบข้อเท็จจริง"]
    assert lines[2][-1] == "ส่งต่อหน่วยงานที่มีอำนาจแล้ว"
    assert lines[3][5:] == ["who-left"]
    assert WORDS not in said
    assert len(siang("audit", "list", "--last", "2").output.splitlines()) == 2
