"""Keep or improve, strong or weak, by the rule; the rule as data."""

from fractions import Fraction
from typing import Any

import pytest

from analysis import findings, frame_library, official, rule_file, rule_library
from analysis.findings import Finding, Findings, Rule, Verdict, Why
from analysis.reconcile import Result
from analysis.reconcile_tree import Cell
from analysis.rule_file import RuleError
from survey.settings import Office
from tests.analysis.published import published

RULE = Rule(Fraction(85), 2, 2, 2)


def of(scores: dict[Cell, int], rule: Rule = RULE, year: int = 2567) -> Findings:
    return findings.findings(official.build(frame_library.load(year), Result(year, scores)), rule)


def iit(*hundredths: int) -> dict[Cell, int]:
    return {Cell("item", "IIT", f"i{n}"): score for n, score in enumerate(hundredths, 1)}


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [one.code for one in found]


def verdict(found: Findings, code: str) -> tuple[Verdict, Why | None]:
    one = next(one for one in found.items if one.code == code)
    return one.verdict, one.why


def test_below_the_mark_is_improved_and_above_kept_and_without_a_score_nothing_is_said() -> None:
    found = of(iit(8499, 8500, 10000), Rule(Fraction(85), 0, 3, 3))

    assert verdict(found, "i1") == (Verdict.IMPROVE, Why.BELOW)
    assert verdict(found, "i2") == (Verdict.KEEP, None)
    assert verdict(found, "i4") == (Verdict.UNKNOWN, None)


def test_the_lowest_are_improved_anyway_with_all_that_tie_but_a_perfect_score_never() -> None:
    found = of(iit(9700, 9800, 9800, 9900, 10000))

    assert codes(found.to_improve) == ["i1", "i2", "i3"]
    assert verdict(found, "i1") == (Verdict.IMPROVE, Why.LOWEST)
    assert of(iit(10000, 10000)).to_improve == ()


def test_the_two_part_average_decides() -> None:
    found = of({Cell("item", "EIT1", "e7"): 10000, Cell("item", "EIT2", "e7"): 6800}, Rule(Fraction(85), 0, 3, 3))

    e7 = next(one for one in found.items if one.code == "e7")
    assert (e7.verdict, e7.mean and str(e7.mean.shown)) == (Verdict.IMPROVE, "84.00")
    assert {part: str(score.shown) for part, score in e7.score_by_part.items()} == {"EIT1": "100.00", "EIT2": "68.00"}
    assert (e7.family, e7.indicator, e7.issue_numbers, e7.verified) == ("EIT", 8, (2,), True)
    assert e7.title.startswith("หน่วยงานมีการเปิดโอกาส")


def test_strengths_are_the_highest_kept_and_weaknesses_the_lowest_to_improve() -> None:
    found = of(iit(9000, 8000, 9900, 7000, 9500, 8400), Rule(Fraction(85), 0, 2, 2))

    assert codes(found.strengths) == ["i3", "i5"]
    assert codes(found.weaknesses) == ["i4", "i2"]
    assert codes(found.to_improve) == ["i4", "i2", "i6"]


def test_ties_are_named_with_the_last_unless_they_are_too_many() -> None:
    assert codes(of(iit(9900, 9800, 9800, 9700), Rule(Fraction(85), 0, 2, 0)).strengths) == ["i1", "i2", "i3"]
    assert codes(of(iit(*[9800] * 5), Rule(Fraction(85), 0, 2, 0)).strengths) == ["i1", "i2"]
    assert of(iit(8000), Rule(Fraction(85), 0, 2, 0)).weaknesses == ()


def test_without_items_the_indicators_are_judged() -> None:
    found = of(published("don-2566-2567")[2567])

    assert codes(found.to_improve) == ["8", "1"]
    assert codes(found.strengths) == ["9", "10"]
    eight = next(one for one in found.indicators if one.code == "8")
    assert (eight.level, eight.title, eight.family, eight.issue_numbers) == (
        *("indicator", "การปรับปรุงการทำงาน", "EIT"),
        (2,),
    )


def test_nothing_published_says_nothing() -> None:
    found = of({Cell("total", "ITA", "total"): 9000})

    assert (found.to_improve, found.strengths, found.weaknesses) == ((), (), ())


def test_every_issue_has_its_items_in_order_and_a_verdict() -> None:
    issues = findings.by_issue(of(published("phrathaen-2567")[2567]))

    assert [one.issue.number for one in issues] == [1, 2, 3, 4, 5, 6, 7]
    assert codes(issues[1].findings) == ["e1", "e2", "e3", "e7", "e8", "e9", "o11", "o12", "o13", "o25"]
    assert issues[0].verdict is Verdict.IMPROVE
    assert codes(issues[0].to_improve) == ["i1", "i2"]
    assert issues[3].verdict is Verdict.KEEP
    assert findings.by_issue(of(iit(9000)))[6].verdict is Verdict.UNKNOWN
    assert findings.by_issue(of(iit(9000), year=2566)) == ()


def test_an_item_of_several_issues_stands_in_each() -> None:
    found = of(published("phrathaen-2567")[2567])

    e1 = next(one for one in found.items if one.code == "e1")
    assert e1.issue_numbers == (1, 2)
    assert all(e1 in one.findings for one in findings.by_issue(found)[:2])


def test_what_no_source_confirms_says_so() -> None:
    found = of(iit(9000), year=2570)

    assert not any(one.verified for one in (*found.items, *found.indicators))


@pytest.mark.parametrize(
    ("table", "rule"),
    [
        ({"keep_from": 85, "lowest": 3, "strengths": 3, "weaknesses": 4}, Rule(Fraction(85), 3, 3, 4)),
        ({"keep_from": "๘๗.๕", "lowest": "๐", "strengths": "50", "weaknesses": "1"}, Rule(Fraction("87.5"), 0, 50, 1)),
    ],
)
def test_a_rule_is_data(table: dict[str, Any], rule: Rule) -> None:
    assert rule_file.build(table, "a.toml") == rule


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"keep": 1}, "a.toml: 'keep' is no part of the rule; known are keep_from, lowest, strengths, weaknesses"),
        ({"keep_from": None}, "a.toml: keep_from is None; write a number from 0 to 100"),
        ({"keep_from": "101"}, "a.toml: keep_from is '101'"),
        ({"keep_from": True}, "a.toml: keep_from is True"),
        ({"keep_from": 87.5}, "a.toml: keep_from is 87.5"),
        ({"lowest": "many"}, "a.toml: lowest is 'many'; write a whole number from 0 to 50"),
        ({"weaknesses": 51}, "a.toml: weaknesses is 51"),
    ],
)
def test_a_fault_in_a_rule_is_named(change: dict[str, Any], said: str) -> None:
    good = {"keep_from": 85, "lowest": 3, "strengths": 3, "weaknesses": 3}

    with pytest.raises(RuleError) as found:
        rule_file.build(good | change, "a.toml")
    assert str(found.value).startswith(said)


def test_the_default_rule_and_an_offices_own() -> None:
    assert rule_library.load() == Rule(Fraction(85), 3, 3, 3)
    assert rule_library.of(Office(report={"keep_from": "90", "head": "ผู้บริหาร"})) == Rule(Fraction(90), 3, 3, 3)
    with pytest.raises(RuleError, match=r"\[report\] of the office file: lowest is 'x'"):
        rule_library.of(Office(report={"lowest": "x"}))
