"""Every level recomputed from the one below and compared with what is printed. Pure and exact.

The total comes from the instruments, or straight from the indicators where instruments are not printed, an instrument
from its indicators, an indicator from its items. A number disagrees when no unrounded value of it fits both what is
printed and what is below. Then the levels above go on from what is printed, as a reader with a calculator would. There
is a disagreement exactly when no unrounded values can stand behind the whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from analysis.reconcile_regions import Printed, Region, Span, Units, meet, seen, tight, total
from analysis.reconcile_tree import Cell, Node


@dataclass(frozen=True, slots=True)
class Comparison:
    """``printed`` and ``computed`` in hundredths, ``computed`` rounded half up from the exact value."""

    cell: Cell
    printed: int
    computed: int
    agrees: bool


Points = dict[Cell, Fraction]
"""Cell -> its contribution to the total in units, from the numbers as printed."""


def points(root: Node, units: Units, printed: Printed) -> tuple[Points, Points]:
    """Each cell (as printed, or else as computed; as computed from the level below), where that can be said."""
    shown = {cell: Fraction(2 * number * units.of[cell]) for cell, number in printed.items() if cell in units.of}
    taken: Points = dict(shown)
    computed: Points = {}
    for node in root.walk():
        width = len(node.cells)
        below = [_sum([taken.get(child.cells[at - width]) for child in node.children]) for at in range(width)]
        for at, cell in enumerate(node.cells):
            value = below[at]
            if value is None and width == 3:
                value = _from_the_other_two(node, at, below, taken, shown)
            if value is not None:
                computed[cell] = value
                taken.setdefault(cell, value)
    return taken, computed


def _from_the_other_two(
    node: Node, at: int, below: list[Fraction | None], taken: Points, shown: Points
) -> Fraction | None:
    """The mean from both parts; a part from the mean that is computed from below and the other part as printed."""
    if at == 2:
        return _sum([taken.get(part) for part in node.cells[:2]])
    mean, other = below[2], shown.get(node.cells[1 - at])
    return None if mean is None or other is None else mean - other


def compare(root: Node, units: Units, printed: Printed) -> tuple[Comparison, ...]:
    """Each printed number that something below it speaks for, the lowest levels first."""
    _, computed = points(root, units, printed)
    reached: dict[Node, Region] = {}
    found: list[Comparison] = []
    for node in root.walk():
        full = units.full[node]
        below = total((seen(reached[child], node) for child in node.children), len(full)) if node.children else full
        below = meet(below, full) or below
        strips = units.strips(node, printed)
        fitting = meet(below, strips)
        wrong = {} if fitting else dict(_wrong(node, below, printed, units))
        reached[node] = fitting or _as_printed(node, below, strips, printed)
        for at, cell in enumerate(node.cells):
            if cell in wrong or (cell in printed and cell in computed):
                span = wrong.get(cell, below[at])
                value = _rounded(computed.get(cell), span, printed[cell], units.of[cell])
                found.append(Comparison(cell, printed[cell], value, cell not in wrong))
    return tuple(found)


def _wrong(node: Node, below: Region, printed: Printed, units: Units) -> Iterator[tuple[Cell, Span]]:
    """The printed numbers that do not fit, each with the span in which it would."""
    strips = units.strips(node, printed)
    alone = [at for at, strip in enumerate(strips) if max(strip[0], below[at][0]) > min(strip[1], below[at][1])]
    if alone or tight(below) is None:
        yield from ((node.cells[at], below[at]) for at in alone)
        return
    # Each fits alone and they do not fit together: the mean of both parts is at fault, or else either part.
    spans = {}
    for cell in node.cells:
        if cell in printed and (region := meet(below, units.strips(node, printed, but=cell))):
            spans[cell] = region[node.cells.index(cell)]
    mean = node.cells[-1]
    yield from ((mean, spans[mean]),) if mean in spans else spans.items()


def _as_printed(node: Node, below: Region, strips: Region, printed: Printed) -> Region:
    """What the levels above go on from when a node's numbers disagree: those printed, else those from below."""
    spans = [strip if cell in printed else span for cell, strip, span in zip(node.cells, strips, below, strict=True)]
    if len(spans) == 3 and node.cells[2] not in printed and all(cell in printed for cell in node.cells[:2]):
        spans[2] = spans[0][0] + spans[1][0], spans[0][1] + spans[1][1]
    return tuple(spans)


def _rounded(value: Fraction | None, span: Span, printed: int, unit: int) -> int:
    """The computed number in hundredths: within the span, and as near as can be to what it is computed from."""
    near = Fraction(2 * printed * unit) if value is None else value
    inside = min(max(near, Fraction(span[0])), Fraction(span[1]))
    return (inside / (2 * unit) + Fraction(1, 2)).__floor__()


def _sum(values: list[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(values) else None
