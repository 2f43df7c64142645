"""The one 95 % interval that every score of ours carries, made from a tally. Pure; no SciPy.

Scores here sit near the top of their scale: ten answers of 100 have a sample variance of nothing, and an ordinary t
interval would claim certainty. So each mean is taken as if one more person had given the lowest score everywhere and
one more the highest. The interval is Student's t around that mean, shrunk by the finite-population correction where
the number of service users is known, cut off at the ends of the scale, and widened so that it includes the score
itself. ``bench/coverage.py`` measures how often it covers the truth.

An indicator is the unweighted mean of its item means, and its items were answered by the same people. Its variance
comes from what each response contributes to that mean (its influence): the sum over its answered items of
(answer - item mean) / (answers to the item * items). For a single item this is the ordinary variance of a mean.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from statistics import NormalDist

from analysis.counts import HIGHEST, LOWEST, Pattern

CONFIDENCE = 0.95
_CLOSE = 1e-15


@dataclass(frozen=True, slots=True)
class Interval:
    """``low`` to ``high``, on the scale of the scores (0-100) or of their differences."""

    low: float
    high: float


def of_mean(patterns: Mapping[Pattern, int], population: int | None = None) -> Interval:
    """The interval of the unweighted mean of item means. Every item needs an answer, else ValueError.

    ``population``: how many people use the services, when it is known; the interval shrinks as all are asked.
    """
    length = len(next(iter(patterns), ()))
    answers = [sum(0 if p[k] is None else c for p, c in patterns.items()) for k in range(length)]
    if not answers or not all(answers):
        raise ValueError("an item without an answer has no interval")
    sums = [sum((p[k] or 0) * c for p, c in patterns.items()) for k in range(length)]
    score = float(sum(Fraction(s, n) for s, n in zip(sums, answers, strict=True)) / length)
    centre, spread = _with_two_more(patterns, answers, sums)
    fewest = min(answers)
    half = t_quantile((1 + CONFIDENCE) / 2, fewest + 1) * spread * _correction(fewest, population)
    return Interval(max(LOWEST, min(centre - half, score)), min(HIGHEST, max(centre + half, score)))


def of_average(parts: Sequence[Interval]) -> Interval:
    """The interval of the mean of several scores that the same people gave.

    Its half-width is the mean of theirs: never too narrow, however strongly the parts move together, since the
    deviation of a sum is at most the sum of the deviations; and hardly too wide, since answers of one person do.
    """
    return Interval(math.fsum(p.low for p in parts) / len(parts), math.fsum(p.high for p in parts) / len(parts))


def of_change(now: Fraction, here: Interval, before: Fraction, there: Interval) -> Interval:
    """The interval of ``now - before`` for two independent periods, from their own intervals (Zou and Donner)."""
    change = float(now - before)
    below = math.hypot(float(now) - here.low, there.high - float(before))
    above = math.hypot(here.high - float(now), float(before) - there.low)
    return Interval(change - below, change + above)


@lru_cache(maxsize=8192)
def t_quantile(probability: float, degrees: int) -> float:
    """Student's t quantile for 0.5 <= ``probability`` < 1 and ``degrees`` >= 1, to about ten digits."""
    if not (0.5 <= probability < 1 and degrees >= 1):
        raise ValueError(f"no t quantile for probability {probability} and {degrees} degrees of freedom")
    low, high = 0.0, 2.0
    while _t_cdf(high, degrees) < probability:
        high *= 2
    z = NormalDist().inv_cdf(probability)
    guess = min(max(z + (z**3 + z) / (4 * degrees), low), high)
    last = math.inf
    while abs(guess - last) > 1e-12 * (1 + guess):
        excess = _t_cdf(guess, degrees) - probability
        low, high = (low, guess) if excess > 0 else (guess, high)
        step = guess - excess / _t_density(guess, degrees)
        last, guess = guess, step if low <= step <= high else (low + high) / 2
    return guess


def _with_two_more(patterns: Mapping[Pattern, int], answers: list[int], sums: list[int]) -> tuple[float, float]:
    """Mean and standard error with one more respondent at the lowest and one at the highest score of every item."""
    length = len(answers)
    counts = [n + 2 for n in answers]
    means = [(s + LOWEST + HIGHEST) / n for s, n in zip(sums, counts, strict=True)]
    weights = [1 / (n * length) for n in counts]

    def influence(pattern: Pattern) -> float:
        return math.fsum((x - means[k]) * weights[k] for k, x in enumerate(pattern) if x is not None)

    squares = [influence(pattern) ** 2 * count for pattern, count in patterns.items()]
    squares += [influence((extreme,) * length) ** 2 for extreme in (LOWEST, HIGHEST)]
    fewest = min(counts)
    return math.fsum(means) / length, math.sqrt(math.fsum(squares) * fewest / (fewest - 1))


def _correction(n: int, population: int | None) -> float:
    return 1.0 if population is None else math.sqrt(max(0.0, 1 - n / population))


def _t_density(t: float, degrees: int) -> float:
    log = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2) - math.log(degrees * math.pi) / 2
    return math.exp(log - (degrees + 1) / 2 * math.log1p(t * t / degrees))


def _t_cdf(t: float, degrees: int) -> float:
    """P(T <= t) for t >= 0, by the incomplete beta function on its quickly converging side."""
    a, b, x = degrees / 2, 0.5, degrees / (degrees + t * t)
    if x < (a + 1) / (a + b + 2):
        return 1 - _beta(a, b, x) / 2
    return 0.5 + _beta(b, a, t * t / (degrees + t * t)) / 2


def _beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by Lentz's continued fraction."""
    if x <= 0:
        return 0.0
    log = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    value = d
    m = 0
    while m == 0 or abs(c * d - 1) > _CLOSE:
        m += 1
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + term * d)
            c = 1 + term / c
            value *= c * d
    return math.exp(log) * value / a
