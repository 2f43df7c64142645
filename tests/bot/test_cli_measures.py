"""``siang measures`` as an operator and a program meet it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from analysis.measures_sheet import COLUMNS, SHEET
from survey import db
from tests.analysis.people import ITEMS, crowd, file
from tests.bot.command import at_office, siang
from tests.docs.pages import ROOT, blocks, read

PUBLISHED = Path(__file__).parents[1] / "data" / "published"
KEYS = [column.key for column in COLUMNS]
OFFICE = """
name = "เทศบาลตำบลตัวอย่าง"
{measures}
[[department]]
id = "works"
title = "กองช่าง"
owns = ["e2"]
"""
OWN = """
numbering = 2567
[[measure]]
id = "e2-1"
items = ["e2"]
issues = [1]
title = "จัดคิวแบบของเรา"
steps = ["ทำ"]
responsible = "{department}"
period = "ปี {last}"
output = "1 ระบบ"
outcome = "เท่าเทียม"
"""


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office with a migrated database, and nothing else set; its folder is the current one."""
    at_office(tmp_path, monkeypatch, sqlite_url, OFFICE.format(measures=""))
    return tmp_path


@pytest.fixture
def store(office: Path, sqlite_url: str) -> Iterator[Engine]:
    engine = db.connect(sqlite_url)
    yield engine
    engine.dispose()


def imported(name: str = "phrathaen-2567") -> None:
    assert siang("ita", "import", PUBLISHED / f"{name}.csv").exit_code == 0


def suggested(*arguments: object) -> Any:
    return json.loads(siang("measures", "suggest", *arguments, "--format", "json").stdout)


def listed(year: int = 2568) -> Any:
    return json.loads(siang("measures", "list", "--fiscal-year", year, "--format", "json").stdout)


def edited(path: Path, **values: object) -> None:
    """Write into the first row of an exported file."""
    book = load_workbook(path)
    for key, value in values.items():
        book[SHEET].cell(2, KEYS.index(key) + 1).value = value  # type: ignore[assignment]
    book.save(path)


def test_measures_are_suggested_for_the_weak_questions_of_the_official_result(office: Path) -> None:
    imported()

    found = suggested("--fiscal-year", "2568", "--count", 2)

    assert {key: found[key] for key in ("agency", "fiscal_year", "official", "result_year", "without_measure")} == {
        "agency": "main",
        "fiscal_year": 2568,
        "official": True,
        "result_year": 2567,
        "without_measure": [],
    }
    assert [(one["id"], one["weak"][0]["score"]) for one in found["suggestions"]] == [
        ("2568-i1-1", 97.22),
        ("2568-i2-1", 97.78),
    ]
    first = found["suggestions"][0]
    assert (first["issue"], first["item_code"], first["status"], first["in_register"]) == (1, "i1", "planned", False)
    assert first["issue_title"] == "ประเด็นที่ 1 กระบวนการปฏิบัติงานที่โปร่งใสและมีประสิทธิภาพ"
    assert len(first["steps"]) >= 3


def test_the_table_says_where_the_weak_questions_come_from_by_issue(office: Path) -> None:
    imported()

    lines = siang("measures", "suggest", "--fiscal-year", "2568").stdout.splitlines()

    assert lines[:4] == [
        "มาตรการที่เสนอสำหรับปีงบประมาณ 2568",
        "จากผล ITA อย่างเป็นทางการ ปีงบประมาณ 2567 ที่นำเข้าไว้",
        "",
        "ประเด็นที่ 1 กระบวนการปฏิบัติงานที่โปร่งใสและมีประสิทธิภาพ",
    ]
    assert "      ผู้รับผิดชอบ: กองช่าง · ระยะเวลา: ตุลาคม - ธันวาคม 2567" in lines


def test_a_result_with_indicators_alone_serves_too(office: Path) -> None:
    imported("don-2566-2567")

    found = siang("measures", "suggest", "--fiscal-year", "2568", "--count", 1).stdout

    assert "ตัวชี้วัดที่ 8  79.44  การปรับปรุงการทำงาน" in found
    assert "2568-e9-1" in found


