"""Who may write to the sheet now, and how often: a lease for each spreadsheet, a write budget for each service account.

Both live in the database, so any number of workers on any number of machines keep to them. The lease keeps the order
and the pace; that no row is doubled does not depend on it (the token does that), so a clock that is a little off or a
worker that hangs over its lease does no harm.

Google counts 60 writes a minute for a service account. Windows here are aligned to the clock and hold half of that, so
two neighbouring ones never exceed it wherever Google's minute begins. After a 429 nothing is written until the next
window and the rate is halved; each clean window gives a tenth back.
"""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, func, select, update

from survey import db
from survey.tables import mirrors, sheet_batches, sheet_rows, write_budgets


@dataclass(frozen=True, slots=True)
class Lane:
    """One agency's spreadsheet, and the worker that looks after it."""

    agency_id: str
    spreadsheet_id: str
    worker_id: str
    lease: timedelta

    @property
    def key(self) -> dict[str, Any]:
        return {"agency_id": self.agency_id, "spreadsheet_id": self.spreadsheet_id}

    def of(self, table: Table) -> tuple[ColumnElement[bool], ...]:
        """This spreadsheet's rows of a table of the mirror."""
        return table.c.agency_id == self.agency_id, table.c.spreadsheet_id == self.spreadsheet_id


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a service account may write."""

    account: str
    writes: int
    window_s: float

    def window(self, now: datetime) -> datetime:
        """The beginning of the window that ``now`` is in."""
        return datetime.fromtimestamp(now.timestamp() // self.window_s * self.window_s, UTC)

    def next_window(self, now: datetime) -> datetime:
        return self.window(now) + timedelta(seconds=self.window_s)


@dataclass(frozen=True, slots=True)
class Budget:
    """What an account has written in the window that began at ``window_at``, and what it may."""

    window_at: datetime
    used: int
    allowed: int
    paused_until: datetime | None

    def room(self, now: datetime) -> bool:
        return self.used < self.allowed and (self.paused_until is None or self.paused_until <= now)


def lock(conn: Connection, lane: Lane) -> None:
    """Hold the mirror's row until the transaction ends, whoever has the lease."""
    db.lock_row(conn, mirrors, *lane.of(mirrors))


def hold(conn: Connection, lane: Lane, now: datetime) -> RowMapping | None:
    """Lock the mirror until the transaction ends and take or renew the lease: its row, or None if another has it."""
    row = conn.execute(select(mirrors).where(*lane.of(mirrors)).with_for_update()).mappings().first()
    if row is None:
        arrive(conn, lane)
        return hold(conn, lane, now)
    if row["lease_owner"] not in ("", lane.worker_id) and row["lease_until"] and row["lease_until"] > now:
        return None
    lease = {"lease_owner": lane.worker_id, "lease_until": now + lane.lease}
    conn.execute(update(mirrors).where(*lane.of(mirrors)).values(lease))
    return row


def arrive(conn: Connection, lane: Lane) -> None:
    """Begin to write to this spreadsheet, perhaps after another one: what was on its way there goes here instead.

    Numbers of batches are never used twice by an agency, so rows of an old batch cannot pass for those of a new one.
    """
    ours = mirrors.c.agency_id == lane.agency_id
    highest = conn.scalar(select(func.max(mirrors.c.next_number)).where(ours)) or 1
    is_new = conn.execute(
        db.insert(conn, mirrors).values(lane.key).on_conflict_do_nothing().returning(mirrors.c.agency_id)
    )
    lock(conn, lane)
    conn.execute(update(mirrors).where(*lane.of(mirrors), mirrors.c.next_number < highest).values(next_number=highest))
    batch = sheet_batches.c
    elsewhere = (
        batch.agency_id == lane.agency_id,
        batch.spreadsheet_id != lane.spreadsheet_id,
        batch.status == "waiting",
    )
    dropped = update(sheet_batches).where(*elsewhere).values(status="done", payload=b"").returning(batch.number)
    numbers = list(conn.scalars(dropped))
    rows = (sheet_rows.c.agency_id == lane.agency_id, sheet_rows.c.batch.in_(numbers))
    conn.execute(update(sheet_rows).where(*rows).values(batch=None))
    if is_new:
        conn.execute(update(sheet_rows).where(sheet_rows.c.agency_id == lane.agency_id).values(parked=""))


def release(conn: Connection, lane: Lane) -> None:
    """Give the lease back, so that another worker need not wait for its end."""
    mine = mirrors.c.lease_owner == lane.worker_id
    conn.execute(update(mirrors).where(*lane.of(mirrors), mine).values(lease_owner="", lease_until=None))


def may_write(conn: Connection, rate: Rate, now: datetime) -> bool:
    """Would ``take`` succeed? A look without a lock, so that an idle worker writes nothing."""
    row = conn.execute(select(write_budgets).where(write_budgets.c.account == rate.account)).mappings().first()
    return row is None or rolled(_budget(row, rate), rate, now).room(now)


def take(conn: Connection, rate: Rate, now: datetime) -> bool:
    """Count one write; False when this window is used up or the account must wait."""
    budget = rolled(_locked(conn, rate, now), rate, now)
    if not budget.room(now):
        return False
    _save(conn, rate, replace(budget, used=budget.used + 1))
    return True


def throttle(conn: Connection, rate: Rate, now: datetime) -> datetime:
    """Google said 429: stop the account until the next window and halve its rate, once a window. When to go on."""
    budget = rolled(_locked(conn, rate, now), rate, now)
    if budget.paused_until is None or budget.paused_until <= now:
        budget = replace(budget, allowed=max(1, budget.allowed // 2), paused_until=rate.next_window(now))
        _save(conn, rate, budget)
    return budget.paused_until or now


def rolled(budget: Budget, rate: Rate, now: datetime) -> Budget:
    """The budget as it is in the window of ``now``. Pure."""
    window = rate.window(now)
    if budget.window_at >= window:
        return budget
    clean_since = max(budget.window_at, budget.paused_until or budget.window_at)
    clean = max(0, round((window - clean_since).total_seconds() / rate.window_s))
    allowed = min(rate.writes, budget.allowed + clean * max(1, rate.writes // 10))
    return replace(budget, window_at=window, used=0, allowed=allowed)


def _locked(conn: Connection, rate: Rate, now: datetime) -> Budget:
    fresh = {"account": rate.account, "window_at": rate.window(now), "allowed": rate.writes}
    conn.execute(db.insert(conn, write_budgets).values(fresh).on_conflict_do_nothing())
    stmt = select(write_budgets).where(write_budgets.c.account == rate.account).with_for_update()
    return _budget(conn.execute(stmt).mappings().one(), rate)


def _budget(row: RowMapping, rate: Rate) -> Budget:
    return Budget(row["window_at"], row["used"], min(row["allowed"], rate.writes), row["paused_until"])


def _save(conn: Connection, rate: Rate, budget: Budget) -> None:
    conn.execute(update(write_budgets).where(write_budgets.c.account == rate.account).values(asdict(budget)))
