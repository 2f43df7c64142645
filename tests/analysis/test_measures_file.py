"""Measures in the store and in files, with the real libraries on both databases."""

import io
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Engine, select

from analysis import measures, measures_file, measures_library, measures_source, official_store, rule_library
from analysis.measure import Measure
from analysis.measures_plan import Plan
from analysis.measures_sheet import COLUMNS, SHEET, SheetError, cells
from analysis.measures_source import Source
from analysis.reconcile import Result, check
from analysis.reconcile_tree import Cell
from bot.cli import measures_book
from survey import db
from survey.settings import Agency, Office
from survey.tables import measures as table
from tests.analysis.people import ITEMS, crowd, file, instruments

TODAY = date(2027, 3, 5)
KEYS = [column.key for column in COLUMNS]
ONE = Measure(
    *("2570-e4-1", 2570, "e4", 3, "ปรับปรุงเว็บไซต์", ("สำรวจ", "=1+1"), "กองช่าง", "ต.ค. 2569", "10 ป้าย", "ดีขึ้น"),
    *("doing", 40, ("https://example.go.th",), "-ดำเนินการแล้ว\nบางส่วน", "50,000 บาท"),
)
TWO = Measure("2570-e1-1", 2570, "e1", 1, "จัดทำแผนผัง", ("สำรวจ",))


def put(engine: Engine, *given: Measure, agency_id: str = "main") -> int:
    with db.write(engine) as conn:
        return len(measures.add(conn, agency_id, given, TODAY))


def register(engine: Engine, agency_id: str = "main") -> tuple[Measure, ...]:
    with db.read(engine) as conn:
        return measures.of_year(conn, agency_id, 2570)


def exported(folder: Path, *given: Measure, edit: Callable[[Worksheet], None] | None = None) -> Path:
    """The file as it is written, then edited with a spreadsheet's own library."""
    path = folder / "m.xlsx"
    path.write_bytes(measures_book.workbook(given, measures_library.frame(2570)))
    if edit:
        book = load_workbook(path)
        edit(book[SHEET])
        book.save(path)
    return path


def take(engine: Engine, path: Path) -> Plan:
    with db.write(engine) as conn:
        return measures_file.take(conn, "main", measures_file.read(path), TODAY)


def at(key: str, row: int) -> dict[str, int]:
    return {"row": row, "column": KEYS.index(key) + 1}


def test_the_register_gives_back_what_was_put_in(engine: Engine) -> None:
    assert put(engine, ONE, TWO) == 2

    assert register(engine) == (TWO, ONE)
    assert register(engine, "other") == ()


def test_a_measure_that_is_there_is_not_added_again(engine: Engine) -> None:
    put(engine, ONE)

    assert put(engine, replace(ONE, title="อื่น"), TWO) == 1
    assert register(engine)[1] == ONE
    assert put(engine, ONE, agency_id="other") == 1


def test_a_change_raises_the_revision_and_needs_the_one_it_saw(engine: Engine) -> None:
    put(engine, ONE)
    with db.write(engine) as conn:
        first = measures.change(conn, "main", replace(ONE, progress=50), date(2027, 4, 1))
        stale = measures.change(conn, "main", replace(ONE, progress=60), TODAY)
        strange = measures.change(conn, "other", replace(ONE, revision=2), TODAY)
        updated_on = conn.scalar(select(table.c.updated_on))

    assert (first, stale, strange) == (True, False, False)
    assert register(engine) == (replace(ONE, progress=50, revision=2),)
    assert updated_on == date(2027, 4, 1)


