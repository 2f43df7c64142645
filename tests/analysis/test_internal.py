"""A year of our own survey from all sides: consistent with its figures, and nobody stands alone beside their words."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from analysis import figures, internal
from analysis.counts import Tally
from analysis.figures import ASSISTED, SELF, Cell, Counted
from analysis.internal import EIT, SATISFACTION, Comment, Internal
from survey import thai
from survey.settings import Office
from survey.thai import Period
from tests.analysis.people import alike
from tests.conftest import OFFICE

YEAR = thai.fiscal_period(2570)
TODAY = date(2027, 1, 15)
OCT, NOV, DEC, JAN = thai.months_of(2570)[:4]


def year(eit: Mapping[Cell, Tally], points: Mapping[Cell, Tally] | None = None, office: Office = OFFICE) -> Internal:
    counted = {EIT: Counted(EIT, eit, alike(0)), SATISFACTION: Counted(SATISFACTION, points or {}, alike(0))}
    return internal.build(counted, YEAR, office, TODAY)


def cell(month: Period, n: int, score: int = 80, mode: str = SELF, point: str = figures.NOWHERE) -> dict[Cell, Tally]:
    return {Cell(month, mode, point): alike(n, score)}


def test_the_months_begun_stand_in_order_each_against_the_one_before() -> None:
    found = year(cell(OCT, 40) | cell(NOV, 40, 90))

    assert [month for month, _ in found.eit.months] == [OCT, NOV, DEC, JAN]
    october, november, december, _ = (scores.headline for _, scores in found.eit.months)
    assert (october.value, november.value, december.value) == (Fraction(80), Fraction(90), None)
    assert november.change is not None
    assert (november.change.value, november.change.significant) == (Fraction(10), True)
    assert found.eit.whole.headline.value == 85


def test_it_says_what_figures_say() -> None:
    eit = cell(OCT, 40) | cell(OCT, 8, mode=ASSISTED)
    found = year(eit)
    counted = Counted(EIT, eit, alike(0))

    assert [found.eit.whole] == figures.figures(counted, YEAR, OFFICE, TODAY)
    assert list(found.eit.by_mode) == figures.figures(counted, YEAR, OFFICE, TODAY, figures.MODE)
    assert (found.eit.by_department, found.eit.by_point) == ((), ())


def test_the_satisfaction_survey_is_broken_down_by_department_and_point() -> None:
    found = year({}, cell(OCT, 9, point="tax") | cell(OCT, 7, point="permit"))

    assert [(s.group, s.measured.n) for s in found.satisfaction.by_point] == [
        *(("tax", 9), ("permit", 7)),
        ("eservice", 0),
    ]
    assert [(s.group, s.measured.n) for s in found.satisfaction.by_department] == [
        *(("clerk", 0), ("finance", 9)),
        ("works", 7),
    ]
    assert found.satisfaction.whole.measured.n == 16


def written(kind: str = EIT, month: Period = OCT, point: str = "", text: str = "ดี") -> Comment:
    return Comment(kind, month.key, point, text)


def test_a_comment_says_its_month_and_point_only_where_these_show_a_score() -> None:
    points = cell(OCT, 9, point="tax") | cell(OCT, 3, point="permit") | cell(OCT, 5, point="eservice") | cell(NOV, 3)
    found = year(cell(OCT, 9) | cell(NOV, 2), points)

    kept = internal.comments(
        found,
        [
            written(text="ก"),
            written(month=NOV, text="ข"),
            written(SATISFACTION, OCT, "tax", "ค"),
            written(SATISFACTION, OCT, "permit", "ง"),
            written(SATISFACTION, NOV, "tax", "จ"),
        ],
    )

    assert {(one.text, one.month, one.point) for one in kept} == {
        *(("ก", "2569-10", ""), ("ข", "", "")),
        *(("ค", "2569-10", "tax"), ("ง", "2569-10", ""), ("จ", "", "tax")),
    }
    assert list(kept) == sorted(kept, key=lambda c: (c.kind, c.month, c.point, c.text))


def test_comments_of_a_year_with_too_few_answers_are_not_shown() -> None:
    assert internal.comments(year(cell(OCT, 4)), [written(), written(SATISFACTION)]) == ()


def test_comments_are_masked_once_more() -> None:
    [one] = internal.comments(year(cell(OCT, 9)), [written(text="โทร 081-234-5678 ค่ะ")])

    assert one.text == "โทร [เบอร์โทร] ค่ะ"
