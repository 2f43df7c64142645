"""The one interval: right where tables exist, honest at the top of the scale, never without the score itself."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import intervals
from analysis.counts import Pattern
from analysis.intervals import Interval, of_average, of_change, of_mean, t_quantile

scores = st.sampled_from([0, 20, 40, 60, 80, 100])
responses = st.dictionaries(st.tuples(*[st.none() | scores] * 3), st.integers(1, 40), min_size=1, max_size=12).filter(
    lambda patterns: all(any(p[k] is not None for p in patterns) for k in range(3))
)


def mean_of(patterns: dict[Pattern, int]) -> float:
    means = []
    for k in range(len(next(iter(patterns)))):
        known = [(p[k] or 0, n) for p, n in patterns.items() if p[k] is not None]
        means.append(Fraction(sum(x * n for x, n in known), sum(n for _, n in known)))
    return float(sum(means, Fraction(0)) / len(means))


@pytest.mark.parametrize(
    ("probability", "degrees", "printed"),
    [
        (0.975, 1, 12.7062),
        (0.975, 2, 4.3027),
        (0.975, 5, 2.5706),
        (0.975, 11, 2.2010),
        (0.975, 30, 2.0423),
        (0.975, 120, 1.9799),
        (0.975, 1_000_000, 1.9600),
        (0.9, 3, 1.6377),
        (0.95, 10, 1.8125),
        (0.9995, 4, 8.6103),
        (0.9999, 1, 3183.0988),
        (0.5, 7, 0.0),
    ],
)
def test_t_quantiles_agree_with_printed_tables(probability: float, degrees: int, printed: float) -> None:
    assert t_quantile(probability, degrees) == pytest.approx(printed, abs=5e-5)


@pytest.mark.parametrize(("probability", "degrees"), [(0.4, 3), (1.0, 3), (0.975, 0)])
def test_a_t_quantile_that_does_not_exist_is_refused(probability: float, degrees: int) -> None:
    with pytest.raises(ValueError, match="no t quantile"):
        t_quantile(probability, degrees)


def test_ten_answers_of_100_do_not_prove_perfection() -> None:
    interval = of_mean({(100,): 10})

    assert 70 < interval.low < 80
    assert interval.high == 100


def test_the_interval_is_students_t_with_one_more_answer_at_each_end() -> None:
    answers = [0, 100] + [60] * 4 + [80] * 6
    mean = sum(answers) / 12
    half = 2.200985 * math.sqrt(sum((x - mean) ** 2 for x in answers) / 11 / 12)

    interval = of_mean({(60,): 4, (80,): 6})

    assert (interval.low, interval.high) == pytest.approx((mean - half, mean + half), abs=1e-4)


def test_people_who_answer_all_items_alike_make_the_indicator_no_surer_than_an_item() -> None:
    alone: dict[Pattern, int] = {(60,): 10, (80,): 20, (100,): 30}
    together: dict[Pattern, int] = {(60, 60, 60): 10, (80, 80, 80): 20, (100, 100, 100): 30}

    assert of_mean(together).low == pytest.approx(of_mean(alone).low)
    assert of_mean(together).high == pytest.approx(of_mean(alone).high)


def test_items_that_do_not_move_together_make_the_indicator_surer() -> None:
    apart: dict[Pattern, int] = {(60, 100): 30, (100, 60): 30}
    alike: dict[Pattern, int] = {(60, 60): 30, (100, 100): 30}

    assert _width(of_mean(apart)) < _width(of_mean(alike)) / 2


def test_asking_nearly_everybody_leaves_little_doubt() -> None:
    patterns: dict[Pattern, int] = {(60,): 30, (80,): 30, (100,): 30}

    assert _width(of_mean(patterns, population=100)) < _width(of_mean(patterns, population=10_000)) / 2
    assert _width(of_mean(patterns, population=10_000)) < _width(of_mean(patterns))


def test_a_population_smaller_than_the_answers_leaves_the_score_inside() -> None:
    interval = of_mean({(80,): 50, (100,): 50}, population=80)

    assert interval.low <= 90 <= interval.high


@pytest.mark.parametrize("patterns", [{}, {(None,): 3}, {(80, None): 3}])
def test_an_item_without_an_answer_has_no_interval(patterns: dict[Pattern, int]) -> None:
    with pytest.raises(ValueError, match="without an answer"):
        of_mean(patterns)


@given(responses, st.none() | st.integers(1, 2000))
def test_the_score_lies_in_its_interval_and_the_interval_on_the_scale(
    patterns: dict[Pattern, int], population: int | None
) -> None:
    interval = of_mean(patterns, population)

    assert 0 <= interval.low <= mean_of(patterns) <= interval.high <= 100


@given(responses, st.randoms())
def test_the_order_of_responses_is_irrelevant(patterns: dict[Pattern, int], rng: object) -> None:
    shuffled = list(patterns.items())
    rng.shuffle(shuffled)  # type: ignore[attr-defined]

    assert of_mean(dict(shuffled)) == of_mean(patterns)


@given(responses)
def test_more_people_who_answer_the_same_way_make_it_narrower(patterns: dict[Pattern, int]) -> None:
    tenfold = {pattern: 10 * n for pattern, n in patterns.items()}

    assert _width(of_mean(tenfold)) <= _width(of_mean(patterns)) + 1e-9


def test_the_average_of_scores_has_the_average_interval() -> None:
    assert of_average([Interval(80, 90), Interval(70, 100)]) == Interval(75, 95)


def test_the_interval_of_a_change_holds_both_doubts() -> None:
    change = of_change(Fraction(90), Interval(86, 93), Fraction(80), Interval(77, 84))

    assert change == Interval(10 - math.hypot(4, 4), 10 + math.hypot(3, 3))


def test_an_unchanged_score_has_a_change_that_includes_zero() -> None:
    same = of_mean({(80,): 20, (100,): 20})

    change = of_change(Fraction(90), same, Fraction(90), same)

    assert change.low < 0 < change.high


def test_the_beta_function_is_zero_at_the_left_end() -> None:
    assert t_quantile(0.5, 1) == 0
    assert intervals.CONFIDENCE == 0.95


def _width(interval: Interval) -> float:
    return interval.high - interval.low
