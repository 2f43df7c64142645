"""``siang scores`` and ``siang export`` as an operator and a program meet them."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine

from bot.cli import columns, export
from survey import db, thai
from survey.tables import comments
from tests.analysis.people import FEB, ITEMS, crowd, file, file_points
from tests.bot.command import at_office, siang

OFFICE = """
[[department]]
id = "finance"
title = "กองคลัง"
[[point]]
id = "tax"
title = "งานจัดเก็บรายได้"
department = "finance"
[[point]]
id = "permit"
title = "ขออนุญาตก่อสร้าง"
"""


@pytest.fixture
def store(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An office with a migrated database, and nothing else set."""
    at_office(tmp_path, monkeypatch, sqlite_url, OFFICE)
    engine = db.connect(sqlite_url)
    yield engine
    engine.dispose()


def as_json(*arguments: str) -> Any:
    return json.loads(siang("scores", *arguments, "--format", "json").output)


@pytest.mark.parametrize("month", ["2570-02", "2027-02", "๒๕๗๐-๐๒", "ก.พ. 70"])
def test_a_month_may_be_written_in_either_era_and_in_thai_digits(store: Engine, month: str) -> None:
    file(store, *[ITEMS] * 6)

    found = as_json("--month", month)

    assert (found["agency"], found["period"], found["group"], found["n"]) == ("main", "2570-02", "self", 6)
    assert (found["official"], found["eit"]) == (False, {"self": 88.89, "assisted": None})


@pytest.mark.parametrize("year", ["2570", "2027", "๒๕๗๐"])
def test_a_fiscal_year_may_be_written_in_either_era(store: Engine, year: str) -> None:
    file(store, *[ITEMS] * 6)

    assert (as_json("--fiscal-year", year)["period"], as_json("--fiscal-year", year)["n"]) == ("2570", 6)


def test_without_options_it_is_this_month(store: Engine) -> None:
    assert as_json()["period"] == thai.month_of(thai.bangkok_date(datetime.now(UTC))).key


def test_a_breakdown_is_a_list_of_the_same_objects(store: Engine) -> None:
    file_points(store, 9, "tax")
    file_points(store, 7, "permit")
    file(store, *[ITEMS] * 6, mode="assisted")

    points = as_json("--month", "2570-02", "--by", "service_point")
    departments = as_json("--month", "2570-02", "--by", "department")
    modes = as_json("--month", "2570-02", "--by", "mode")
    eit = as_json("--month", "2570-02", "--by", "department", "--instrument", "eit")

    assert [(one["group"], one["n"]) for one in points] == [("tax", 9), ("permit", 7)]
    assert [(one["group"], one["n"]) for one in departments] == [("finance", 9), ("-", 7)]
    assert [(one["group"], one["n"]) for one in modes] == [("self", 0), ("assisted", 6)]
    assert [i["code"] for i in points[0]["items"]] == ["s1", "s2", "s3", "s4"]
    assert [i["number"] for i in eit[0]["indicators"]] == [6, 7, 8]
    assert list(points[0]) == list(as_json())


def test_the_csv_has_the_same_numbers_and_is_empty_where_json_is_null(store: Engine) -> None:
    file(store, *[ITEMS] * 6, {**ITEMS, "e1": "na"})

    rows = list(csv.DictReader(io.StringIO(siang("scores", "--month", "2570-02", "--format", "csv").output)))

    e1 = next(row for row in rows if row["code"] == "e1")
    assert (e1["period"], e1["group"], e1["level"]) == ("2570-02", "self", "item")
    assert (e1["score"], e1["n"], e1["missing"], e1["change"], e1["withheld"]) == ("100.0", "6", "1", "", "False")
    assert len(rows) == 1 + 3 + 9


def test_the_table_is_thai_obeys_the_display_rule_and_is_not_the_ita(store: Engine) -> None:
    file(store, *[ITEMS] * 12)
    file(store, *[ITEMS] * 2, mode="assisted")

    said = siang("scores", "--month", "2570-02").output

    lines = said.splitlines()
    assert lines[0] == "EIT · main · ก.พ. 70 · เดือนที่ 5 ของปีงบฯ 2570"
    assert lines[1].startswith("ผลสำรวจภายใน ไม่ใช่ผล ITA อย่างเป็นทางการ")
    assert next(line for line in lines if "(ตอบเอง)" in line).split() == (
        "EIT (ตอบเอง) 89 69–97 12 0 ข้อมูลยังน้อย (12 คน)".split()
    )
    assert "ผู้ตอบยังไม่ครบ 5 คน ยังไม่แสดงคะแนน" in next(line for line in lines if "ช่วยกรอก" in line)
    assert lines[-1] == "ผู้ตอบ 12 คน"