def test_an_edited_file_changes_what_was_edited_and_adds_what_was_added(engine: Engine, tmp_path: Path) -> None:
    put(engine, ONE, TWO)

    def edit(sheet: Worksheet) -> None:
        sheet.cell(**at("progress", 2), value="๖๐")
        new: dict[str, str | float] = {"fiscal_year": 2570, "item_code": "i10", "title": "คุมพัสดุ", "progress": 0.25}
        for key, value in new.items():
            sheet.cell(**at(key, 4)).value = value
        sheet.cell(**at("status", 4), value="กำลังดำเนินการ")
        sheet.cell(**at("progress", 4)).number_format = "0%"
        sheet.cell(**at("evidence", 4), value="รูปกิจกรรม").hyperlink = "https://example.go.th/photo"

    path = exported(tmp_path, ONE, TWO, edit=edit)

    plan = take(engine, path)

    [new] = plan.added
    assert (len(plan.changed), plan.kept, plan.absent, plan.conflicts) == (1, 1, 0, ())
    assert register(engine) == (TWO, replace(ONE, progress=60, revision=2), new)
    assert (new.item_code, new.issue, new.progress, new.evidence) == ("i10", 4, 25, ("https://example.go.th/photo",))
    assert take(engine, path).conflicts == ()  # the same file once more changes nothing
    assert len(register(engine)) == 3


def test_a_conflict_leaves_the_row_and_lets_the_others_in(engine: Engine, tmp_path: Path) -> None:
    put(engine, ONE, TWO)

    def edit(sheet: Worksheet) -> None:
        sheet.cell(**at("result", 2), value="ของเรา")
        sheet.cell(**at("result", 3), value="ของเรา")

    path = exported(tmp_path, ONE, TWO, edit=edit)
    with db.write(engine) as conn:
        measures.change(conn, "main", replace(ONE, progress=90), TODAY)

    plan = take(engine, path)

    assert [one.id for one in plan.changed] == [TWO.id]
    assert plan.conflicts[0].startswith("row 2 was changed in the register since the export")
    assert "P2 says 'ของเรา'" in plan.conflicts[0]
    assert register(engine) == (
        replace(TWO, result="ของเรา", revision=2),
        replace(ONE, progress=90, revision=2),
    )


def test_a_faulty_row_keeps_the_whole_file_out(engine: Engine, tmp_path: Path) -> None:
    put(engine, ONE, TWO)

    def edit(sheet: Worksheet) -> None:
        sheet.cell(**at("result", 2), value="ใหม่")
        sheet.cell(**at("progress", 3), value=120)

    with pytest.raises(SheetError) as caught:
        take(engine, exported(tmp_path, ONE, TWO, edit=edit))

    assert caught.value.faults == (
        "N3 holds '120', which is no progress in percent: write a whole number from 0 to 100",
    )
    assert register(engine) == (TWO, ONE)


def test_two_imports_of_the_same_new_row_at_once_add_it_once(engine: Engine, tmp_path: Path) -> None:
    fresh = replace(TWO, id="x")
    path = exported(tmp_path, edit=lambda sheet: _fill(sheet, 2, fresh))
    given = measures_file.read(path)
    said: list[object] = []

    def second() -> None:
        try:
            with db.write(engine) as conn:
                said.append(measures_file.take(conn, "main", given, TODAY).added)
        except SheetError as exc:
            said.append(str(exc))

    thread = threading.Thread(target=second)
    with db.write(engine) as conn:
        measures_file.take(conn, "main", given, TODAY)
        thread.start()
        thread.join(0.2)  # it waits for this transaction
        assert not said
    thread.join()

    assert len(register(engine)) == 1
    assert said in ([()], ["another import has added the same measures at this moment: import it once more"])


def _fill(sheet: Worksheet, row: int, measure: Measure) -> None:
    for key, value in list(zip(KEYS, cells(measure), strict=True))[2:]:
        sheet.cell(**at(key, row)).value = value


# -- the file


