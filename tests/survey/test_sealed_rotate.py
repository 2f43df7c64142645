"""Changing keys on both databases: everything under the first key, stopped anywhere and gone on with, nothing lost."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Engine, select

from survey import db, officers, sealed, sealed_rotate
from survey.privacy import Keys
from survey.sealed import Evidence
from survey.sealed_keys import SealedError, Sealer
from survey.sealed_rotate import CONTACTS, SEALED, Outcome
from survey.tables import officers as officers_table
from survey.tables import respondents, sealed_files, sealed_messages, sealed_reports
from tests.survey.sealed_kit import sealed_report

NOON = datetime(2027, 2, 10, 5, tzinfo=UTC)
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
WORDS = "นายช่างเรียกเงินห้าร้อยบาท"


@pytest.fixture
def keys(keys: Keys) -> Keys:
    return replace(keys, sealed_keys=(OLD,), contact_keys=(OLD,))


@pytest.fixture
def reports(engine: Engine, keys: Keys) -> list[str]:
    """Three with a message and a file each: nine rows under the old key."""
    found, sealer = [sealed_report(engine, keys, NOON, WORDS) for _ in range(3)], Sealer([OLD])
    for report in found:
        kept = sealed.sealed_file(sealer, report, Evidence("สลิป.pdf", "application/pdf", b"proof"))
        with db.write(engine) as conn:
            row = sealed.get(conn, "main", report, lock=True)
            assert row is not None
            sealed.say(conn, sealer, row, "reporter", "เพิ่มเติม", NOON)
            sealed.keep_files(conn, "main", [kept])
    return found


def tokens(engine: Engine) -> list[bytes]:
    columns = [table.c[name] for table, names in SEALED.items() for name in names]
    with db.read(engine) as conn:
        return [bytes(token) for column in columns for token in conn.scalars(select(column))]


def under(engine: Engine, key: str) -> int:
    """How many of the tokens a key alone opens."""
    found = 0
    for token in tokens(engine):
        try:
            Fernet(key).decrypt(token)
        except InvalidToken:
            continue
        found += 1
    return found


def test_everything_comes_under_the_first_key_and_reads_as_before(
    engine: Engine, keys: Keys, reports: list[str]
) -> None:
    both = replace(keys, sealed_keys=(NEW, OLD))
    steps: list[int] = []

    outcome = sealed_rotate.rotate(engine, sealed_rotate.sealed_renewer(both), SEALED, lambda: steps.append(1))

    assert outcome == Outcome(seen=9, renewed=9, lost=0)
    assert len(steps) == sealed_rotate.total(engine, SEALED) == 9
    assert (under(engine, NEW), under(engine, OLD)) == (len(tokens(engine)), 0)
    only = Sealer([NEW])
    with db.read(engine) as conn:
        row = sealed.get(conn, "main", reports[0])
        assert row is not None
        assert sealed.content(only, row)["what"] == WORDS
        assert [said.words for said in sealed.messages(conn, only, row)] == ["เพิ่มเติม"]
        [file] = sealed.files(conn, only, row)
        assert sealed.file_content(conn, only, row, file.id) == b"proof"
    again = sealed_rotate.rotate(engine, sealed_rotate.sealed_renewer(both), SEALED)
    assert again == Outcome(seen=9)


class StoppedError(Exception):
    """The operator pressed Ctrl-C."""


@pytest.mark.usefixtures("reports")
@pytest.mark.parametrize("after", [1, 4, 8])
def test_stopped_anywhere_it_goes_on_where_it_was(engine: Engine, keys: Keys, after: int) -> None:
    both = replace(keys, sealed_keys=(NEW, OLD))
    steps: list[int] = []

    def step() -> None:
        steps.append(1)
        if len(steps) == after:
            raise StoppedError

    with pytest.raises(StoppedError):
        sealed_rotate.rotate(engine, sealed_rotate.sealed_renewer(both), SEALED, step)
    assert under(engine, OLD) > 0

    outcome = sealed_rotate.rotate(engine, sealed_rotate.sealed_renewer(both), SEALED)
    assert outcome == Outcome(seen=9, renewed=9 - after)
    assert under(engine, OLD) == 0


@pytest.mark.usefixtures("reports")
def test_what_no_key_opens_is_counted_and_left_alone(engine: Engine, keys: Keys) -> None:
    before = tokens(engine)

    wrong = sealed_rotate.sealed_renewer(replace(keys, sealed_keys=(NEW,)))

    assert sealed_rotate.rotate(engine, wrong, SEALED) == Outcome(seen=9, renewed=0, lost=9)
    assert sorted(tokens(engine)) == sorted(before)


def test_a_row_that_goes_meanwhile_is_passed_over(engine: Engine, keys: Keys, reports: list[str]) -> None:
    both = replace(keys, sealed_keys=(NEW, OLD))
    gone: list[str] = []

    def step() -> None:
        if not gone:
            gone.extend(reports)
            with db.write(engine) as conn:
                for table in (sealed_messages, sealed_files, sealed_reports):
                    conn.execute(table.delete())

    outcome = sealed_rotate.rotate(engine, sealed_rotate.sealed_renewer(both), SEALED, step)

    assert (outcome.renewed, outcome.lost) == (1, 0)


def test_contacts_are_brought_under_the_first_key_too(engine: Engine, keys: Keys) -> None:
    contact = keys.seal_contact("U" + "1" * 32)
    with db.write(engine) as conn:
        conn.execute(respondents.insert().values(agency_id="main", key="somebody", last_seen_on=NOON.date()))
        for name in ("kan", "mali"):
            code = officers.invite(conn, keys, "main", "integrity", name, [], NOON)
            officers.redeem(conn, keys, "main", code, f"pseudonym of {name}", contact, NOON)
        gone = officers.listing(conn, "main")[0]
        officers.remove(conn, "main", gone.id, NOON.date())
    both = replace(keys, contact_keys=(NEW, OLD))

    assert sealed_rotate.rotate(engine, sealed_rotate.contact_renewer(both), CONTACTS) == Outcome(seen=2, renewed=1)

    only = replace(keys, contact_keys=(NEW,))
    with db.read(engine) as conn:
        stored = conn.scalars(select(officers_table.c.contact).where(officers_table.c.removed_on.is_(None))).one()
    assert only.open_contact(stored) == "U" + "1" * 32


def test_without_keys_there_is_nothing_to_rotate(keys: Keys) -> None:
    with pytest.raises(SealedError, match="no SEALED_KEYS"):
        sealed_rotate.sealed_renewer(replace(keys, sealed_keys=()))