def test_the_table_by_mode_counts_helpers_and_their_identical_answers(store: Engine) -> None:
    file(store, *[ITEMS] * 6, mode="assisted", assisted_by="ab12")
    file(store, *crowd(3), mode="assisted", assisted_by="cd34")
    file(store, *crowd(8), household=True)

    lines = siang("scores", "--month", "2570-02", "--by", "mode").output.splitlines()

    assert [line.split() for line in lines[-2:]] == [["ab12", "6", "100%"], ["cd34", "3", "–"]]
    assert "ผู้ตอบ 8 คน (คนอื่นในบ้านเดียวกัน 8 คน)" in lines


def test_the_table_by_point_names_points_and_covers_small_ones(store: Engine) -> None:
    file_points(store, 3, "tax")
    file_points(store, 6, "permit")
    file_points(store, 40, None)

    said = siang("scores", "--month", "2570-02", "--by", "service_point").output

    rows = {line.split()[0]: line for line in said.splitlines() if line and not line.startswith(" ")}
    assert "ผู้ตอบยังไม่ครบ 5 คน" in rows["งานจัดเก็บรายได้"]
    assert "เพื่อปกปิดกลุ่มที่มีผู้ตอบน้อย" in rows["ขออนุญาตก่อสร้าง"]
    assert "75.00" in said
    assert "ไม่ระบุ" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--month", "2570-13"), "not a month"),
        (("--month", "soon"), "write it like 2570-02 or 2027-02"),
        (("--fiscal-year", "70"), "write it like 2570 or 2027"),
        (("--fiscal-year", "1999"), "not a fiscal year"),
        (("--month", "2570-02", "--fiscal-year", "2570"), "not both"),
        (("--by", "sex"), "Invalid value"),
        (("--agency", "nowhere"), "known are main"),
    ],
)
def test_wrong_use_is_a_sentence_and_exit_code_2(store: Engine, arguments: tuple[str, ...], said: str) -> None:
    result = siang("scores", *arguments)

    assert result.exit_code == 2
    assert said in result.output


def test_thai_marks_take_no_room_in_a_column() -> None:
    assert columns.width("ที่") == 1
    assert columns.width("漢字") == 4
    assert list(columns.lines([("ที่นี่", "1"), ("ab", "100")], right=[1])) == ["ที่นี่    1", "ab  100"]
    assert columns.cut("ที่นี่ก่อน", 3) == "ที่นี่…"
    assert columns.cut("ที่", 3) == "ที่"


def test_the_export_has_the_columns_of_the_sheet_and_nothing_about_the_person(store: Engine, tmp_path: Path) -> None:
    file(store, {**ITEMS, "sex": "female", "age": "o60"}, {**ITEMS, "e1": "na", "e2": None}, mode="assisted")
    file_points(store, 1, "tax")
    with db.write(store) as conn:
        row = {"agency_id": "main", "id": "c1", "kind": "eit", "month": "2027-02", "text": "=SUM(A1) ดีมาก"}
        conn.execute(comments.insert(), row)

    result = siang("export", "out.xlsx")

    assert result.output == "Wrote out.xlsx: คำตอบ EIT 2, ความพึงพอใจ 1, ความคิดเห็น 1\n"
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    header, *rows = book["คำตอบ EIT"].iter_rows(values_only=True)
    assert header[:3] == ("รหัสแถว (ห้ามแก้)", "เดือน", "วิธีตอบ")
    assert str(header[3]).startswith("e1 เจ้าหน้าที่ปฏิบัติงาน")
    assert sorted((row[1:5] for row in rows), key=str) == [
        ("2570-02", "เจ้าหน้าที่ช่วยกรอก", "ไม่ทราบ/ไม่ขอตอบ", None),
        ("2570-02", "เจ้าหน้าที่ช่วยกรอก", 100, 80),
    ]
    assert [row[3] for row in book["ความพึงพอใจ"].iter_rows(min_row=2, values_only=True)] == ["งานจัดเก็บรายได้"]
    comment = book["ความคิดเห็น"].cell(2, 5)
    assert (comment.value, comment.data_type) == ("=SUM(A1) ดีมาก", "s")
    everything = str([list(sheet.values) for sheet in book])
    assert "female" not in everything
    assert "o60" not in everything


def test_more_rows_than_a_worksheet_holds_go_on_in_the_next(
    store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "LAST_ROW", 3)
    monkeypatch.setattr(export, "CHUNK", 2)
    file(store, *[ITEMS] * 7, completed_on=FEB)

    siang("export", "--out", "out.xlsx")

    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert [len(list(book[name].values)) for name in ("คำตอบ EIT", "คำตอบ EIT 2", "คำตอบ EIT 3")] == [4, 4, 2]


@pytest.mark.parametrize(
    ("arguments", "said"), [(("nowhere/out.xlsx",), "cannot be written"), (("a.xlsx", "--out", "b.xlsx"), "not both")]
)
def test_an_export_that_cannot_be_written_is_a_sentence(store: Engine, arguments: tuple[str, ...], said: str) -> None:
    result = siang("export", *arguments)

    assert result.exit_code == 2
    assert said in result.output
