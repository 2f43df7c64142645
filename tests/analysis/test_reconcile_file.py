"""Files as offices have them: xlsx and csv of every kind are read, and what cannot be is named in one sentence."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.chart import BarChart

from analysis import reconcile_file
from analysis.reconcile import Result
from analysis.reconcile_file import ResultFileError
from analysis.reconcile_tree import Cell
from tests.analysis.published import DATA, published

CSV = "fiscal_year,level,instrument,code,title,score\n2567,item,IIT,i1,การปฏิบัติงาน,98.10\n"
I1 = Cell("item", "IIT", "i1")
EXPECTED = [(2567, {I1: 9810})]


def read(folder: Path, content: bytes, name: str = "result.csv") -> list[Result]:
    (folder / name).write_bytes(content)
    return reconcile_file.read(folder / name)


def numbers(folder: Path, content: bytes, name: str = "result.csv") -> list[tuple[int, object]]:
    return [(result.fiscal_year, result.printed) for result in read(folder, content, name)]


def fault(folder: Path, content: bytes, name: str = "result.xlsx") -> str:
    with pytest.raises(ResultFileError) as found:
        read(folder, content, name)
    return str(found.value)


def workbook(change: Callable[[Any], object] = lambda sheet: None) -> bytes:
    book = Workbook()
    for row in CSV.strip().split("\n"):
        book.worksheets[0].append([int(c) if c.isdigit() else c for c in row.split(",")])
    change(book.worksheets[0])
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize("name", ["phrathaen-2567", "don-2566-2567", "thungthachang-2568"])
def test_the_published_files_are_read(name: str) -> None:
    found = reconcile_file.read(DATA / "published" / f"{name}.csv")

    assert {result.fiscal_year: result.printed for result in found} == published(name)


@pytest.mark.parametrize(
    "content",
    [
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.encode("cp874"),
        CSV.encode("utf-16"),
        CSV.replace(",", ";").encode(),
        CSV.replace(",", "\t").encode("utf-16"),
        CSV.replace("\n", "\r\n").encode(),
        "\n".join(",".join(f'"{c}"' for c in line.split(",")) for line in CSV.split("\n")[:2]).encode(),
        CSV.replace("การปฏิบัติงาน", '"งาน, ที่ ๑\nและ ๒"').encode(),
        workbook(),
    ],
    ids="utf-8 utf-8-sig cp874 utf-16 semicolon tab crlf quoted newline xlsx".split(),
)
def test_a_result_may_come_in_any_usual_form(tmp_path: Path, content: bytes) -> None:
    assert numbers(tmp_path, content) == EXPECTED


def test_a_cell_of_a_csv_is_told_by_the_line_an_editor_shows(tmp_path: Path) -> None:
    content = CSV.replace("การปฏิบัติงาน", '"หนึ่ง\nสอง"') + "\n2567,item,IIT,i2,,-\n"

    assert "x.csv: line 5, column score holds '-'" in fault(tmp_path, content.encode(), "x.csv")


def test_a_cell_of_a_workbook_is_told_by_its_address_and_all_faults_together(tmp_path: Path) -> None:
    def spoil(sheet: Any) -> None:
        sheet["F2"] = "=1+1"
        for row, score in ((3, 101.0), (4, 98), (5, "-"), (6, 0.5)):
            for column, value in zip("ABCDEF", (2567, "item", "IIT", f"i{row}", "ข้อ", score), strict=True):
                sheet[f"{column}{row}"] = value
        sheet["F6"].number_format = "0%"
        sheet.merge_cells("E8:F9")

    with pytest.raises(ResultFileError) as found:
        read(tmp_path, workbook(spoil), "result.xlsx")

    assert [
        fault.partition(" holds ")[0].partition(" is ")[0].partition(" are ")[0] for fault in found.value.faults
    ] == [f"result.xlsx: {place}" for place in ("F2", "F3", "F5", "F6", "the cells E8:F9")]
    assert str(found.value) == found.value.faults[0][:-1] + " (and mend 4 more rows)."


def test_a_decimal_comma_is_not_taken_for_half_a_score(tmp_path: Path) -> None:
    said = fault(tmp_path, (CSV + "2567,item,IIT,i2,,98,10\n").encode(), "x.csv")

    assert said == "x.csv: line 3 has more cells than the first: write 98.10, not 98,10, and titles in quotes."
    assert numbers(tmp_path, (CSV.replace("98.10", "98.10,, ")).encode()) == EXPECTED


def test_a_title_is_kept_as_it_is_written(tmp_path: Path) -> None:
    [result] = read(tmp_path, CSV.replace("การปฏิบัติงาน", " ข้อ ๑ ").encode())

    assert result.titles == {I1: "ข้อ ๑"}


def test_a_merged_cell_is_named(tmp_path: Path) -> None:
    said = fault(tmp_path, workbook(lambda sheet: sheet.merge_cells("E2:F2")))

    assert said == "result.xlsx: the cells E2:F2 are merged: unmerge them and write the value in each."


def test_a_percentage_is_named(tmp_path: Path) -> None:
    def percent(sheet: Any) -> None:
        sheet["F2"] = 0.981
        sheet["F2"].number_format = "0.00%"

    assert "F2 is formatted as a percentage" in fault(tmp_path, workbook(percent))


def test_a_formula_that_was_never_computed_is_named(tmp_path: Path) -> None:
    def formula(sheet: Any) -> None:
        sheet["F2"] = "=AVERAGE(A2:A3)"
        sheet["H2"] = "note"

    assert "F2 holds a formula without a value: write the number itself" in fault(tmp_path, workbook(formula))


def test_an_empty_cell_is_no_formula(tmp_path: Path) -> None:
    def empty(sheet: Any) -> None:
        sheet["F2"] = None
        sheet.append([2567, "item", "IIT", "i1", None, 98.1])

    assert numbers(tmp_path, workbook(empty), "result.xlsx") == EXPECTED


def test_a_workbook_without_sheets_is_named(tmp_path: Path) -> None:
    book = Workbook()
    book.create_chartsheet().add_chart(BarChart())
    book.remove(book.worksheets[0])
    packed = BytesIO()
    book.save(packed)

    assert "no sheet with cells" in fault(tmp_path, packed.getvalue())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_workbook_is_read_or_named(tmp_path: Path, data: st.DataObject) -> None:
    """Some of its parts are cut short, changed or lost."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook())) as whole, zipfile.ZipFile(packed, "w") as torn:
        for name in whole.namelist():
            part = whole.read(name)
            at = data.draw(st.none() | st.integers(0, len(part)))
            if at is None or data.draw(st.booleans()):
                change = data.draw(st.binary(max_size=4))
                torn.writestr(name, part if at is None else part[:at] + change + part[at + len(change) :])

    content = packed.getvalue()
    try:
        found: object = read(tmp_path, content, "result.xlsx")
    except ResultFileError as said:
        found = str(said)
    assert isinstance(found, list) or str(found).startswith("result.xlsx: ")


