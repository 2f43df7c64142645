"""Does the sheet hold what the store holds? By row id, and on demand cell by cell. The store is the truth.

Staff may delete rows, type into cells, move columns. All of that is reported and nothing is put right behind their
backs: a row that staff deleted is never added again, except by a rebuild somebody asked for.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from survey import db, sheets_answers, sheets_batches, sheets_tabs
from survey.sheets_answers import TabSeen
from survey.sheets_budget import Lane
from survey.sheets_client import SheetsClient
from survey.sheets_rows import Cells, Layout
from survey.sheets_tabs import Source, Tab
from survey.tables import sheet_rows


@dataclass(frozen=True, slots=True)
class TabCheck:
    """One tab. The ids are of rows; ``changed`` is empty unless cells were compared."""

    tab: str
    title: str
    gone: bool = False  # staff deleted the tab
    moved: bool = False  # a column of ours is not in its place
    stored: int = 0
    in_sheet: int = 0
    waiting: int = 0
    parked: tuple[str, ...] = ()  # refused by Google
    missing: tuple[str, ...] = ()  # in the store, and in the sheet no more
    repeated: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unknown: int = 0  # rows in the sheet the store does not know: notes of staff, or of another database

    @property
    def ok(self) -> bool:
        return not (self.gone or self.moved or self.parked or self.missing or self.repeated or self.changed)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """``problem``: why the sheet could not be read, else empty."""

    tabs: tuple[TabCheck, ...] = ()
    problem: str = ""

    @property
    def ok(self) -> bool:
        return not self.problem and all(tab.ok for tab in self.tabs)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What has not reached the sheet yet."""

    waiting: int
    parked: int
    oldest: date | None
    paused_reason: str


@dataclass(frozen=True, slots=True)
class Stored:
    """One tab as the store has it: row id -> cells (None when only ids are compared), and what has not been sent."""

    rows: Mapping[str, Cells | None]
    waiting: frozenset[str]
    parked: frozenset[str]


@dataclass(frozen=True)
class Checker:
    """Reads one mirror's sheet and compares."""

    engine: Engine
    lane: Lane
    client: SheetsClient
    source: Source
    layouts: Mapping[str, Layout]

    def check(self, cells: bool) -> CheckReport:
        """Compare every tab that is made; with ``cells`` the content too. One read for each tab, and one."""
        with db.read(self.engine) as conn:
            ours = [t for t in sheets_tabs.tabs(conn, self.lane).values() if t.ready]
        there = self.client.tabs()
        if not there.ok:
            return CheckReport(problem=there.detail)
        seen = sheets_answers.tabs(there.body)
        found: list[TabCheck] = []
        for tab in ours:
            if tab.sheet_id not in seen:
                found.append(TabCheck(tab.tab, tab.title, gone=True))
            elif layout := self.layouts.get(tab.tab):
                one = self._check_tab(tab, seen[tab.sheet_id], layout, cells)
                if isinstance(one, str):
                    return CheckReport(tuple(found), one)
                found.append(one)
        return CheckReport(tuple(found))

    def _check_tab(self, tab: Tab, seen: TabSeen, layout: Layout, cells: bool) -> TabCheck | str:
        with db.read(self.engine) as conn:
            before = self._stored(conn, tab, cells)
        answer = self.client.content(tab.sheet_id, min(len(layout.columns), seen.columns) if cells else 1)
        if not answer.ok:
            return answer.detail
        header, rows = sheets_answers.content(answer.body)
        with db.read(self.engine) as conn:
            known = self._stored(conn, tab, cells=False).rows.keys()  # rows filed while we were reading
        return compare(TabCheck(tab.tab, seen.title, moved=_moved(layout, header)), before, rows, known)

    def _stored(self, conn: Connection, tab: Tab, cells: bool) -> Stored:
        agency_id = self.lane.agency_id
        rows: dict[str, Cells | None] = {}
        if cells:
            rows.update(sheets_tabs.stored_rows(conn, agency_id, tab.tab, self.source))
        else:
            rows.update(dict.fromkeys(sheets_tabs.stored_ids(conn, agency_id, tab.tab, self.source)))
        stmt = select(sheet_rows.c.row_id, sheet_rows.c.parked != "")
        queued = conn.execute(stmt.where(sheet_rows.c.agency_id == agency_id, sheet_rows.c.tab == tab.tab)).all()
        parked = frozenset(row_id for row_id, is_parked in queued if is_parked)
        return Stored(rows, frozenset(row_id for row_id, _ in queued) - parked, parked)


