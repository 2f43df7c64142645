"""The complaint statistics as rows: for the terminal, for csv and json, for an Excel file."""

import csv
import io
import json
from collections.abc import Sequence
from decimal import Decimal

from xlsxwriter import Workbook

from analysis.complaint_counts import Cells, ComplaintStatistics, Track
from analysis.display import half_up
from bot.cli import columns
from survey import complaint, thai
from survey.settings import Office

WITHHELD = "ไม่แสดง (น้อยกว่า 5 หรือเพื่อปกปิดกลุ่มเล็ก)"
HEADER = ("track", "group", "name", "title", "value")
GROUPS = {
    "total": "ภาพรวม",
    "category": "ประเภทเรื่อง",
    "department": "หน่วยงานที่รับผิดชอบ",
    "channel": "ช่องทาง",
    "month": "เดือน",
}
Value = int | Decimal | str | None
Row = tuple[str, str, str, str, Value]
"""(track, group, name, title in Thai, value; None: withheld)"""


def rows(found: ComplaintStatistics, office: Office) -> list[Row]:
    """Every number: the totals of both tracks, then the breakdowns of the ordinary one."""
    track = found.ordinary
    totals: list[tuple[str, str, Value]] = [
        ("received", "รับเรื่อง", track.received),
        ("in_progress", "อยู่ระหว่างดำเนินการ", track.in_progress),
        ("resolved", "แก้ไขแล้ว", track.resolved),
        ("rejected", "ไม่รับดำเนินการ", track.rejected),
        ("cancelled", "ผู้แจ้งยกเลิก", track.cancelled),
        ("within", "ยุติภายในกำหนด", track.within),
        ("overdue", "เกินกำหนดและยังไม่ยุติ", track.overdue),
        ("reopened", "ถูกเปิดใหม่", track.reopened),
        ("rated", "ผู้ให้คะแนน (คน)", track.rated),
        ("rating", "คะแนนเฉลี่ย (เต็ม 5)", None if track.rating is None else half_up(track.rating)),
        *_days(track),
    ]
    ordinary = [("ordinary", "total", name, title, value) for name, title, value in totals]
    sealed: list[Row] = [
        ("sealed", "total", "received", "รับเรื่อง (ร้องเรียนทุจริต)", found.sealed.received),
        ("sealed", "total", "closed", "ยุติ (ร้องเรียนทุจริต)", found.sealed.closed),
    ]
    categories = {name: office.rules.category(name).title for name in track.categories}
    departments = {d.id: d.title for d in office.departments}
    return [
        *ordinary,
        *sealed,
        *_cells("category", track.categories, categories),
        *_cells("department", track.departments, departments),
        *_cells("channel", track.channels, complaint.CHANNELS),
        *_cells("month", track.months, {key: thai.parse_month(key).label for key in track.months}),
    ]


def table(found: ComplaintStatistics, office: Office, agency: str) -> list[str]:
    """For people, in Thai."""
    lines = [f"สถิติเรื่องร้องเรียน {agency} · {found.period.label} · ข้อมูล ณ {thai.long_date(found.as_of)}"]
    if found.sentence:
        lines.append(found.sentence)
    if found.unconfirmed and found.ordinary.received:
        lines.append(f"เดือนที่ยังไม่ยืนยัน: {', '.join(found.unconfirmed)}")
    group = ""
    shown: list[tuple[str, str]] = []
    for _, of, _, title, value in [*rows(found, office), ("", "end", "", "", None)]:
        if of != group:
            lines += [*columns.lines(shown, right=[1])] if shown else []
            lines += ["", GROUPS[of]] if of in GROUPS else []
            group, shown = of, []
        shown.append((title, WITHHELD if value is None else f"{value:,}" if isinstance(value, int) else str(value)))
    return lines


def as_csv(header: Sequence[str], body: Sequence[Sequence[Value]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(body)
    return out.getvalue()


def as_json(found: ComplaintStatistics, office: Office, agency_id: str) -> str:
    """One object; ``value`` null where it is withheld."""
    body = [dict(zip(HEADER, row, strict=True)) for row in rows(found, office)]
    whole = {
        "agency": agency_id,
        "period": found.period.key,
        "as_of": found.as_of.isoformat(),
        "final": found.final,
        "unconfirmed": list(found.unconfirmed),
        "sentence": found.sentence,
        "rows": body,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, default=float)


def as_xlsx(title: str, header: Sequence[str], body: Sequence[Sequence[Value]]) -> bytes:
    """One worksheet; text as text, numbers as numbers."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(title[:31])
        font = {"font_name": "TH Sarabun New", "font_size": 16}
        plain, bold = book.add_format(font), book.add_format({**font, "bold": True})
        sheet.set_default_row(24)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(header) - 1, 22, plain)
        for at, name in enumerate(header):
            sheet.write_string(0, at, name, bold)
        for down, row in enumerate(body, 1):
            for at, value in enumerate(row):
                if isinstance(value, int | Decimal):
                    sheet.write_number(down, at, value, plain)
                elif value is not None:
                    sheet.write_string(down, at, value, plain)
    return out.getvalue()


def _days(track: Track) -> list[tuple[str, str, Value]]:
    days = track.days
    if days.median is None or days.ninetieth is None:
        each = ", ".join(map(str, days.each)) or "-"
        return [("days", "จำนวนวันจนยุติ แต่ละเรื่อง", each)]
    return [
        ("days_median", "จำนวนวันจนยุติ (มัธยฐาน)", half_up(days.median, 1)),
        ("days_ninetieth", "จำนวนวันจนยุติ (เปอร์เซ็นไทล์ที่ 90)", days.ninetieth),
    ]


def _cells(group: str, cells: Cells, titles: dict[str, str]) -> list[Row]:
    return [("ordinary", group, name, titles.get(name, name or "ทั้งหน่วยงาน"), n) for name, n in cells.items()]
