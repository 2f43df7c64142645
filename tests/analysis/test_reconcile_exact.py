"""The ranges passed through the tree are exact: they are those that eliminating the unknowns one by one gives.

Fourier and Motzkin's elimination knows nothing of trees and regions: it takes linear inequalities over the exact item
scores and removes the scores until one number is left. Hopelessly slow for a whole result, fine for a small one.
"""

from collections.abc import Iterable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.reconcile_levels import compare
from analysis.reconcile_regions import Reach, Units
from analysis.reconcile_tree import TOTAL, Cell, Node

Inequality = tuple[tuple[Fraction, ...], Fraction]
"""(a, b): a . x <= b"""

NAMES = ("EIT1", "EIT2", "EIT")


def cells(level: str, code: str) -> tuple[Cell, ...]:
    return tuple(Cell(level, name, code) for name in NAMES)


def small_tree() -> Node:
    """Two EIT indicators of one item each, in two parts, beside one item of the IIT."""
    third = Fraction(1, 3)
    children = tuple(
        Node(cells("indicator", number), third, (Node(cells("item", code), third),))
        for number, code in (("6", "e1"), ("7", "e2"))
    )
    eit = Node(tuple(Cell("instrument", name, name) for name in NAMES), 2 * third, children)
    iit = Node((Cell("item", "IIT", "i1"),), third)
    return Node((TOTAL,), Fraction(1), (eit, iit))


ROOT = small_tree()
ITEMS = [cell for node in ROOT.walk() if not node.children for cell in node.cells if cell.instrument != "EIT"]


def coefficients(cell: Cell) -> tuple[Fraction, ...]:
    """A cell as a weighted sum of the items."""
    node, at = ROOT.homes[cell], ROOT.homes[cell].cells.index(cell)
    return tuple(Fraction(weight) for weight in _weights(node, at))


def _weights(node: Node, at: int) -> list[Fraction]:
    if len(node.cells) == 3 and at == 2:
        return [(a + b) / 2 for a, b in zip(_weights(node, 0), _weights(node, 1), strict=True)]
    if not node.children:
        return [Fraction(cell == node.cells[at]) for cell in ITEMS]
    rows = [
        [c.share / node.share * w for w in _weights(c, at if len(node.cells) == 3 else len(c.cells) - 1)]
        for c in node.children
    ]
    return [sum(column, Fraction(0)) for column in zip(*rows, strict=True)]


def eliminated(system: Iterable[Inequality], at: int) -> list[Inequality]:
    """The inequalities without the unknown ``at``; of those that say alike only the strongest."""
    system = list(system)
    upper = [(a, b) for a, b in system if a[at] > 0]
    lower = [(a, b) for a, b in system if a[at] < 0]
    found: dict[tuple[Fraction, ...], Fraction] = {}
    both = (
        (tuple(x / a[at] - y / c[at] for x, y in zip(a, c, strict=True)), b / a[at] - d / c[at])
        for a, b in upper
        for c, d in lower
    )
    for a, b in _scaled([*(s for s in system if s[0][at] == 0), *both]):
        found[a] = min(found.get(a, b), b)
    return list(found.items())


def _scaled(system: Iterable[Inequality]) -> list[Inequality]:
    sized = [(max(map(abs, a)) or Fraction(1), a, b) for a, b in system]
    return [(tuple(x / size for x in a), b / size) for size, a, b in sized]


def by_elimination(printed: dict[Cell, int], wanted: Cell) -> tuple[Fraction, Fraction] | None:
    """The least and greatest exact score of a cell when all ``printed`` stand within 0.005; None when they cannot."""
    zero = Fraction(0)
    system: list[Inequality] = []
    for at in range(len(ITEMS)):
        unit = tuple(Fraction(i == at) for i in range(len(ITEMS)))
        system += [((*unit, zero), Fraction(100)), ((*(-x for x in unit), zero), zero)]
    for cell, number in printed.items():
        row = coefficients(cell)
        system += [
            ((*row, zero), Fraction(2 * number + 1, 200)),
            ((*(-x for x in row), zero), -Fraction(2 * number - 1, 200)),
        ]
    row = coefficients(wanted)
    system += [((*row, Fraction(-1)), zero), ((*(-x for x in row), Fraction(1)), zero)]
    for at in range(len(ITEMS)):
        system = eliminated(system, at)
    if any(b < 0 for a, b in system if not any(a)):
        return None
    low = max(b / a[-1] for a, b in system if a[-1] < 0)
    high = min(b / a[-1] for a, b in system if a[-1] > 0)
    return (low, high) if low <= high else None


@st.composite
def results(draw: st.DrawFn) -> dict[Cell, int]:
    """Some cells of the small tree, printed from one set of scores but for now and then a hundredth or more."""
    scores = [draw(st.integers(9700, 10000)) for _ in ITEMS]
    printed = {}
    for cell in draw(st.lists(st.sampled_from(sorted(ROOT.homes)), unique=True, min_size=3)):
        exact = sum((w * s for w, s in zip(coefficients(cell), scores, strict=True)), Fraction(0))
        slip = draw(st.sampled_from([0, 0, 0, 0, 1, -1, 40]))
        printed[cell] = min(max((exact + Fraction(1, 2)).__floor__() + slip, 0), 10000)
    return printed


@settings(max_examples=60, deadline=None)
@given(results(), st.sampled_from(sorted(ROOT.homes)))
def test_the_range_of_a_lifted_cell_is_the_one_elimination_gives(printed: dict[Cell, int], cell: Cell) -> None:
    units = Units(ROOT)
    others = {other: number for other, number in printed.items() if other != cell}

    span = Reach(ROOT, units, printed).span(cell)

    found = None if span is None else tuple(Fraction(end, 200 * units.of[cell]) for end in span)
    assert found == by_elimination(others, cell)


@settings(max_examples=60, deadline=None)
@given(results())
def test_there_is_a_mismatch_exactly_when_elimination_finds_no_scores(printed: dict[Cell, int]) -> None:
    agrees = all(comparison.agrees for comparison in compare(ROOT, Units(ROOT), printed))

    assert agrees == (by_elimination(printed, TOTAL) is not None)


@pytest.mark.parametrize(("first", "agrees"), [(7001, True), (7002, False)])
def test_parts_and_indicators_are_seen_together(first: int, agrees: bool) -> None:
    """Combined indicators of 100 and 20 leave part 1 at most (100 + 40) / 2; their mean of 60 alone would allow 100."""
    printed = {
        cells("indicator", "6")[2]: 10000,
        cells("indicator", "7")[2]: 2000,
        Cell("instrument", "EIT1", "EIT1"): first,
    }

    assert all(c.agrees for c in compare(ROOT, Units(ROOT), printed)) is agrees
    assert (by_elimination(printed, TOTAL) is not None) is agrees
