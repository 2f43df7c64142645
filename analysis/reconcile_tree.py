"""The cells of a year's published result, hung as a tree: total, instruments, indicators, sub-indicators, items. Pure.

Every number of the frame is a weighted mean of those one level below, and the total is the weighted sum of them all. So
each node has a ``share``: how much of the total one point of it makes. A node of the EIT stands for three numbers, that
of part 1, that of part 2 and the mean of both, and so do all nodes below it; every other node stands for one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import NamedTuple

from analysis.frame import SUB_INDICATORS, Frame, IndicatorFrame

LEVELS = ("item", "indicator", "instrument", "total")


class Cell(NamedTuple):
    """Where a number stands: ("item", "EIT2", "e7"), ("indicator", "OIT", "9.1"), ("total", "ITA", "total")."""

    level: str
    instrument: str
    code: str


TOTAL = Cell("total", "ITA", "total")


@dataclass(frozen=True, eq=False)
class Node:
    """``cells``: one, or three (part 1, part 2, their mean). ``share``: points of the total per point of the last."""

    cells: tuple[Cell, ...]
    share: Fraction
    children: tuple["Node", ...] = ()

    @cached_property
    def scale(self) -> int:
        """What to multiply all shares of this tree by to make them, and half of them, whole numbers."""
        return lcm(*(2 * node.share.denominator for node in self.walk()))

    @cached_property
    def homes(self) -> dict[Cell, "Node"]:
        """Each cell of this tree -> the node it stands in."""
        return {cell: node for node in self.walk() for cell in node.cells}

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, the children before their parents."""
        for child in self.children:
            yield from child.walk()
        yield self


def tree(frame: Frame, average: str) -> Node:
    """The tree of a year's frame; ``average``: how an indicator with sub-indicators is averaged."""
    families = tuple(_family(frame, family, average) for family in frame.families)
    return Node((TOTAL,), Fraction(1), families)


def _family(frame: Frame, family: str, average: str) -> Node:
    parts = frame.parts(family)
    names = tuple(part.code for part in parts) + ((family,) if len(parts) == 2 else ())
    weight = sum((part.weight for part in parts), Fraction(0))
    indicators = frame.indicators_of(family)
    children = tuple(_indicator(one, names, weight / len(indicators), average) for one in indicators)
    return Node(tuple(Cell("instrument", name, name) for name in names), weight, children)


def _indicator(indicator: IndicatorFrame, names: tuple[str, ...], share: Fraction, average: str) -> Node:
    subs = indicator.sub_indicators
    if not subs:
        return _mean(str(indicator.number), indicator.items, names, share)
    children = []
    for sub in subs:
        part = Fraction(1, len(subs)) if average == SUB_INDICATORS else Fraction(len(sub.items), len(indicator.items))
        children.append(_mean(sub.code, sub.items, names, share * part))
    return Node(_cells("indicator", names, str(indicator.number)), share, tuple(children))


def _mean(code: str, items: tuple[str, ...], names: tuple[str, ...], share: Fraction) -> Node:
    leaves = tuple(Node(_cells("item", names, item), share / len(items)) for item in items)
    return Node(_cells("indicator", names, code), share, leaves)


def _cells(level: str, names: tuple[str, ...], code: str) -> tuple[Cell, ...]:
    return tuple(Cell(level, name, code) for name in names)
