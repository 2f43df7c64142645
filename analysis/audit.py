"""May one more sum be published, after all that is published already? Pure.

Months, fiscal years, departments and service points overlap, and with enough overlapping sums one can solve for a
cell that none of them shows. ``Published`` keeps every sum that was let out as an equation, and says of a further one
whether anything that rests on fewer than five answers could then be worked out. Coefficients are kept modulo a large
prime, which is exact enough: a mistake has odds of 1 in 10^12 at the most, and would hide something, not reveal it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from analysis.counts import FEWEST, Tally
from analysis.withholding import Hidden, Reason, Year, size

_PRIME = 2**61 - 1
Cell = tuple[int, str]
"""(the month's place in the year, service point)"""
_Row = dict[Cell, int]


Settled = Mapping[str, tuple[Tally, Hidden]]
"""Cell or group -> its tally and what of it is withheld."""


@dataclass(frozen=True, slots=True)
class Month:
    """What of a month may be published: the whole, its groups (departments) and cells (service points)."""

    whole: tuple[Tally, Hidden]
    groups: Settled
    cells: Settled


@dataclass(frozen=True, slots=True)
class Part:
    """A figure of the year that may be published: the months of these cells. ``hidden``: what is withheld anyway."""

    cells: tuple[str, ...]
    year: Year
    hidden: Hidden

    def members(self, code: str | None) -> list[Cell]:
        return [(month, cell) for month in self.year.months(code) for cell in self.cells]


def of_year(months: Sequence[Month], parents: Mapping[str, str], parts: Mapping[str, Part]) -> dict[str, Hidden]:
    """What is withheld of each part of a year, so that no combination with the months gives a hidden cell away.

    ``parents``: cell -> group. The first of ``parts`` is the whole year, shown in any case unless it is small itself.
    """
    hidden = {name: part.hidden for name, part in parts.items()}
    codes = dict.fromkeys(code for tally, _ in (m.whole for m in months) for code in tally.answered)
    for code in (None, *codes):
        ledger = _of_months(months, parents, code)
        for place, (name, part) in enumerate(parts.items()):
            if hidden[name].item(code):
                continue
            if place and ledger.exposes(part.members(code)):
                hidden[name] = _covered(hidden[name], code)
            else:
                ledger.add(part.members(code))
    return hidden


def _of_months(months: Sequence[Month], parents: Mapping[str, str], code: str | None) -> "Published":
    """What the months alone tell of the answers to an item (None: of the number of responses)."""
    ledger = Published(
        {
            (at, cell): size(tally, code)
            for at, month in enumerate(months)
            for cell, (tally, hidden) in month.cells.items()
            if hidden.item(code)
        }
    )
    for at, month in enumerate(months):
        if not month.whole[1].item(code):
            ledger.add(_cells(at, month.cells))
        for group, (_, hidden) in month.groups.items():
            if not hidden.item(code):
                ledger.add(_cells(at, (cell for cell in month.cells if parents[cell] == group)))
    return ledger


def _cells(at: int, names: Iterable[str]) -> list[Cell]:
    return [(at, name) for name in names]


def _covered(hidden: Hidden, code: str | None) -> Hidden:
    if code is None:
        return replace(hidden, whole=Reason.COVER)
    return replace(hidden, items={**hidden.items, code: Reason.COVER})


class Published:
    """The sums let out so far, over hidden cells with ``n`` answers each; what is shown openly needs no place here."""

    def __init__(self, n: Mapping[Cell, int]) -> None:
        self.n = {cell: count for cell, count in n.items() if count}
        self._mark = {cell: _mark(cell) for cell in self.n}
        self._rows: dict[Cell, _Row] = {}  # reduced: a pivot stands in its own row only

    def add(self, members: Collection[Cell]) -> None:
        """Let out the sum of these cells."""
        self._rows = self._with(members)

    def exposes(self, members: Collection[Cell]) -> bool:
        """Would the sum of these cells, with those let out, give away fewer than five answers?"""
        rows = self._with(members)
        return rows is not self._rows and _solvable(list(self._small(rows)))

    def _with(self, members: Collection[Cell]) -> dict[Cell, _Row]:
        new: _Row = {cell: 1 for cell in members if cell in self.n}
        for pivot, row in self._rows.items():
            _subtract(new, row, new.get(pivot, 0))
        if not new:
            return self._rows
        pivot = min(new)
        unit = pow(new[pivot], -1, _PRIME)
        new = {cell: value * unit % _PRIME for cell, value in new.items()}
        rows = {}
        for name, row in self._rows.items():
            rows[name] = dict(row)
            _subtract(rows[name], new, row.get(pivot, 0))
        return rows | {pivot: new}

    def _small(self, rows: Mapping[Cell, _Row]) -> Iterator[tuple[int, int]]:
        """(answers, what of the cell no equation tells) of each cell with fewer than five; 0: all is told."""
        for cell, count in self.n.items():
            if count < FEWEST:
                told = sum(value * self._mark[c] for c, value in rows.get(cell, {}).items())
                yield count, (self._mark[cell] - told) % _PRIME


def _mark(cell: Cell) -> int:
    """A number that stands for the cell in sums, so that different sums differ."""
    return int.from_bytes(blake2b(repr(cell).encode(), digest_size=8).digest()) % _PRIME


def _subtract(row: _Row, other: _Row, times: int) -> None:
    if not times:
        return
    for cell, value in other.items():
        if left := (row.get(cell, 0) - times * value) % _PRIME:
            row[cell] = left
        else:
            row.pop(cell, None)


def _solvable(cells: list[tuple[int, int]]) -> bool:
    """Is there a set of cells with fewer than five answers together of which the equations leave nothing open?"""
    seen: dict[int, list[tuple[int, frozenset[int]]]] = {}
    for n, members, rest in _one_or_two(cells):
        if rest == 0:
            return True
        for other, others in seen.get(_PRIME - rest, ()):
            if n + other < FEWEST and not members & others:
                return True
        seen.setdefault(rest, []).append((n, members))
    return False


def _one_or_two(cells: list[tuple[int, int]]) -> Iterator[tuple[int, frozenset[int], int]]:
    for at, (n, rest) in enumerate(cells):
        yield n, frozenset([at]), rest
        for before, (m, remainder) in enumerate(cells[:at]):
            if n + m < FEWEST:
                yield n + m, frozenset([at, before]), (rest + remainder) % _PRIME
