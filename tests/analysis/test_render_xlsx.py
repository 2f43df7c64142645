"""The workbook of a report: a sheet for each table, numbers as numbers that look as they are printed."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from analysis import render_data, render_xlsx
from analysis.report import ANNEX, NONE, Column, Number, Report, Table
from tests.analysis.report_sample import (
    ANNEX_TABLE,
    BARS,
    DISTRIBUTION,
    EMPTY,
    FOOTER,
    ITEMS,
    LONG,
    RADAR,
    SAMPLE,
    SUMS,
    TREND,
    number,
)


def book(report: Report) -> Workbook:
    return openpyxl.load_workbook(BytesIO(render_xlsx.render(report)))


def column(workbook: Workbook, sheet: str, letter: str) -> list[object]:
    return [cell.value for cell in workbook[sheet][letter]]


def test_each_table_has_its_sheet_after_the_cover() -> None:
    workbook = book(SAMPLE)

    names = [part.name for part in SAMPLE.parts() if isinstance(part, Table)]
    assert workbook.sheetnames == ["รายงาน", *names, "ข้อมูลกราฟ"]
    assert column(workbook, "รายงาน", "A") == [SAMPLE.title, SAMPLE.subtitle, SAMPLE.agency, FOOTER]
    assert book(replace(SAMPLE, blocks=(ITEMS,), annex=())).sheetnames == ["รายงาน", "รายข้อ"]


@pytest.mark.parametrize("thai_digits", [False, True])
def test_a_sheet_has_title_head_rows_note_and_says_what_it_is_not(thai_digits: bool) -> None:
    report = replace(SAMPLE, thai_digits=thai_digits)
    ready = render_data.ready(report)
    [items] = [part for part in ready.parts() if isinstance(part, Table) and part.name == "รายข้อ"]
    sheet = book(report)["รายข้อ"]

    assert sheet["A1"].value == items.title
    assert [cell.value for cell in sheet[2]] == [column.title for column in items.columns]
    assert [sheet["A3"].value, sheet["C3"].value, sheet["D9"].value] == ["e1", 61.25, "ไม่แสดง"]
    assert (sheet["D33"].value, sheet["D33"].font.bold, sheet["D32"].font.bold) == (77.25, True, False)
    assert [sheet["A35"].value, sheet["A36"].value] == [items.note, ready.footer]
    assert sheet.freeze_panes == "A3"
    assert sheet.print_title_rows == "$2:$2"
    assert {cell.font.name for row in sheet for cell in row} == {"TH Sarabun New"}
    assert {cell.font.sz for row in sheet for cell in row} == {16}
    assert sheet.sheet_format.defaultRowHeight == 24
    digits = "[$-D00041E]" if thai_digits else ""
    assert sheet["C3"].number_format == f"{digits}0.00;{digits}-0.00"


def test_what_looks_like_a_formula_an_address_or_a_number_stays_words() -> None:
    sheet = book(SAMPLE)["งบประมาณ"]

    assert [(cell.value, cell.data_type) for cell in sheet["A"][2:5]] == [(row[0], "s") for row in SUMS.rows]
    assert sheet["A3"].hyperlink is None
    assert [cell.value for cell in sheet[3]][1:] == [1234567, 12.5, 2.1]
    assert [cell.number_format for cell in sheet[3]][1:] == ["#,##0;-#,##0", '0.0"%";-0.0"%"', "+0.00;-0.00;0.00"]


def test_an_empty_table_says_so() -> None:
    sheet = book(SAMPLE)[EMPTY.name]

    assert [cell.value for cell in sheet[3]] == [NONE, ""]


def test_a_row_is_as_tall_as_its_words_up_to_what_excel_can_draw() -> None:
    sheet = book(SAMPLE)[LONG.name]

    assert [sheet.row_dimensions[k].height for k in (2, 3, 4)] == [24, 408, 48]


def test_the_annex_says_what_it_is() -> None:
    assert column(book(SAMPLE), ANNEX_TABLE.name, "A")[-3:] == ["n = 48", ANNEX, FOOTER]


def test_the_numbers_behind_every_chart_are_there() -> None:
    said = [[cell.value for cell in row] for row in book(SAMPLE)["ข้อมูลกราฟ"]]
    rows = [[value for value in row if value not in (None, "")] for row in said]

    for chart in (RADAR, BARS, TREND, DISTRIBUTION):
        assert [chart.title] in rows or chart is BARS
        assert [chart.note] in rows
        for series in chart.series:
            assert any(series.name in row for row in rows)
    assert ["ต.ค. 69", 71.2, 67, 75, 61.2] in rows
    assert ["ธ.ค. 69", "ไม่แสดง", "ไม่แสดง"] in rows
    assert [BARS.labels[0], 82.5, 78.1, 86.9] in rows
    assert rows[-1] == [FOOTER]


@pytest.mark.parametrize(
    ("value", "text", "shape"),
    [
        ("85.494", "85.49", "0.00;-0.00"),
        ("85.495", "85.50", "0.00;-0.00"),
        ("2570", "2570", "0;-0"),
        ("-1234.5", "−1,234.5", '#,##0.0;"−"#,##0.0'),
        ("0.5", "ร้อยละ 0.5 คะแนน", '"ร้อยละ "0.0" คะแนน";"ร้อยละ "-0.0" คะแนน"'),
        ("3", '3 "ข้อ"', '0" ข้อ";-0" ข้อ"'),
        ("85.4", "85.50", None),
        ("85", "85 (82–88)", None),
        ("1", "ก", None),
        (None, "5", None),
    ],
)
def test_a_number_looks_as_it_is_printed(value: str | None, text: str, shape: str | None) -> None:
    assert render_xlsx.number_format(Number(value if value is None else Decimal(value), text)) == shape


@settings(max_examples=20, deadline=None)
@given(st.lists(st.decimals(-(10**6), 10**6, places=2).filter(bool), min_size=1, max_size=20), st.booleans())
def test_every_rounded_number_stays_a_number(values: list[Decimal], thai_digits: bool) -> None:
    table = Table("ก", "ข", (Column("ค"),), tuple((Number(value, f"{value:,}"),) for value in values))

    sheet = book(replace(SAMPLE, blocks=(table,), annex=(), thai_digits=thai_digits))["ก"]

    cells = [sheet.cell(row, 1) for row in range(3, 3 + len(values))]
    assert [cell.value for cell in cells] == [float(value) for value in values]
    assert {"D00041E" in cell.number_format for cell in cells} == {thai_digits}


def test_a_word_in_a_column_of_numbers_is_written_as_it_is() -> None:
    table = Table("ก", "ข", (Column("ค"), Column("ง")), ((number("5.00"), Number(Decimal("85.4"), "85.50")),))

    assert [cell.value for cell in book(replace(SAMPLE, blocks=(table,), annex=()))["ก"][3]] == [5, "85.50"]