def test_adding_twice_adds_once_and_keeps_what_people_wrote(office: Path) -> None:
    imported()
    first = siang("measures", "suggest", "--fiscal-year", "2568", "--count", 2, "--add")
    siang("measures", "export", "--fiscal-year", "2568", "--out", "m.xlsx")
    edited(office / "m.xlsx", status="แล้วเสร็จ", progress=100)
    siang("measures", "import", "m.xlsx")

    again = siang("measures", "suggest", "--fiscal-year", "2568", "--count", 3, "--add")

    assert first.stderr == "Added 2 to the register of 2568; 0 were there.\n"
    assert again.stderr == "Added 1 to the register of 2568; 2 were there.\n"
    assert [one["status"] for one in listed()] == ["planned", "done", "planned"]
    assert again.stdout.count("(อยู่ในทะเบียนแล้ว)") == 3


def test_the_own_survey_serves_when_nothing_official_is_there_and_says_so(store: Engine) -> None:
    file(store, *crowd(40))

    found = suggested("--fiscal-year", "2570")
    said = siang("measures", "suggest", "--fiscal-year", "2570").stdout

    assert (found["official"], found["result_year"], len(found["suggestions"])) == (False, 2570, 3)
    assert "จากผลสำรวจภายใน ไม่ใช่ผล ITA อย่างเป็นทางการ ปีงบประมาณ 2570" in said
    imported()
    assert suggested("--fiscal-year", "2570")["official"] is True


def test_nothing_to_go_by_is_a_finding_and_adds_nothing(store: Engine) -> None:
    file(store, *[ITEMS] * 29)

    result = siang("measures", "suggest", "--fiscal-year", "2570", "--add")

    assert result.exit_code == 1
    assert result.output.startswith("siang: There is nothing to suggest from: no official result of 2570 or before")
    assert listed(2570) == []


def test_a_perfect_result_asks_for_nothing(office: Path) -> None:
    (office / "r.csv").write_text(
        "fiscal_year,level,instrument,code,score\n2567,item,EIT1,e1,100\n2567,item,EIT2,e1,100\n", "utf-8"
    )
    siang("ita", "import", "r.csv")

    assert siang("measures", "suggest").stdout.splitlines()[-1] == "ไม่มีข้อที่ต้องปรับปรุง"


def test_the_list_shows_status_and_mean_progress_by_issue(office: Path) -> None:
    imported()
    siang("measures", "suggest", "--fiscal-year", "2568", "--count", 2, "--add")

    lines = siang("measures", "list", "--fiscal-year", "๒๕๖๘").stdout.splitlines()

    assert lines[0] == (
        "ทะเบียนมาตรการ ปีงบประมาณ 2568 · 2 มาตรการ · วางแผน 2 กำลังดำเนินการ 0 แล้วเสร็จ 0 ยกเลิก 0 · ก้าวหน้าเฉลี่ยร้อยละ 0.00"
    )
    assert lines[3].split()[:5] == ["2568-i1-1", "ข้อ", "i1", "วางแผน", "0%"]


def test_an_empty_register_says_how_to_begin(office: Path) -> None:
    said = siang("measures", "list", "--fiscal-year", "2570").output

    assert said == "No measures of fiscal year 2570 yet. Run: siang measures suggest --add\n"


def test_an_edited_file_comes_back_and_a_conflict_is_told_by_cell(office: Path) -> None:
    imported()
    siang("measures", "suggest", "--fiscal-year", "2568", "--count", 2, "--add")
    for name in ("mine.xlsx", "theirs.xlsx"):
        siang("measures", "export", "--fiscal-year", "2568", "--out", name)
    edited(office / "theirs.xlsx", status="กำลังดำเนินการ", progress="๓๐")
    edited(office / "mine.xlsx", result="เริ่มแล้ว")

    theirs, mine = siang("measures", "import", "theirs.xlsx"), siang("measures", "import", "mine.xlsx")

    assert (theirs.exit_code, theirs.output) == (0, "theirs.xlsx: 1 changed, 0 added, 1 as they were.\n")
    assert mine.exit_code == 1
    assert mine.stdout == "mine.xlsx: 0 changed, 0 added, 1 as they were, 1 in conflict.\n"
    assert mine.stderr.startswith("siang: mine.xlsx: row 2 was changed in the register since the export")
    assert "M2 says 'วางแผน', the register 'กำลังดำเนินการ'" in mine.stderr
    assert (listed()[0]["progress"], listed()[0]["result"]) == (30, "")


