"""The mirror: every filed response exactly once in the agency's Google Sheet, through whatever happens.

The worker calls ``Mirror.step()`` in its loop. A step does one thing (fills a new tab from the store, freezes a batch,
or sends one and settles it), makes at most one write to Google, and never talks to Google inside a transaction. What
waits, what is under way and when to try again stands in the database, so a step may be cut off anywhere and any worker
may take the next one. How a batch survives an outcome nobody knows is told in sheets_batches.py.
"""

import random
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, Engine, RowMapping, select

from survey import (
    db,
    sheets_batches,
    sheets_budget,
    sheets_check,
    sheets_drafts,
    sheets_plan,
    sheets_rebuild,
    sheets_tabs,
    sheets_tokens,
    thai,
)
from survey.instrument import Instrument
from survey.settings import Agency, Settings
from survey.sheets_batches import Batch
from survey.sheets_budget import Lane, Rate
from survey.sheets_check import Checker, CheckReport
from survey.sheets_client import SheetsClient
from survey.sheets_rebuild import RebuildReport
from survey.sheets_rows import LATER_TITLES, SNAPSHOTS, SUMMARY, TITLES, Cell, layouts
from survey.sheets_settle import Alert, Settler
from survey.sheets_tabs import Source, Tab
from survey.tables import mirrors

log = structlog.get_logger(__name__)

LONGEST_BACK_OFF = 6  # doublings of the first wait


@dataclass(frozen=True, slots=True)
class View:
    """What the database says before a step, read without a lock."""

    mirror: RowMapping | None
    batch: Batch | None
    tabs: dict[str, Tab]
    may_write: bool


