"""Rounds: one instrument, one agency, one window in time, and a secret that is destroyed when the window closes."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, or_, select, update

from survey import db, thai
from survey.instrument import Instrument
from survey.library import Library
from survey.privacy import Keys
from survey.tables import drafts, rounds

# Built once, because answers wait for them.
_GET = select(rounds).where(rounds.c.agency_id == bindparam("agency"), rounds.c.id == bindparam("round"))
_CURRENT = (
    select(rounds)
    .where(rounds.c.agency_id == bindparam("agency"), rounds.c.kind == bindparam("kind_"), ~rounds.c.closed)
    .where(rounds.c.opens_on <= bindparam("today"))
    .where(or_(rounds.c.closes_on.is_(None), rounds.c.closes_on > bindparam("today")))
    .order_by(rounds.c.opens_on.desc())
    .limit(1)
)


class RoundError(ValueError):
    """The round cannot be opened or closed as asked. The message is for an operator."""


def ensure(conn: Connection, library: Library, keys: Keys, agency_id: str, today: date) -> list[str]:
    """Close what is over, open this half-year's EIT round and the standing satisfaction round; ids newly opened."""
    for row in overdue(conn, agency_id, today):
        close(conn, library, agency_id, row.id, today)
    year, half, window = thai.half_year(today)
    opened = []
    eit = library.newest("eit", year)
    if current(conn, agency_id, "eit", today) is None and _insert(
        conn, keys, agency_id, f"eit-{year}-{half}", eit, window.start, window.end
    ):
        opened.append(f"eit-{year}-{half}")
    if current(conn, agency_id, "satisfaction", today) is None:
        point = library.newest("satisfaction")
        round_id = f"{point.id}.{point.version}-{today:%Y%m%d}"
        if _insert(conn, keys, agency_id, round_id, point, today, None):
            opened.append(round_id)
    return opened


def open_round(
    conn: Connection,
    keys: Keys,
    agency_id: str,
    round_id: str,
    instrument: Instrument,
    opens: date,
    closes: date | None,
) -> None:
    """Open a round; ``closes`` is the first day on which it is closed. Raises RoundError."""
    if closes is not None and closes <= opens:
        raise RoundError(f"round {round_id} would close on {closes}, not after it opens on {opens}")
    for row in listing(conn, agency_id):
        overlaps = (closes is None or row.opens_on < closes) and (row.closes_on is None or opens < row.closes_on)
        if row.kind == instrument.kind and not row.closed and overlaps:
            raise RoundError(f"round {row.id} of {row.kind} is open in that time; close it first")
    if not _insert(conn, keys, agency_id, round_id, instrument, opens, closes):
        raise RoundError(f"there is a round {round_id} already")


def close(conn: Connection, library: Library, agency_id: str, round_id: str, today: date) -> None:
    """Close a round: complete answers count as sent, unfinished ones go, its secret is destroyed. Raises RoundError."""
    closed = update(rounds).where(rounds.c.agency_id == agency_id, rounds.c.id == round_id, ~rounds.c.closed)
    if conn.execute(closed.values(closed=True, secret=None).returning(rounds.c.id)).first() is None:
        raise RoundError(f"there is no open round {round_id}")
    mine = (drafts.c.agency_id == agency_id, drafts.c.round_id == round_id, drafts.c.status != "closed")
    for row in conn.execute(select(drafts).where(*mine).with_for_update()).all():
        this = (drafts.c.agency_id == agency_id, drafts.c.id == row.id)
        if library.get(row.instrument_id, row.instrument_version).sendable(row.answers):
            conn.execute(update(drafts).where(*this).values(status="closed", completed_on=day_in(conn, row, today)))
        else:
            conn.execute(delete(drafts).where(*this))


def check_secrets(conn: Connection, keys: Keys, agency_ids: Sequence[str]) -> None:
    """Raises SecretKeyError unless ``keys`` open the secret of every open round: then nobody could begin to answer."""
    mine = (rounds.c.agency_id.in_(agency_ids), ~rounds.c.closed, rounds.c.secret.is_not(None))
    for secret in conn.scalars(select(rounds.c.secret).where(*mine)):
        keys.participation(secret, "")


def current(conn: Connection, agency_id: str, kind: str, today: date) -> Row[Any] | None:
    """The round of this kind that takes answers today."""
    return conn.execute(_CURRENT, {"agency": agency_id, "kind_": kind, "today": today}).first()


def overdue(conn: Connection, agency_id: str, today: date) -> Sequence[Row[Any]]:
    """Rounds whose window is over but which are not closed yet."""
    return conn.execute(
        select(rounds).where(rounds.c.agency_id == agency_id, ~rounds.c.closed, rounds.c.closes_on <= today)
    ).all()


def day_in(conn: Connection, draft: Row[Any], day: date) -> date:
    """The day on which a draft completed on ``day`` counts: never later than its round's last."""
    row = get(conn, draft.agency_id, draft.round_id)
    if row is None or row.closes_on is None:
        return day
    last: date = row.closes_on - timedelta(days=1)
    return min(day, last)


def get(conn: Connection, agency_id: str, round_id: str) -> Row[Any] | None:
    return conn.execute(_GET, {"agency": agency_id, "round": round_id}).first()


def listing(conn: Connection, agency_id: str) -> Sequence[Row[Any]]:
    """All rounds, the newest first."""
    mine = select(rounds).where(rounds.c.agency_id == agency_id)
    return conn.execute(mine.order_by(rounds.c.opens_on.desc(), rounds.c.id)).all()


def _insert(
    conn: Connection,
    keys: Keys,
    agency_id: str,
    round_id: str,
    instrument: Instrument,
    opens: date,
    closes: date | None,
) -> bool:
    values = {
        "agency_id": agency_id,
        "id": round_id,
        "kind": instrument.kind,
        "instrument_id": instrument.id,
        "instrument_version": instrument.version,
        "opens_on": opens,
        "closes_on": closes,
        "secret": keys.new_round_secret(),
    }
    stmt = db.insert(conn, rounds).values(**values).on_conflict_do_nothing().returning(rounds.c.id)
    return conn.execute(stmt).first() is not None
