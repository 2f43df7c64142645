"""What the nightly look at the sheet says to the admins, and the clearing up of tokens nobody remembers."""

from datetime import datetime

import structlog
from sqlalchemy import Engine, func, select

from survey import db, sheets_budget, sheets_plan
from survey.sheets_budget import Lane, Rate
from survey.sheets_check import CheckReport, TabCheck
from survey.sheets_client import SheetsClient
from survey.tables import mirrors, sheet_batches

log = structlog.get_logger(__name__)

MANY_TOKENS = 450  # Google has room for about 600
AT_ONCE = 300


def findings(report: CheckReport) -> str:
    """One text in Thai for the admins, empty when there is nothing to tell. Counts only, no ids."""
    lines = [f"• {tab.title}: {', '.join(words)}" for tab in report.tabs if (words := _words(tab))]
    if not lines:
        return ""
    head = "ตรวจแผ่นงาน Google ประจำคืน พบสิ่งที่ไม่ตรงกับระบบ"
    tail = "ระบบไม่เติมแถวเอง ดูรายละเอียดด้วยคำสั่ง siang sheet check หรือสร้างแท็บใหม่ด้วย siang sheet rebuild"
    return "\n".join([head, *lines, tail])


def forget_foreign(engine: Engine, lane: Lane, rate: Rate, client: SheetsClient, now: datetime) -> int:
    """Delete tokens that are not in this database (it was lost, or a deletion failed) before they use up the room.

    Leaves them alone while there are few, and when another agency of this deployment writes to the same spreadsheet.
    """
    answer = client.tokens()
    matched = (answer.body or {}).get("matchedDeveloperMetadata", [])
    there = {each["developerMetadata"]["metadataId"] for each in matched}
    if len(there) < MANY_TOKENS:
        return 0
    with db.write(engine) as conn:
        others = select(func.count()).where(mirrors.c.spreadsheet_id == lane.spreadsheet_id)
        known = set(conn.scalars(select(sheet_batches.c.number).where(*lane.of(sheet_batches))))
        numbers = sorted(there - known)[:AT_ONCE]
        if not numbers or conn.scalar(others) != 1 or not sheets_budget.take(conn, rate, now):
            return 0
    answer = client.batch_update(sheets_plan.forget_payload(numbers))
    log.info("mirror.forgot", tokens=len(numbers), foreign=True, seen=answer.detail)
    return len(numbers) if answer.ok else 0


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