def test_the_file_can_be_edited_but_for_the_hidden_cells_and_offers_the_lists(tmp_path: Path) -> None:
    book = load_workbook(exported(tmp_path, ONE))
    sheet = book[SHEET]

    hidden = sheet.column_dimensions["A"]
    assert (hidden.hidden, hidden.min, hidden.max, sheet.column_dimensions["C"].hidden) == (True, 1, 2, False)
    assert (sheet["A2"].protection.locked, sheet["F2"].protection.locked, sheet.protection.sheet) == (True, False, True)
    assert (sheet["F2"].font.name, sheet["F2"].font.size, sheet["F2"].alignment.wrap_text) == (
        "TH Sarabun New",
        16,
        True,
    )
    assert (sheet.freeze_panes, sheet.sheet_format.defaultRowHeight) == ("A2", 24)
    assert sheet.row_dimensions[2].height >= 2 * 24
    lists = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert lists["M2"].formula1 == '"วางแผน,กำลังดำเนินการ,แล้วเสร็จ,ยกเลิก"'
    assert (lists["N2"].formula1, lists["N2"].formula2) == ("0", "100")
    assert (sheet["G2"].data_type, sheet["G2"].value) == ("s", "1. สำรวจ\n2. =1+1")
    assert (sheet["C2"].data_type, sheet["C2"].value) == ("n", 2570)
    assert sheet.column_dimensions["F"].width > 30


def test_the_second_sheet_tells_how_and_lists_the_items(tmp_path: Path) -> None:
    sheet = load_workbook(exported(tmp_path))["คำแนะนำ"]

    words = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert any("Alt+Enter" in str(row[1]) for row in words)
    assert ["e4", measures_library.frame(2570).items["e4"].text, "3"] in words
    assert any("ยังไม่ทราบโครงสร้างของปี 2570" in str(row[1]) for row in words)


def test_very_long_rows_stay_within_what_a_spreadsheet_has(tmp_path: Path) -> None:
    long = replace(ONE, steps=tuple(f"ขั้นตอน {n} " + "ก" * 900 for n in range(20)))

    assert 400 < load_workbook(exported(tmp_path, long))[SHEET].row_dimensions[2].height <= 409


def test_the_sheet_of_measures_is_found_wherever_it_stands(engine: Engine, tmp_path: Path) -> None:
    put(engine, ONE)
    path = exported(tmp_path, ONE)
    book = load_workbook(path)
    book.move_sheet(SHEET, 1)
    book.save(path)
    moved = take(engine, path)
    book[SHEET].title = "ทะเบียน"
    book.move_sheet("ทะเบียน", -1)
    book.save(path)

    assert moved == take(engine, path) == Plan((), (), 1, 0, ())


def damaged(content: bytes) -> bytes:
    return content[: len(content) // 2]


def merged(sheet: Worksheet) -> None:
    sheet.merge_cells("F2:G2")
    sheet.merge_cells("I2:J3")


def formula(sheet: Worksheet) -> None:
    sheet.cell(**at("progress", 2), value="=20+20")


def header(sheet: Worksheet) -> None:
    sheet.cell(**at("status", 1), value="สถานะงาน")


def endless(sheet: Worksheet) -> None:
    sheet.cell(20_001, 1, " ")


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (merged, "the cells F2:G2 are merged: unmerge them and write the value in each"),
        (formula, "N2 holds a formula without a value: write the words or the number itself"),
        (header, "row 1 has no cell 'สถานะ': put the header of the exported file back, hidden columns too"),
    ],
)
def test_what_was_done_to_the_sheet_is_told(tmp_path: Path, spoil: Callable[[Worksheet], None], fault: str) -> None:
    with pytest.raises(SheetError) as caught:
        measures_file.read(exported(tmp_path, ONE, edit=spoil))

    assert caught.value.faults[0] == fault


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda _: b"%PDF-1.7 ...", "it is a PDF under another name: export the register with `siang measures export`"),
        (lambda _: b"\xd0\xcf\x11\xe0...", "it is an old xls file, or locked by a password"),
        (lambda _: b"fiscal_year,level", "it is no xlsx file: export the register"),
        (lambda _: b"", "it is no xlsx file: export the register"),
        (damaged, "it is no xlsx file, or a damaged one"),
        (lambda content: content + b"\0" * 5 * 2**20, "it is larger than 5 MB"),
    ],
)
def test_another_kind_of_file_is_told(tmp_path: Path, spoil: Callable[[bytes], bytes], fault: str) -> None:
    path = exported(tmp_path, ONE)
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(SheetError, match=fault):
        measures_file.read(path)


