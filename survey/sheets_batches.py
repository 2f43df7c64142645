"""Batches and rows of the mirror in the database: what waits, and what each outcome changes.

One batch of a spreadsheet waits at a time. Its rows keep its number until that number is burnt (a request that creates
the developer metadata of that number has been applied): until then a request Google has not yet carried out could still
be applied, with the rows it was sent with. So a batch remembers every payload once sent under its number, as the token
and how many of its rows, in the order of their ids, that payload held.

The caller owns the transaction and has locked the mirror (``hold`` or ``lock`` of sheets_budget).
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from survey.sheets_budget import Lane
from survey.sheets_plan import MAX_ROWS
from survey.sheets_rows import Cells
from survey.sheets_tabs import set_tab, tabs
from survey.tables import mirrors, sheet_batches, sheet_rows

KEEP_TOKENS = 400  # Google allows 30,000 characters of metadata: about 600 tokens
KEEP_FOR = timedelta(minutes=15)  # a request may be carried out long after we gave it up
FORGET_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Batch:
    """One frozen request. ``kind``: rows, tab, summary, burn."""

    number: int
    token: str
    kind: str
    tab: str
    sheet_id: int
    size: int
    former: Mapping[str, int]
    mark: str
    payload: bytes
    attempts: int
    due_at: datetime

    @property
    def tokens(self) -> dict[str, int]:
        """Every token ever sent under this number, and how many rows went with it."""
        return {**self.former, self.token: self.size}

    @property
    def body(self) -> str:
        return zlib.decompress(self.payload).decode()


def waiting(conn: Connection, lane: Lane) -> Batch | None:
    stmt = select(sheet_batches).where(*lane.of(sheet_batches), sheet_batches.c.status == "waiting")
    row = conn.execute(stmt.order_by(sheet_batches.c.number).limit(1)).mappings().first()
    return None if row is None else Batch(**{name: row[name] for name in Batch.__slots__})


def next_rows(conn: Connection, lane: Lane, tab: str, limit: int) -> list[tuple[str, Cells]]:
    """Rows that wait, in the order of their random ids, which says nothing about who came first."""
    row = sheet_rows.c
    stmt = select(row.row_id, row.cells).where(*_waiting_rows(lane, tab)).order_by(row.row_id).limit(limit)
    return [(row_id, cells) for row_id, cells in conn.execute(stmt)]


def freeze(conn: Connection, lane: Lane, batch: Batch, row_ids: Sequence[str], now: datetime) -> bool:
    """Write the batch down, to be sent later; False when the world has moved on since it was drawn up."""
    tab = tabs(conn, lane).get(batch.tab)
    fits = tab is not None and tab.sheet_id == batch.sheet_id and tab.ready == (batch.kind != "tab")
    number = conn.scalar(select(mirrors.c.next_number).where(*lane.of(mirrors)))
    if not fits or number != batch.number or waiting(conn, lane):
        return False
    if row_ids:
        taken = update(sheet_rows).where(*_waiting_rows(lane, batch.tab), sheet_rows.c.row_id.in_(row_ids))
        found = conn.execute(taken.values(batch=number).returning(sheet_rows.c.row_id)).all()
        if len(found) != len(row_ids):
            raise LookupError(f"batch {number}: {len(row_ids)} rows were to be frozen, {len(found)} are there")
    values = {name: getattr(batch, name) for name in Batch.__slots__} | {"due_at": now}
    conn.execute(insert(sheet_batches).values(lane.key | values))
    _set_mirror(conn, lane, next_number=batch.number + 1)
    return True


def sending(conn: Connection, lane: Lane, batch: Batch, now: datetime, due_at: datetime) -> None:
    """The batch goes out now; should we die meanwhile, it goes again at ``due_at``."""
    _set_batch(conn, lane, batch, attempts=batch.attempts + 1, last_sent_at=now, due_at=due_at)


def again(conn: Connection, lane: Lane, batch: Batch, due_at: datetime | None, error: str) -> None:
    """It may or may not have been applied: the same bytes once more (``due_at`` None: as ``sending`` said)."""
    changes: dict[str, Any] = {"last_error": error} | ({} if due_at is None else {"due_at": due_at})
    _set_batch(conn, lane, batch, **changes)


def applied(conn: Connection, lane: Lane, batch: Batch, token: str) -> int:
    """The payload with ``token`` is in the spreadsheet: its number is burnt. How many rows are done."""
    current = waiting(conn, lane)
    if current is None or current.number != batch.number or token not in current.tokens:
        return 0  # another worker has settled it
    tab = tabs(conn, lane).get(batch.tab)
    at_home = tab is not None and tab.sheet_id == batch.sheet_id
    size = current.tokens[token]
    if at_home and size:
        _delete_first_rows(conn, lane, batch, size)
    if at_home and batch.kind == "tab":
        set_tab(conn, lane, batch.tab, status="ready")
    if at_home and batch.kind == "summary":
        set_tab(conn, lane, batch.tab, written_key=batch.mark)
    _close(conn, lane, current)
    _recover(conn, lane, size)
    return size if at_home else 0


def refreeze(conn: Connection, lane: Lane, batch: Batch, new: Batch, now: datetime) -> None:
    """Another payload under the same number; what was sent before is remembered."""
    changes = {name: getattr(new, name) for name in ("token", "kind", "sheet_id", "size", "payload", "mark")}
    _set_batch(conn, lane, batch, **changes, former=batch.tokens, due_at=now)


def drop(conn: Connection, lane: Lane, batch: Batch, leap: int = 0) -> None:
    """It was not applied and never will be: its rows wait again, for another number (``leap`` numbers on)."""
    _close(conn, lane, batch)
    if leap:
        _set_mirror(conn, lane, next_number=mirrors.c.next_number + leap)


def limit_rows(conn: Connection, lane: Lane, rows: int) -> None:
    _set_mirror(conn, lane, rows_limit=rows)


def park(conn: Connection, lane: Lane, batch: Batch, reason: str) -> None:
    """Put the first row of the batch aside."""
    first = select(func.min(sheet_rows.c.row_id)).where(*_rows_of(lane, batch)).scalar_subquery()
    conn.execute(update(sheet_rows).where(*_rows_of(lane, batch), sheet_rows.c.row_id == first).values(parked=reason))
    _set_mirror(conn, lane, parked_streak=mirrors.c.parked_streak + 1)


def parked_streak(conn: Connection, lane: Lane) -> int:
    """How many rows were parked with none applied between."""
    return conn.scalar(select(mirrors.c.parked_streak).where(*lane.of(mirrors))) or 0


def paused_reason(conn: Connection, lane: Lane) -> str:
    """Empty while all is well."""
    return conn.scalar(select(mirrors.c.paused_reason).where(*lane.of(mirrors))) or ""


def unpark(conn: Connection, lane: Lane, tab: str) -> None:
    """Let the parked rows of a tab wait again."""
    where = (sheet_rows.c.agency_id == lane.agency_id, sheet_rows.c.tab == tab, sheet_rows.c.parked != "")
    conn.execute(update(sheet_rows).where(*where).values(parked=""))


def pause(conn: Connection, lane: Lane, batch: Batch, reason: str, due_at: datetime, error: str) -> None:
    """People must mend something: the batch is tried again at ``due_at``."""
    _set_batch(conn, lane, batch, due_at=due_at, last_error=error)
    _set_mirror(conn, lane, paused_reason=reason)


def old_tokens(conn: Connection, lane: Lane, now: datetime) -> list[int]:
    """Numbers of done batches whose token can go: outside the newest 400 and unsent for 15 minutes."""
    b = sheet_batches.c
    newest = select(b.number).where(*lane.of(sheet_batches)).order_by(b.number.desc()).offset(KEEP_TOKENS).limit(1)
    bound = conn.scalar(newest)
    if bound is None:
        return []
    old = (b.status == "done", b.number <= bound, b.last_sent_at < now - KEEP_FOR)
    stmt = select(b.number).where(*lane.of(sheet_batches), *old).order_by(b.number).limit(FORGET_AT_ONCE)
    return list(conn.scalars(stmt))


def forgetting(conn: Connection, lane: Lane, numbers: Sequence[int], now: datetime) -> None:
    """The tokens are being deleted now; should that fail, it is tried again after a while."""
    conn.execute(update(sheet_batches).where(*lane.of(sheet_batches), _in(numbers)).values(last_sent_at=now))


def forgotten(conn: Connection, lane: Lane, numbers: Sequence[int]) -> None:
    conn.execute(delete(sheet_batches).where(*lane.of(sheet_batches), _in(numbers)))


def _delete_first_rows(conn: Connection, lane: Lane, batch: Batch, size: int) -> None:
    row = sheet_rows.c
    last = select(row.row_id).where(*_rows_of(lane, batch)).order_by(row.row_id).offset(size - 1).limit(1)
    conn.execute(delete(sheet_rows).where(*_rows_of(lane, batch), row.row_id <= last.scalar_subquery()))


def _close(conn: Connection, lane: Lane, batch: Batch) -> None:
    """Nothing of the batch stays but its number and token; rows that were not in it wait again."""
    conn.execute(update(sheet_rows).where(*_rows_of(lane, batch)).values(batch=None))
    _set_batch(conn, lane, batch, status="done", payload=b"", former={}, last_error="")


def _recover(conn: Connection, lane: Lane, size: int) -> None:
    doubled = mirrors.c.rows_limit * 2
    values: dict[str, Any] = {"paused_reason": ""}
    if size:
        values |= {"parked_streak": 0, "rows_limit": doubled}
    _set_mirror(conn, lane, **values)
    conn.execute(update(mirrors).where(*lane.of(mirrors), mirrors.c.rows_limit >= MAX_ROWS).values(rows_limit=0))


def _set_batch(conn: Connection, lane: Lane, batch: Batch, **values: Any) -> None:
    same = (sheet_batches.c.number == batch.number, sheet_batches.c.status == "waiting")
    conn.execute(update(sheet_batches).where(*lane.of(sheet_batches), *same).values(values))


def _set_mirror(conn: Connection, lane: Lane, **values: Any) -> None:
    conn.execute(update(mirrors).where(*lane.of(mirrors)).values(values))


def _waiting_rows(lane: Lane, tab: str) -> tuple[ColumnElement[bool], ...]:
    row = sheet_rows.c
    return row.agency_id == lane.agency_id, row.tab == tab, row.batch.is_(None), row.parked == ""


def _rows_of(lane: Lane, batch: Batch) -> tuple[ColumnElement[bool], ...]:
    return sheet_rows.c.agency_id == lane.agency_id, sheet_rows.c.tab == batch.tab, sheet_rows.c.batch == batch.number


def _in(numbers: Sequence[int]) -> ColumnElement[bool]:
    return sheet_batches.c.number.in_(numbers)
