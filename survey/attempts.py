"""Counting tries to slow guessing and flooding down, without remembering who tried.

A source (an address, a pseudonym) is counted under a hash with a salt of the day; the salt is random and destroyed the
day after. A row lives as long as its window.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select

from survey import db, thai
from survey.privacy import Keys
from survey.tables import attempts, day_salts

EVERYBODY = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in a window: from one source, and from all together."""

    each: int
    all: int
    window: timedelta


def take(conn: Connection, keys: Keys, agency_id: str, kind: str, source: str, limit: Limit, now: datetime) -> bool:
    """Count one try of a ``kind``; False when it is one too many. ``source`` empty: nobody knows, only all count."""
    sweep(conn, now)
    ends_at = _end_of_window(now, limit.window)
    within = True
    if source:
        key = keys.mac("attempts", _salt(conn, agency_id, now).hex(), kind, source)
        within = _count(conn, agency_id, kind, key, ends_at) <= limit.each
    return within and _count(conn, agency_id, kind, EVERYBODY, ends_at) <= limit.all


def sweep(conn: Connection, now: datetime) -> None:
    """Forget what is over: windows, and the salts of days before."""
    conn.execute(delete(attempts).where(attempts.c.ends_at <= now))
    conn.execute(delete(day_salts).where(day_salts.c.day < thai.bangkok_date(now)))


def _count(conn: Connection, agency_id: str, kind: str, key: str, ends_at: datetime) -> int:
    values = {"agency_id": agency_id, "kind": kind, "key": key, "ends_at": ends_at, "count": 1}
    stmt = db.insert(conn, attempts).values(**values)
    once_more = stmt.on_conflict_do_update(
        index_elements=["agency_id", "kind", "key", "ends_at"], set_={"count": attempts.c.count + 1}
    )
    return int(conn.execute(once_more.returning(attempts.c.count)).scalar_one())


def _salt(conn: Connection, agency_id: str, now: datetime) -> bytes:
    today = thai.bangkok_date(now)
    fresh = {"agency_id": agency_id, "day": today, "salt": secrets.token_bytes(32)}
    conn.execute(db.insert(conn, day_salts).values(**fresh).on_conflict_do_nothing())
    mine = (day_salts.c.agency_id == agency_id, day_salts.c.day == today)
    return bytes(conn.execute(select(day_salts.c.salt).where(*mine)).scalar_one())


def _end_of_window(now: datetime, window: timedelta) -> datetime:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    return now - (now - start) % window + window