def test_rows_that_are_not_in_the_file_stay(office: Path) -> None:
    imported()
    siang("measures", "suggest", "--fiscal-year", "2568", "--count", 2, "--add")
    siang("measures", "export", "--fiscal-year", "2568", "--out", "m.xlsx")
    book = load_workbook(office / "m.xlsx")
    book[SHEET].delete_rows(2)
    book.save(office / "m.xlsx")

    said = siang("measures", "import", "m.xlsx").output

    assert said == "m.xlsx: 0 changed, 0 added, 1 as they were; 1 of the register are not in the file and stay.\n"
    assert len(listed()) == 2


def test_every_fault_of_a_file_is_told_and_nothing_is_taken(office: Path) -> None:
    imported()
    siang("measures", "suggest", "--fiscal-year", "2568", "--count", 1, "--add")
    siang("measures", "export", "--fiscal-year", "2568", "--out", "m.xlsx")
    edited(office / "m.xlsx", status="เสร็จ", progress=120, result="ทำแล้ว", evidence="\n".join(["x"] * 9))

    result = siang("measures", "import", "m.xlsx")

    lines = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (2, "")
    assert lines[0].startswith("siang: m.xlsx: M2 holds 'เสร็จ', which is no status: write one of วางแผน, ")
    assert lines[1] == "m.xlsx: N2 holds '120', which is no progress in percent: write a whole number from 0 to 100."
    assert len(lines) == 2 + 9
    assert listed()[0]["result"] == ""


def cell(**values: object) -> Callable[[Path], None]:
    return lambda path: edited(path, **values)


def merged(path: Path) -> None:
    book = load_workbook(path)
    book[SHEET].merge_cells("F2:G2")
    book.save(path)


def pdf(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7 \xe2\xe3")


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-500])


BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "merged": (merged, "the cells F2:G2 are merged: unmerge them and write the value in each."),
    "wrong year": (cell(fiscal_year=2025), "C2 holds '2025', which is no fiscal year of the Buddhist era: write 2568."),
    "another year": (cell(fiscal_year=2567), "C2 does not belong to this row, whose measure is of 2568 i1:"),
    "101.0": (cell(progress=101.0), "N2 holds '101', which is no progress in percent: write a whole number from 0 to"),
    "dash": (cell(progress="-"), "N2 holds '-', which is no progress in percent: write a whole number from 0 to 100."),
    "item": (cell(item_code="i31"), "D2 holds 'i31', which is no item of 2568: write a code like e4, i12 or o20."),
    "issue": (cell(issue=8), "E2 holds '8', which is no issue: write a number from 1 to 7, or leave it empty."),
    "link": (cell(evidence="เอกสารแนบ"), "O2 holds 'เอกสารแนบ', which is no link: write addresses like https://..."),
    "formula": (cell(title="=A1"), "F2 holds a formula without a value: write the words or the number itself."),
    "pdf": (
        pdf,
        "it is a PDF under another name: export the register with `siang measures export` and edit that file.",
    ),
    "torn": (torn, "it is no xlsx file, or a damaged one: open it in Excel and save it anew as xlsx."),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_gets_one_sentence_naming_file_cell_and_mend_and_nothing_is_taken(office: Path, kind: str) -> None:
    spoil, said = BAD[kind]
    imported()
    siang("measures", "suggest", "--fiscal-year", "2568", "--count", 2, "--add")
    siang("measures", "export", "--fiscal-year", "2568", "--out", "bad.xlsx")
    book = load_workbook(office / "bad.xlsx")
    book[SHEET].cell(3, KEYS.index("result") + 1).value = "แถวที่ไม่มีข้อผิดพลาดก็ไม่เข้า"
    book.save(office / "bad.xlsx")
    before = listed()
    spoil(office / "bad.xlsx")

    result = siang("measures", "import", "bad.xlsx")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"siang: bad.xlsx: {said}")
    assert result.stderr.count("\n") == 1
    assert listed() == before


