"""The audit log in the store, on both databases: append-only, and whoever changes it all the same is found out."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, delete, update
from sqlalchemy.exc import DBAPIError

from survey import audit, db
from survey.audit_chain import START, Entry, digest
from survey.privacy import Keys
from survey.tables import audit_heads, audit_log

NOON = datetime(2027, 2, 10, 5, tzinfo=UTC)
FIRST = audit_log.c.number == 1


def write(engine: Engine, keys: Keys, count: int = 1, agency: str = "main") -> None:
    for n in range(count):
        with db.write(engine) as conn:
            audit.write(conn, keys, agency, "o1", "open", "report", NOON + timedelta(minutes=n), "first")


def fault(engine: Engine, keys: Keys, agency: str = "main") -> str:
    with db.read(engine) as conn:
        return audit.fault(conn, keys, agency)


@contextmanager
def by_hand(engine: Engine) -> Iterator[Connection]:
    """Somebody who owns the database takes the triggers out of the way."""
    with db.write(engine) as conn:
        if db.is_sqlite(conn):
            for what in ("update", "delete"):
                conn.exec_driver_sql(f"DROP TRIGGER audit_log_no_{what}")
        else:
            conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield conn


def test_entries_are_numbered_and_the_log_of_each_agency_is_its_own(engine: Engine, keys: Keys) -> None:
    assert fault(engine, keys) == ""
    write(engine, keys, 3)
    write(engine, keys, 2, "other")

    with db.read(engine) as conn:
        rows, last = audit.newest(conn, "main", 2), audit.head_of(conn, "main")
        assert audit.newest(conn, "main", 9, "another report") == []
    assert [row.number for row in rows] == [2, 3]
    assert last is not None
    assert (last.number, last.hash) == (3, rows[-1].hash)
    assert fault(engine, keys) == fault(engine, keys, "other") == ""


@pytest.mark.parametrize("change", [update(audit_log).values(actor="o2"), delete(audit_log)])
def test_the_database_refuses_to_change_or_delete_an_entry(engine: Engine, keys: Keys, change: object) -> None:
    write(engine, keys, 2)

    with pytest.raises(DBAPIError, match="append-only"), db.write(engine) as conn:
        conn.execute(change.where(FIRST))  # type: ignore[attr-defined]

    assert fault(engine, keys) == ""


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor", "o2"), ("reason", "facts"), ("subject", "another"), ("action", "note"), ("at", NOON.replace(day=9))],
)
def test_an_entry_changed_behind_its_back_is_named(
    sqlite_engine: Engine, keys: Keys, column: str, value: object
) -> None:
    write(sqlite_engine, keys, 3)

    with by_hand(sqlite_engine) as conn:
        conn.execute(update(audit_log).where(audit_log.c.number == 2).values({column: value}))

    assert fault(sqlite_engine, keys) == "entry 2 was changed"


def test_an_entry_taken_out_or_cut_off_is_missed(engine: Engine, keys: Keys) -> None:
    write(engine, keys, 3)
    write(engine, keys, 3, "other")

    with by_hand(engine) as conn:
        conn.execute(delete(audit_log).where(audit_log.c.agency_id == "main", audit_log.c.number == 2))
        conn.execute(delete(audit_log).where(audit_log.c.agency_id == "other", audit_log.c.number == 3))

    assert fault(engine, keys) == "entry 2 is missing"
    assert fault(engine, keys, "other") == "entry 3 is missing: the log ended with entry 3"


def test_a_log_written_anew_from_some_entry_on_does_not_fit_its_end(sqlite_engine: Engine, keys: Keys) -> None:
    write(sqlite_engine, keys, 3)

    with by_hand(sqlite_engine) as conn:
        rewrite(conn, 2)
        assert audit.fault(conn, keys, "main") == "entry 3 was changed"

        last = audit.newest(conn, "main", 1)[0]
        conn.execute(update(audit_heads).values(hash=last.hash))

    assert fault(sqlite_engine, keys).startswith("the note of where the log ends (entry 3) was not written by Siang")


def rewrite(conn: Connection, start: int) -> None:
    """Another actor from an entry on, every hash made to fit."""
    previous = START
    for row in audit.newest(conn, "main", 100):
        entry = Entry(**{**row._asdict(), "previous": previous, "actor": "o2" if row.number >= start else row.actor})
        previous = digest(entry)
        this = audit_log.c.number == row.number
        conn.execute(update(audit_log).where(this).values(actor=entry.actor, previous=entry.previous, hash=previous))


def test_an_entry_added_by_hand_is_one_too_many(engine: Engine, keys: Keys) -> None:
    write(engine, keys)
    with db.write(engine) as conn:
        head = audit.head_of(conn, "main")
        assert head is not None
        entry = Entry("main", 2, NOON, "o2", "open", "report", "", head.hash)
        values = {name: getattr(entry, name) for name in Entry.__dataclass_fields__} | {"hash": digest(entry)}
        conn.execute(audit_log.insert().values(values))

    assert fault(engine, keys) == "entry 2 was not written by Siang"


def test_another_secret_key_is_told_apart(sqlite_engine: Engine, keys: Keys) -> None:
    write(sqlite_engine, keys)

    assert "another SECRET_KEY" in fault(sqlite_engine, Keys("another secret key, long enough too"))


def test_writers_at_once_wait_for_each_other(engine: Engine, keys: Keys) -> None:
    threads = [threading.Thread(target=write, args=(engine, keys, 5)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert fault(engine, keys) == ""
    with db.read(engine) as conn:
        assert [row.number for row in audit.newest(conn, "main", 100)] == list(range(1, 21))
