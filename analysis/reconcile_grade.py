"""Is the stated grade the one the rule gives? Pure.

The rule is applied to the scores as published, to two decimals: printed ones, or else those computed from below. Where
an instrument cannot be computed (both parts of the EIT are printed only together) the rule may leave several grades
possible; then only a stated grade that is none of them disagrees.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from analysis.frame import Frame
from analysis.reconcile_levels import points
from analysis.reconcile_regions import Reach, Units
from analysis.reconcile_tree import TOTAL, Cell, Node


@dataclass(frozen=True, slots=True)
class Grade:
    """``computed``: None when the scores leave several ``possible`` (best first). ``agrees``: None if not stated."""

    stated: str | None
    computed: str | None
    possible: tuple[str, ...]
    agrees: bool | None


def grade(frame: Frame, root: Node, units: Units, printed: Mapping[Cell, int], stated: str | None) -> Grade:
    """The verdict on the stated grade."""
    taken, _ = points(root, units, printed)
    reach = Reach(root, units, printed)
    spans = {cell: _span(cell, units, taken, reach) for cell in root.homes if cell.level in ("instrument", "total")}
    codes = {part.code for part in frame.instruments}
    least = min(low for cell, (low, _) in spans.items() if cell.instrument in codes)
    # Both parts cannot be better than their mean, so the means have a say in the highest that the lowest can be.
    most = min(high for cell, (_, high) in spans.items() if cell != TOTAL)
    worst = frame.levels.index(frame.level(spans[TOTAL][0], least))
    best = frame.levels.index(frame.level(spans[TOTAL][1], most))
    possible = tuple(level.name for level in frame.levels[best : worst + 1])
    agrees = None if stated is None else stated in possible
    return Grade(stated, possible[0] if len(possible) == 1 else None, possible, agrees)


def _span(cell: Cell, units: Units, taken: Mapping[Cell, Fraction], reach: Reach) -> tuple[Fraction, Fraction]:
    """The least and the greatest score, equal where it is printed or can be computed."""
    hundredths = 2 * units.of[cell]
    if cell in taken:
        rounded = Fraction((taken[cell] / hundredths + Fraction(1, 2)).__floor__(), 100)
        return rounded, rounded
    span = reach.span(cell, lifted=False)
    if span is None:
        return Fraction(0), Fraction(100)
    return Fraction(span[0], 100 * hundredths), Fraction(span[1], 100 * hundredths)
