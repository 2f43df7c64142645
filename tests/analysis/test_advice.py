"""How many more answers: by the one interval, never below nothing, and right when they come."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import advice, intervals, scores, withholding
from analysis.advice import Advice, Need
from analysis.counts import Tally
from tests.analysis.people import CODES, alike, tally


def advised(counted: Tally, population: int | None = None, within: float = 2.0) -> Advice:
    measured = scores.measure(counted, withholding.of_one(counted), population)
    return advice.advise(counted, measured, population, within)


def mixed(n: int) -> Tally:
    return tally([dict.fromkeys(CODES, (100, 80, 60, 100, 40)[k % 5]) for k in range(n)])


def test_a_score_known_well_enough_needs_no_more() -> None:
    found = advised(alike(4000, 80))

    assert (found.n, found.overall.more) == (4000, 0)
    assert found.overall.within is not None
    assert found.overall.within <= 2


def test_the_advice_is_by_the_interval_that_is_shown() -> None:
    found = advised(mixed(50))

    now = found.overall
    assert now.score.interval is not None
    assert now.score.value is not None
    assert now.within == pytest.approx(now.score.interval.high - float(now.score.value), abs=9)
    assert now.within == advice.reach(now.score.interval, now.score.value)
    assert now.more is not None
    assert 300 < now.more < 1500
    assert [(number, title[:5]) for number, title, _ in found.indicators] == [(6, "คุณภา"), (7, "ประสิ"), (8, "การปร")]


def test_as_many_more_of_the_same_bring_the_score_within_reach_and_fewer_do_not() -> None:
    [(_, _, need), *_] = advised(mixed(50)).indicators

    assert need.more is not None
    enough = advised(mixed(50 + need.more)).indicators[0][2]
    short = advised(mixed(50 + need.more - 25)).indicators[0][2]
    assert enough.within == pytest.approx(2.0, abs=0.05)
    assert short.within is not None
    assert short.within > 2.0


@pytest.mark.parametrize("n", [0, 3])
def test_without_answers_or_with_too_few_there_is_no_advice(n: int) -> None:
    found = advised(alike(n))

    assert {(need.within, need.more) for need in (found.overall, *(one[2] for one in found.indicators))} == {
        (None, None)
    }


def test_few_service_users_need_fewer_answers() -> None:
    everybody, few = advised(mixed(50)).overall.more, advised(mixed(50), population=300).overall.more

    assert everybody is not None
    assert few is not None
    assert few < everybody
    assert 50 + few <= 300


def test_when_even_all_service_users_would_not_do_it_is_said() -> None:
    half = tally([dict.fromkeys(CODES, 100 if k % 2 else 20) if k % 4 < 2 else {} for k in range(40)])

    assert advised(half, population=60).overall.more is None
    assert advised(half, population=25).overall.more is None
    assert advised(half).overall.more is not None


def test_the_overall_score_needs_all_indicators() -> None:
    found = advised(alike(40, 80, e9=None))

    assert found.overall == Need(found.overall.score, None, None)
    assert found.indicators[0][2].more is not None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([0, 20, 60, 80, 100]), min_size=5, max_size=60), st.sampled_from([2.0, 5.0]))
def test_the_advice_is_the_least_that_fits(answers: list[int], within: float) -> None:
    counted = tally([dict.fromkeys(CODES, score) for score in answers])
    block, n = counted.blocks[0], len(answers)
    need = advised(counted, within=within).indicators[0][2]
    assert need.more is not None
    assert need.score.value is not None

    def reached(total: int) -> float:
        grown = advice.grown(block.patterns, Fraction(total, n))
        assert sum(grown.values()) == total
        return advice.reach(intervals.of_mean(grown), need.score.value or Fraction(0))

    assert reached(n + need.more) <= within
    if need.more:
        assert reached(n + need.more - 1) > within
