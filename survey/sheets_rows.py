"""What one filed response looks like in the Google Sheet: its tab, its columns, its cells. Pure, but for ``queue``.

Cells are plain JSON (text, number, null); sheets_plan.py types them for Google. A scored answer is its score as a
number, so that staff can average a column; "ไม่ทราบ/ไม่ขอตอบ" stays as text and an answer that was skipped stays blank:
AVERAGE passes over both. Sex, age, capacity and comments never stand in a row of answers; comments have a tab of their
own under ids that lead nowhere.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from survey import db
from survey.instrument import Instrument, Question
from survey.tables import sheet_rows

Cell = str | int | float | None
Cells = list[Cell]

COMMENTS = "comments"
SUMMARY = "summary"
HISTORY = "history"
REGISTER = "complaints"
TITLES = {
    "eit": "คำตอบ EIT",
    "satisfaction": "ความพึงพอใจ",
    COMMENTS: "ความคิดเห็น",
    SUMMARY: "สรุปรายเดือน",
}
LATER_TITLES = {HISTORY: "ประวัติ", REGISTER: "เรื่องร้องเรียน"}
"""Tabs that are made once there is something to stand in them."""
SNAPSHOTS = (SUMMARY, REGISTER)
"""Tabs that are written whole, again and again; the others only grow."""
KINDS = {"eit": "แบบสอบถามประจำปี", "satisfaction": "ติชมบริการ"}
MODES = {"self": "ตอบเอง", "assisted": "เจ้าหน้าที่ช่วยกรอก"}
USUAL_CODES = {"eit": tuple(f"e{n}" for n in range(1, 10)), "satisfaction": ("s1", "s2", "s3", "s4")}


@dataclass(frozen=True, slots=True)
class Column:
    header: str
    width: int  # pixels


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a tab, the row id always first. Rows of one layout fit under one header."""

    tab: str
    title: str
    columns: tuple[Column, ...]


def response_row(
    instrument: Instrument,
    *,
    row_id: str,
    month: str,
    mode: str,
    service_point_title: str | None,
    answers: Mapping[str, str | None],
) -> tuple[str, Cells]:
    """The tab and cells of a response. ``instrument`` in Thai, ``month`` as shown (2570-02), answers by question id."""
    cells: Cells = [row_id, month, MODES.get(mode, mode)]
    if _has_points(instrument):
        cells.append(clean(service_point_title))
    cells += [_item_cell(question, answers.get(question.id)) for question in instrument.items]
    return tab_of(instrument), cells


def comment_row(*, row_id: str, month: str, kind: str, service_point_title: str | None, text: str) -> tuple[str, Cells]:
    """The tab and the cells of an open comment, already masked, under an id of its own."""
    return COMMENTS, [row_id, month, KINDS.get(kind, kind), clean(service_point_title), clean(text)]


def queue(conn: Connection, agency_id: str, tab: str, row_id: str, cells: Sequence[Cell], today: date) -> None:
    """Let the row go to the sheet once this transaction is committed. A row that waits already is left as it is."""
    values = {"agency_id": agency_id, "tab": tab, "row_id": row_id, "cells": list(cells), "queued_on": today}
    conn.execute(db.insert(conn, sheet_rows).values(values).on_conflict_do_nothing())


def tab_of(instrument: Instrument) -> str:
    """One tab for each kind; a version that asks other items gets a tab of its own, for its columns differ."""
    codes = tuple(q.item_code or "" for q in instrument.items)
    if codes == USUAL_CODES.get(instrument.kind, codes):
        return instrument.kind
    return f"{instrument.kind}:{codes[0]}-{codes[-1]}"[:32]


def layouts(instruments: Iterable[Instrument], agency_name: str = "") -> dict[str, Layout]:
    """Tab -> layout for every instrument (in Thai, later ones win) and for comments."""
    found = {tab_of(i): _response_layout(i, agency_name) for i in instruments}
    columns = (*_COMMON[:2], Column("แบบสอบถาม", 190), _POINT, Column("ความคิดเห็น (ปิดบังข้อมูลส่วนบุคคลแล้ว)", 480))
    history = Layout(HISTORY, LATER_TITLES[HISTORY], _HISTORY)
    return found | {COMMENTS: Layout(COMMENTS, TITLES[COMMENTS], columns), HISTORY: history}


def clean(text: str | None) -> str | None:
    """Without what no sheet can hold: control characters other than line breaks, and halves of characters."""
    if text is None:
        return None
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")) or None


_COMMON = (Column("รหัสแถว (ห้ามแก้)", 110), Column("เดือน", 80), Column("วิธีตอบ", 130))
_POINT = Column("จุดบริการ", 180)
_HISTORY = (
    Column("รหัสแถว (ห้ามแก้)", 110),
    Column("เลขที่เรื่อง", 100),
    Column("วันเวลา", 150),
    Column("โดย", 110),
    Column("การดำเนินการ", 170),
    Column("สถานะ", 150),
    Column("หน่วยงาน", 170),
    Column("ประเภทเรื่อง", 200),
)


def _response_layout(instrument: Instrument, agency_name: str) -> Layout:
    tab = tab_of(instrument)
    title = TITLES.get(instrument.kind, instrument.kind) + tab.removeprefix(instrument.kind).replace(":", " ")
    points = (_POINT,) if _has_points(instrument) else ()
    items = [Column(f"{q.item_code} {q.text}".replace("{agency}", agency_name), 170) for q in instrument.items]
    return Layout(tab, title, (*_COMMON, *points, *items))


def _has_points(instrument: Instrument) -> bool:
    return instrument.kind == "satisfaction"


def _item_cell(question: Question, value: str | None) -> Cell:
    option = question.option(value)
    if option is None:
        return None
    return option.label if option.score is None else option.score
