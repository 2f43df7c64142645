"""Which unrounded values can stand behind printed ones: exact ranges, passed up and down the tree. Pure integers.

A printed 98.10 stands for any unrounded value within 0.005 of it and within 0 and 100. Values are counted as what they
contribute to the total, in units so small that all is whole; then a parent is simply the sum of its children.

Why passing ranges is exact although the EIT's numbers are linked twice (by part and by indicator): a node of the EIT
carries a region of the plane, {(x, y): x in X, y in Y, x + y in M}, x and y being its two parts and x + y their mean in
these units. A region whose three ranges are tight (each end is reached) is a polygon with at most these six directions
of edges. The sum of two convex polygons has no directions of edges but theirs, and its extent in each direction is the
sum of theirs; so the sum, and the difference, of tight regions is again such a region, its ranges are the sums of the
ranges, and they are tight. Nothing is lost on the way, as it would be if the three ranges travelled apart.
See docs/decisions/0005-agreement-of-printed-numbers.md.
"""

from collections.abc import Iterable, Mapping

from analysis.reconcile_tree import Cell, Node

Span = tuple[int, int]
"""The least and the greatest contribution to the total."""
Region = tuple[Span, ...]
"""One span, or three: part 1, part 2, their sum. ``None`` in place of a region: nothing is possible."""
Printed = Mapping[Cell, int]
"""Cell -> the printed number in hundredths: 98.10 is 9810."""

HIGHEST = 10_000  # hundredths


class Units:
    """A tree's cells in units: what half a hundredth of each contributes to the total."""

    def __init__(self, root: Node) -> None:
        self.of: dict[Cell, int] = {}
        self.full: dict[Node, Region] = {}
        for node in root.walk():
            whole = int(node.share * root.scale)
            units = (whole,) if len(node.cells) == 1 else (whole // 2, whole // 2, whole)
            self.of.update(zip(node.cells, units, strict=True))
            self.full[node] = tuple((0, 2 * HIGHEST * unit) for unit in units)

    def strips(self, node: Node, printed: Printed, but: Cell | None = None) -> Region:
        """What the printed numbers of a node, or all of them ``but`` one, leave possible."""
        return tuple(
            self._strip(printed[cell], self.of[cell]) if cell in printed and cell != but else full
            for cell, full in zip(node.cells, self.full[node], strict=True)
        )

    def hundredths(self, cell: Cell, span: Span) -> tuple[int, int]:
        """The printed numbers that stand for some value within the span, least and greatest."""
        unit, (low, high) = self.of[cell], span
        return max(-((unit - low) // (2 * unit)), 0), min((high + unit) // (2 * unit), HIGHEST)

    @staticmethod
    def _strip(number: int, unit: int) -> Span:
        return max(2 * number - 1, 0) * unit, min(2 * number + 1, 2 * HIGHEST) * unit


class Reach:
    """What is possible at each node, given the printed numbers: from ``below`` it and from the rest of the tree."""

    def __init__(self, root: Node, units: Units, printed: Printed) -> None:
        self._homes, self._units, self._printed = root.homes, units, printed
        self._below: dict[Node, Region | None] = {}
        self._above: dict[Node, Region | None] = {root: units.full[root]}
        self._up: dict[Node, Region | None] = {}
        for node in root.walk():
            self._climb(node)
        for node in reversed(list(root.walk())):
            self._descend(node)

    def span(self, cell: Cell, lifted: bool = True) -> Span | None:
        """What a cell may contribute when its printed number is ``lifted`` and all others stand; None: nothing."""
        node = self._homes[cell]
        strips = self._units.strips(node, self._printed, cell if lifted else None)
        region = meet(meet(self._below[node], self._above[node]), strips)
        return region[node.cells.index(cell)] if region else None

    def _climb(self, node: Node) -> None:
        full = self._units.full[node]
        below = together(node, (self._up[child] for child in node.children)) if node.children else full
        self._below[node] = meet(below, full)
        self._up[node] = meet(self._below[node], self._units.strips(node, self._printed))

    def _descend(self, node: Node) -> None:
        outer = meet(self._above[node], self._units.strips(node, self._printed))
        known = {child: seen(up, node) for child in node.children if (up := self._up[child])}
        everything = total(known.values(), len(node.cells))
        for child in node.children:
            if outer is None or len(known) < len(node.children) - (child not in known):
                self._above[child] = None
                continue
            mine = known.get(child, tuple((0, 0) for _ in node.cells))
            others = tuple((low - my[0], high - my[1]) for (low, high), my in zip(everything, mine, strict=True))
            rest = tuple((low - other[1], high - other[0]) for (low, high), other in zip(outer, others, strict=True))
            full = self._units.full[child]
            self._above[child] = meet((*full[: len(full) - len(rest)], *rest), full)


def together(node: Node, regions: Iterable[Region | None]) -> Region | None:
    """What a node may be when its children are within these regions: their sum, or nothing when one may be nothing."""
    known = [seen(region, node) for region in regions if region]
    return total(known, len(node.cells)) if len(known) == len(node.children) else None


def seen(region: Region, parent: Node) -> Region:
    """A child's region as its parent takes it: of the EIT the total takes the mean alone."""
    return region[-len(parent.cells) :]


def total(regions: Iterable[Region], width: int) -> Region:
    """The sum of tight regions."""
    found = list(regions)
    return tuple((sum(r[at][0] for r in found), sum(r[at][1] for r in found)) for at in range(width))


def meet(one: Region | None, other: Region | None) -> Region | None:
    """What lies in both, tight; None when nothing does."""
    if one is None or other is None:
        return None
    return tight(tuple((max(a[0], b[0]), min(a[1], b[1])) for a, b in zip(one, other, strict=True)))


def tight(region: Region) -> Region | None:
    """The same region with each end reached; None when it is empty."""
    if len(region) == 3:
        x, y, both = region
        region = (
            (max(x[0], both[0] - y[1]), min(x[1], both[1] - y[0])),
            (max(y[0], both[0] - x[1]), min(y[1], both[1] - x[0])),
            (max(both[0], x[0] + y[0]), min(both[1], x[1] + y[1])),
        )
    return None if any(low > high for low, high in region) else region
