"""After a batch was sent: what Google's answer changes, and the remedies for a refusal.

Nothing here writes to Google; a refusal is looked into with one or two reads. Every change is made only while the batch
is still the one that was sent, so that a worker which hung too long changes nothing behind another one's back; that a
batch was applied is true whoever says it.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, Engine

from survey import db, sheets_answers, sheets_batches, sheets_budget, sheets_drafts, sheets_plan, sheets_tabs
from survey.sheets_answers import Answer, Found, Mend, Seen, TabSeen
from survey.sheets_batches import Batch
from survey.sheets_budget import Lane, Rate
from survey.sheets_client import SheetsClient
from survey.sheets_rows import Layout
from survey.sheets_tabs import Tab

log = structlog.get_logger(__name__)

Alert = Callable[[str, str], None]
"""(kind, Thai text): tell the office's admins. May come again after a crash; never twice in one pause."""

PROBE = timedelta(minutes=5)
LEAP = 500  # past every number whose token may still be there
TOO_MANY_PARKED = 3  # in a row: then it is not the rows

DENIED = (
    "แผ่นงาน Google ไม่ให้ระบบเขียน ({detail}) คำตอบใหม่รออยู่ในระบบ ไม่สูญหาย "
    "กรุณาแชร์แผ่นงานให้ {account} เป็นผู้แก้ไข ระบบจะลองใหม่ทุก 5 นาที"
)
CELLS = (
    "แผ่นงาน Google เต็ม (10 ล้านช่อง) คำตอบใหม่รออยู่ในระบบ ไม่สูญหาย "
    "กรุณาทำสำเนาเก็บไว้แล้วลบแท็บเก่า หรือสร้างแผ่นงานใหม่แล้วแจ้งผู้ดูแลระบบให้ตั้ง SPREADSHEET_ID ระบบจะลองใหม่ทุก 5 นาที"
)
REFUSED = "Google ไม่รับข้อมูลที่ระบบส่งไปยังแผ่นงาน ({detail}) คำตอบใหม่รออยู่ในระบบ ไม่สูญหาย กรุณาแจ้งผู้ดูแลระบบ ระบบจะลองใหม่ทุก 5 นาที"
REMADE = (
    "แท็บ “{title}” ถูกลบจากแผ่นงาน Google ระบบสร้างแท็บใหม่ให้แล้ว คำตอบใหม่จะลงแท็บนั้น "
    "หากต้องการแถวเดิมคืน ให้ผู้ดูแลระบบสั่ง siang sheet rebuild"
)
PARKED = "Google ไม่รับข้อมูล 1 แถวของแท็บ “{title}” ระบบพักแถวนั้นไว้และส่งแถวอื่นต่อ ให้ผู้ดูแลระบบดูด้วยคำสั่ง siang sheet check"


