"""Which single printed number, were it another, would make all of a result agree. Pure and exact.

Each number is lifted in turn and all others stand: what is then possible for it (analysis/reconcile_regions.py) is the
range proposed. Nothing else can mend the result by one change, and everything in the range does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.frame import Frame, family
from analysis.reconcile_digits import misread
from analysis.reconcile_regions import Reach, Units
from analysis.reconcile_tree import LEVELS, Cell, Node


@dataclass(frozen=True, slots=True)
class Proposal:
    """Were this one cell any number from ``low`` to ``high``, everything would agree. All numbers in hundredths.

    ``misreading``: the one of them that differs from ``printed`` by a single digit; ``alike``: the two digits are often
    taken for one another. ``only``: the numbers its scale has in the range, where a scale has but few.
    """

    cell: Cell
    printed: int
    low: int
    high: int
    misreading: int | None
    alike: bool
    only: tuple[int, ...] = ()


def proposals(frame: Frame, trees: Sequence[tuple[Node, Units]], printed: Mapping[Cell, int]) -> tuple[Proposal, ...]:
    """What would mend the result in any of the accepted ``trees``; likely misreadings first, then from the items up.

    A cell has more than one proposal when its range has gaps: between what fits one tree and what fits another.
    """
    reaches = [(root, units, Reach(root, units, printed)) for root, units in trees]
    found = []
    for cell in printed:
        spans = [(units, reach.span(cell)) for root, units, reach in reaches if cell in root.homes]
        ranges = (units.hundredths(cell, span) for units, span in spans if span)
        few = _scores(frame, cell, printed)
        found += [one for low, high in _joined(ranges) for one in _proposals(cell, printed[cell], low, high, few)]
    return tuple(sorted(found, key=_order))


def _proposals(cell: Cell, number: int, low: int, high: int, few: Sequence[int] | None) -> Iterator[Proposal]:
    if few is None:
        slip, alike = misread(number, low, high) or (None, False)
        yield Proposal(cell, number, low, high, slip, alike)
    elif only := tuple(score for score in few if low <= score <= high):
        slips = (misread(number, score, score) for score in only)
        slip, alike = next((found for found in slips if found), (None, False))
        yield Proposal(cell, number, only[0], only[-1], slip, alike, only)


def _joined(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges that touch or overlap taken together, lowest first."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], high)
        else:
            found.append((low, high))
    return found


def _scores(frame: Frame, cell: Cell, printed: Mapping[Cell, int]) -> list[int] | None:
    """The few scores an item of the OIT can have, which is judged once, as its scale says; None: any of 0 to 100.

    Only where all items of the OIT are printed and all but one bear the scale out, for not every year's is confirmed.
    """
    if cell.level != "item" or cell.instrument != "OIT":
        return None
    scores = sorted({100 * option.score for option in frame.scales[frame.items[cell.code].scale].options})
    given = [printed.get(Cell("item", "OIT", code)) for code in frame.items if family(code) == "OIT"]
    return scores if None not in given and sum(score not in scores for score in given) <= 1 else None


def _order(proposal: Proposal) -> tuple[bool, bool, int]:
    return not proposal.alike, proposal.misreading is None, LEVELS.index(proposal.cell.level)
