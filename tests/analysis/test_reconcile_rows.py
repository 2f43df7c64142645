"""Rows of a table become results; a cell that cannot be used is named by its address, with how to mend it."""

from collections.abc import Sequence

import pytest

from analysis import frame_library
from analysis.reconcile import Result
from analysis.reconcile_rows import ResultError, Sheet, letter, results
from analysis.reconcile_tree import TOTAL, Cell

HEADER = ["fiscal_year", "level", "instrument", "code", "title", "score"]
I1 = Cell("item", "IIT", "i1")


def read(*rows: Sequence[object], header: Sequence[object] = HEADER) -> list[Result]:
    numbered: list[tuple[int, Sequence[object]]] = list(enumerate((header, *rows), 1))
    return results(Sheet(numbered), frame_library.load, frame_library.years())


def fault(*rows: Sequence[object], header: Sequence[object] = HEADER) -> str:
    with pytest.raises(ResultError) as found:
        read(*rows, header=header)
    return str(found.value)


def test_each_row_is_a_cell_in_hundredths() -> None:
    [result] = read(
        [2567, "total", "ITA", "total", "คะแนนภาพรวม", 99.6],
        ["2567", "instrument", "EIT1", "EIT1", "", "99.77"],
        [2567.0, "indicator", "OIT", 9.0, "", "100"],
        ["2567", "indicator", "OIT", "9.1", "", "100.0"],
        ["2567", "item", "EIT2", "e7", "", "98.10"],
    )

    assert result == Result(
        2567,
        {
            TOTAL: 9960,
            Cell("instrument", "EIT1", "EIT1"): 9977,
            Cell("indicator", "OIT", "9"): 10000,
            Cell("indicator", "OIT", "9.1"): 10000,
            Cell("item", "EIT2", "e7"): 9810,
        },
        titles={TOTAL: "คะแนนภาพรวม"},
    )


@pytest.mark.parametrize(
    "row",
    [
        ["๒๕๖๗", "item", "IIT", "i๑", "", "๙๘.๑๐"],
        [" 2567 ", "Item", "iit", "I1", "", " 98.10\u200b"],
        [2567, "item", "IIT", "i1", None, 98.1],
        [2567, "item", "IIT", "i1", None, 98.09999999],
        [2567, "item", "IIT", "i1", None, 98.095],
    ],
    ids=["Thai digits", "blanks and capitals", "Excel number", "computed", "half up"],
)
def test_the_same_cell_may_be_written_in_many_ways(row: Sequence[object]) -> None:
    assert read(row) == [Result(2567, {I1: 9810})]


def test_columns_are_known_by_name_and_the_title_is_not_needed() -> None:
    header = ["Score", "note", "code", "instrument", "level", "fiscal_year"]

    assert read(["98.10", "จากหน้า 3", "i1", "IIT", "item", "2567"], header=header) == [Result(2567, {I1: 9810})]


def test_blank_rows_rows_without_a_score_and_cells_beyond_the_table_say_nothing() -> None:
    rows: list[list[object]] = [
        [],
        ["", None, " "],
        ["2567", "item", "IIT", "i2"],
        ["2567", "item", "IIT", "i1", "", "98.10", "x"],
    ]

    assert read(*rows) == [Result(2567, {I1: 9810})]


def test_a_file_may_hold_several_years_and_gives_the_oldest_first() -> None:
    found = read([2567, "total", "ITA", "total", "", 93.71], [2566, "total", "", "", "", 87.4])

    assert [(r.fiscal_year, r.printed) for r in found] == [(2566, {TOTAL: 8740}), (2567, {TOTAL: 9371})]


def test_the_code_of_an_instrument_may_be_left_out() -> None:
    assert read([2567, "instrument", "eit", "", "", 90])[0].printed == {Cell("instrument", "EIT", "EIT"): 9000}


@pytest.mark.parametrize(
    "row",
    [
        [2567, "level", "ITA", "level", "ระดับผล", "ผ่านดี"],
        [2567, "grade", "", "", "", "ระดับ ผ่านดี "],
        [2567, "level", "ITA", "level", "ผ่านดี", None],
        [2567, "level", "ITA", "ผ่านดี", "", ""],
    ],
)
def test_the_stated_grade_is_a_row_of_its_own(row: list[object]) -> None:
    assert read(row, [2567, "total", "ITA", "total", "", 90])[0].stated == "ผ่านดี"


