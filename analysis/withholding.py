"""Which scores are not shown, so that nobody's answers can be read off or subtracted out. Pure.

Fewer than five answers are withheld. And where parts and their whole are both published, hiding one part is not
enough: whole minus the other parts would give it away. So in a breakdown the next smallest cell is hidden as well,
until the hidden cells together cannot be told apart; and what a fiscal year says is made so that the year minus its
visible months never leaves fewer than five answers. docs/decisions/0003-withholding.md gives the reasons.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from analysis import counts
from analysis.counts import FEWEST, Tally


class Reason(Enum):
    """Why a score is withheld."""

    FEW = "few"  # fewer than five answers
    COVER = "cover"  # enough answers, but showing it would give away another cell


@dataclass(frozen=True, slots=True)
class Hidden:
    """What of one tally is withheld: ``whole`` hides everything, ``items`` single items."""

    whole: Reason | None = None
    items: Mapping[str, Reason] = field(default_factory=dict)

    def item(self, code: str | None) -> Reason | None:
        """Why this item is withheld; None as ``code``: why everything is."""
        return self.whole or self.items.get(code or "")


def few(n: int) -> bool:
    return 0 < n < FEWEST


def of_one(tally: Tally) -> Hidden:
    """What is withheld of a tally that is not part of a breakdown."""
    items = {code: Reason.FEW for code, n in tally.answered.items() if few(n)}
    return Hidden(Reason.FEW if few(tally.n) else None, items)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Tallies of the parts of a whole on two levels: ``cells`` (service points) within ``groups`` (departments)."""

    cells: Mapping[str, Tally]
    groups: Mapping[str, Tally]
    parents: Mapping[str, str]  # cell -> group


def of_breakdown(parts: Breakdown) -> tuple[dict[str, Hidden], dict[str, Hidden]]:
    """What is withheld of each cell and of each group when both levels and the whole may be published."""
    whole = _cover(_sizes(parts.cells), _sizes(parts.groups), parts.parents)
    codes = dict.fromkeys(code for tally in parts.groups.values() for code in tally.answered)
    items = {
        code: _cover(_sizes(parts.cells, code), _sizes(parts.groups, code), parts.parents, whole) for code in codes
    }
    return (
        _hidden(parts.cells, whole[0], {code: levels[0] for code, levels in items.items()}),
        _hidden(parts.groups, whole[1], {code: levels[1] for code, levels in items.items()}),
    )


@dataclass(frozen=True, slots=True)
class Year:
    """A fiscal year's tally, and of which months it is: ``taken`` in, and for single items ``left_out`` again."""

    tally: Tally
    taken: frozenset[int]
    left_out: Mapping[str, frozenset[int]]

    def months(self, code: str | None) -> frozenset[int]:
        """The places of the months whose answers to an item (None: whose responses) are counted."""
        return self.taken - self.left_out.get(code or "", frozenset())


def year(months: Sequence[tuple[Tally, Hidden]]) -> Year:
    """The fiscal year from its months, in order, with what is withheld of each.

    Hidden months are taken in together, as soon as at least two of them hold at least five answers; what waits for
    company is left out. So the year minus its visible months, and the year today minus the year last month, never
    leave fewer than five answers or a single hidden month.
    """
    taken = frozenset(range(len(months))) - _waiting([tally.n if hidden.whole else 0 for tally, hidden in months])
    answered = [tally.answered for tally, _ in months]
    left_out = {
        code: _waiting(
            [n.get(code, 0) if at in taken and months[at][1].item(code) else 0 for at, n in enumerate(answered)]
        )
        for code in dict.fromkeys(code for n in answered for code in n)
    }
    kept = [_without(months[at][0], [c for c, places in left_out.items() if at in places]) for at in sorted(taken)]
    return Year(counts.total(kept), taken, left_out)


def size(tally: Tally, code: str | None) -> int:
    """How many answers an item got; None: how many responses there are."""
    return tally.n if code is None else tally.answered.get(code, 0)