def zipped(size: int) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"0" * size)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty: write the columns"),
        (b" \n ", "it is empty: write the columns"),
        (b"%PDF-1.7\n%\xe2\xe3", "it is a PDF under another name: copy its scores into an xlsx or csv file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "it is an old xls file, or locked by a password: open it in Excel"),
        (b"PK\x03\x04 torn", "it is no xlsx file, or a damaged one"),
        (zipped(10), "it is no xlsx file, or a damaged one"),
        (zipped(51 * 2**20), "it unpacks to more than 50 MB"),
        (b"0" * (5 * 2**20 + 1), "it is larger than 5 MB"),
        (b"\x89PNG\r\n\x1a\n\0\0", "it is neither xlsx nor csv text"),
        (b"\xff\xfe\x00", "it is neither xlsx nor csv text"),
        (b'fiscal_year,level\n"2567', "it cannot be read as csv"),
    ],
    ids="empty blank pdf xls torn zip bomb large png utf-16 quote".split(),
)
def test_a_file_that_cannot_be_used_is_named_in_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    found = fault(tmp_path, content)

    assert found.startswith(f"result.xlsx: {said}")
    assert found.endswith(".")
    assert "\n" not in found


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResultFileError, match=r"none\.csv: it cannot be read: No such file"):
        reconcile_file.read(tmp_path / "none.csv")
