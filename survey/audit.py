"""The audit log in the store: who opened what of the sealed track, when and why. Append-only, chained, checkable.

The database itself refuses to change or delete an entry (triggers). Who can remove those can still not hide it: the
chain breaks. The end of the chain is kept apart under a key of SECRET_KEY (``audit_heads``), so that a log cut short is
missed too; whoever notes the head that ``siang audit verify`` prints can check against the note.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from survey import db
from survey.audit_chain import START, Entry, digest, first_fault
from survey.privacy import Keys
from survey.tables import audit_heads, audit_log, officers

SYSTEM = "system"
_LABEL = "audit"
_COLUMNS = tuple(name for name in Entry.__dataclass_fields__)


def write(
    conn: Connection, keys: Keys, agency_id: str, actor: str, action: str, subject: str, now: datetime, reason: str = ""
) -> int:
    """Add an entry in the caller's transaction; its number. Writers wait for each other at the head of the chain."""
    head = _hold(conn, keys, agency_id)
    entry = Entry(agency_id, head.number + 1, now, actor, action, subject, reason, head.hash)
    entry = replace(entry, hash=digest(entry))
    conn.execute(audit_log.insert().values({name: getattr(entry, name) for name in _COLUMNS}))
    values = {"number": entry.number, "hash": entry.hash, "proof": _proof(keys, agency_id, entry.number, entry.hash)}
    conn.execute(update(audit_heads).where(audit_heads.c.agency_id == agency_id).values(**values))
    return entry.number


def fault(conn: Connection, keys: Keys, agency_id: str) -> str:
    """What is wrong with an agency's log, the first broken entry named; empty: nothing is."""
    head = head_of(conn, agency_id)
    length, last = (head.number, head.hash) if head else (0, START)
    if head is not None and head.proof != _proof(keys, agency_id, length, last):
        return f"the note of where the log ends (entry {length}) was not written by Siang, or with another SECRET_KEY"
    return first_fault(_entries(conn, agency_id), (length, last))


def head_of(conn: Connection, agency_id: str) -> Row[Any] | None:
    """Where the log ends: ``number`` and ``hash``; None: nothing was ever written."""
    return conn.execute(select(audit_heads).where(audit_heads.c.agency_id == agency_id)).first()


def entry(conn: Connection, agency_id: str, number: int) -> Row[Any] | None:
    mine = (audit_log.c.agency_id == agency_id, audit_log.c.number == number)
    return conn.execute(select(audit_log).where(*mine)).first()


def newest(conn: Connection, agency_id: str, count: int, subject: str = "") -> Sequence[Row[Any]]:
    """The last entries, oldest first; of one report or file, or of all."""
    mine = [audit_log.c.agency_id == agency_id, *([audit_log.c.subject == subject] if subject else [])]
    found = conn.execute(select(audit_log).where(*mine).order_by(audit_log.c.number.desc()).limit(count)).all()
    return found[::-1]


def names(conn: Connection, agency_id: str) -> dict[str, str]:
    """Who the actors are, those who have left too: id -> name."""
    rows = conn.execute(select(officers.c.id, officers.c.name).where(officers.c.agency_id == agency_id))
    return {row.id: row.name for row in rows}


def _hold(conn: Connection, keys: Keys, agency_id: str) -> Row[Any]:
    """The locked head, made when it is the first."""
    values = {"number": 0, "hash": START, "proof": _proof(keys, agency_id, 0, START)}
    conn.execute(db.insert(conn, audit_heads).values(agency_id=agency_id, **values).on_conflict_do_nothing())
    return conn.execute(select(audit_heads).where(audit_heads.c.agency_id == agency_id).with_for_update()).one()


def _proof(keys: Keys, agency_id: str, number: int, last: str) -> str:
    return keys.mac(_LABEL, agency_id, str(number), last)


def _entries(conn: Connection, agency_id: str) -> Iterator[Entry]:
    columns = [audit_log.c[name] for name in _COLUMNS]
    rows = conn.execute(select(*columns).where(audit_log.c.agency_id == agency_id).order_by(audit_log.c.number))
    return (Entry(*row) for row in rows)
