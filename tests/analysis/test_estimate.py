"""The estimate of the EIT to come: our own score with its interval, its biases named, and the exact levers."""

import ast
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from analysis import estimate, frame_library, official, scores, withholding
from analysis.counts import Tally
from analysis.estimate import Before
from analysis.findings import Rule
from analysis.official import Official
from analysis.reconcile import Result
from analysis.reconcile_tree import Cell
from analysis.scores import NOTHING, Scores
from tests.analysis.people import alike

ROOT = Path(__file__).parents[2]
RULE = Rule(Fraction(85), 3, 3, 3)
FRAME = frame_library.load(2570)


def measured(counted: Tally) -> Scores:
    found = scores.measure(counted, withholding.of_one(counted))
    return Scores("eit", "2570", date(2026, 11, 21), "self", found, found.overall, NOTHING)


def eit(year: int, hundredths: int) -> Official:
    cell = Cell("instrument", "EIT", "EIT")
    return official.build(frame_library.load(year), Result(year, {cell: hundredths}))


def test_the_estimate_is_the_score_of_those_who_answered_themselves() -> None:
    own = measured(alike(60))

    found = estimate.estimate(FRAME, own, RULE)

    assert found.score is own.headline
    assert (found.score.value, found.assisted, found.before) == (Fraction(80), NOTHING, None)
    assert found.score.interval is not None
    assert len(found.biases) == 4
    assert "LINE" in found.biases[0]
    assert "ช่วยกรอก" in found.biases[1]
    assert "ส่วนที่ 2" in found.biases[2]


def test_levers_are_exact_and_the_one_that_brings_most_comes_first() -> None:
    found = estimate.estimate(FRAME, measured(alike(60, e5=40, e9=90)), RULE)

    assert [lever.code for lever in found.levers] == ["e5", "e1", "e2", "e3", "e4", "e6", "e7", "e8", "e9"]
    e5, e9 = found.levers[0], found.levers[-1]
    assert (e5.of_eit, e5.of_total) == (Fraction(1, 9), Fraction(3, 90))
    assert (e5.to_keep, e5.to_perfect) == (Fraction(5), Fraction(20, 3))
    assert (e9.to_keep, e9.to_perfect) == (Fraction(0), Fraction(10, 9))
    assert e5.text.startswith("หน่วยงานมีการประชาสัมพันธ์")


def test_a_lever_moves_the_score_by_what_it_says() -> None:
    before, after = (measured(alike(60, e5=score)).headline.value for score in (40, 60))
    lever = estimate.estimate(FRAME, measured(alike(60, e5=40)), RULE).levers[0]

    assert before is not None
    assert after is not None
    assert after - before == 20 * lever.of_eit


def test_items_without_enough_answers_or_unknown_to_the_frame_are_no_levers() -> None:
    assert estimate.estimate(FRAME, measured(alike(29)), RULE).levers == ()
    assert "e9" not in {lever.code for lever in estimate.estimate(FRAME, measured(alike(60, e9=None)), RULE).levers}
    old = measured(alike(60))
    strange = Scores(
        *("eit", "2570", old.as_of, "self"),
        scores.Measured(60, 0, old.headline, (), (scores.ItemScore("e77", 6, old.headline),)),
        *(old.headline, NOTHING),
    )
    assert estimate.estimate(FRAME, strange, RULE).levers == ()


@pytest.mark.parametrize("year", frame_library.years())
def test_the_gradient_of_every_year_sums_to_one(year: int) -> None:
    gradient = estimate.gradient(frame_library.load(year))

    assert sum(of_eit for of_eit, _ in gradient.values()) == 1
    assert sum(of_total for _, of_total in gradient.values()) == Fraction(3, 10)


def test_the_gap_of_a_past_year_is_told_where_both_are_known() -> None:
    own = measured(alike(60))

    assert estimate.gap(eit(2569, 9120), own) == Before(2569, own.headline, Fraction("91.2"), Decimal("11.20"))
    assert estimate.gap(None, own) is None
    assert estimate.gap(eit(2569, 9120), measured(alike(29))) is None
    assert estimate.gap(eit(2569, 9120), measured(alike(0))) is None
    total = official.build(frame_library.load(2569), Result(2569, {Cell("total", "ITA", "total"): 9000}))
    assert estimate.gap(total, own) is None


def test_only_the_staffs_command_can_say_it() -> None:
    """Not the card, not the web, not the sheet, not a document."""
    users = {
        str(path.relative_to(ROOT))
        for room in ("bot", "survey", "analysis")
        for path in (ROOT / room).rglob("*.py")
        if "estimate" in (text := path.read_text("utf-8")) or "advice" in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom | ast.Import)
        and {"estimate", "advice", "analysis.estimate", "analysis.advice"}
        & {*(alias.name for alias in node.names), getattr(node, "module", "")}
    }

    assert users == {"bot/cli/analysis.py", "bot/cli/analysis_staff.py"}