@dataclass(frozen=True)
class Settler:
    """Settles the batches of one mirror."""

    engine: Engine
    lane: Lane
    rate: Rate
    client: SheetsClient
    alert: Alert
    layouts: Mapping[str, Layout]
    new_sheet_id: Callable[[], int]

    def settle(self, batch: Batch, answer: Answer, now: datetime) -> bool:
        """True: the next step can follow at once."""
        if answer.seen is Seen.APPLIED:
            return self._applied(batch, batch.token)
        if answer.seen is Seen.REFUSED:
            return self._look(batch, answer, now)
        if answer.seen is Seen.DENIED:
            text = DENIED.format(detail=answer.detail, account=self.client.account)
            return self._pause(batch, "denied", text, answer, now)
        return self._later(batch, answer, now)

    def _applied(self, batch: Batch, token: str) -> bool:
        with db.write(self.engine) as conn:
            sheets_budget.lock(conn, self.lane)
            done = sheets_batches.applied(conn, self.lane, batch, token)
        log.info("mirror.applied", batch=batch.number, kind=batch.kind, rows=done)
        return True

    def _later(self, batch: Batch, answer: Answer, now: datetime) -> bool:
        """The same bytes again: after a while, or when the account may write again."""

        def change(conn: Connection) -> None:
            throttled = answer.seen is Seen.THROTTLED
            due = sheets_budget.throttle(conn, self.rate, now) if throttled else None
            sheets_batches.again(conn, self.lane, batch, due, answer.detail)

        self._if_still(batch, change)
        return False

    def _look(self, batch: Batch, refusal: Answer, now: datetime) -> bool:
        """Refused: because it was applied before, because the number is somebody else's, or for a reason of its own."""
        whose = self.client.token(batch.number)
        found, token = sheets_answers.found(whose, batch.tokens)
        log.info("mirror.looked", batch=batch.number, refusal=refusal.detail, found=found)
        if found is Found.OURS:
            return self._applied(batch, token)
        if found is Found.UNCLEAR:
            return self._later(batch, whose, now)
        if found is Found.FOREIGN:
            return self._if_still(batch, lambda conn: sheets_batches.drop(conn, self.lane, batch, LEAP))
        seen = self.client.tabs()
        if not seen.ok:
            return self._later(batch, seen, now)
        return self._mend(batch, refusal, sheets_answers.tabs(seen.body), now)

    def _mend(self, batch: Batch, refusal: Answer, there: Mapping[int, TabSeen], now: datetime) -> bool:
        with db.read(self.engine) as conn:
            tab = sheets_tabs.tabs(conn, self.lane)[batch.tab]
            content = sheets_tabs.content(conn, self.lane, batch.tab) if batch.kind == "summary" else []
        need = (len(content), max(map(len, content), default=0))
        remedy = sheets_answers.mend(batch.kind, batch.size, batch.sheet_id, tab.title, refusal, there, need)
        log.warning("mirror.refused", batch=batch.number, kind=batch.kind, rows=batch.size, remedy=remedy)
        token = str(uuid.uuid4())
        match remedy:
            case Mend.SPLIT:
                return self._split(batch, token, now)
            case Mend.PARK:
                return self._park(batch, token, tab, refusal, now)
            case Mend.REMAKE:
                return self._remake(batch, tab)
            case Mend.RENAME:
                return self._rename(batch, token, tab, there, now)
            case Mend.GROW:
                size = there[batch.sheet_id]
                grid = (max(size.rows, need[0]), max(size.columns, need[1]))
                return self._refreeze(batch, sheets_drafts.write_summary(batch.number, token, tab, content, grid), now)
            case Mend.CELLS:
                return self._pause(batch, "cells", CELLS, refusal, now)
        return self._pause(batch, "refused", REFUSED.format(detail=refusal.detail), refusal, now)

    def _split(self, batch: Batch, token: str, now: datetime) -> bool:
        half = sheets_drafts.first_half(batch, token)

        def change(conn: Connection) -> None:
            sheets_batches.limit_rows(conn, self.lane, half.size)
            sheets_batches.refreeze(conn, self.lane, batch, half, now)

        return self._if_still(batch, change)

    def _park(self, batch: Batch, token: str, tab: Tab, refusal: Answer, now: datetime) -> bool:
        """It is this row, unless it is one row after the other: then something else is wrong."""
        with db.read(self.engine) as conn:
            streak = sheets_batches.parked_streak(conn, self.lane)
        if streak + 1 >= TOO_MANY_PARKED:
            self._if_still(batch, lambda conn: sheets_batches.unpark(conn, self.lane, batch.tab))
            return self._pause(batch, "refused", REFUSED.format(detail=refusal.detail), refusal, now)
        self.alert("mirror.parked", PARKED.format(title=tab.title))

        def change(conn: Connection) -> None:
            sheets_batches.park(conn, self.lane, batch, refusal.detail)
            sheets_batches.refreeze(conn, self.lane, batch, sheets_drafts.burn(batch, token), now)

        return self._if_still(batch, change)

    def _remake(self, batch: Batch, tab: Tab) -> bool:
        self.alert("mirror.remade", REMADE.format(title=tab.title))

        def change(conn: Connection) -> None:
            sheets_batches.drop(conn, self.lane, batch)
            if sheets_tabs.tabs(conn, self.lane)[batch.tab].sheet_id == batch.sheet_id:
                sheets_tabs.place_tab(conn, self.lane, tab.tab, self.new_sheet_id(), tab.title, "making")

        return self._if_still(batch, change)

    def _rename(self, batch: Batch, token: str, tab: Tab, there: Mapping[int, TabSeen], now: datetime) -> bool:
        title = sheets_plan.free_title(tab.title, [seen.title for seen in there.values()])
        sheet_id = self.new_sheet_id() if batch.sheet_id in there else batch.sheet_id
        moved = replace(tab, title=title, sheet_id=sheet_id)
        new = sheets_drafts.make_tab(batch.number, token, moved, self.layouts.get(tab.tab))

        def change(conn: Connection) -> None:
            if sheets_tabs.tabs(conn, self.lane)[batch.tab].sheet_id == batch.sheet_id:
                sheets_tabs.set_tab(conn, self.lane, tab.tab, sheet_id=sheet_id, title=title)
            sheets_batches.refreeze(conn, self.lane, batch, new, now)

        return self._if_still(batch, change)

    def _refreeze(self, batch: Batch, new: Batch, now: datetime) -> bool:
        return self._if_still(batch, lambda conn: sheets_batches.refreeze(conn, self.lane, batch, new, now))

    def _pause(self, batch: Batch, reason: str, text: str, answer: Answer, now: datetime) -> bool:
        """Nothing goes to this spreadsheet until people have mended it; told once, tried every 5 minutes."""
        with db.read(self.engine) as conn:
            told = sheets_batches.paused_reason(conn, self.lane) == reason
        if not told:
            log.warning("mirror.paused", reason=reason, detail=answer.detail)
            self.alert(f"mirror.{reason}", text)
        pause = (reason, now + PROBE, answer.detail)
        self._if_still(batch, lambda conn: sheets_batches.pause(conn, self.lane, batch, *pause))
        return False

    def _if_still(self, batch: Batch, change: Callable[[Connection], None]) -> bool:
        """Make the change unless another worker has settled the batch meanwhile. True: go on."""
        with db.write(self.engine) as conn:
            sheets_budget.lock(conn, self.lane)
            current = sheets_batches.waiting(conn, self.lane)
            if current is not None and (current.number, current.token) == (batch.number, batch.token):
                change(conn)
        return True