def test_a_file_that_is_not_there_or_has_no_cells_or_too_many_rows_is_told(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="it cannot be read: No such file"):
        measures_file.read(tmp_path / "none.xlsx")
    with pytest.raises(SheetError, match="it has 20,001 rows: delete the empty ones"):
        measures_file.read(exported(tmp_path, ONE, edit=endless))
    packed, book = io.BytesIO(), Workbook()
    book.create_chartsheet("แผนภูมิ").add_chart(BarChart())
    book.remove(book.worksheets[0])
    book.save(packed)
    (tmp_path / "chart.xlsx").write_bytes(packed.getvalue())
    with pytest.raises(SheetError, match="it has no sheet with cells"):
        measures_file.read(tmp_path / "chart.xlsx")


def test_what_a_year_asks_for_is_what_a_measure_may_answer() -> None:
    assert measures_file.codes(2568)["o35"] == 7  # of the result of 2567
    assert measures_file.codes(2570)["e4"] == 3
    assert "o35" not in measures_file.codes(2570)
    assert measures_file.codes(2570)["8"] == 0


# -- where weak questions come from


def official(engine: Engine, year: int, **scores: int) -> None:
    frame = measures_library.frame(year)
    printed = {Cell("item", part.code, code): n for code, n in scores.items() for part in frame.parts("EIT")}
    result = Result(year, printed, None)
    with db.write(engine) as conn:
        source = ("result.xlsx", "0" * 64, datetime(2027, 3, 5, tzinfo=UTC))
        official_store.put(conn, "main", result, check(frame, result), source)


def of_result(engine: Engine, year: int) -> Source | None:
    with db.read(engine) as conn:
        return measures_source.of_result(conn, "main", year, rule_library.of(Office()), 1)


def test_the_last_result_before_the_year_is_taken_or_that_of_the_year_itself(engine: Engine) -> None:
    assert of_result(engine, 2570) is None
    official(engine, 2567, e1=7000)
    official(engine, 2569, e4=8000, e5=9000)

    found = {year: of_result(engine, year) for year in (2566, 2567, 2568, 2569, 2570, 2575)}

    assert {year: one and (one.fiscal_year, one.weak[0].code) for year, one in found.items()} == {
        2566: None,
        2567: (2567, "e1"),
        2568: (2567, "e1"),
        2569: (2567, "e1"),
        2570: (2569, "e4"),
        2575: (2569, "e4"),
    }
    assert found[2570] is not None
    assert found[2570].official


def test_measures_are_due_after_the_last_result_but_not_in_the_past(engine: Engine) -> None:
    def due(today: date) -> int:
        with db.read(engine) as conn:
            return measures_source.target_year(conn, "main", today)

    assert due(TODAY) == 2570
    official(engine, 2570, e1=7000)
    assert (due(TODAY), due(date(2030, 1, 1))) == (2571, 2573)


def test_the_own_survey_serves_this_year_or_the_last_and_is_not_official(engine: Engine, agency: Agency) -> None:
    def own(year: int) -> Source | None:
        with db.read(engine) as conn:
            return measures_source.of_survey(conn, instruments(), agency, year, TODAY, None)

    file(engine, *[ITEMS] * 29)
    assert own(2570) is None
    file(engine, *crowd(40))

    found, later, too_late = own(2570), own(2571), own(2572)

    assert found is not None
    assert (found.official, found.fiscal_year, len(found.weak)) == (False, 2570, 3)
    assert later == found
    assert too_late is None
