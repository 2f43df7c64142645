"""What ``siang doctor`` says of the sealed track."""

from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, update

from bot.doctor_report import Level
from bot.doctor_sealed import check_sealed
from survey import audit, db, officers
from survey.privacy import Keys
from survey.settings import Agency, Settings
from survey.tables import audit_heads
from tests.survey.sealed_kit import sealed_report

NOW = datetime(2027, 2, 10, 5, tzinfo=UTC)
SECRET = "a secret key for tests, long enough to pass"
FIRST, SECOND, THIRD = (Fernet.generate_key().decode() for _ in range(3))


def said(engine: Engine, *sealed_keys: str) -> list[str]:
    """Each line with its level."""
    agency = Agency("main", "อบต.ทดลอง")
    lines = check_sealed(Settings((agency,), Keys(SECRET, (), sealed_keys)), engine, agency)
    return [f"{line.level.value} {line.text} {line.mend}".strip() for line in lines]


def hire(engine: Engine, *names: str, role: str = "integrity") -> None:
    keys = Keys(SECRET)
    for name in names:
        with db.write(engine) as conn:
            code = officers.invite(conn, keys, "main", role, name, [], NOW)
            officers.redeem(conn, keys, "main", code, f"pseudonym of {name}", b"sealed", NOW)


def test_without_keys_nobody_reports_here_and_that_is_no_fault(sqlite_engine: Engine) -> None:
    assert said(sqlite_engine) == [
        "note main: no SEALED_KEYS: residents are led to the NACC instead of a sealed page of yours."
    ]


def test_integrity_officers_without_keys_wait_for_nothing(sqlite_engine: Engine) -> None:
    hire(sqlite_engine, "kan", "mali")

    [line] = said(sqlite_engine)

    assert line.startswith("finding main: there are integrity officers, but no SEALED_KEYS")


def test_keys_that_were_lost(sqlite_engine: Engine) -> None:
    sealed_report(sqlite_engine, Keys(SECRET, (), (FIRST,)), NOW)

    [line] = said(sqlite_engine)

    assert line.startswith("finding main: SEALED_KEYS is empty, and 1 stored reports cannot be opened.")


@pytest.mark.parametrize("names", [(), ("kan",)])
def test_fewer_than_two_who_read(sqlite_engine: Engine, names: tuple[str, ...]) -> None:
    hire(sqlite_engine, *names)
    hire(sqlite_engine, "anan", role="admin")

    assert said(sqlite_engine, FIRST) == [
        f"finding main: {len(names)} of 2 integrity officers; no sealed report is taken. "
        "Run: siang officer invite --role integrity"
    ]


def test_two_who_read_and_one_key_that_opens_everything(sqlite_engine: Engine) -> None:
    hire(sqlite_engine, "kan", "mali")
    sealed_report(sqlite_engine, Keys(SECRET, (), (FIRST,)), NOW)

    assert said(sqlite_engine, FIRST) == ["ok main: sealed reports are taken; 2 integrity officers read them."]


def test_a_key_that_opens_nothing_and_one_that_is_missing(sqlite_engine: Engine) -> None:
    hire(sqlite_engine, "kan", "mali")
    for key in (FIRST, SECOND):
        sealed_report(sqlite_engine, Keys(SECRET, (), (key,)), NOW)

    assert said(sqlite_engine, FIRST)[1:] == [
        "finding main: no key of SEALED_KEYS opens 1 of 2 sealed reports. Put the older key back behind the others."
    ]
    assert said(sqlite_engine, FIRST, SECOND, THIRD)[1:] == [
        "note main: 1 sealed reports still need an older key. Run: siang keys rotate",
        "note main: key number 3 of SEALED_KEYS opens none of the stored reports. "
        "After `siang keys rotate` it can be left out.",
    ]


def test_a_broken_audit_log(engine: Engine) -> None:
    keys = Keys(SECRET)
    with db.write(engine) as conn:
        audit.write(conn, keys, "main", "o1", "enter", "", NOW)
        conn.execute(update(audit_heads).values(number=2))

    [_, line] = said(engine)

    assert line.startswith(f"{Level.FINDING.value} main: the audit log is broken: the note of where the log ends")
