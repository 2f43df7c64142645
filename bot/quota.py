"""How many paid messages LINE still lets an agency send: read from LINE, kept for a minute, counted on in between."""

from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, Row, func, or_, select, update

from bot.line import LineClient, LineError
from survey import budget, complaint, db
from survey.budget import KINDS, Standing
from survey.settings import Agency
from survey.tables import complaints, outbox, push_budgets

log = structlog.get_logger(__name__)
MAX_AGE = timedelta(minutes=1)
_JAPAN = timedelta(hours=9)  # LINE's months begin at midnight in Japan


def standing(
    engine: Engine, line: LineClient, agency: Agency, now: datetime, *, fresh: bool = False
) -> Standing | None:
    """What is left, read anew when it is old or must be ``fresh``; None when LINE never said."""
    with db.read(engine) as conn:
        row = _stored(conn, agency.id)
    if row is None or fresh or now - row.read_at > MAX_AGE or _month(row.read_at) != _month(now):
        read = _read(engine, line, agency, now)
        if read is None and row is not None and _month(row.read_at) != _month(now):
            row = None  # last month's figures say nothing
        row = read or row
    if row is None:
        return None
    if row.quota is None:
        return Standing(None, row.used + row.since)
    with db.read(engine) as conn:
        waiting, open_ = _promised(conn, agency.id)
    return Standing(row.quota, row.used + row.since, agency.office.rules.urgent_reserve, waiting, open_)


def take(engine: Engine, line: LineClient, agency: Agency, kind: str, people: int, now: datetime) -> bool:
    """Count a push of this kind before it goes out; False when the budget does not allow it.

    In one statement, so that of several workers only one takes what is left. When LINE never said, LINE itself decides.
    What did not go out after all counts until LINE is asked again.
    """
    found = standing(engine, line, agency, now)
    if found is None:
        return True
    b = push_budgets.c
    free = b.quota - b.used - b.since - budget.kept(found, kind)
    enough = update(push_budgets).where(b.agency_id == agency.id, or_(b.quota.is_(None), free >= people))
    with db.write(engine) as conn:
        return conn.execute(enough.values(since=b.since + people).returning(b.agency_id)).first() is not None


def _read(engine: Engine, line: LineClient, agency: Agency, now: datetime) -> Row[Any] | None:
    try:
        quota = line.get(agency, "/v2/bot/message/quota")
        used = line.get(agency, "/v2/bot/message/quota/consumption").get("totalUsage", 0)
    except LineError as exc:
        log.warning("quota.unread", agency=agency.id, status=exc.status)
        return None
    limit = int(quota.get("value", 0)) if quota.get("type") == "limited" else None
    with db.write(engine) as conn:
        values = {"quota": limit, "used": int(used), "since": _on_the_way(conn, agency.id), "read_at": now}
        stmt = db.insert(conn, push_budgets).values(agency_id=agency.id, **values)
        stmt = stmt.on_conflict_do_update(index_elements=["agency_id"], set_=values)
        return conn.execute(stmt.returning(push_budgets)).one()


def _stored(conn: Connection, agency_id: str) -> Row[Any] | None:
    return conn.execute(select(push_budgets).where(push_budgets.c.agency_id == agency_id)).first()


def _on_the_way(conn: Connection, agency_id: str) -> int:
    """Messages that were counted and wait for another try: LINE may not have them in its count yet."""
    o = outbox.c
    tried = (o.status == "waiting", o.kind.in_(KINDS), o.attempts > 0, o.last_error != "")
    return conn.scalar(select(func.count()).where(o.agency_id == agency_id, *tried)) or 0


def _promised(conn: Connection, agency_id: str) -> tuple[int, int]:
    """Open tickets whose complainants wait in LINE, and all open ones."""
    c = complaints.c
    in_line = func.count().filter(c.tell_by == "line")
    stmt = select(in_line, func.count()).where(c.agency_id == agency_id, c.status.in_(complaint.OPEN))
    waiting, open_ = conn.execute(stmt).one()
    return waiting, open_


def _month(moment: datetime) -> tuple[int, int]:
    there = moment.astimezone(UTC) + _JAPAN
    return there.year, there.month
