"""Somebody who reads everything that is published and solves for what is hidden."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import chain, combinations

Cell = str


def exposed(n: Mapping[Cell, int], published: Iterable[Collection[Cell]], hidden: Sequence[Cell]) -> list[set[Cell]]:
    """Sets of ``hidden`` cells with fewer than five answers between them whose sum follows from published sums.

    ``n``: answers in each cell (empty cells hold nothing to find); ``published``: the cells that each sum adds up.
    """
    cells = [cell for cell in n if n[cell]]
    basis = _Basis([[Fraction(cell in members) for cell in cells] for members in published])
    secret = [cell for cell in hidden if n[cell]]
    subsets = chain.from_iterable(combinations(secret, size) for size in range(1, 5))
    small = [set(subset) for subset in subsets if 0 < sum(n[cell] for cell in subset) < 5]
    return [subset for subset in small if basis.spans([Fraction(cell in subset) for cell in cells])]


class _Basis:
    """The sums that follow from given ones, by elimination."""

    def __init__(self, vectors: Iterable[list[Fraction]]) -> None:
        self.rows: list[tuple[int, list[Fraction]]] = []
        for vector in vectors:
            rest = self._reduced(vector)
            pivot = next((at for at, x in enumerate(rest) if x), None)
            if pivot is not None:
                self.rows.append((pivot, [x / rest[pivot] for x in rest]))

    def spans(self, vector: list[Fraction]) -> bool:
        return not any(self._reduced(vector))

    def _reduced(self, vector: list[Fraction]) -> list[Fraction]:
        rest = vector
        for pivot, row in self.rows:
            if rest[pivot]:
                rest = [x - rest[pivot] * y for x, y in zip(rest, row, strict=True)]
        return rest
