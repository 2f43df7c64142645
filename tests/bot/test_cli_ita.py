"""``siang ita check`` as an officer and as a program meet it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from openpyxl import Workbook

from tests.bot import command

PUBLISHED = Path(__file__).parents[1] / "data" / "published"
HEADER = "fiscal_year,level,instrument,code,title,score"


def siang(*arguments: object) -> Result:
    return command.siang("ita", "check", *arguments)


def written(folder: Path, *rows: str, name: str = "result.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return path


def test_a_program_gets_one_object_for_each_year_with_what_would_mend_it() -> None:
    result = siang(PUBLISHED / "phrathaen-2567.csv", "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout) == [
        {
            "fiscal_year": 2567,
            "agrees": False,
            "mismatches": [
                {"level": "indicator", "instrument": "EIT", "code": "8", "printed": 99.68, "computed": 99.37},
                {"level": "instrument", "instrument": "EIT2", "code": "EIT2", "printed": 98.84, "computed": 98.63},
            ],
            "proposals": [
                {
                    "level": "item",
                    "instrument": "EIT2",
                    "code": code,
                    "from": 98.1,
                    "low": 99.94,
                    "high": 100.0,
                    "misreading": None,
                }
                for code in ("e7", "e8")
            ],
            "grade": {"stated": None, "computed": "ผ่านดีเยี่ยม", "agrees": None},
        }
    ]


def test_a_result_that_adds_up_ends_well() -> None:
    result = siang(PUBLISHED / "don-2566-2567.csv", "--json")

    assert result.exit_code == 0
    assert [(one["fiscal_year"], one["agrees"]) for one in json.loads(result.stdout)] == [(2566, True), (2567, True)]


def test_people_read_what_does_not_agree_by_how_much_and_what_would_mend_it() -> None:
    result = siang(PUBLISHED / "phrathaen-2567.csv")

    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert lines[0] == "ปีงบประมาณ 2567 · ตัวเลขไม่ตรงกัน 2 ช่อง"
    assert "คะแนนรวม 99.60 99.60 ตรง" in lines
    assert "ตัวชี้วัด EIT 8 การปรับปรุงการทำงาน 99.68 99.37 +0.31 ไม่ตรง" in lines
    assert "ข้อ EIT2 e8 หน่วยงานมีการปรับปรุงการดำเนินงานให้ตอบสนองต่อประช… 98.10 99.94 ถึง 100.00" in lines
    assert "ระดับผลตามเกณฑ์: ผ่านดีเยี่ยม (ไม่ได้ระบุระดับผลไว้ให้เทียบ)" in lines
    assert "วิธีเฉลี่ยคะแนน OIT ที่ตรงกับตัวเลข: ค่าเฉลี่ยรายข้อ, ค่าเฉลี่ยของตัวชี้วัดย่อย" in lines
    assert "- เกณฑ์ระดับผล ซึ่งมาจากแหล่งอื่นที่ไม่ใช่ประกาศของ ป.ป.ช." in lines


def test_columns_stay_in_line_under_thai_titles() -> None:
    from bot.cli.columns import width

    table = [line for line in siang(PUBLISHED / "phrathaen-2567.csv").stdout.splitlines() if line.endswith("ตรง")]

    assert len({width(line.removesuffix("ไม่ตรง").removesuffix("ตรง")) for line in table}) == 1


def test_a_look_alike_digit_is_told_in_thai_and_arabic(tmp_path: Path) -> None:
    rows = ["2567,item,IIT,i1,,๙๕.๑๐", "2567,item,IIT,i2,,80", "2567,item,IIT,i3,,80", "2567,indicator,IIT,1,,86.37"]

    said = siang(written(tmp_path, *rows)).stdout

    assert "ต่างหลักเดียว: 99.10 เลข ๕ (5) กับ ๙ (9) อ่านสลับกันง่าย" in said
    assert "(4 ทางเลือก การคำนวณบอกไม่ได้ว่าทางใด ต้องดูต้นฉบับ)" in said


def test_one_digit_that_looks_like_no_other_is_told_without_the_look_alike(tmp_path: Path) -> None:
    rows = ["2567,item,IIT,i1,,92.10", "2567,item,IIT,i2,,80", "2567,item,IIT,i3,,80", "2567,indicator,IIT,1,,85.03"]

    said = siang(written(tmp_path, *rows)).stdout

    assert "ต่างหลักเดียว: 95.10\n" in said


def test_an_item_judged_by_few_scores_is_proposed_with_those(tmp_path: Path) -> None:
    items = [f"2567,item,OIT,o{n},,{10 if n == 3 else 100}" for n in range(1, 36)]

    said = siang(written(tmp_path, *items, "2567,indicator,OIT,9,,100", "2567,indicator,OIT,10,,100")).stdout

    line = next(" ".join(line.split()) for line in said.splitlines() if line.startswith("ข้อ"))
    assert line == "ข้อ OIT o3 อำนาจหน้าที่ 10.00 100.00"


def test_a_single_number_that_mends_is_told_as_one(tmp_path: Path) -> None:
    said = siang(written(tmp_path, "2567,total,,,,50", *everything_at("100"))).stdout

    assert "แก้เพียงช่องเดียวนี้ ตัวเลขทั้งหมดจะตรงกัน\n" in said
    assert any(" ".join(line.split()) == "คะแนนรวม 50.00 99.99 ถึง 100.00" for line in said.splitlines())


def everything_at(score: str) -> list[str]:
    codes = [("IIT", n) for n in range(1, 6)] + [("EIT", n) for n in (6, 7, 8)] + [("OIT", 9), ("OIT", 10)]
    return [f"2567,indicator,{instrument},{n},,{score}" for instrument, n in codes]


def test_when_no_single_cell_mends_it_that_is_said(tmp_path: Path) -> None:
    text = (PUBLISHED / "phrathaen-2567.csv").read_text("utf-8").replace("การใช้งบประมาณ,99.63", "การใช้งบประมาณ,50.00")
    (tmp_path / "two.csv").write_text(text, "utf-8")

    assert "ไม่มีช่องใดที่แก้เพียงช่องเดียวแล้วตรงกันหมด" in siang(tmp_path / "two.csv").stdout


@pytest.mark.parametrize(("stated", "code", "mark"), [("A", 0, "ตรง"), ("B", 1, "ไม่ตรง")])
def test_the_stated_grade_counts(tmp_path: Path, stated: str, code: int, mark: str) -> None:
    path = written(tmp_path, "2564,total,ITA,total,,86.00", f"2564,level,ITA,level,ระดับผล,{stated}")

    result = siang(path)
    [found] = json.loads(siang(path, "--json").stdout)

    assert result.exit_code == code
    assert f"ระดับผลที่ระบุ: {stated} · ตามเกณฑ์: A · {mark}\n" in result.stdout
    assert found["grade"] == {"stated": stated, "computed": "A", "agrees": code == 0}
    assert found["agrees"] is (code == 0)


def test_what_rests_on_an_unverified_structure_is_starred_and_the_year_says_where_it_comes_from(tmp_path: Path) -> None:
    rows = ["2570,item,OIT,o1,,0", "2570,indicator,OIT,9,,100"]

    said = siang(written(tmp_path, *rows)).stdout

    assert "การเปิดเผยข้อมูล *" in said
    assert "ใช้ของปี 2569 ซึ่งเป็นปีล่าสุดที่ทราบไปก่อน" in said
    assert "ที่ยังไม่ยืนยัน (แถวที่มี * อาศัยข้อเหล่านี้):" in said
    assert "ระดับผลตามเกณฑ์: บอกไม่ได้ (ตัวเลขไม่พอ)" in said


def test_one_level_alone_has_nothing_to_compare() -> None:
    result = siang(PUBLISHED / "thungthachang-2568.csv")

    assert result.exit_code == 0
    assert result.stdout.startswith("ปีงบประมาณ 2568 · มีตัวเลขระดับเดียว")


def test_a_composition_that_fits_is_named(tmp_path: Path) -> None:
    items = [f"2566,item,OIT,o{n},,{0 if n == 31 else 100}" for n in range(1, 44)]

    said = siang(written(tmp_path, *items, "2566,indicator,OIT,9,,100")).stdout

    assert "วิธีเฉลี่ยคะแนน OIT ที่ตรงกับตัวเลข: ค่าเฉลี่ยรายข้อ (ตัวชี้วัดที่ 10 เริ่มที่ข้อ o31)\n" in said
    neither = siang(written(tmp_path, *items, "2566,indicator,OIT,9,,50")).stdout
    assert "วิธีเฉลี่ยคะแนน OIT ที่ตรงกับตัวเลข: ไม่มีวิธีใดที่ตรงทั้งหมด\n" in neither


def test_a_workbook_is_read_too(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(HEADER.split(","))
    book.worksheets[0].append([2566, "total", "ITA", "total", "คะแนนภาพรวม", 87.4])
    book.save(tmp_path / "result.xlsx")

    assert siang(tmp_path / "result.xlsx").exit_code == 0


def spoiled(folder: Path, kind: str) -> Path:
    """A file that cannot be used."""
    if kind == "merged":
        book = Workbook()
        sheet: Any = book.worksheets[0]
        sheet.append(HEADER.split(","))
        sheet.merge_cells("A2:A4")
        book.save(folder / "merged.xlsx")
        return folder / "merged.xlsx"
    if kind == "pdf":
        (folder / "pdf.xlsx").write_bytes(b"%PDF-1.4")
        return folder / "pdf.xlsx"
    row = {
        "year": "2524,item,IIT,i1,,98.10",
        "101": "2567,item,IIT,i1,,101.0",
        "dash": "2567,item,IIT,i1,,-",
        "column": "2567,item,IIT,i1,,98.10",
        "empty": "",
    }[kind]
    path = written(folder, row, name=f"{kind}.csv")
    if kind == "column":
        path.write_text(path.read_text("utf-8").replace("score", "คะแนน"), "utf-8")
    return path if kind != "empty" else _emptied(path)


def _emptied(path: Path) -> Path:
    path.write_bytes(b"")
    return path


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("merged", "merged.xlsx: the cells A2:A4 are merged: unmerge them and write the value in each."),
        ("pdf", "pdf.xlsx: it is a PDF under another name: copy its scores into an xlsx or csv file."),
        (
            "year",
            "year.csv: line 2, column fiscal_year holds '2524', which is no fiscal year",
        ),
        (
            "101",
            "101.csv: line 2, column score holds 101.0, but a score runs from 0 to 100",
        ),
        (
            "dash",
            "dash.csv: line 2, column score holds '-', which is no score: write a number from 0 to 100 like 98.10",
        ),
        (
            "column",
            "column.csv: line 1, column 6 holds 'คะแนน' where the column 'score' is missing: rename it",
        ),
        ("empty", "empty.csv: it is empty: write the columns fiscal_year, level, instrument, code, score in row 1"),
    ],
)
@pytest.mark.parametrize("option", [(), ("--json",)], ids=["table", "json"])
def test_a_bad_file_gets_one_sentence_naming_file_cell_and_mend(
    tmp_path: Path, kind: str, said: str, option: tuple[str, ...]
) -> None:
    result = siang(spoiled(tmp_path, kind), *option)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"siang: {said}")
    assert result.stderr.count("\n") == 1


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    assert siang(tmp_path / "none.csv").exit_code == 2