def _sizes(tallies: Mapping[str, Tally], code: str | None = None) -> dict[str, int]:
    return {name: size(tally, code) for name, tally in tallies.items()}


def _hidden(
    tallies: Mapping[str, Tally], whole: Mapping[str, Reason], items: Mapping[str, Mapping[str, Reason]]
) -> dict[str, Hidden]:
    return {
        name: Hidden(whole.get(name), {code: reasons[name] for code, reasons in items.items() if name in reasons})
        for name in tallies
    }


def _without(tally: Tally, codes: Iterable[str]) -> Tally:
    for code in codes:
        tally = counts.without_item(tally, code)
    return tally


def _waiting(hidden: Sequence[int]) -> frozenset[int]:
    """The places of the hidden counts that have not found company; zeros are not hidden."""
    waiting: list[int] = []
    for at, n in enumerate(hidden):
        if n:
            waiting.append(at)
        if len(waiting) > 1 and sum(hidden[i] for i in waiting) >= FEWEST:
            waiting.clear()
    return frozenset(waiting)


Levels = tuple[Mapping[str, Reason], Mapping[str, Reason]]


def _cover(
    cells: Mapping[str, int], groups: Mapping[str, int], parents: Mapping[str, str], hidden: Levels = ({}, {})
) -> Levels:
    """Hide cells and groups until no sum that is published gives a hidden one away. ``hidden`` already: stays so."""
    by_cell, by_group = dict(hidden[0]), dict(hidden[1])
    by_cell.update({name: Reason.FEW for name, n in cells.items() if few(n) and name not in by_cell})
    by_group.update({name: Reason.FEW for name, n in groups.items() if few(n) and name not in by_group})
    while True:
        group = _next(groups, by_group, groups)
        cell = next(iter(_next_cells(cells, parents, by_cell, by_group)), None)
        exposed = next((g for g in groups if g not in by_group and _exposed(g, cells, parents, by_cell)), None)
        if group is None and cell is None and exposed is None:
            return by_cell, by_group
        if group is not None or exposed is not None:
            by_group[group if group is not None else str(exposed)] = Reason.COVER
        if cell is not None:
            by_cell[cell] = Reason.COVER


def _next_cells(
    cells: Mapping[str, int],
    parents: Mapping[str, str],
    by_cell: Mapping[str, Reason],
    by_group: Mapping[str, Reason],
) -> Iterable[str]:
    """Cells to hide for each published sum that gives one away: the whole, each group, the hidden groups together."""
    within: dict[str, list[str]] = {}
    for cell in cells:
        within.setdefault(parents[cell], []).append(cell)
    sums: list[Collection[str]] = [cells, *(names for group, names in within.items() if group not in by_group)]
    sums.append([cell for cell in cells if parents[cell] in by_group])
    for names in sums:
        if (found := _next(cells, by_cell, names)) is not None:
            yield found


def _next(n: Mapping[str, int], hidden: Mapping[str, Reason], members: Collection[str]) -> str | None:
    """The smallest visible member to hide as well, when the sum of ``members`` is known and gives hidden ones away."""
    secret = [name for name in members if name in hidden and n[name]]
    if not secret or _safe([n[name] for name in secret]):
        return None
    visible = [name for name in members if name not in hidden and n[name]]
    return min(visible, key=lambda name: (n[name], name), default=None)


def _exposed(group: str, cells: Mapping[str, int], parents: Mapping[str, str], hidden: Mapping[str, Reason]) -> bool:
    """Does this group's own figure give a hidden cell of it away, with nothing left inside it to hide?"""
    inside = [cell for cell, n in cells.items() if parents[cell] == group and n]
    secret = [cells[cell] for cell in inside if cell in hidden]
    return bool(secret) and len(secret) == len(inside) and not _safe(secret)


def _safe(secret: Sequence[int]) -> bool:
    return len(secret) > 1 and sum(secret) >= FEWEST