def test_very_many_faults_are_counted(office: Path) -> None:
    siang("measures", "export", "--fiscal-year", "2570", "--out", "m.xlsx")
    book = load_workbook(office / "m.xlsx")
    for row in range(2, 52):
        book[SHEET].cell(row, KEYS.index("title") + 1).value = f"มาตรการ {row}"
    book.save(office / "m.xlsx")

    assert siang("measures", "import", "m.xlsx").stderr.splitlines()[-1] == "And 60 more."


def test_a_file_that_is_there_is_not_written_over_unasked(office: Path) -> None:
    (office / "m.xlsx").write_text("mine")

    refused = siang("measures", "export", "--fiscal-year", "2570", "--out", "m.xlsx")
    forced = siang("measures", "export", "--fiscal-year", "2570", "--out", "m.xlsx", "--force")

    assert (refused.exit_code, forced.exit_code) == (2, 0)
    assert "is there already" in refused.output
    assert siang("measures", "export", "--fiscal-year", "2570").output == "Wrote measures-2570.xlsx.\n"


def test_an_office_has_measures_of_its_own(office: Path) -> None:
    (office / "agency.toml").write_text(OFFICE.format(measures='measures = "own.toml"'), "utf-8")
    (office / "own.toml").write_text(OWN, "utf-8")
    imported()

    found = suggested("--fiscal-year", "2568")

    own = next(one for one in found["suggestions"] if one["id"] == "2568-e2-1")
    assert (own["title"], own["responsible"], own["period"]) == ("จัดคิวแบบของเรา", "กองช่าง", "ปี 2568")
    assert "จัดคิวแบบของเรา" in siang("measures", "bank", "--item", "e2").output
    assert len(siang("measures", "bank").output.splitlines()) > 60


def test_the_office_s_own_rule_says_what_is_weak(office: Path) -> None:
    imported()
    rule = '[report]\nlowest = "1"\nkeep_from = "90"\n'
    (office / "agency.toml").write_text(OFFICE.format(measures="") + rule, "utf-8")
    by_rule = suggested("--fiscal-year", "2568")["suggestions"]
    (office / "agency.toml").write_text(OFFICE.format(measures="") + rule.replace("90", "many"), "utf-8")

    refused = siang("measures", "suggest")

    assert [one["id"] for one in by_rule] == ["2568-i1-1"]
    assert refused.exit_code == 2
    assert "keep_from is 'many'; write a number from 0 to 100" in refused.output


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (None, "own.toml cannot be read: No such file or directory. Mend `measures` in the agency's file."),
        (OWN.replace('"e2"]', '"e20"]'), "own.toml: measure e2-1: items has 'e20', which is no item of 2567"),
    ],
)
def test_a_fault_of_its_file_is_told(office: Path, text: str | None, fault: str) -> None:
    (office / "agency.toml").write_text(OFFICE.format(measures='measures = "own.toml"'), "utf-8")
    if text:
        (office / "own.toml").write_text(text, "utf-8")

    result = siang("measures", "bank")

    assert result.exit_code == 2
    assert fault in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("suggest", "--fiscal-year", "70"), "not a fiscal year"),
        (("suggest", "--count", "0"), "Invalid value"),
        (("bank", "--item", "e77"), "there is no measure for 'e77'"),
        (("list", "--agency", "nowhere"), "known are main"),
        (("import", "none.xlsx"), "does not exist"),
    ],
)
def test_wrong_use_is_a_sentence_and_exit_code_2(office: Path, arguments: tuple[str, ...], said: str) -> None:
    result = siang("measures", *arguments)

    assert result.exit_code == 2
    assert said in result.output


def test_the_example_of_own_measures_is_one_that_the_program_takes(office: Path) -> None:
    [example] = [b.text for b in blocks(read(ROOT / "docs" / "measures.md")) if b.language == "toml"]
    (office / "agency.toml").write_text(OFFICE.format(measures='measures = "own.toml"'), "utf-8")
    (office / "own.toml").write_text(example, "utf-8")

    first = siang("measures", "bank", "--item", "e4").output.splitlines()[0]

    assert first.split() == ["e4-own", "e4", "ติดตั้งจอแสดงข่าวสาร", "ณ", "จุดบริการ"]
