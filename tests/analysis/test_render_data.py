"""Reports made ready to be set: digits, order, places to break, room."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import render_data, render_words
from analysis.report import ANNEX, Bullets, Chart, Column, Heading, Number, Report, Series, Table
from survey import thai
from tests.analysis.report_sample import BARS, DISTRIBUTION, MEMO_SAMPLE, SAMPLE, TREND, number, numbers


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("ปี 2570 ได้ 87.35 คะแนน", "ปี ๒๕๗๐ ได้ ๘๗.๓๕ คะแนน"),
        ("ข้อ e1, i30 และ OIT10.1", "ข้อ e1, i30 และ OIT10.๑"),
        ("n = 1,234 (n=12)", "n = ๑,๒๓๔ (n=๑๒)"),
        ("ดู https://a.go.th/2570?x=1 ภายใน 3 วัน", "ดู https://a.go.th/2570?x=1 ภายใน ๓ วัน"),
        ("www.a1.go.th/25ก่อน 5 วัน", "www.a1.go.th/25ก่อน ๕ วัน"),
        ("ita25@a.go.th โทร 042-000-111", "ita25@a.go.th โทร ๐๔๒-๐๐๐-๑๑๑"),
        ("a-1.go.th/2570", "a-1.go.th/2570"),
        ("S.D. 0.53", "S.D. ๐.๕๓"),
        ("", ""),
    ],
)
def test_thai_digits_but_for_codes_and_addresses(text: str, printed: str) -> None:
    assert render_data.thai_text(text) == printed


@given(st.text())
def test_only_digits_change(text: str) -> None:
    assert thai.arabic_digits(render_data.thai_text(text)) == thai.arabic_digits(text)


def test_signs_that_no_file_can_hold_go() -> None:
    assert render_data.printable("ก\x00\x0b\r\ud800\ufffe\x85ข\tค\nง 😀\xa0") == "กข ค\nง 😀\xa0"


def test_bars_are_ordered_highest_first_with_their_bands_and_gaps_last() -> None:
    [chart] = render_data.ready(replace(SAMPLE, blocks=(BARS,), annex=())).blocks
    assert isinstance(chart, Chart)

    assert [point.text for point in chart.series[0].points] == ["100.00", "82.50", "0.00", "ไม่แสดง"]
    assert [bool(band) for band in chart.series[0].band] == [False, True, False, False]
    assert chart.labels[0] == BARS.labels[2]


def test_bars_without_bands_and_of_two_years() -> None:
    plain = replace(BARS, series=(replace(BARS.series[0], band=()),))
    two = replace(BARS, series=(BARS.series[0], BARS.series[0]))
    ready = render_data.ready(replace(SAMPLE, blocks=(plain, two, TREND), annex=()))

    assert [block.labels[0] for block in ready.blocks if isinstance(block, Chart)] == [
        BARS.labels[2],
        BARS.labels[0],
        TREND.labels[0],
    ]


def test_the_annex_stands_under_its_heading() -> None:
    assert render_data.ready(SAMPLE).annex[0] == Heading(ANNEX)
    assert render_data.ready(MEMO_SAMPLE).annex == ()


@pytest.mark.parametrize("report", [SAMPLE, MEMO_SAMPLE])
def test_ready_in_thai_digits_says_the_same(report: Report) -> None:
    ready = render_data.ready(replace(report, thai_digits=True))
    plain = render_data.ready(report)

    assert [thai.arabic_digits(t) for t in ready.texts()] == [thai.arabic_digits(t) for t in plain.texts()]
    assert (ready.kind, ready.period, [t.name for t in ready.parts() if isinstance(t, Table)]) == (
        plain.kind,
        plain.period,
        [t.name for t in plain.parts() if isinstance(t, Table)],
    )


def test_the_layout_reads_plain_data() -> None:
    data = render_data.plain(render_data.ready(replace(SAMPLE, blocks=(DISTRIBUTION, Bullets(())), thai_digits=True)))

    assert data["none"] == "ไม่มี"
    assert data["blocks"][0]["is"] == "Chart"
    assert data["blocks"][0]["ends"] == ["๐", "๑๐๐"]
    assert data["blocks"][0]["series"][0]["points"][0] == {"text": "๕๒.๓๐", "value": 52.3}
    assert data["blocks"][1] == {"is": "Bullets", "items": [], "numbered": False}
    assert render_data.plain_chart(DISTRIBUTION, thai_digits=False)["ends"] == ["0", "100"]


def table(*rows: tuple[str | Number, ...], widths: tuple[int, ...] = (1, 1)) -> Table:
    return Table("ก", "ก", tuple(Column("ข", width) for width in widths), rows)


def test_a_column_is_wide_enough_for_its_numbers_and_codes() -> None:
    assert render_data.rooms(table(("คำ", number("5")), widths=(3, 1))) == [60, 20]
    assert render_data.rooms(table(("OIT10", number("1,234,567.89")), widths=(1, 99))) == [7, 79]
    assert render_data.rooms(table(("คำถาม", number("1,234,567.89")), widths=(99, 1)))[1] == 14
    assert render_data.rooms(table(("คำถาม", Number(None, "ไม่มีข้อมูลของปีนี้")), widths=(99, 1)))[1] == 4


def test_a_table_that_is_too_wide_is_set_smaller() -> None:
    shown = tuple(numbers(*["1,234,567.89"] * 12))
    [wide, fits] = render_data.plain(
        replace(SAMPLE, blocks=(table(shown, widths=(1,) * 12), replace(table(), name="ค")), annex=())
    )["blocks"]

    assert wide["size"] == 80 / (14 * 12)
    assert fits["size"] == 1.0


def test_only_rows_too_tall_for_a_page_may_be_torn() -> None:
    rows = (("สั้น", "สั้น"), ("ย" * 40 * 20, "สั้น"), ("ย\n" * 20, "สั้น"))

    [data] = render_data.plain(replace(SAMPLE, blocks=(table(*rows),), annex=()))["blocks"]

    assert data["long"] == [1, 2]
    assert render_data.lines("ที่นี่\nที่นั่น", 3) == 1 + 2


@given(st.text(alphabet=st.sampled_from("abกข5 ก็้\n"), max_size=200), st.integers(4, 80))
def test_places_to_break_are_added_and_nothing_else(text: str, room: int) -> None:
    wide = replace(SAMPLE, blocks=(Heading(text),), annex=())
    folded = render_data.plain(wide)["blocks"][0]["text"]

    assert folded.replace(render_data.FOLD, "") == text
    assert all(len(word) < 80 for word in folded.replace(render_data.FOLD, " ").split() if word.isascii())


def test_a_number_keeps_its_value() -> None:
    series = Series("ก", (Number(Decimal("0.1"), "0.10"), Number(None, "ไม่แสดง")))

    [point, gap] = render_data.plain_chart(replace(TREND, labels=("a", "b"), series=(series,)), False)["series"][0][
        "points"
    ]

    assert (point, gap) == ({"text": "0.10", "value": 0.1}, {"text": "ไม่แสดง", "value": None})


def test_an_address_ends_its_lines_after_a_stroke_or_before_a_dot() -> None:
    address = "https://www.example.go.th/ita/service-standard"

    [data] = render_data.plain(replace(SAMPLE, blocks=(table((address, "ก")),), annex=()))["blocks"]
    [narrow] = render_data.plain(replace(SAMPLE, blocks=(table((address, *"ก" * 5), widths=(1,) * 6),), annex=()))[
        "blocks"
    ]

    assert data["rows"][0][0].split(render_data.FOLD) == [
        "https://",
        "www",
        ".example",
        ".go",
        ".th/",
        "ita/",
        "service-standard",
    ]
    assert narrow["rows"][0][0].split(render_data.FOLD)[-2:] == ["service-", "standard"]


def test_a_column_is_wide_enough_for_the_words_that_are_kept_whole() -> None:
    columns = (Column("ระยะเวลา"), Column("ที่", 99))

    assert render_data.rooms(replace(table(("เดือนพฤศจิกายน 2570", "ก")), columns=columns))[0] == 10
    assert render_data.rooms(table(("การประชาสัมพันธ์", "ก"), widths=(1, 99)))[0] == 11
    assert render_words.longest("การประชาสัมพันธ์ภายในองค์กร") == "ประชาสัมพันธ์"
    assert render_words.longest("ก") == ""
    assert all(render_words.longest(word) == word for word in render_words.WHOLE)


def test_a_short_table_stays_on_one_page() -> None:
    many = [("ก", "ข")] * (render_data.SHORT_TABLE + 1)
    tables = (table(*many[1:]), replace(table(*many), name="ค"))

    assert [one["short"] for one in render_data.plain(replace(SAMPLE, blocks=tables, annex=()))["blocks"]] == [
        True,
        False,
    ]