def test_a_grade_that_is_none_of_the_years_levels_is_kept_as_it_is_written() -> None:
    total = [2564, "total", "ITA", "total", "", 86]

    assert read([2564, "level", "ITA", "level", "", "a"], total)[0].stated == "A"
    assert read([2564, "level", "ITA", "level", "", "ดีมาก"], total)[0].stated == "ดีมาก"
    assert read([2564, "level", "ITA", "level", "", ""], total)[0].stated is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ([2567, "item", "IIT", "i1", "", "101.0"], "F2 holds 101.0, but a score runs from 0 to 100"),
        ([2567, "item", "IIT", "i1", "", 101.0], "F2 holds 101, but a score runs from 0 to 100"),
        ([2567, "item", "IIT", "i1", "", "-5"], "F2 holds -5, but a score runs from 0 to 100"),
        (
            [2567, "item", "IIT", "i1", "", "-"],
            "F2 holds '-', which is no score: write a number from 0 to 100 like 98.10",
        ),
        ([2567, "item", "IIT", "i1", "", "98,10"], "F2 holds '98,10', which is no score"),
        ([2567, "item", "IIT", "i1", "", True], "F2 holds 'True', which is no score"),
        ([2567, "item", "IIT", "i1", "", "98.1034"], "F2 holds 98.1034, which has more than two decimals"),
        (["", "item", "IIT", "i1", "", "98.10"], "A2 holds '', which is no fiscal year"),
        (
            [2024, "item", "IIT", "i1", "", "98.10"],
            "A2 holds '2024', which is no fiscal year of the Buddhist era that is",
        ),
        ([2024, "item", "IIT", "i1", "", "98.10"], "known: write 2567"),
        ([2599, "item", "IIT", "i1", "", "98.10"], "known: write a year from 2563 to 2570"),
        ([2567, "ข้อ", "IIT", "i1", "", "98.10"], "B2 holds 'ข้อ', which is no level: write one of item, indicator,"),
        (
            [2567, "item", "EIT3", "e1", "", "98.10"],
            "C2 holds 'EIT3', which is no instrument of 2567: write one of EIT, ",
        ),
        (
            [2563, "item", "EIT1", "e1", "", "98.10"],
            "C2 holds 'EIT1', which is no instrument of 2563: write one of EIT, ",
        ),
        (
            [2567, "item", "EIT1", "e10", "", "98.10"],
            "D2 holds 'e10', which is no item of EIT1 in 2567: they run from e1",
        ),
        (
            [2567, "indicator", "IIT", "6", "", "98.10"],
            "D2 holds '6', which is no indicator of IIT in 2567: they run fr",
        ),
        ([2567, "indicator", "OIT", "9.9", "", "98.10"], "in 2567: they run from 9 to 10.2"),
        ([2567, "instrument", "IIT", "OIT", "", "98.10"], "D2 holds 'OIT', which is no instrument of IIT"),
    ],
)
def test_a_wrong_cell_is_named_with_its_mend(row: list[object], said: str) -> None:
    assert said in fault(row)


def test_a_cell_given_twice_is_named_with_both_addresses() -> None:
    twice = fault([2567, "item", "IIT", "i1", "", 98], [2567, "item", "IIT", "i1", "", 98])

    assert twice == "F3 gives item i1 of IIT in 2567 again after F2: delete one of the rows"


def test_the_first_of_several_wrong_cells_is_told_and_the_others_are_counted() -> None:
    rows = [[2567, "item", "IIT", f"i{n}", "", score] for n, score in enumerate(("-", 98, "x", 200), 1)]

    assert fault(*rows).startswith("F2 holds '-'")
    assert fault(*rows).endswith("(and mend 2 more rows)")


def test_all_faults_are_told_together_in_the_order_of_the_rows() -> None:
    scores = enumerate(("-", 98, "x"), 1)
    rows: list[list[object]] = [[*HEADER], *([2567, "item", "IIT", f"i{n}", "", score] for n, score in scores)]
    sheet = Sheet(list(enumerate(rows, 1)), faults={3: ["the cells A3:A4 are merged", "F3 is odd"], 4: []})

    with pytest.raises(ResultError) as found:
        results(sheet, frame_library.load, frame_library.years())

    assert [one[:26] for one in found.value.faults] == [
        "F2 holds '-', which is no ",
        "the cells A3:A4 are merged",
        "F3 is odd",
    ]


def test_a_header_whose_form_is_at_fault_is_told_with_what_else_is_wrong_with_the_form() -> None:
    sheet = Sheet([(1, ["fiscal_year", None]), (2, [2567])], faults={1: ["A1:B1 are merged"], 3: ["F3 is odd"]})

    with pytest.raises(ResultError) as found:
        results(sheet, frame_library.load, frame_library.years())

    assert found.value.faults == ("A1:B1 are merged", "F3 is odd")


def test_cells_of_a_text_are_told_by_line_and_column() -> None:
    rows: list[tuple[int, list[object]]] = [
        (1, [*HEADER]),
        (4, [2567, "item", "IIT", "i1", "", "-"]),
        (6, [2567, "item", "IIT", "i99", "", 98]),
    ]

    with pytest.raises(ResultError) as found:
        results(Sheet(rows, is_text=True), frame_library.load, frame_library.years())

    assert found.value.faults[0].startswith("line 4, column score holds '-', which is no score")
    assert found.value.faults[1].startswith("line 6, column code holds 'i99'")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            ["fiscal_year", "level", "instrument", "code", "title", "points"],
            "F1 holds 'points' where the column 'score'",
        ),
        (
            ["fiscal_year", "level", "instrument", "code"],
            "the first row lacks the column 'score': add it beside fiscal_year, level",
        ),
        ([*HEADER, "score"], "G1 names the column 'score' a second time"),
        (["2567", "item", "IIT", "i1", "", "98.10"], "A1 holds '2567' where the column 'fiscal_year' is missing"),
    ],
)
def test_a_wrong_column_is_named(header: list[object], said: str) -> None:
    assert fault([2567, "item", "IIT", "i1", "", 98], header=header).startswith(said)


def test_a_wrong_column_of_a_text_is_told_by_line_and_number() -> None:
    with pytest.raises(ResultError, match=r"^line 1, column 6 holds 'points' where the column 'score' is missing"):
        results(Sheet([(1, [*HEADER[:5], "points"])], is_text=True), frame_library.load, frame_library.years())


def test_an_empty_table_and_one_without_scores_are_told() -> None:
    assert fault(header=["", None]).startswith("it is empty: write the columns fiscal_year, level")
    assert fault() == "it has no scores below the header: add a row for each published score"


def test_columns_have_the_letters_of_a_spreadsheet() -> None:
    assert [letter(at) for at in (0, 5, 25, 26, 701, 702)] == ["A", "F", "Z", "AA", "ZZ", "AAA"]
