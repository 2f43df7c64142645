"""From tallies to scores: exact means, their intervals, and what changed. Pure.

An item's score is the mean of its answers' scores; an indicator is the unweighted mean of its item means, as in the
official frame; the EIT is the mean of its indicators. Missing answers are counted and never averaged. Arithmetic is in
fractions; rounding, half up, happens only where a number is shown (``display``).

``n`` of an indicator is that of its least answered item, ``missing`` the rest: the mean is no better founded than its
weakest part. So it is unavailable (``value`` None, n 0) when an item has no answer and withheld when an item is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from analysis import intervals
from analysis.counts import Block, Pattern, Tally
from analysis.intervals import Interval
from analysis.withholding import Hidden, Reason

ENOUGH = 30
"""From this many answers a score is shown with two decimals and may be compared."""


@dataclass(frozen=True, slots=True)
class Change:
    """The score minus that of the period before. ``n``: the answers the thinner of the two rests on."""

    value: Fraction
    interval: Interval
    n: int

    @property
    def significant(self) -> bool:
        return self.interval.low > 0 or self.interval.high < 0


@dataclass(frozen=True, slots=True)
class Score:
    """A mean on 0-100 with what it rests on. Withheld: every number is None. ``value`` None and n 0: no answers."""

    n: int | None
    missing: int | None
    value: Fraction | None = None
    interval: Interval | None = None
    change: Change | None = None
    withheld: Reason | None = None


NOTHING = Score(0, 0)


@dataclass(frozen=True, slots=True)
class ItemScore:
    code: str
    indicator: int
    score: Score


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    number: int
    title: str
    score: Score


@dataclass(frozen=True, slots=True)
class Measured:
    """One tally measured: ``n`` responses, ``household`` of them by others in the household; None: withheld."""

    n: int | None
    household: int | None
    overall: Score
    indicators: tuple[IndicatorScore, ...]
    items: tuple[ItemScore, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """What is known of one period and group. ``group``: self, assisted, or a cell of a breakdown.

    ``headline`` and ``assisted``: the overall score of those who answered themselves and of those an officer helped;
    never mixed. ``period``: ``2570-02`` or ``2570``. ``kind`` of instrument: eit or satisfaction.
    """

    kind: str
    period: str
    as_of: date
    group: str
    measured: Measured
    headline: Score
    assisted: Score

    @property
    def weakest(self) -> ItemScore | None:
        """The item with the lowest score, when there is enough to say so."""
        if (self.measured.n or 0) < ENOUGH:
            return None
        known = [i for i in self.measured.items if i.score.value is not None and (i.score.n or 0) >= ENOUGH]
        lowest = min((i.score.value or 0 for i in known), default=None)
        if lowest is None or all(i.score.value == lowest for i in known):
            return None
        return next(i for i in known if i.score.value == lowest)


def measure(tally: Tally, hidden: Hidden, population: int | None = None) -> Measured:
    """Every score of a tally, without what is hidden. ``population``: the number of service users, when known."""
    items = tuple(
        ItemScore(code, block.number, _item(block, k, hidden.item(code), population))
        for block in tally.blocks
        for k, code in enumerate(block.codes)
    )
    indicators = tuple(IndicatorScore(b.number, b.title, _indicator(b, hidden, population)) for b in tally.blocks)
    shown = hidden.whole is None
    return Measured(
        tally.n if shown else None,
        tally.household if shown else None,
        _overall([i.score for i in indicators]) if shown else _withheld(hidden.whole),
        indicators,
        items,
    )


def compare(now: Measured, before: Measured) -> Measured:
    """``now`` with its changes since ``before``, where both are shown."""
    items = {i.code: i.score for i in before.items}
    indicators = {i.number: i.score for i in before.indicators}
    return replace(
        now,
        overall=_compared(now.overall, before.overall),
        items=tuple(replace(i, score=_compared(i.score, items.get(i.code, NOTHING))) for i in now.items),
        indicators=tuple(
            replace(i, score=_compared(i.score, indicators.get(i.number, NOTHING))) for i in now.indicators
        ),
    )


def _item(block: Block, k: int, hidden: Reason | None, population: int | None) -> Score:
    if hidden:
        return _withheld(hidden)
    single: dict[Pattern, int] = {}
    for pattern, count in block.patterns.items():
        single[pattern[k],] = single.get((pattern[k],), 0) + count
    return _score(single, block.answered[k], block.asked[k], population)


def _indicator(block: Block, hidden: Hidden, population: int | None) -> Score:
    reasons = [hidden.item(code) for code in block.codes]
    if any(reasons):
        return _withheld(Reason.FEW if Reason.FEW in reasons else Reason.COVER)
    return _score(block.patterns, min(block.answered, default=0), max(block.asked, default=0), population)


def _overall(indicators: Sequence[Score]) -> Score:
    """The unweighted mean of the indicators, hidden or unavailable as soon as one of them is."""
    reasons = [score.withheld for score in indicators]
    if any(reasons):
        return _withheld(Reason.FEW if Reason.FEW in reasons else Reason.COVER)
    n = min((s.n or 0 for s in indicators), default=0)
    missing = max((s.missing or 0 for s in indicators), default=0)
    known = [(s.value, s.interval) for s in indicators if s.value is not None and s.interval is not None]
    if not known or len(known) < len(indicators):
        return Score(0, n + missing)
    value = sum((v for v, _ in known), Fraction(0)) / len(known)
    return Score(n, missing, value, intervals.of_average([interval for _, interval in known]))


def _score(patterns: Mapping[Pattern, int], n: int, asked: int, population: int | None) -> Score:
    if n == 0:
        return Score(0, asked)
    return Score(n, asked - n, _mean(patterns), intervals.of_mean(patterns, population))


def _mean(patterns: Mapping[Pattern, int]) -> Fraction:
    means = []
    for k in range(len(next(iter(patterns)))):
        answers = [(pattern[k] or 0, count) for pattern, count in patterns.items() if pattern[k] is not None]
        means.append(Fraction(sum(x * count for x, count in answers), sum(count for _, count in answers)))
    return sum(means, Fraction(0)) / len(means)


def _withheld(reason: Reason | None) -> Score:
    return Score(None, None, withheld=reason)


def _compared(now: Score, before: Score) -> Score:
    if now.value is None or now.interval is None or before.value is None or before.interval is None:
        return now
    interval = intervals.of_change(now.value, now.interval, before.value, before.interval)
    return replace(now, change=Change(now.value - before.value, interval, min(now.n or 0, before.n or 0)))
