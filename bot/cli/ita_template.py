"""The workbook that ``siang ita template`` writes: a row for each number a year's official result may have, to fill in.

Its first sheet is what ``siang ita import`` reads, so nothing is merged there; only the score column, and wordings that
are not known, can be typed into. The second says in Thai how to fill it and what of the year's frame is not confirmed.
"""

from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from analysis import official
from analysis.frame import Frame
from analysis.likeness import LEVELS
from analysis.reconcile_tree import Cell
from bot.cli import columns

FONT = {"font_name": "TH Sarabun New", "font_size": 16, "valign": "top"}
ROW_HEIGHT = 24  # points; Sarabun's marks are cut off in Excel's own 15
WIDTHS = {"fiscal_year": 11, "level": 11, "instrument": 12, "code": 10, "title": 72, "score": 12, "หมายเหตุ": 42}
TITLE, SCORE = 4, 5
GRADE = Cell("level", "ITA", "level")

HINTS = {
    "fiscal_year": "ปีงบประมาณ พ.ศ. ไม่ต้องแก้",
    "level": "ระดับของตัวเลข: level ระดับผล, total คะแนนรวม, instrument เครื่องมือ, indicator ตัวชี้วัด, item ข้อ",
    "instrument": "IIT, EIT, OIT โดย EIT1 และ EIT2 คือ EIT ส่วนที่ 1 และ 2 ส่วน EIT คือค่าเฉลี่ยของสองส่วน",
    "code": "รหัสข้อหรือเลขตัวชี้วัด",
    "title": "ถ้อยคำของข้อหรือชื่อตัวชี้วัด",
    "score": "กรอกคะแนน 0 ถึง 100 ตามที่ ป.ป.ช. เผยแพร่ ทศนิยมไม่เกินสองตำแหน่ง ไม่มีให้เว้นว่าง",
    "หมายเหตุ": "แถวที่เขียนว่ายังไม่ยืนยัน ต้องตรวจกับประกาศของปีนั้น",
}


def workbook(frame: Frame) -> bytes:
    """The xlsx of a year's frame."""
    packed = BytesIO()
    with Workbook(packed, {"default_format_properties": FONT, "in_memory": True}) as book:
        _scores(book, frame)
        _instructions(book, frame)
    return packed.getvalue()


