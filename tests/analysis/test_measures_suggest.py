"""Which measures are suggested: by the official result's own rule, or by the own survey, never mixed up."""

from datetime import date
from fractions import Fraction

import pytest

from analysis import figures, findings, measures_library, measures_suggest, official, rule_library
from analysis.counts import Tally
from analysis.figures import Cell, Counted
from analysis.findings import Findings
from analysis.measures_suggest import Suggestions, Wanted, Weak
from analysis.reconcile import Result
from analysis.reconcile_tree import Cell as Place
from survey import thai
from survey.settings import Department, Office
from tests.analysis.people import FEB, alike

FRAMES = measures_library.frames()
BANK = measures_library.load()
OFFICE = Office(departments=(Department("works", "กองช่าง", ("e4", "e7")),))


def judged(year: int = 2567, level: str = "item", **scores: str) -> Findings:
    """The findings of a result with these scores: ``e4="80.00"``, every part of an EIT alike; ``_7`` an indicator."""
    frame = FRAMES[year]
    printed = {}
    for name, score in scores.items():
        code = name.strip("_")
        family = {"e": "EIT", "i": "IIT", "o": "OIT"}.get(code[0]) or (
            "IIT" if int(code) < 6 else "EIT" if int(code) < 9 else "OIT"
        )
        for part in frame.parts(family):
            printed[Place(level, part.code, code)] = int(Fraction(score) * 100)
    result = official.build(frame, Result(year, printed, None))
    return findings.findings(result, rule_library.of(Office()))


def suggest(weak: tuple[Weak, ...], year: int = 2567, each: int = 1, target: int = 2570) -> Suggestions:
    return measures_suggest.suggest(weak, BANK, FRAMES[year], FRAMES, Wanted(target, OFFICE, each))


def ids(found: Suggestions) -> list[str]:
    return [one.measure.id for one in found.chosen]


def weak(code: str, *issues: int, score: int = 50) -> Weak:
    return Weak(code, "", Fraction(score), issues)


def test_without_a_count_all_that_the_rule_says_to_improve_is_weak() -> None:
    found = measures_suggest.of_findings(judged(e1="90", e4="80", e7="70", i1="99", i2="100"))

    assert [(one.code, int(one.score)) for one in found] == [("e7", 70), ("e4", 80), ("e1", 90)]
    assert found[0].issues == (2,)
    assert found[1].title == FRAMES[2567].items["e4"].text


def test_a_count_takes_the_lowest_but_never_a_perfect_score() -> None:
    scores = judged(e1="100", e4="96", e7="97", i1="99", i2="98", i3="95")

    assert [one.code for one in measures_suggest.of_findings(scores, 2)] == ["i3", "e4"]
    assert len(measures_suggest.of_findings(scores, 50)) == 5


def test_where_a_result_gives_no_items_its_indicators_are_weak() -> None:
    found = measures_suggest.of_findings(judged(level="indicator", _6="93.48", _7="92.82", _8="79.44", _9="100"), 2)

    assert [(one.code, one.title) for one in found] == [
        ("8", "การปรับปรุงการทำงาน"),
        ("7", "ประสิทธิภาพการสื่อสาร"),
    ]


def test_an_indicator_gets_a_measure_for_each_of_its_items() -> None:
    [indicator] = measures_suggest.of_findings(judged(level="indicator", _8="79.44"), 1)

    found = suggest((indicator,))

    assert ids(found) == ["2570-e7-1", "2570-e8-1", "2570-e9-1"]
    assert [one.measure.item_code for one in found.chosen] == ["e7", "e8", "e9"]
    assert len(suggest((indicator,), each=2).chosen) == 6


def test_an_indicator_of_a_year_whose_items_are_others_is_registered_under_its_number() -> None:
    [indicator] = measures_suggest.of_findings(judged(2566, "indicator", _8="73.84"), 1)

    assert [one.measure.item_code for one in suggest((indicator,), 2566).chosen] == ["8", "8", "8"]


def test_a_measure_is_filled_in_for_the_year_and_the_owner_of_the_item() -> None:
    [one] = suggest((weak("e4", 3),)).chosen

    assert (one.measure.id, one.measure.fiscal_year, one.measure.item_code) == ("2570-e4-1", 2570, "e4")
    assert (one.measure.issue, one.measure.status, one.measure.progress) == (3, "planned", 0)
    assert one.measure.responsible == "กองช่าง"
    assert one.measure.period == "ตุลาคม 2569 - มีนาคม 2570"
    assert len(one.measure.steps) >= 3


def test_an_item_nobody_owns_leaves_the_department_open() -> None:
    [one] = suggest((weak("e1", 1, 2),)).chosen

    assert one.measure.responsible == "ส่วนราชการที่รับผิดชอบ"


def test_no_brace_is_left_in_any_measure() -> None:
    everything = tuple(weak(code) for code in FRAMES[2567].items)

    found = suggest(everything, each=5)

    assert "{" not in str(found)
    assert len(found.chosen) == len(BANK)
    assert found.bare == ()


def test_one_measure_that_answers_several_questions_stands_once_under_the_weakest() -> None:
    found = suggest((weak("o2", 3, score=0), weak("o5", 3, score=0)))

    [one] = found.chosen
    assert (one.measure.id, one.measure.item_code) == ("2570-o-i3-1", "o2")
    assert [w.code for w in one.weak] == ["o2", "o5"]


@pytest.mark.parametrize(
    ("code", "issues", "issue"),
    [
        ("e1", (1, 2), 1),  # the entry's, which is one of the item's
        ("o25", (7,), 7),  # the entry is of two issues: the item's one
        ("e1", (), 1),  # the year does not say: the entry's
        ("o30", (), 7),
    ],
)
def test_the_issue_is_that_of_the_measure_and_the_item(code: str, issues: tuple[int, ...], issue: int) -> None:
    [one] = suggest((weak(code, *issues),)).chosen

    assert one.measure.issue == issue


def test_a_measure_for_anything_takes_the_issue_of_the_item_or_none() -> None:
    found = suggest((weak("o3", score=0),), 2569)

    assert [(one.measure.id, one.measure.issue) for one in found.chosen] == [("2570-o-all-1", 0)]


def test_what_the_bank_has_nothing_for_is_said() -> None:
    found = measures_suggest.suggest((weak("e4"),), (), FRAMES[2567], FRAMES, Wanted(2570, OFFICE))

    assert (found.chosen, [one.code for one in found.bare]) == ((), ["e4"])


def survey(*tallies: Tally) -> tuple[Weak, ...]:
    cells = {Cell(thai.month_of(FEB), "self"): tallies[0]}
    counted = Counted("eit", cells, alike(0))
    [scores] = figures.figures(counted, thai.fiscal_period(2570), OFFICE, date(2027, 3, 1))
    return measures_suggest.of_survey(scores, FRAMES[2570], None if len(tallies) == 1 else 1)


def test_the_own_survey_names_its_three_lowest_items_or_as_many_as_asked_for() -> None:
    answers = alike(30, 80, e4=20, e7=40, e9=60, e3=100)

    assert [(one.code, int(one.score)) for one in survey(answers)] == [("e4", 20), ("e7", 40), ("e9", 60)]
    assert [one.code for one in survey(answers, answers)] == ["e4"]
    assert survey(answers)[0].title == FRAMES[2570].items["e4"].text
    assert survey(answers)[0].issues == (3,)


def test_too_few_answers_and_perfect_items_name_nothing() -> None:
    assert survey(alike(29, 20)) == ()
    assert survey(alike(30, 100)) == ()
    assert survey(alike(0)) == ()
