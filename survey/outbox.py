"""The queue in the database: a row for each effect that must leave the system by push, and for each scheduled job.

``put`` belongs into the transaction that causes the effect. A worker takes a row with ``claim``, which moves its
``due_at`` forward *before* anything is done: a worker that dies means "again later", with the same retry key. Of one
lane (a recipient) only the oldest unfinished row can be claimed, so nobody hears things out of order; one that is not
due yet and was never tried holds up nobody. Times are kept to wait, not to tell: a payload never holds a LINE id, words
of a resident, or the id of a filed response. What a message says is read from the store when it is sent.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, and_, case, delete, func, or_, select, update

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
    """A claimed row. ``retry_key``: stored before the first try, always the same; ``attempts`` counts this one.

    ``tried_at``: when the first attempt began.
    """

    id: int
    agency_id: str
    kind: str
    lane: str
    retry_key: str
    payload: Mapping[str, Any]
    attempts: int
    tried_at: datetime


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


def claim(engine: Engine, now: datetime, kinds: Sequence[str], lease: timedelta = LEASE) -> Item | None:
    """Take a row that is due and whose lane is free; nobody else gets it during ``lease``.

    ``kinds``: the most urgent first; of one kind the row that is due longest.
    """
    with db.read(engine) as conn:  # nothing to do is the usual answer; it must not wait for writers
        if conn.execute(_due(now, kinds)).first() is None:
            return None
    with db.write(engine) as conn:
        stmt = _due(now, kinds).with_for_update(skip_locked=True, of=outbox)
        found = conn.scalar(stmt)
        if found is None:
            return None
        mine = update(outbox).where(outbox.c.id == found, outbox.c.status == "waiting", outbox.c.due_at <= now)
        tried_at = func.coalesce(outbox.c.tried_at, now)
        taken = mine.values(due_at=now + lease, attempts=outbox.c.attempts + 1, tried_at=tried_at)
        row = conn.execute(taken.returning(*outbox.c)).first()
        return None if row is None else _item(row)


def done(engine: Engine, item: Item) -> None:
    """The effect has happened. Nothing is changed when the lease ran out and somebody else has it now."""
    with db.write(engine) as conn:
        finish(conn, item)


def finish(conn: Connection, item: Item, status: str = "done", why: str = "") -> bool:
    """``done`` in the transaction of what follows from it; False when somebody else has it now, and it is theirs."""
    stmt = _held(item).values(status=status, last_error=why[:_ERROR_LENGTH]).returning(outbox.c.id)
    return conn.execute(stmt).first() is not None


def fail(
    engine: Engine,
    item: Item,
    now: datetime,
    error: str,
    rng: Random,
    *,
    permanent: bool = False,
    longest: timedelta = LONGEST_WAIT,
    tries: int = MAX_ATTEMPTS,
) -> bool:
    """Try again later, later each time; give up when ``permanent`` or after so many tries. True when given up.

    ``error`` names a kind of error; it must hold no words, ids or addresses.
    """
    give_up = permanent or item.attempts >= tries
    values: dict[str, Any] = {"last_error": error[:_ERROR_LENGTH]}
    if give_up:
        values["status"] = "gave_up"
    else:
        values["due_at"] = now + wait_after(item.attempts, rng, longest)
    with db.write(engine) as conn:
        conn.execute(_held(item).values(**values))
    return give_up


def wait_after(attempts: int, rng: Random, longest: timedelta = LONGEST_WAIT) -> timedelta:
    """2 s, 4 s, 8 s ... an hour, each between half and one and a half times as long, so that nobody comes in step."""
    plain: timedelta = min(FIRST_WAIT * (1 << min(attempts - 1, 20)), longest)
    return plain * (0.5 + rng.random())


def sweep(conn: Connection, now: datetime) -> None:
    """Delete what is over and long done: effects after a week, jobs when no period can ask for them again."""
    over = outbox.c.status != "waiting"
    effect = and_(outbox.c.kind != JOB, outbox.c.due_at < now - KEPT)
    job = and_(outbox.c.kind == JOB, outbox.c.due_at < now - JOBS_KEPT)
    conn.execute(delete(outbox).where(over, or_(effect, job)))


def forget(conn: Connection, agency_id: str, kind: str, name: str, value: str) -> None:
    """Delete the rows of a kind whose payload has this value under ``name``: nobody is to be told any more."""
    mine = (outbox.c.agency_id == agency_id, outbox.c.kind == kind, outbox.c.payload[name].as_string() == value)
    conn.execute(delete(outbox).where(*mine))


def _due(now: datetime, kinds: Sequence[str]) -> Select[tuple[int]]:
    other = outbox.alias("other")
    holds_up = or_(other.c.attempts > 0, other.c.due_at <= now)  # what is due later does not
    oldest = select(func.min(other.c.id)).where(other.c.status == "waiting", holds_up).group_by(other.c.lane)
    ready = and_(outbox.c.status == "waiting", outbox.c.due_at <= now, outbox.c.kind.in_(kinds))
    order = [case({kind: n for n, kind in enumerate(kinds)}, value=outbox.c.kind)] if len(kinds) > 1 else []
    return (
        select(outbox.c.id)
        .where(ready, outbox.c.id.in_(oldest))
        .order_by(*order, outbox.c.due_at, outbox.c.id)
        .limit(1)
    )


def _held(item: Item) -> Any:
    """The row while it is still this claim's: another claim would have counted one more attempt."""
    mine = (outbox.c.id == item.id, outbox.c.status == "waiting", outbox.c.attempts == item.attempts)
    return update(outbox).where(*mine)


def _item(row: Row[Any]) -> Item:
    return Item(row.id, row.agency_id, row.kind, row.lane, row.retry_key, row.payload, row.attempts, row.tried_at)
