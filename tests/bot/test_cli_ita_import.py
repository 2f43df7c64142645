"""``siang ita template``, ``import``, ``list`` and ``show`` as an officer meets them, with real files."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from openpyxl import Workbook
from sqlalchemy import Engine, func, select

from analysis import frame_library, official
from survey import db
from survey.tables import official_scores
from tests.analysis.published import DATA
from tests.bot import command
from tests.bot.command import at_office

HEADER = "fiscal_year,level,instrument,code,title,score"
PHRATHAEN, DON = (DATA / "published" / f"{name}.csv" for name in ("phrathaen-2567", "don-2566-2567"))


@pytest.fixture(autouse=True)
def store(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    at_office(tmp_path, monkeypatch, sqlite_url)
    engine = db.connect(sqlite_url)
    yield engine
    engine.dispose()


def siang(*arguments: object) -> Result:
    return command.siang("ita", *arguments)


def sheet_of(path: Path) -> Any:
    return openpyxl.load_workbook(path).worksheets[0]


def csv(*rows: str, name: str = "result.csv") -> Path:
    Path(name).write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return Path(name)


# the template


@pytest.mark.parametrize("year", frame_library.years())
def test_the_template_has_a_row_for_every_number_of_its_year(year: int) -> None:
    result = siang("template", "--fiscal-year", year)

    assert result.output == f"Wrote ita-{year}.xlsx.\n"
    header, grade, *rows = sheet_of(Path(f"ita-{year}.xlsx")).iter_rows(values_only=True)
    assert header == (*HEADER.split(","), "หมายเหตุ")
    assert grade[:4] == (year, "level", "ITA", "level")
    assert [row[1:4] for row in rows] == [tuple(cell) for cell in official.places(frame_library.load(year))]
    assert {row[5] for row in (grade, *rows)} == {None}


def test_the_template_takes_scores_from_0_to_100_and_nothing_else_may_be_changed() -> None:
    siang("template", "--fiscal-year", "2567", "--out", "t.xlsx")

    sheet = sheet_of(Path("t.xlsx"))
    rules = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    last = sheet.max_row
    scores = rules[f"F3:F{last}"]
    assert (scores.type, scores.formula1, scores.formula2) == ("decimal", "0", "100")
    assert scores.operator in (None, "between")
    assert rules["F2"].type == "list"
    assert "ผ่านดีเยี่ยม" in rules["F2"].formula1
    assert sheet.protection.sheet
    assert not sheet["F3"].protection.locked
    assert all(sheet[f"{column}3"].protection.locked for column in "ABCDEG")
    assert (sheet["A1"].font.name, sheet["E9"].font.name) == ("TH Sarabun New", "TH Sarabun New")
    assert sheet.sheet_format.defaultRowHeight == 24
    assert "กรอกคะแนน 0 ถึง 100" in sheet["F1"].comment.text
    assert not sheet.merged_cells.ranges


def test_the_template_marks_what_is_not_verified_and_explains_in_thai() -> None:
    for year in (2567, 2570, 2566):
        siang("template", "--fiscal-year", year)

    known, unknown, bare = (sheet_of(Path(f"ita-{year}.xlsx")) for year in (2567, 2570, 2566))
    marked = [row[3] for row in known.iter_rows(min_row=2, values_only=True) if "ยังไม่ยืนยัน" in (row[6] or "")]
    assert marked == ["level"]
    assert all("ยังไม่ยืนยัน" in row[6] for row in unknown.iter_rows(min_row=2, values_only=True))
    untitled = next(row for row in bare.iter_rows(min_row=2) if row[3].value == "i1")
    assert (untitled[4].value, untitled[4].protection.locked) == (None, False)
    assert "ไม่ทราบถ้อยคำ" in untitled[6].value
    words = "\n".join(
        str(row[0]) for row in openpyxl.load_workbook("ita-2570.xlsx")["คำแนะนำ"].iter_rows(values_only=True)
    )
    assert "ห้ามใช้ผลสำรวจภายใน" in words
    assert "siang ita import" in words
    assert "ยังไม่ทราบโครงสร้างของปี 2570" in words


def test_a_template_that_is_there_is_not_written_over_unasked() -> None:
    Path("mine.xlsx").write_bytes(b"filled")

    refused = siang("template", "--fiscal-year", "2567", "--out", "mine.xlsx")
    assert refused.exit_code == 2
    assert "mine.xlsx is there already. Give another --out, or --force to write over it." in refused.output
    assert Path("mine.xlsx").read_bytes() == b"filled"

    assert siang("template", "--fiscal-year", "2567", "--out", "mine.xlsx", "--force").exit_code == 0
    assert sheet_of(Path("mine.xlsx"))["A2"].value == 2567


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--fiscal-year", "2599"), "There is no ITA frame of fiscal year 2599"),
        (("--fiscal-year", "67"), "write it like 2570 or 2027"),
        (("--fiscal-year", "2567", "--out", "nowhere/t.xlsx"), "cannot be written: No such file or directory"),
        ((), "Missing option '--fiscal-year'"),
    ],
)
def test_a_template_that_cannot_be_made_is_a_sentence(arguments: tuple[str, ...], said: str) -> None:
    result = siang("template", *arguments)

    assert result.exit_code == 2
    assert said in result.output
    assert list(Path().glob(".*.part")) == []


def filled(scores: dict[tuple[str, str], str | float], year: int = 2567) -> Path:
    """The template with scores typed into it: (instrument, code) -> score."""
    siang("template", "--fiscal-year", year, "--force")
    path = Path(f"ita-{year}.xlsx")
    book = openpyxl.load_workbook(path)
    for row in book.worksheets[0].iter_rows(min_row=2):
        row[5].value = scores.get((str(row[2].value), str(row[3].value)))
    book.save(path)
    return path


def test_a_filled_template_comes_in_and_is_shown() -> None:
    path = filled({("IIT", "i1"): "๙๗.๒๒", ("EIT1", "e7"): 100, ("EIT2", "e7"): 98.1, ("ITA", "level"): "ผ่านดี"})

    result = siang("import", path)
    shown = json.loads(siang("show", "2567", "--json").output)

    assert result.exit_code == 0, result.output
    assert "Fiscal year 2567: imported 3 official scores (new)." in result.output
    assert (shown["grade"], shown["grade_stated"], shown["total"], shown["official"]) == ("ผ่านดี", True, None, True)
    assert {(s["instrument"], s["code"]): (s["score"], s["computed"]) for s in shown["scores"]} == {
        ("IIT", "i1"): (97.22, False),
        ("EIT1", "e7"): (100.0, False),
        ("EIT2", "e7"): (98.1, False),
        ("EIT", "e7"): (99.05, True),
    }
    assert next(s["title"] for s in shown["scores"] if s["code"] == "i1").startswith("การปฏิบัติงาน")


def test_a_template_nobody_filled_is_told() -> None:
    result = siang("import", filled({}))

    assert result.exit_code == 2
    assert "ita-2567.xlsx: it has no scores below the header" in result.output


# import


def test_numbers_that_do_not_add_up_are_kept_with_a_warning_that_says_where_to_look() -> None:
    result = siang("import", PHRATHAEN)

    assert result.exit_code == 0
    assert "Warning: 2 numbers do not fit those below. It is kept as it was published." in result.output
    assert "Details: siang ita show 2567" in result.output
    assert "EIT2 e8" in siang("show", "2567").output


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["2564,total,,,,86", "2564,level,,,,B"], "Warning: the stated grade is not the one the rule gives."),
        (["2567,item,IIT,i1,,90"] * 1, "There is one level only: nothing to compare."),
        (
            ["2567,indicator,IIT,1,,50", *(f"2567,item,IIT,i{n},,90" for n in (1, 2, 3))],
            "Warning: 1 number does not fit",
        ),
    ],
)
def test_what_the_check_says_is_told(rows: list[str], said: str) -> None:
    result = siang("import", csv(*rows))

    assert result.exit_code == 0
    assert said in result.output


def test_a_year_imported_again_says_what_changed() -> None:
    siang("import", csv("2567,total,,,,90.10", "2567,item,IIT,i1,,90", "2567,level,,,,ผ่าน"))

    changed = siang("import", csv("2567,total,,,,91.10", "2567,item,IIT,i2,,80"))
    again = siang("import", csv("2567,total,,,,91.10", "2567,item,IIT,i2,,80"))

    lines = [" ".join(line.split()) for line in changed.output.splitlines()]
    assert lines[:2] == ["Fiscal year 2567: imported 2 official scores (replaced the one there was).", "4 changed:"]
    assert lines[2] == "ระดับผล ผ่าน -> –"
    assert lines[3] == "คะแนนรวม 90.10 -> 91.10"
    assert lines[4].endswith("90.00 -> –")
    assert lines[5].endswith("– -> 80.00")
    assert "Nothing changed." in again.output


def test_a_long_list_of_changes_is_cut() -> None:
    siang("import", PHRATHAEN)

    said = siang("import", csv("2567,total,,,,91.10")).output

    assert "83 changed:" in said
    assert "and 43 more" in said
    assert len(said.splitlines()) < 50


def test_both_years_of_a_file_come_in() -> None:
    siang("import", DON)

    said = siang("list").output
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert lines[1].startswith("2566 87.40 ผ่าน (ตามเกณฑ์ ไม่ได้ระบุไว้) สอดคล้องกัน")
    assert lines[2].startswith("2567 93.71 บอกไม่ได้ (ตัวเลขไม่พอ) สอดคล้องกัน")
    assert lines[2].endswith("don-2566-2567.csv")
    assert [(one["fiscal_year"], one["grade"]) for one in json.loads(siang("list", "--json").output)] == [
        *((2566, "ผ่าน"), (2567, None))
    ]


def test_the_list_says_what_does_not_fit_and_an_empty_one_how_to_begin() -> None:
    assert siang("list").output == (
        "No official result has been imported. Begin with: siang ita template --fiscal-year 2569\n"
    )
    assert json.loads(siang("list", "--json").output) == []

    siang("import", PHRATHAEN)
    assert "ไม่สอดคล้อง 2 ช่อง" in siang("list").output


def test_a_page_of_one_year_tells_computed_numbers_from_published_ones() -> None:
    siang("import", DON)

    lines = [" ".join(line.split()) for line in siang("show", "๒๕๖๗").output.splitlines()]
    assert lines[0].startswith("ผล ITA อย่างเป็นทางการ ปีงบประมาณ 2567 · นำเข้าจาก don-2566-2567.csv เมื่อ")
    assert any(line.startswith("เครื่องมือ IIT") and line.endswith("90.45 (คำนวณ)") for line in lines)
    assert any(line == "ตัวชี้วัด IIT 1 การปฏิบัติหน้าที่ 84.17" for line in lines)
    assert "ปีงบประมาณ 2567 · ตัวเลขตรงกันทุกระดับ" in lines


@pytest.mark.parametrize(
    ("year", "said"),
    [
        ("2565", "No official result of fiscal year 2565 has been imported (imported: none)."),
        ("soon", "write it like 2570 or 2027"),
    ],
)
def test_a_year_that_is_not_there_is_a_sentence(year: str, said: str) -> None:
    result = siang("show", year)

    assert result.exit_code == 2
    assert said in result.output


# bad files


def merged(sheet: Any) -> None:
    sheet.merge_cells("A2:A4")


def typed(address: str, value: object) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        sheet[address] = value

    return change


def twice(sheet: Any) -> None:
    sheet.append([2567, "item", "IIT", "i1", "", 97])


def book(change: Callable[[Any], None]) -> bytes:
    made = Workbook()
    for row in (HEADER.split(","), [2567, "total", "ITA", "total", "", 99.6], [2567, "item", "IIT", "i1", "", 97.22]):
        made.worksheets[0].append(row)
    change(made.worksheets[0])
    made.save("made.xlsx")
    return Path("made.xlsx").read_bytes()


BAD: dict[str, tuple[Callable[[Any], None] | bytes, str]] = {
    "merged": (merged, "the cells A2:A4 are merged: unmerge them and write the value in each."),
    "wrong year": (
        typed("A3", 2024),
        "A3 holds '2024', which is no fiscal year of the Buddhist era that is known: write 2567.",
    ),
    "unknown year": (typed("A3", 2599), "A3 holds '2599', which is no fiscal year of the Buddhist era that is known"),
    "101.0": (typed("F3", 101.0), "F3 holds 101, but a score runs from 0 to 100: look it up in the published result."),
    "negative": (typed("F3", -1), "F3 holds -1, but a score runs from 0 to 100"),
    "dash": (typed("F3", "-"), "F3 holds '-', which is no score: write a number from 0 to 100 like 98.10"),
    "text": (typed("F3", "ดีมาก"), "F3 holds 'ดีมาก', which is no score: write a number from 0 to 100 like 98.10"),
    "duplicate": (twice, "F4 gives item i1 of IIT in 2567 again after F3: delete one of the rows."),
    "unknown code": (typed("D3", "i31"), "D3 holds 'i31', which is no item of IIT in 2567: they run from i1 to i15."),
    "unknown part": (
        typed("C3", "EIT3"),
        "C3 holds 'EIT3', which is no instrument of 2567: write one of EIT, EIT1, EIT2",
    ),
    "formula": (typed("F3", "=AVERAGE(F2:F2)"), "F3 holds a formula without a value: write the number itself."),
    "pdf": (b"%PDF-1.7 \xe2\xe3", "it is a PDF under another name: copy its scores into an xlsx or csv file."),
    "empty": (b"", "it is empty: write the columns fiscal_year, level, instrument, code, score in row 1"),
    "torn": (b"PK\x03\x04torn", "it is no xlsx file, or a damaged one: open it in Excel and save it anew as xlsx."),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_gets_one_sentence_naming_file_cell_and_mend_and_nothing_comes_in(store: Engine, kind: str) -> None:
    siang("import", PHRATHAEN)
    spoiled, said = BAD[kind]
    Path("bad.xlsx").write_bytes(spoiled if isinstance(spoiled, bytes) else book(spoiled))

    result = siang("import", "bad.xlsx")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"siang: bad.xlsx: {said}")
    assert result.stderr.count("\n") == 1
    with db.read(store) as conn:
        assert conn.scalar(select(func.count()).select_from(official_scores)) == 83
        assert conn.scalar(select(func.min(official_scores.c.score))) == Decimal("97.14")


def test_all_faults_of_a_file_are_told_together() -> None:
    path = csv("2567,total,,,,90", "2567,item,IIT,i1,,101.0", "2024,item,IIT,i2,,90", "2567,item,IIT,i3,,๙๐,๕")

    result = siang("import", path)

    assert result.exit_code == 2
    assert [line.split(" holds")[0].split(" has")[0] for line in result.stderr.splitlines()] == [
        "siang: Nothing was imported; 3 places need mending:",
        "  - result.csv: line 3, column score",
        "  - result.csv: line 4, column fiscal_year",
        "  - result.csv: line 5",
    ]


def test_a_long_list_of_faults_is_cut() -> None:
    result = siang("import", csv(*(f"2567,item,IIT,i{n},,x" for n in range(60))))

    assert "60 places need mending" in result.stderr
    assert result.stderr.endswith("  - and 20 more.\n")


def test_without_a_database_nothing_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///none.db")

    result = siang("import", DON)

    assert result.exit_code == 2
    assert "Run: siang migrate" in result.stderr
