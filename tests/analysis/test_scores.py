"""Scores: the official means, missing counted and not averaged, small numbers withheld."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import counts, withholding
from analysis.counts import Tally
from analysis.scores import ENOUGH, Measured, Score, Scores, compare, measure
from analysis.withholding import Hidden, Reason
from tests.analysis.people import CODES, alike, block, tally

score = st.none() | st.sampled_from([0, 20, 40, 60, 80, 100])
person = st.fixed_dictionaries(dict.fromkeys(CODES, score))


def measured(found: Tally, population: int | None = None) -> Measured:
    return measure(found, withholding.of_one(found), population)


def item(found: Measured, code: str) -> Score:
    return next(i.score for i in found.items if i.code == code)


def indicator(found: Measured, number: int) -> Score:
    return next(i.score for i in found.indicators if i.number == number)


def test_missing_is_not_zero() -> None:
    found = measured(tally([{"e1": 80}] * 5 + [{"e1": None}]))

    e1 = item(found, "e1")
    assert (e1.n, e1.missing) == (5, 1)
    assert e1.value == 80


def test_an_indicator_is_the_unweighted_mean_of_its_item_means() -> None:
    first: list[Mapping[str, int | None]] = [{"e1": 100, "e2": 100, "e3": 0}] * 5
    found = measured(tally([*first, *[{"e1": 40, "e2": 100}] * 5]))

    assert [item(found, code).value for code in ("e1", "e2", "e3")] == [70, 100, 0]
    assert indicator(found, 6).value == Fraction(170, 3)


def test_an_indicator_counts_as_many_answers_as_its_least_answered_item() -> None:
    six = indicator(measured(tally([{"e1": 80, "e2": 80, "e3": 100}] * 7 + [{"e1": 80, "e2": 80}] * 3)), 6)

    assert (six.n, six.missing) == (7, 3)


def test_the_eit_is_the_mean_of_its_indicators_and_its_interval_holds_it() -> None:
    found = measured(tally([dict(zip(CODES, [100, 80, 100, 80, 80, 80, 60, 40, 20], strict=True))] * 40))

    assert found.overall.value == (Fraction(280, 3) + 80 + 40) / 3
    assert found.overall.interval is not None
    assert found.overall.interval.low <= float(found.overall.value) <= found.overall.interval.high
    assert (found.overall.n, found.overall.missing) == (40, 0)


def test_an_item_without_answers_makes_its_indicator_and_the_eit_unavailable_not_withheld() -> None:
    found = measured(alike(12, e9=None))

    assert item(found, "e9") == Score(0, 12)
    assert indicator(found, 8) == Score(0, 12)
    assert found.overall == Score(0, 12)
    assert indicator(found, 6).value == 80


@pytest.mark.parametrize("n", [1, 4])
def test_one_to_four_responses_show_nothing_at_all(n: int) -> None:
    found = measured(alike(n))

    withheld = Score(None, None, withheld=Reason.FEW)
    assert (found.n, found.household, found.overall) == (None, None, withheld)
    assert {i.score for i in found.items} | {i.score for i in found.indicators} == {withheld}


def test_five_responses_show_a_score() -> None:
    assert measured(alike(5)).overall.value == 80


def test_no_responses_are_no_data_and_no_secret() -> None:
    found = measured(alike(0))

    assert (found.n, found.overall) == (0, Score(0, 0))


def test_an_item_with_few_answers_hides_its_indicator_and_the_eit_or_it_could_be_subtracted() -> None:
    found = measured(tally([dict.fromkeys(CODES, 80)] * 4 + [{**dict.fromkeys(CODES, 80), "e2": None}] * 20))

    withheld = Score(None, None, withheld=Reason.FEW)
    assert (item(found, "e2"), indicator(found, 6), found.overall) == (withheld,) * 3
    assert {item(found, "e1").value, indicator(found, 7).value} == {Fraction(80)}


def test_what_covers_another_cell_says_so() -> None:
    found = measure(alike(20), Hidden(items={"e1": Reason.COVER}))

    assert indicator(found, 6).withheld is Reason.COVER
    assert found.overall.withheld is Reason.COVER
    assert measure(alike(20), Hidden(Reason.COVER)).overall.withheld is Reason.COVER


def test_an_instrument_without_indicators_has_no_overall_score() -> None:
    assert measure(Tally(9, 0, ()), Hidden()).overall == Score(0, 0)


def test_a_change_is_the_difference_to_the_period_before() -> None:
    found = compare(measured(alike(100, 100)), measured(alike(40, 80)))

    change = found.overall.change
    assert change is not None
    assert change.value == 20
    assert (change.n, change.significant) == (40, True)
    assert item(found, "e5").change is not None


def test_a_small_change_of_few_answers_is_not_significant() -> None:
    found = compare(measured(alike(30, 80)), measured(alike(30, 100)))
    same = compare(measured(alike(30, 80)), measured(alike(30, 80)))

    assert found.overall.change is not None
    assert found.overall.change.significant
    assert same.overall.change is not None
    assert not same.overall.change.significant


@pytest.mark.parametrize("before", [alike(0), alike(4), Tally(9, 0, ())])
def test_there_is_no_change_since_a_period_that_shows_nothing(before: Tally) -> None:
    found = compare(measured(alike(50)), measured(before))

    assert found.overall.change is None
    assert item(found, "e1").change is None
    assert indicator(found, 6).change is None


def test_a_withheld_score_has_no_change() -> None:
    assert compare(measured(alike(4)), measured(alike(50))).overall.change is None


def test_the_weakest_item_is_named_from_thirty_answers() -> None:
    assert weakest(alike(ENOUGH, e8=20)) == "e8"
    assert weakest(alike(ENOUGH - 1, e8=20)) is None


def test_no_item_is_weakest_when_all_are_alike_or_hidden() -> None:
    assert weakest(alike(50)) is None
    assert weakest(tally([{"e1": 80}] * 5 + [{}] * 50)) is None


@given(st.lists(person, max_size=40), st.randoms())
def test_the_order_of_responses_is_irrelevant(people: list[dict[str, int | None]], rng: object) -> None:
    shuffled = list(people)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]

    assert measured(tally(people)) == measured(tally(shuffled))


@given(st.lists(person, min_size=5, max_size=30), st.integers(1, 20))
def test_people_who_skip_an_item_never_change_its_mean(people: list[dict[str, int | None]], skipping: int) -> None:
    before = measured(tally(people))
    after = measured(tally([*people, *[dict.fromkeys(CODES)] * skipping]))

    for old, new in zip(before.items, after.items, strict=True):
        assert old.score.value == new.score.value
        assert old.score.missing is None or new.score.missing == old.score.missing + skipping


@given(st.lists(person, max_size=30), st.none() | st.integers(1, 100))
def test_every_shown_score_lies_in_its_interval_and_rests_on_five_answers(
    people: list[dict[str, int | None]], population: int | None
) -> None:
    found = measured(tally(people), population)

    for one in [found.overall, *(i.score for i in found.items), *(i.score for i in found.indicators)]:
        if one.value is not None:
            assert one.n is not None
            assert one.n >= 5
            assert one.interval is not None
            assert one.interval.low - 1e-9 <= one.value <= one.interval.high + 1e-9


def test_tallies_add_up_item_by_item_when_versions_ask_different_items() -> None:
    old = Tally(2, 1, (block([(80, 60)] * 2, ("e1", "e2")),))
    new = Tally(3, 0, (block([(100, None)] * 3, ("e1", "e3")),))

    both = counts.total([old, new])

    assert (both.n, both.household) == (5, 1)
    assert both.blocks[0].codes == ("e1", "e2", "e3")
    assert both.blocks[0].asked == (5, 2, 3)
    assert both.answered == {"e1": 5, "e2": 2, "e3": 0}


def test_an_item_left_out_was_not_asked() -> None:
    without = counts.without_item(alike(9), "e4")

    assert without.answered["e4"] == 0
    assert without.blocks[1].asked == (0, 9, 9)
    assert without.blocks[0] == alike(9).blocks[0]


def weakest(found: Tally) -> str | None:
    values = measured(found)
    scores = Scores("eit", "2570-02", date(2027, 3, 1), "self", values, values.overall, Score(0, 0))
    assert replace(scores, group="assisted").weakest == scores.weakest
    return scores.weakest.code if scores.weakest else None
