"""Does a published ITA result add up, and if not, which single cell could be the misprint? Pure and exact.

Numbers are hundredths: 98.10 is 9810. They agree when unrounded values exist, within 0 to 100 and within 0.005 of every
printed one, of which each level is exactly the mean (the total the weighted sum) of the one below. What is not printed
may be anything. Where a year's way of averaging or composing the OIT is not known, any that fits is accepted and named.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from analysis.frame import ITEMS, Frame
from analysis.reconcile_grade import Grade, grade
from analysis.reconcile_levels import Comparison, compare, points
from analysis.reconcile_proposals import Proposal, proposals
from analysis.reconcile_regions import Units
from analysis.reconcile_tree import LEVELS, Cell, Node, tree


@dataclass(frozen=True, slots=True)
class Result:
    """What was published of one fiscal year. ``stated``: the grade, if it was given. ``titles``: where they were."""

    fiscal_year: int
    printed: Mapping[Cell, int]
    stated: str | None = None
    titles: Mapping[Cell, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """A way to compose (``name`` of the frame's alternative, or "") and to average the OIT."""

    name: str
    average: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``fits``: where several ways are accepted and items of the OIT are printed, those that fit (none, some, all)."""

    fiscal_year: int
    comparisons: tuple[Comparison, ...]
    proposals: tuple[Proposal, ...]
    grade: Grade
    fits: tuple[Way, ...] | None

    @property
    def mismatches(self) -> tuple[Comparison, ...]:
        return tuple(comparison for comparison in self.comparisons if not comparison.agrees)

    @property
    def agrees(self) -> bool:
        """The numbers agree with each other, and with the grade if one is stated."""
        return not self.mismatches and self.grade.agrees is not False


@dataclass(frozen=True)
class _View:
    """The result seen one way."""

    way: Way
    root: Node
    units: Units
    comparisons: tuple[Comparison, ...]

    @property
    def faults(self) -> int:
        return sum(not comparison.agrees for comparison in self.comparisons)

    @property
    def fits(self) -> bool:
        """Whether the numbers of the OIT agree, whatever else does not."""
        return all(comparison.agrees for comparison in self.comparisons if comparison.cell.instrument == "OIT")


def cells(frame: Frame) -> frozenset[Cell]:
    """Every cell a result of the year may have."""
    return frozenset(tree(frame, ITEMS).homes)


def check(frame: Frame, result: Result) -> Verdict:
    """The verdict on one year. ``result.printed`` has only cells of ``cells(frame)``."""
    views = _views(frame, result.printed)
    best = min(views, key=lambda view: view.faults)
    told = len(views) > 1 and any(cell.level == "item" and cell.instrument == "OIT" for cell in result.printed)
    return Verdict(
        result.fiscal_year,
        tuple(sorted(best.comparisons, key=lambda one: LEVELS.index(one.cell.level))),
        proposals(frame, [(view.root, view.units) for view in views], result.printed) if best.faults else (),
        grade(frame, best.root, best.units, result.printed, result.stated),
        tuple(view.way for view in views if view.fits and view.faults == best.faults) if told else None,
    )


def computed(frame: Frame, printed: Mapping[Cell, int], average: str = ITEMS) -> dict[Cell, Fraction]:
    """Each cell's exact score (0-100) from the level below it, where all of that is printed or itself computed."""
    root = tree(frame, average)
    units = Units(root)
    return {cell: value / (200 * units.of[cell]) for cell, value in points(root, units, printed)[1].items()}


def _views(frame: Frame, printed: Mapping[Cell, int]) -> list[_View]:
    """One for each accepted way. An alternative that has no place for a printed number is none."""
    found = []
    for one in (frame, *frame.alternatives):
        for average in one.averages if any(i.sub_indicators for i in one.indicators) else (ITEMS,):
            root = tree(one, average)
            units = Units(root)
            if one is frame or printed.keys() <= root.homes.keys():
                found.append(_View(Way(one.name, average), root, units, compare(root, units, printed)))
    return found
