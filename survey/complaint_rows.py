"""What ordinary complaints look like in the Google Sheet: "เรื่องร้องเรียน", written whole, and "ประวัติ", which only grows.

The history has ids, statuses and times, never words. The register has the words with personal data masked, cut short;
of a restricted case (staff conduct) it has none. Exact places stay in LINE: a sheet is passed on too easily.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, case, select

from survey import complaint, sheets_rows, thai
from survey.settings import Agency, Office
from survey.sheets_rows import HISTORY, Cells
from survey.tables import complaint_updates, complaints

AT_MOST = 1000  # rows of the register: more would not go in one request, and it must be written whole
WORDS = 160

BY = {complaint.COMPLAINANT: "ผู้แจ้ง", complaint.OFFICER: "เจ้าหน้าที่", complaint.SYSTEM: "ระบบ"}
ACTION_TITLES = {
    "receive": "รับเรื่อง",
    "accept": "รับดำเนินการ",
    "forward": "ส่งต่อหน่วยงาน",
    "sort": "เปลี่ยนประเภท",
    "ask": "สอบถามผู้แจ้ง",
    "answer": "ผู้แจ้งตอบ",
    "note": "บันทึก",
    "add": "ผู้แจ้งเพิ่มข้อมูล",
    "resolve": "แก้ไขแล้ว",
    "reject": "ไม่รับดำเนินการ",
    "reopen": "เปิดเรื่องใหม่",
    "confirm": "ผู้แจ้งยืนยันว่าแก้ไขแล้ว",
    "rate": "ให้คะแนน",
    "cancel": "ยกเลิก",
    "merge": "รวมเรื่อง",
    "told": "แจ้งผลแล้ว",
    "unreached": "ส่ง LINE ไม่ถึงผู้ร้อง",
    "called": "โทรแจ้งผลแล้ว",
    "forget": "ตัดข้อมูลติดต่อผู้ร้องตามกำหนด",
    "erase": "ลบข้อมูลผู้แจ้ง",
    "unsend": "ยกเลิกข้อความ",
    "release": "คืนเรื่อง",
}
QUESTION_TOLD = "ส่งคำถามถึงผู้แจ้งแล้ว"
DELIVERY = {
    "none": "",
    "waiting": "รอแจ้งผล",
    "told": "แจ้งผลแล้ว",
    "call": "ต้องโทรแจ้ง",
    "called": "โทรแจ้งแล้ว",
}
SAID = "เรื่อง (ปิดบังข้อมูลส่วนบุคคลแล้ว)"
HEADER: Cells = [
    "เลขที่เรื่อง",
    "รับเมื่อ",
    "ช่องทาง",
    "ประเภทเรื่อง",
    "หน่วยงาน",
    "เร่งด่วน",
    SAID,
    "สถานที่",
    "สถานะ",
    "ครบกำหนด",
    "ในกำหนด",
    "ยุติเมื่อ",
    "เปิดใหม่ (ครั้ง)",
    "คะแนน (1-5)",
    "การแจ้งผล",
]
FRAME = 2  # rows that are no tickets: header and footer
FOOTER = "ระบบเขียนแท็บนี้ใหม่ทั้งแท็บ กรุณาจดบันทึกในแท็บอื่น · ไม่รวมเรื่องที่ส่งแบบปกปิด"


def queue_update(conn: Connection, agency: Agency, ticket: Row[Any], update: Row[Any], now: datetime) -> None:
    """The effect of every change: one row for "ประวัติ", once this transaction is committed."""
    if agency.spreadsheet_id:
        cells = _update(update, ticket.ticket, agency.office)
        sheets_rows.queue(conn, agency.id, HISTORY, update.id, cells, thai.bangkok_date(now))


def history(conn: Connection, agency_id: str, ids: Sequence[str], office: Office) -> list[tuple[str, Cells]]:
    """(id, cells) of these history rows, in the order of their ids."""
    joined = complaint_updates.join(
        complaints,
        (complaints.c.agency_id == complaint_updates.c.agency_id) & (complaints.c.id == complaint_updates.c.complaint),
    )
    mine = (complaint_updates.c.agency_id == agency_id, complaint_updates.c.id.in_(ids))
    stmt = select(complaint_updates, complaints.c.ticket).select_from(joined).where(*mine)
    rows = conn.execute(stmt.order_by(complaint_updates.c.id))
    return [(row.id, _update(row, row.ticket, office)) for row in rows]


def register(conn: Connection, agency: Agency, today: date) -> list[Cells]:
    """The whole tab: header, open tickets first and then the newest, a footer."""
    c = complaints.c
    is_open = case((c.status.in_(complaint.OPEN), 0), else_=1)
    stmt = select(complaints).where(c.agency_id == agency.id).order_by(is_open, c.received_at.desc()).limit(AT_MOST + 1)
    rows = conn.execute(stmt).all()
    footer = FOOTER if len(rows) <= AT_MOST else f"{FOOTER} · แสดง {AT_MOST:,} เรื่อง ที่เหลืออยู่ในระบบ"
    below: Cells = [*[None] * HEADER.index(SAID), footer]  # where there is room for words
    return [HEADER, *(_ticket(row, agency.office, today) for row in rows[:AT_MOST]), below]


def _ticket(row: Row[Any], office: Office, today: date) -> Cells:
    category = office.rules.category(row.category)
    words = "(ไม่แสดง)" if category.restricted else sheets_rows.clean(row.masked[:WORDS])
    return [
        complaint.shown(row.ticket),
        row.received_on.isoformat(),
        complaint.CHANNELS.get(row.channel, row.channel),
        category.title,
        _department(row.department, office),
        "เร่งด่วน" if row.urgent else None,
        words,
        None if category.restricted else sheets_rows.clean(row.place[:80]),
        complaint.STATUS_TITLES[row.status],
        row.due_on.isoformat(),
        "ใช่" if (row.closed_on or today) <= row.due_on else "เกิน",
        row.closed_on.isoformat() if row.closed_on else None,
        row.reopened or None,
        row.rating,
        DELIVERY.get(row.delivery, row.delivery) or None,
    ]


def _of_question(row: Row[Any]) -> bool:
    """Was it a question that arrived? There was no outcome yet."""
    return row.action == "told" and row.status in complaint.OPEN


def _update(row: Row[Any], ticket: str, office: Office) -> Cells:
    return [
        row.id,
        complaint.shown(ticket),
        f"{row.at.astimezone(thai.BANGKOK):%Y-%m-%d %H:%M}",
        BY.get(row.by, row.by),
        QUESTION_TOLD if _of_question(row) else ACTION_TITLES.get(row.action, row.action),
        complaint.STATUS_TITLES[row.status],
        _department(row.department, office),
        office.rules.category(row.category).title,
    ]


def _department(department_id: str, office: Office) -> str | None:
    found = office.department(department_id)
    return found.title if found else department_id or None