class Mirror:
    """One agency's spreadsheet. Not for two threads at once; make one for each."""

    def __init__(
        self,
        engine: Engine,
        agency: Agency,
        settings: Settings,
        instruments: Iterable[Instrument],
        *,
        clock: Callable[[], datetime],
        worker_id: str,
        alert: Alert,
        rng: random.Random | None = None,
        sleep: Callable[[float], None] = time.sleep,
        client: SheetsClient | None = None,
    ) -> None:
        """``instruments``: all versions in Thai. ``clock``: aware time. Raises sheets_client.CredentialsError."""
        known = sorted(instruments, key=lambda i: (i.fiscal_year or 0, i.version))
        self.engine, self.clock = engine, clock
        self.source = Source.of(known, agency.office)
        self.layouts = layouts(known, agency.name)
        self.rng = rng or random.SystemRandom()
        timeout, base = settings.sheets_timeout_s, settings.sheets_api_base
        self.client = client or SheetsClient(agency.spreadsheet_id, agency.google_credentials, base, timeout)
        lease = timedelta(seconds=0.5 + 1.5 * timeout)
        self.lane = Lane(agency.id, agency.spreadsheet_id, worker_id, lease)
        self.rate = Rate(self.client.account, settings.sheets_writes_per_minute, settings.sheets_quota_window_s)
        self.alert, self.sleep = alert, sleep
        self._first_wait = timedelta(seconds=timeout / 20)
        self._settler = Settler(engine, self.lane, self.rate, self.client, alert, self.layouts, self.new_sheet_id)
        self._checker = Checker(engine, self.lane, self.client, self.source, self.layouts)
        self._last_tab = ""
        self._arrived = False

    def step(self) -> bool:
        """Do the next thing. True: call again at once; False: nothing can be done just now."""
        now = self.clock()
        if not self._arrived:
            with db.write(self.engine) as conn:
                sheets_budget.arrive(conn, self.lane)
            self._arrived = True
        with db.read(self.engine) as conn:
            view = self._look(conn, now)
        owner = view.mirror["lease_owner"] if view.mirror else ""
        if view.mirror and owner not in ("", self.lane.worker_id) and (view.mirror["lease_until"] or now) > now:
            return False
        if view.batch:
            return view.may_write and view.batch.due_at <= now and self._send(view.batch, now)
        for tab in view.tabs.values():
            if tab.status == "filling":
                return self._fill(tab, now)
        return self._start_missing_tab(view, now) or self._freeze_next(view, now) or self._forget(view.may_write, now)

    def write_summary(self, rows: Sequence[Sequence[Cell]]) -> bool:
        """Let "สรุปรายเดือน" be these rows, see ``write_snapshot``."""
        return self.write_snapshot(SUMMARY, rows)

    def write_snapshot(self, tab: str, rows: Sequence[Sequence[Cell]]) -> bool:
        """Let a snapshot tab be these rows, the first its header: stored here, written whole by later steps, only the
        last of several. False when it says so already."""
        with db.write(self.engine) as conn:
            sheets_budget.lock(conn, self.lane)
            if tab not in sheets_tabs.tabs(conn, self.lane):
                title = (TITLES | LATER_TITLES)[tab]
                sheets_tabs.place_tab(conn, self.lane, tab, self.new_sheet_id(), title, "making")
            return sheets_tabs.set_content(conn, self.lane, tab, rows)

    def has(self, tab: str) -> bool:
        """Is there such a tab, or is it being made?"""
        with db.read(self.engine) as conn:
            return tab in sheets_tabs.tabs(conn, self.lane)

    def check(self) -> CheckReport:
        """Compare store and sheet, cell by cell. Reads only."""
        return self._checker.check(cells=True)

    def nightly(self) -> CheckReport:
        """Compare row ids, tell the admins what is amiss, clear up tokens nobody remembers."""
        report = self._checker.check(cells=False)
        if findings := sheets_check.findings(report):
            self.alert("mirror.nightly", findings)
        sheets_tokens.forget_foreign(self.engine, self.lane, self.rate, self.client, self.clock())
        log.info("mirror.checked", tabs=len(report.tabs), ok=report.ok, problem=report.problem)
        return report

    def rebuild(
        self, tabs: Iterable[str] = ("eit", "satisfaction", "comments"), *, give_up_s: float = 900.0
    ) -> RebuildReport:
        """Make fresh tabs from the store and wait until they are complete. Raises KeyError for an unknown tab."""
        wanted = [self.layouts[tab] for tab in tabs]
        today = thai.bangkok_date(self.clock())
        for layout in wanted:
            with db.write(self.engine) as conn:
                sheets_rebuild.begin(conn, self.lane, layout, self.new_sheet_id(), today)
        names = [layout.tab for layout in wanted]
        until = self.clock() + timedelta(seconds=give_up_s)
        return sheets_rebuild.follow(self.engine, self.lane, names, self.step, self.clock, self.sleep, until)

    def close(self) -> None:
        """Give the lease back and hang up."""
        with db.write(self.engine) as conn:
            sheets_budget.release(conn, self.lane)
        self.client.close()

    def new_sheet_id(self) -> int:
        return self.rng.randrange(1, 2**31)

    def _look(self, conn: Connection, now: datetime) -> View:
        mirror = conn.execute(select(mirrors).where(*self.lane.of(mirrors))).mappings().first()
        batch = sheets_batches.waiting(conn, self.lane)
        return View(mirror, batch, sheets_tabs.tabs(conn, self.lane), sheets_budget.may_write(conn, self.rate, now))

    def _send(self, batch: Batch, now: datetime) -> bool:
        with db.write(self.engine) as conn:
            if sheets_budget.hold(conn, self.lane, now) is None:
                return False
            current = sheets_batches.waiting(conn, self.lane)
            if current != batch:
                return True  # another worker was here between
            if not sheets_budget.take(conn, self.rate, now):
                return False
            sheets_batches.sending(conn, self.lane, batch, now, now + self._wait(batch.attempts))
        answer = self.client.batch_update(batch.body)
        log.info("mirror.sent", batch=batch.number, kind=batch.kind, tab=batch.tab, rows=batch.size, seen=answer.detail)
        return self._settler.settle(batch, answer, self.clock())

    def _wait(self, attempts: int) -> timedelta:
        """Doubling, with jitter so that workers of many offices do not come back all at once."""
        longest: timedelta = self._first_wait * 2 ** min(attempts, LONGEST_BACK_OFF)
        return longest * self.rng.uniform(0.5, 1.0)

    def _fill(self, tab: Tab, now: datetime) -> bool:
        with db.write(self.engine) as conn:
            if sheets_budget.hold(conn, self.lane, now) is None:
                return False
            if sheets_tabs.tabs(conn, self.lane).get(tab.tab) == tab:
                sheets_tabs.fill(conn, self.lane, tab, self.source, thai.bangkok_date(now))
        return True

    def _start_missing_tab(self, view: View, now: datetime) -> bool:
        """The usual tabs are made at once, so that an office sees where its answers will be; others when needed."""
        missing = [tab for tab in (*TITLES, *self.layouts) if tab not in view.tabs]
        for tab in missing:
            if tab in TITLES or self._rows(tab, 1):
                title = TITLES.get(tab) or self.layouts[tab].title
                return self._place(tab, title, "making" if tab == SUMMARY else "filling", now)
        return False

    def _place(self, tab: str, title: str, status: str, now: datetime) -> bool:
        with db.write(self.engine) as conn:
            if sheets_budget.hold(conn, self.lane, now) is None:
                return False
            sheets_tabs.place_tab(conn, self.lane, tab, self.new_sheet_id(), title, status)
        return True

    def _freeze_next(self, view: View, now: datetime) -> bool:
        number = view.mirror["next_number"] if view.mirror else 1
        token = str(uuid.uuid4())
        for tab in sorted(view.tabs.values(), key=_place_in_row, reverse=True):  # each is put in front
            if tab.status == "making":
                layout = self.layouts.get(tab.tab)
                return self._freeze(sheets_drafts.make_tab(number, token, tab, layout), [], now)
        limit = (view.mirror["rows_limit"] if view.mirror else 0) or sheets_plan.MAX_ROWS
        for key in sorted(self.layouts, key=lambda key: (key <= self._last_tab, key)):  # take turns
            if key in view.tabs and (rows := self._rows(key, limit)):
                self._last_tab = key
                batch = sheets_drafts.append_rows(number, token, view.tabs[key], [cells for _, cells in rows])
                return self._freeze(batch, [row_id for row_id, _ in rows[: batch.size]], now)
        for snapshot in (view.tabs[tab] for tab in SNAPSHOTS if tab in view.tabs):
            if snapshot.content_key != snapshot.written_key:
                with db.read(self.engine) as conn:
                    content = sheets_tabs.content(conn, self.lane, snapshot.tab)
                return self._freeze(sheets_drafts.write_summary(number, token, snapshot, content), [], now)
        return False

    def _freeze(self, batch: Batch, row_ids: Sequence[str], now: datetime) -> bool:
        with db.write(self.engine) as conn:
            if sheets_budget.hold(conn, self.lane, now) is None:
                return False
            sheets_batches.freeze(conn, self.lane, batch, row_ids, now)
        return True

    def _forget(self, may_write: bool, now: datetime) -> bool:
        return may_write and sheets_tokens.forget_old(self.engine, self.lane, self.rate, self.client, now)

    def _rows(self, tab: str, limit: int) -> list[tuple[str, list[Cell]]]:
        with db.read(self.engine) as conn:
            return sheets_batches.next_rows(conn, self.lane, tab, limit)


def _place_in_row(tab: Tab) -> int:
    return list(TITLES).index(tab.tab) if tab.tab in TITLES else len(TITLES)