def _scores(book: Workbook, frame: Frame) -> None:
    sheet = book.add_worksheet("คะแนน")
    sheet.set_default_row(ROW_HEIGHT)
    sheet.freeze_panes(1, 0)
    head = book.add_format({**FONT, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1})
    for at, (name, width) in enumerate(WIDTHS.items()):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, name, head)
        sheet.write_comment(0, at, HINTS[name], {"font_name": FONT["font_name"], "font_size": 14, "x_scale": 2})
    rows = [GRADE, *official.places(frame)]
    for row, cell in enumerate(rows, 1):
        _row(book, sheet, row, cell, frame)
    _rules(sheet, frame, len(rows))
    sheet.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})
    sheet.autofilter(0, 0, len(rows), len(WIDTHS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _row(book: Workbook, sheet: Worksheet, row: int, cell: Cell, frame: Frame) -> None:
    title = "ระดับผลการประเมิน" if cell == GRADE else official.titles(frame)[cell.level, cell.code]
    doubted = not verified(frame, cell)
    look = {**FONT, "border": 1, "bg_color": "#FFF2CC" if doubted else "#F2F2F2"}
    fixed = book.add_format({**look, "text_wrap": True})
    free = book.add_format({**FONT, "border": 1, "text_wrap": True, "locked": False})
    number = book.add_format({**FONT, "border": 1, "locked": False, "num_format": "0.00" if cell != GRADE else "@"})
    sheet.set_row(row, ROW_HEIGHT * -(-max(columns.width(title), 1) // WIDTHS["title"]))
    sheet.write_number(row, 0, frame.fiscal_year, fixed)
    for at, text in enumerate(cell, 1):
        sheet.write_string(row, at, text, fixed)
    sheet.write_string(row, TITLE, title, fixed) if title else sheet.write_blank(row, TITLE, None, free)
    sheet.write_blank(row, SCORE, None, number)
    sheet.write_string(row, SCORE + 1, _note(frame, cell, bool(title), doubted), fixed)


def _note(frame: Frame, cell: Cell, worded: bool, doubted: bool) -> str:
    notes = ["ยังไม่ยืนยัน"] if doubted else []
    if cell.instrument in frame.families and len(frame.parts(cell.instrument)) == 2:
        notes.append("ค่าเฉลี่ยของสองส่วน")
    if not worded:
        notes.append("ไม่ทราบถ้อยคำ พิมพ์ตามผลที่เผยแพร่ได้")
    return " · ".join(notes)


def verified(frame: Frame, cell: Cell) -> bool:
    """Whether sources confirm that the year's result has this number, and what it is called."""
    if cell.level == "item":
        place = next(one for one in frame.indicators if cell.code in one.items)
        return place.verified and frame.items[cell.code].verified
    if cell.level == "indicator":
        subs = {sub.code: sub.verified for one in frame.indicators for sub in one.sub_indicators}
        return subs.get(cell.code, all(one.verified for one in frame.indicators if str(one.number) == cell.code))
    if cell == GRADE:
        return all(level.verified for level in frame.levels)
    return all(one.verified for one in frame.instruments if cell.code in (one.code, one.part_of, "total"))


def _rules(sheet: Worksheet, frame: Frame, last: int) -> None:
    """What Excel lets into the score column."""
    levels: dict[str, Any] = {
        "validate": "list",
        "source": [level.name for level in frame.levels],
        "error_title": "ระดับผล",
        "error_message": "เลือกระดับผลจากรายการ หรือเว้นว่าง",
    }
    sheet.data_validation(1, SCORE, 1, SCORE, levels)
    scores: dict[str, Any] = {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": 100,
        "input_title": "คะแนน",
        "input_message": "0 ถึง 100 ตามที่เผยแพร่ ไม่มีให้เว้นว่าง",
        "error_title": "คะแนน",
        "error_message": "กรอกตัวเลข 0 ถึง 100 เช่น 98.10 หากไม่มีคะแนนให้เว้นว่าง",
    }
    sheet.data_validation(2, SCORE, last, SCORE, scores)


def _instructions(book: Workbook, frame: Frame) -> None:
    sheet = book.add_worksheet("คำแนะนำ")
    sheet.set_default_row(ROW_HEIGHT)
    sheet.set_column(0, 0, 110)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    wrap, bold = (
        book.add_format({**FONT, "text_wrap": True}),
        book.add_format({**FONT, "bold": True, "text_wrap": True}),
    )
    year = frame.fiscal_year
    lines = [
        (f"แบบกรอกผล ITA อย่างเป็นทางการ ปีงบประมาณ {year}", bold),
        ("1. กรอกเฉพาะช่อง score ในแผ่นคะแนน ตามผลที่ ป.ป.ช. เผยแพร่ ห้ามใช้ผลสำรวจภายในของหน่วยงาน", wrap),
        ("2. ผลที่เผยแพร่ไม่มีตัวเลขใด ให้เว้นช่องนั้นว่างไว้ ไม่ต้องคำนวณเอง โปรแกรมคำนวณและบอกให้ว่าเป็นค่าที่คำนวณ", wrap),
        ("3. ระดับผล (แถวแรก) เลือกจากรายการ หากผลที่เผยแพร่ไม่ได้ระบุให้เว้นว่าง", wrap),
        ("4. EIT1 คือส่วนที่ 1 EIT2 คือส่วนที่ 2 และ EIT คือค่าเฉลี่ยของสองส่วน มีตัวเลขใดกรอกตัวเลขนั้น", wrap),
        ("5. บันทึกแล้วนำเข้าด้วยคำสั่ง siang ita import ตามด้วยชื่อไฟล์ ตรวจอย่างเดียวใช้ siang ita check", wrap),
        ("6. นำเข้าปีเดิมซ้ำได้ โปรแกรมบอกว่าอะไรเปลี่ยนแล้วใช้ไฟล์ใหม่แทน", wrap),
        (f"ที่มาของโครงสร้างปี {year}: {frame.source}", bold),
        *((f"ยังไม่ยืนยัน: {doubt}", wrap) for doubt in frame.doubts),
        (f"ระดับของตัวเลข: {', '.join(f'{name} = {title}' for name, title in LEVELS.items())}, level = ระดับผล", wrap),
    ]
    for row, (text, look) in enumerate(lines):
        sheet.set_row(row, ROW_HEIGHT * -(-columns.width(text) // 105))
        sheet.write_string(row, 0, text, look)
    sheet.protect()
