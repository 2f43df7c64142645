"""The workbook that ``siang measures export`` writes: the register to edit, and a sheet that says how.

Ids and marks stand in hidden, locked columns; everything else can be typed into, below the last row too.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from analysis import measures_cells, measures_sheet
from analysis.frame import Frame
from analysis.measure import STATUS_WORDS, Measure
from analysis.measures_sheet import COLUMNS, SHEET
from bot.cli import columns

FONT = {"font_name": "TH Sarabun New", "font_size": 16, "valign": "top"}
LINE = 24  # points; Sarabun's marks are cut off in Excel's own 15
TALLEST = 409  # that Excel has
ROOM = 200  # rows below the last that can be filled with the same lists
PLAIN = 1.15  # letters to a unit of width: Thai ones are narrower than digits, lines break where words end

HOW = (
    "แก้ไขแล้วส่งไฟล์ให้ผู้ดูแลระบบนำเข้า เพิ่มมาตรการใหม่ได้ที่แถวว่างด้านล่าง",
    "ปีงบประมาณและข้อของมาตรการเดิมแก้ไม่ได้ หากต้องการเปลี่ยนให้ตั้งสถานะเป็นยกเลิก แล้วเพิ่มแถวใหม่",
    "ขั้นตอนการดำเนินการ เขียนบรรทัดละหนึ่งขั้นตอน ขึ้นบรรทัดใหม่ในช่องด้วย Alt+Enter",
    "สถานะเลือกจากรายการ: " + " ".join(STATUS_WORDS.values()),
    "ความก้าวหน้าเป็นร้อยละ 0 ถึง 100 มาตรการที่แล้วเสร็จต้องเป็น 100 มาตรการที่อยู่ระหว่างวางแผนต้องเป็น 0",
    "ลิงก์หลักฐานขึ้นต้นด้วย https:// บรรทัดละหนึ่งลิงก์ ไม่ใส่ลิงก์ของเอกสารที่มีข้อมูลส่วนบุคคล",
    "ลบแถวในไฟล์นี้ไม่ทำให้มาตรการหายไปจากทะเบียน ให้ตั้งสถานะเป็นยกเลิกแทน",
    "หากมีผู้แก้มาตรการเดียวกันในทะเบียนหลังจากส่งออกไฟล์นี้ ระบบจะแจ้งช่องที่ต่างกันและไม่บันทึกแถวนั้น",
)


def workbook(measures: Sequence[Measure], frame: Frame) -> bytes:
    """The xlsx. ``frame``: whose items and issues are listed beside it."""
    packed = BytesIO()
    with Workbook(packed, {"default_format_properties": FONT, "in_memory": True}) as book:
        _register(book, measures)
        _instructions(book, frame)
    return packed.getvalue()


def _register(book: Workbook, measures: Sequence[Measure]) -> None:
    sheet = book.add_worksheet(SHEET)
    sheet.set_default_row(LINE)
    sheet.freeze_panes(1, 0)
    head = book.add_format(
        {**FONT, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1, "text_wrap": True}
    )
    locked = book.add_format({**FONT})
    free = {"text_wrap": True, "locked": False, "border": 1}
    text = book.add_format({**FONT, **free, "num_format": "@"})
    number = book.add_format({**FONT, **free, "num_format": "0", "align": "center"})
    looks = [number if c.key in ("fiscal_year", "issue", "progress") else text for c in COLUMNS]
    for at, (column, look) in enumerate(zip(COLUMNS, looks, strict=True)):
        blank = book.add_format({**FONT, "text_wrap": True, "locked": False, "num_format": look.num_format})
        sheet.set_column(at, at, column.width or 18, *((blank,) if column.width else (locked, {"hidden": True})))
        sheet.write_string(0, at, column.header, head)
    sheet.set_row(0, 2 * LINE)
    for row, measure in enumerate(measures, 1):
        cells = measures_sheet.cells(measure)
        sheet.set_row(row, min(TALLEST, LINE * max(map(_height, cells, [c.width for c in COLUMNS]))))
        for at, cell in enumerate(cells):
            look = looks[at] if COLUMNS[at].width else locked
            sheet.write_string(row, at, cell, look) if isinstance(cell, str) else sheet.write_number(
                row, at, cell, look
            )
    _rules(sheet, len(measures) + ROOM)
    sheet.protect("", dict.fromkeys("format_columns format_rows format_cells insert_rows autofilter".split(), True))
    sheet.autofilter(0, 0, len(measures), len(COLUMNS) - 1)
    _printed(sheet)


def _height(cell: str | int, width: int) -> int:
    """How many lines a cell takes when its words wrap; a hidden one takes one."""
    if not width:
        return 1
    return sum(max(1, -(-columns.width(line) // int(width * PLAIN))) for line in str(cell).split("\n"))


def _rules(sheet: Worksheet, last: int) -> None:
    """What Excel lets into the columns with numbers and lists."""
    years = measures_cells.YEARS
    whole: dict[str, tuple[int, int, str]] = {
        "fiscal_year": (years[0], years[-1], "ปีงบประมาณ พ.ศ. สี่หลัก เช่น 2570"),
        "issue": (1, 7, "เลขประเด็น 1 ถึง 7 หรือเว้นว่าง"),
        "progress": (0, 100, "จำนวนเต็ม 0 ถึง 100"),
    }
    for at, column in enumerate(COLUMNS):
        rule: dict[str, Any] = {}
        if column.key == "status":
            rule = {"validate": "list", "source": list(STATUS_WORDS.values()), "error_message": "เลือกสถานะจากรายการ"}
        elif column.key in whole:
            low, high, words = whole[column.key]
            rule = {"validate": "integer", "criteria": "between", "minimum": low, "maximum": high}
            rule["error_message"] = words
        if rule:
            sheet.data_validation(1, at, last, at, {**rule, "error_title": column.header})


def _instructions(book: Workbook, frame: Frame) -> None:
    sheet = book.add_worksheet("คำแนะนำ")
    sheet.set_default_row(LINE)
    bold = book.add_format({**FONT, "bold": True, "text_wrap": True})
    text = book.add_format({**FONT, "text_wrap": True})
    for at, width in enumerate((8, 100, 12)):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 1, "วิธีกรอกทะเบียนมาตรการ", bold)
    rows = [(f"{n}.", line, "") for n, line in enumerate(HOW, 1)]
    source = "" if frame.verified else f" (ยังไม่ยืนยันทั้งหมด: {frame.source})"
    rows += [("", "", ""), ("ข้อ", f"ข้อคำถามของปี {frame.fiscal_year}{source}", "ประเด็นที่")]
    rows += [
        (code, item.text or "ไม่ทราบถ้อยคำ", ", ".join(str(issue.number) for issue in frame.issues_of(code)))
        for code, item in frame.items.items()
    ]
    rows += [("", "", ""), ("ประเด็นที่", "ชื่อประเด็น", "")]
    rows += [(str(issue.number), issue.title, "") for issue in frame.issues]
    for row, cells in enumerate(rows, 1):
        look = bold if cells[0] in ("ข้อ", "ประเด็นที่") else text
        sheet.set_row(row, LINE * _height(cells[1], 100))
        for at, cell in enumerate(cells):
            sheet.write_string(row, at, cell, look)
    sheet.protect()
    _printed(sheet)


def _printed(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
