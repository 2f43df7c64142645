"""The display rule, as people read it."""

from decimal import Decimal
from fractions import Fraction

import pytest

from analysis.display import half_up, heading, show
from analysis.intervals import Interval
from analysis.scores import Change, Score
from analysis.withholding import Reason
from survey import thai


def score(n: int, value: Fraction, change: Change | None = None) -> Score:
    return Score(n, 3, value, Interval(80.125, 90.5), change)


def moved(by: str, low: float, high: float, n: int = 100) -> Change:
    return Change(Fraction(by), Interval(low, high), n)


def test_under_five_answers_a_sentence_stands_in_place_of_the_score() -> None:
    assert show(Score(None, None, withheld=Reason.FEW)).words == "ผู้ตอบยังไม่ครบ 5 คน ยังไม่แสดงคะแนน"


def test_a_cell_that_covers_another_is_not_said_to_have_few_answers() -> None:
    assert show(Score(None, None, withheld=Reason.COVER)).words == "ไม่แสดงคะแนน เพื่อปกปิดกลุ่มที่มีผู้ตอบน้อย"


def test_a_part_without_answers_has_no_data() -> None:
    assert show(Score(0, 7)).words == "ไม่มีข้อมูล"


@pytest.mark.parametrize("n", [5, 12, 29])
def test_few_answers_give_a_whole_number_with_its_range_and_no_arrow(n: int) -> None:
    shown = show(score(n, Fraction("84.5"), moved("9", 5, 13)))

    assert shown.words == f"85 (80–91) ข้อมูลยังน้อย ({n} คน)"
    assert shown.number == 85


def test_from_thirty_answers_there_are_two_decimals() -> None:
    shown = show(score(30, Fraction(253, 3)))

    assert (shown.words, shown.number) == ("84.33 (80.13–90.50)", Decimal("84.33"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (moved("2.1", 0.1, 4.1), "▲ เพิ่มขึ้น 2.10"),
        (moved("-1.5", -2, -1), "▼ ลดลง 1.50"),
        (moved("1.5", -0.5, 3.5), "ยังไม่ต่างชัดเจน"),
        (moved("0", 0, 0), "ยังไม่ต่างชัดเจน"),
        (moved("30", 20, 40, n=29), ""),
        (None, ""),
    ],
)
def test_an_arrow_stands_only_where_the_interval_of_the_change_excludes_zero(change: Change | None, words: str) -> None:
    assert show(score(60, Fraction(80), change)).change == words


@pytest.mark.parametrize(
    ("number", "places", "printed"),
    [
        (Fraction("84.495"), 2, "84.50"),
        (Fraction("84.4949"), 2, "84.49"),
        (Fraction("84.5"), 0, "85"),
        (Fraction("84.495"), 0, "84"),
        (Fraction("2.675"), 2, "2.68"),
        (Fraction("-0.005"), 2, "-0.01"),
        (Fraction(100), 2, "100.00"),
        (99.999, 2, "100.00"),
        (0.0, 2, "0.00"),
    ],
)
def test_rounding_is_half_up_and_from_the_exact_number(number: Fraction | float, places: int, printed: str) -> None:
    assert str(half_up(number, places)) == printed


def test_a_period_is_headed_by_its_place_in_the_fiscal_year() -> None:
    assert heading(thai.parse_month("2569-02")) == "ก.พ. 69 · เดือนที่ 5 ของปีงบฯ 2569"
    assert heading(thai.fiscal_period(2569)) == "ปีงบประมาณ 2569"
