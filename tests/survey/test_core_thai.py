"""Thai dates, digits and the fiscal year."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import thai

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "year", "month"),
    [(date(2026, 10, 1), 2570, 1), (date(2026, 9, 30), 2569, 12), (date(2027, 2, 28), 2570, 5)],
)
def test_the_fiscal_year_begins_in_october_and_is_named_after_its_end(day: date, year: int, month: int) -> None:
    assert thai.fiscal_year(day) == year
    assert thai.month_of(day).fiscal_month == month
    assert thai.fiscal_period(year).start <= day < thai.fiscal_period(year).end


@given(DAYS)
def test_every_day_is_in_its_month_its_half_and_its_year(day: date) -> None:
    year, half, window = thai.half_year(day)

    assert window.start <= day < window.end
    assert half in (1, 2)
    assert thai.month_of(day) in thai.months_of(year)
    assert thai.parse_month(thai.month_of(day).key) == thai.month_of(day)
    assert thai.month_of(day).previous().end == thai.month_of(day).start
    assert thai.month_of(day).fiscal_year == year


@pytest.mark.parametrize(
    "typed", ["2569-02", "2026-02", "ก.พ. 69", "กพ 69", "กุมภาพันธ์ ๒๕๖๙", "ก.พ. 2569", "ก.พ.69", " 2026-2 "]
)
def test_a_month_is_read_however_it_is_written(typed: str) -> None:
    assert thai.parse_month(typed).label == "ก.พ. 69"


@pytest.mark.parametrize("typed", ["", "2569", "2569-13", "2569-00", "0001-01", "9999-01", "feb", "ก.พ.", "ก.พ. 699"])
def test_what_is_no_month_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match="not a month"):
        thai.parse_month(typed)


def test_periods_name_themselves() -> None:
    year = thai.fiscal_period(2570)

    assert (year.key, year.label) == ("2570", "ปีงบประมาณ 2570")
    assert year.previous() == thai.fiscal_period(2569)
    assert not year.is_month
    assert thai.months_of(2570)[-1].label == "ก.ย. 70"
    assert thai.long_date(date(2026, 11, 21)) == "21 พฤศจิกายน 2569"


@pytest.mark.parametrize(
    ("letter", "number", "key", "label", "months", "before"),
    [
        ("q", 2, "2570-q2", "ไตรมาสที่ 2 ปีงบประมาณ 2570", "ม.ค. 70 ก.พ. 70 มี.ค. 70", "2570-q1"),
        ("q", 1, "2570-q1", "ไตรมาสที่ 1 ปีงบประมาณ 2570", "ต.ค. 69 พ.ย. 69 ธ.ค. 69", "2569-q4"),
        ("h", 1, "2570-h1", "ครึ่งปีที่ 1 ปีงบประมาณ 2570", "ต.ค. 69 พ.ย. 69 ธ.ค. 69 ม.ค. 70 ก.พ. 70 มี.ค. 70", "2569-h2"),
    ],
)
def test_quarters_and_halves_of_the_fiscal_year(
    letter: str, number: int, key: str, label: str, months: str, before: str
) -> None:
    period = thai.part_of(2570, letter, number)

    assert (period.key, period.label, period.previous().key) == (key, label, before)
    assert " ".join(month.label for month in thai.months_within(period)) == months


@given(DAYS)
def test_the_parts_of_a_year_follow_each_other_without_gap(day: date) -> None:
    year = thai.fiscal_year(day)
    for letter, each in (("q", 4), ("h", 2)):
        parts = [thai.part_of(year, letter, n + 1) for n in range(each)]
        assert [p.start for p in parts[1:]] == [p.end for p in parts[:-1]]
        assert (parts[0].start, parts[-1].end) == (thai.fiscal_period(year).start, thai.fiscal_period(year).end)
        assert [p.previous() for p in parts[1:]] == parts[:-1]


def test_the_day_is_the_day_in_bangkok() -> None:
    assert thai.bangkok_date(datetime(2026, 11, 20, 17, 0, tzinfo=UTC)) == date(2026, 11, 21)
    assert thai.bangkok_date(datetime(2026, 11, 20, 17, 0, tzinfo=UTC) - timedelta(seconds=1)) == date(2026, 11, 20)


@given(st.text())
def test_digits_change_one_for_one(text: str) -> None:
    assert len(thai.thai_digits(text)) == len(thai.arabic_digits(text)) == len(text)
    assert thai.arabic_digits(thai.thai_digits("2570-02")) == "2570-02"
