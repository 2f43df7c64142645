"""A fresh tab from the store: asked for by people, made by the same steps, and exactly once like everything else.

The old tab stays as it is, with whatever staff wrote beside it; the new one carries the date and gets the new rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine, func, select

from survey import db, sheets_batches, sheets_budget, sheets_tabs, thai
from survey.sheets_budget import Lane
from survey.sheets_rows import Layout
from survey.tables import sheet_rows


@dataclass(frozen=True, slots=True)
class RebuiltTab:
    tab: str
    title: str
    waiting: int  # rows that have not reached the sheet yet


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """``finished`` False: the worker goes on with it; ``problem`` says what is in the way, if anything is."""

    tabs: tuple[RebuiltTab, ...]
    finished: bool
    problem: str = ""


def begin(conn: Connection, lane: Lane, layout: Layout, sheet_id: int, today: date) -> None:
    """Let the rows of a tab go to a new one from now on, all that are stored first."""
    sheets_budget.lock(conn, lane)
    title = f"{layout.title} {today.day} {thai.MONTHS[today.month - 1]} {today.year + 543}"
    sheets_tabs.place_tab(conn, lane, layout.tab, sheet_id, title, "filling")
    sheets_batches.unpark(conn, lane, layout.tab)


def follow(
    engine: Engine,
    lane: Lane,
    tabs: Sequence[str],
    step: Callable[[], bool],
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    until: datetime,
) -> RebuildReport:
    """Step until the tabs are complete, people are needed, or the time is up. A worker may be stepping too."""
    while True:
        while step():
            pass
        with db.read(engine) as conn:
            report = _report(conn, lane, tabs)
        if report.finished or report.problem or clock() >= until:
            return report
        sleep(0.2)


def _report(conn: Connection, lane: Lane, wanted: Sequence[str]) -> RebuildReport:
    there = sheets_tabs.tabs(conn, lane)
    row = sheet_rows.c
    stmt = (
        select(row.tab, func.count().label("rows"))
        .where(row.agency_id == lane.agency_id, row.parked == "")
        .group_by(row.tab)
    )
    waiting = {each.tab: each.rows for each in conn.execute(stmt)}
    tabs = tuple(RebuiltTab(tab, there[tab].title, waiting.get(tab, 0)) for tab in wanted)
    finished = all(there[tab].ready and not waiting.get(tab) for tab in wanted)
    return RebuildReport(tabs, finished, "" if finished else sheets_batches.paused_reason(conn, lane))
