"""Means on the scale of 1-5 with their deviations, as the satisfaction report prints them. Pure.

A mean is the score of analysis/figures.py put on that scale; the deviation comes from the tally behind it. The display
rule is the same as for scores, with one decimal in place of none: under thirty answers one decimal and no comparison.
"""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from analysis import report_words as words
from analysis.counts import Tally
from analysis.display import NOT_CLEAR, half_up, show
from analysis.report import Cell as Printed
from analysis.report import Column, Number
from analysis.report_levels import Levels
from analysis.scores import ENOUGH, Score

Values = Mapping[Fraction, int]
"""A value -> how many times it was given."""


def printed_mean(score: Score, levels: Levels) -> Decimal | None:
    """The mean as printed: two decimals, one under thirty answers; None where the display rule shows nothing."""
    if show(score).number is None or score.value is None:
        return None
    return half_up(levels.mean(score.value), _places(score))


def deviation(values: Values) -> float | None:
    """The sample standard deviation (n - 1); None for fewer than two values."""
    n = sum(values.values())
    if n < 2:
        return None
    mean = Fraction(sum(value * times for value, times in values.items()), n)
    return math.sqrt(sum((value - mean) ** 2 * times for value, times in values.items()) / (n - 1))


def of_item(tally: Tally, code: str) -> Values:
    """The scores that were given to one item."""
    found: dict[Fraction, int] = {}
    for block in tally.blocks:
        if code in block.codes:
            k = block.codes.index(code)
            for pattern, times in block.patterns.items():
                if (score := pattern[k]) is not None:
                    found[Fraction(score)] = found.get(Fraction(score), 0) + times
    return found


def of_people(tally: Tally) -> Values:
    """Each respondent's own mean over the items they answered; of an instrument with one indicator."""
    found: dict[Fraction, int] = {}
    for block in tally.blocks:
        for pattern, times in block.patterns.items():
            given = [score for score in pattern if score is not None]
            if given:
                mean = Fraction(sum(given), len(given))
                found[mean] = found.get(mean, 0) + times
    return found


def columns(levels: Levels) -> tuple[Column, ...]:
    """The titles over ``cells``."""
    return (
        Column("n (คน)", 2, "right"),
        Column(f"ค่าเฉลี่ย (เต็ม {levels.highest})", 3, "right"),
        Column("S.D.", 2, "right"),
        Column("ร้อยละ", 3, "right"),
        Column("ช่วงความเชื่อมั่น 95%", 4, "center"),
        Column("แปลผล", 4, "center"),
    )


def cells(score: Score, values: Values, levels: Levels) -> tuple[Printed, ...]:
    """n, mean, S.D., percent, range, level; a score that is not shown: the reason, and nothing else of it."""
    if printed_mean(score, levels) is None:
        return (people(score), show(score).value, "-", "-", "-", "-")
    return (
        words.people(score.n),
        mean_cell(score, levels),
        _deviation(score, values, levels),
        percent(score, levels),
        interval(score, levels),
        level(score, levels),
    )


def people(score: Score) -> Printed:
    """A group without answers to show may have had some that are withheld: so no zero."""
    return "-" if score.n == 0 else words.people(score.n)


def mean_cell(score: Score, levels: Levels) -> Printed:
    mean = printed_mean(score, levels)
    return show(score).value if mean is None else words.number(mean)


def percent(score: Score, levels: Levels) -> Number:
    """Of the highest mean; two decimals, none under thirty answers. Only for a score that is shown."""
    places = 2 if (score.n or 0) >= ENOUGH else 0
    return words.rounded(100 * levels.mean(score.value or 0) / levels.highest, places)


def interval(score: Score, levels: Levels) -> str:
    if score.interval is None or printed_mean(score, levels) is None:
        return "-"
    low, high = (half_up(levels.mean(end), _places(score)) for end in (score.interval.low, score.interval.high))
    return f"{low}–{high}"


def level(score: Score, levels: Levels) -> str:
    """The word for the mean, with the caution of few answers."""
    mean = printed_mean(score, levels)
    if mean is None:
        return "-"
    return levels.name(mean) + ("" if (score.n or 0) >= ENOUGH else " (ข้อมูลยังน้อย)")


def change(score: Score, levels: Levels) -> str:
    """Since the period before, in steps of the scale, when it may be said."""
    said = show(score).change
    if not said or score.change is None:
        return "เทียบไม่ได้"
    size = half_up(levels.step(abs(score.change.value)))
    return said if said == NOT_CLEAR else f"{said.rpartition(' ')[0]} {size}"


def compared(scores: Sequence[tuple[str, Score]], levels: Levels, noun: str) -> str:
    """The highest and the lowest of those with enough answers to be compared."""
    known = [(name, mean) for name, s in scores if (s.n or 0) >= ENOUGH and (mean := printed_mean(s, levels))]
    if not scores:
        return f"ไม่มีคำตอบที่ระบุ{noun}"
    if len(known) < 2:
        return f"{noun}ที่มีผู้ตอบตั้งแต่ {ENOUGH} คน มี {len(known)} แห่ง จึงไม่เปรียบเทียบ"
    high, low = max(mean for _, mean in known), min(mean for _, mean in known)
    if high == low:
        return f"{noun}ที่มีผู้ตอบตั้งแต่ {ENOUGH} คน มีค่าเฉลี่ย {high} เท่ากัน"
    best, worst = (words.listed(name for name, mean in known if mean == end) for end in (high, low))
    return f"ในบรรดา{noun}ที่มีผู้ตอบตั้งแต่ {ENOUGH} คน ค่าเฉลี่ยสูงสุด คือ {best} ({high}) ต่ำสุด คือ {worst} ({low})"


def _deviation(score: Score, values: Values, levels: Levels) -> Printed:
    found = deviation(values)
    return "-" if found is None else words.rounded(levels.step(found), _places(score))


def _places(score: Score) -> int:
    return 2 if (score.n or 0) >= ENOUGH else 1