def compare(tab: TabCheck, stored: Stored, sheet: Sequence[Sequence[Any]], known: Iterable[str]) -> TabCheck:
    """``sheet``: the rows below the header, as read; ``known``: ids the store has by now. Pure."""
    rows = [row for row in sheet if row and row[0] not in ("", None)]
    counted = Counter(str(row[0]) for row in rows)
    by_id = {str(row[0]): row for row in rows}
    both = [] if tab.moved else [(i, cells) for i, cells in stored.rows.items() if cells is not None and i in by_id]
    return replace(
        tab,
        stored=len(stored.rows),
        in_sheet=len(rows),
        waiting=len(stored.waiting),
        parked=tuple(sorted(stored.parked)),
        missing=tuple(sorted(stored.rows.keys() - counted.keys() - stored.waiting - stored.parked)),
        repeated=tuple(sorted(row_id for row_id, times in counted.items() if times > 1)),
        changed=tuple(sorted(row_id for row_id, cells in both if not _same(cells, by_id[row_id]))),
        unknown=len(counted.keys() - stored.rows.keys() - set(known)),
    )


def findings(report: CheckReport) -> str:
    """One text in Thai for the admins, empty when there is nothing to tell. Counts only, no ids."""
    lines = [f"• {tab.title}: {', '.join(words)}" for tab in report.tabs if (words := _words(tab))]
    if not lines:
        return ""
    head = "ตรวจแผ่นงาน Google ประจำคืน พบสิ่งที่ไม่ตรงกับระบบ"
    tail = "ระบบไม่เติมแถวเอง ดูรายละเอียดด้วยคำสั่ง siang sheet check หรือสร้างแท็บใหม่ด้วย siang sheet rebuild"
    return "\n".join([head, *lines, tail])


def backlog(conn: Connection, lane: Lane) -> Backlog:
    """For ``/readyz``."""
    row = sheet_rows.c
    parked = row.parked != ""
    stmt = select(func.count(), func.min(row.queued_on)).where(row.agency_id == lane.agency_id)
    waiting, oldest = conn.execute(stmt.where(~parked)).one()
    aside, _ = conn.execute(stmt.where(parked)).one()
    return Backlog(waiting, aside, oldest, sheets_batches.paused_reason(conn, lane))


def _moved(layout: Layout, header: Sequence[Any]) -> bool:
    """Is a header of ours in another place? One that staff worded differently is none of our business."""
    places = {str(text): place for place, text in reversed(list(enumerate(header)))}
    return any(places.get(column.header, place) != place for place, column in enumerate(layout.columns))


def _same(cells: Cells, row: Sequence[Any]) -> bool:
    theirs = [*row, *[""] * (len(cells) - len(row))]
    return all(("" if mine is None else mine) == other for mine, other in zip(cells, theirs, strict=False))


def _words(tab: TabCheck) -> list[str]:
    counted = (
        (len(tab.missing), "แถวหายไปจากแผ่นงาน {} แถว"),
        (len(tab.repeated), "รหัสแถวซ้ำ {} รหัส"),
        (len(tab.parked), "Google ไม่รับ {} แถว"),
        (len(tab.changed), "ค่าในแถวถูกแก้ {} แถว"),
    )
    words = [text.format(count) for count, text in counted if count]
    if tab.moved:
        words.append("มีคอลัมน์ของระบบถูกย้าย แถวใหม่จะลงผิดช่อง กรุณาย้ายกลับ")
    return ["แท็บถูกลบ", *words] if tab.gone else words
