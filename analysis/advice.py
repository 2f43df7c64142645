"""How many more answers it takes until a score is known to within two points. Pure; for staff only.

The answers so far are taken as a picture of those to come: their patterns are multiplied, item for item, until the one
interval of the scores (analysis/intervals.py, with its correction for few service users) reaches no farther than that
from the score. So the advice cannot disagree with the interval that is shown. It is a guess as good as the sample.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from analysis import intervals
from analysis.counts import Block, Pattern, Tally
from analysis.intervals import Interval
from analysis.scores import Measured, Score

WITHIN = 2.0
MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Need:
    """``within``: how far the interval reaches from the score now, in points. ``more``: responses still needed, or 0.

    Both None when there are no answers or too few to show; ``more`` alone when there are not so many service users.
    """

    score: Score
    within: float | None
    more: int | None


@dataclass(frozen=True, slots=True)
class Advice:
    """``n``: responses by those who answered themselves. ``indicators``: (number, title, need), as they are shown."""

    n: int | None
    overall: Need
    indicators: tuple[tuple[int, str, Need], ...]


def advise(tally: Tally, measured: Measured, population: int | None, within: float = WITHIN) -> Advice:
    """The advice for the scores ``measured`` of this tally. ``population``: the service users, where known."""
    blocks = {block.number: block for block in tally.blocks}
    indicators = tuple(
        (one.number, one.title, _need(one.score, [blocks[one.number]], tally.n, population, within))
        for one in measured.indicators
    )
    return Advice(measured.n, _need(measured.overall, tally.blocks, tally.n, population, within), indicators)


def reach(interval: Interval, value: Fraction) -> float:
    """How far the interval reaches from the score, on its longer side."""
    return max(float(value) - interval.low, interval.high - float(value))


def _need(score: Score, blocks: Sequence[Block], n: int, population: int | None, within: float) -> Need:
    if score.value is None or score.interval is None:
        return Need(score, None, None)
    value, now = score.value, reach(score.interval, score.value)
    if now <= within:
        return Need(score, now, 0)

    def fits(responses: int) -> bool:
        parts = [intervals.of_mean(grown(block.patterns, Fraction(responses, n)), population) for block in blocks]
        return reach(intervals.of_average(parts), value) <= within

    limit = MOST if population is None else max(population, n)
    low, high = n, min(2 * n, limit)
    while not fits(high):
        if high >= limit:
            return Need(score, now, None)
        low, high = high, min(2 * high, limit)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    return Need(score, now, high - n)


def grown(patterns: Mapping[Pattern, int], factor: Fraction) -> dict[Pattern, int]:
    """The patterns multiplied and rounded so that their sum is right: the largest remainders are rounded up."""
    exact = {pattern: count * factor for pattern, count in patterns.items()}
    whole = {pattern: int(value) for pattern, value in exact.items()}
    rest = int(sum(exact.values())) - sum(whole.values())
    order = sorted(exact, key=lambda pattern: (whole[pattern] - exact[pattern], str(pattern)))
    return whole | {pattern: whole[pattern] + 1 for pattern in order[:rest]}
