"""The queue in the database: a row for each effect that must leave the system by push, and for each scheduled job.

``put`` belongs into the transaction that causes the effect. A worker takes a row with ``claim``, which moves its
``due_at`` forward *before* anything is done: a worker that dies means "again later", with the same retry key. Of one
lane (a recipient) only the oldest unfinished row can be claimed, so nobody hears things out of order. Times are kept to
wait, not to tell: a payload never holds a LINE id, words of a resident, or the id of a filed response.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, and_, delete, exists, or_, select, update

from survey import db
from survey.tables import outbox

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 20  # about nine hours; LINE remembers a retry key for 24
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(hours=1)
JOB = "job"
KEPT = timedelta(days=7)
JOBS_KEPT = timedelta(days=400)  # a job that is done must be remembered for its whole period
_ERROR_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Item:
    """A claimed row. ``retry_key``: stored before the first try, always the same; ``attempts`` counts this one."""

    id: int
    agency_id: str
    kind: str
    lane: str
    retry_key: str
    payload: Mapping[str, Any]
    attempts: int


def put(
    conn: Connection,
    agency_id: str,
    kind: str,
    lane: str,
    unique_key: str,
    payload: Mapping[str, Any],
    due_at: datetime,
) -> bool:
    """Queue an effect; False when this agency queued one of this kind with this key before."""
    values = {
        "agency_id": agency_id,
        "kind": kind,
        "lane": f"{agency_id}:{lane}",
        "unique_key": f"{agency_id}:{kind}:{unique_key}",
        "retry_key": str(uuid.uuid4()),
        "payload": dict(payload),
        "due_at": due_at,
    }
    stmt = db.insert(conn, outbox).values(**values).on_conflict_do_nothing().returning(outbox.c.id)
    return conn.execute(stmt).first() is not None


def claim(engine: Engine, now: datetime, kinds: Collection[str], lease: timedelta = LEASE) -> Item | None:
    """Take the row of these kinds that is due longest and whose lane is free; nobody else gets it during ``lease``."""
    with db.read(engine) as conn:  # nothing to do is the usual answer; it must not wait for writers
        if conn.execute(_due(now, kinds)).first() is None:
            return None
    with db.write(engine) as conn:
        stmt = _due(now, kinds).with_for_update(skip_locked=True, of=outbox)
        found = conn.scalar(stmt)
        if found is None:
            return None
        mine = update(outbox).where(outbox.c.id == found, outbox.c.status == "waiting", outbox.c.due_at <= now)
        row = conn.execute(mine.values(due_at=now + lease, attempts=outbox.c.attempts + 1).returning(*outbox.c)).first()
        return None if row is None else _item(row)


def done(engine: Engine, item: Item) -> None:
    """The effect has happened. Nothing is changed when the lease ran out and somebody else has it now."""
    with db.write(engine) as conn:
        conn.execute(_held(item).values(status="done", last_error=""))


def fail(engine: Engine, item: Item, now: datetime, error: str, rng: Random, *, permanent: bool = False) -> bool:
    """Try again later, later each time; give up when ``permanent`` or after many tries. True when given up.

    ``error`` names a kind of error; it must hold no words, ids or addresses.
    """
    give_up = permanent or item.attempts >= MAX_ATTEMPTS
    values: dict[str, Any] = {"last_error": error[:_ERROR_LENGTH]}
    if give_up:
        values["status"] = "gave_up"
    else:
        values["due_at"] = now + wait_after(item.attempts, rng)
    with db.write(engine) as conn:
        conn.execute(_held(item).values(**values))
    return give_up


def wait_after(attempts: int, rng: Random) -> timedelta:
    """2 s, 4 s, 8 s ... an hour, each between half and one and a half times as long, so that nobody comes in step."""
    plain: timedelta = min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)
    return plain * (0.5 + rng.random())


def sweep(conn: Connection, now: datetime) -> None:
    """Delete what is over and long done: effects after a week, jobs when no period can ask for them again."""
    over = outbox.c.status != "waiting"
    effect = and_(outbox.c.kind != JOB, outbox.c.due_at < now - KEPT)
    job = and_(outbox.c.kind == JOB, outbox.c.due_at < now - JOBS_KEPT)
    conn.execute(delete(outbox).where(over, or_(effect, job)))


def _due(now: datetime, kinds: Collection[str]) -> Select[tuple[int]]:
    older = outbox.alias("older")
    blocked = exists().where(older.c.lane == outbox.c.lane, older.c.status == "waiting", older.c.id < outbox.c.id)
    ready = and_(outbox.c.status == "waiting", outbox.c.due_at <= now, outbox.c.kind.in_(kinds))
    return select(outbox.c.id).where(ready, ~blocked).order_by(outbox.c.due_at, outbox.c.id).limit(1)


def _held(item: Item) -> Any:
    """The row while it is still this claim's: another claim would have counted one more attempt."""
    mine = (outbox.c.id == item.id, outbox.c.status == "waiting", outbox.c.attempts == item.attempts)
    return update(outbox).where(*mine)


def _item(row: Row[Any]) -> Item:
    return Item(row.id, row.agency_id, row.kind, row.lane, row.retry_key, row.payload, row.attempts)
