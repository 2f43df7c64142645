"""What changed between official results of two or more fiscal years. Pure.

What may be compared at all is for analysis/likeness.py to say; a row that may not be compared has no ``difference`` and
says why in ``caution``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from analysis.likeness import Likeness, likened
from analysis.official import Official, OfficialScore
from analysis.reconcile_tree import LEVELS, Cell


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One cell in two years. ``sure``: sources confirm both years' structure. ``caution``: Thai; empty: none needed."""

    cell: Cell
    title: str
    now: OfficialScore | None
    before: OfficialScore | None
    likeness: Likeness
    sure: bool
    caution: str

    @property
    def difference(self) -> Decimal | None:
        """Of the two numbers as printed, so that a reader who subtracts finds it; None: not to be compared."""
        if self.now is None or self.before is None or self.likeness is Likeness.OTHER:
            return None
        return self.now.shown - self.before.shown


@dataclass(frozen=True)
class YearChange:
    """``rows``: each cell that either year has a score of, the total first, the items last, as the frame has them."""

    now: Official
    before: Official
    rows: tuple[ChangeRow, ...]

    def of_level(self, level: str) -> tuple[ChangeRow, ...]:
        """``level``: total, instrument, indicator or item."""
        return tuple(row for row in self.rows if row.cell.level == level)

    def row(self, cell: Cell) -> ChangeRow | None:
        return self._by_cell.get(cell)

    @property
    def risen(self) -> tuple[ChangeRow, ...]:
        """Questions, else indicators, that are the same in both years and went up, the farthest first."""
        return self._moved(1)

    @property
    def fallen(self) -> tuple[ChangeRow, ...]:
        """The same, that went down."""
        return self._moved(-1)

    @cached_property
    def _by_cell(self) -> dict[Cell, ChangeRow]:
        return {row.cell: row for row in self.rows}

    def _moved(self, sign: int) -> tuple[ChangeRow, ...]:
        """Of each family's own numbers: of an EIT in two parts the mean of both."""
        own = [row for row in self.rows if row.cell.instrument in self.now.frame.families]
        same = [(row.difference * sign, row) for row in own if row.likeness is Likeness.SAME and row.difference]
        for level in ("item", "indicator"):
            found = [(size, row) for size, row in same if row.cell.level == level]
            if found:
                return tuple(row for size, row in sorted(found, key=lambda one: -one[0]) if size > 0)
        return ()


@dataclass(frozen=True, slots=True)
class YearsRow:
    """One cell through the years. ``scores``: one a year. ``breaks``: years that may not be compared with the last."""

    cell: Cell
    title: str
    scores: tuple[OfficialScore | None, ...]
    breaks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Years:
    """``years`` oldest first. ``rows``: each cell that any of them has a score of, in the order of ``YearChange``."""

    years: tuple[int, ...]
    rows: tuple[YearsRow, ...]

    def of_level(self, level: str) -> tuple[YearsRow, ...]:
        """``level``: total, instrument, indicator or item."""
        return tuple(row for row in self.rows if row.cell.level == level)


def change(now: Official, before: Official) -> YearChange:
    """What changed from ``before`` to ``now``."""
    rows = []
    for cell, alike in likened(now.frame, before.frame, _ordered((now, before))).items():
        title = now.title(cell) or before.title(cell)
        scores = (now.scores.get(cell), before.scores.get(cell))
        rows.append(ChangeRow(cell, title, *scores, alike.likeness, alike.sure, alike.caution))
    return YearChange(now, before, tuple(rows))


def through(officials: Sequence[Official]) -> Years:
    """Several years side by side, for a table of many years. Raises ValueError when there is none."""
    given = sorted(officials, key=lambda one: one.fiscal_year)
    if not given:
        raise ValueError("no official result to set side by side")
    last = given[-1]
    cells = _ordered([last, *given])
    alike = {o.fiscal_year: likened(last.frame, o.frame, cells) for o in given}
    rows = []
    for cell in cells:
        breaks = (year for year, of in alike.items() if of[cell].likeness is Likeness.OTHER)
        title = next((title for o in reversed(given) if (title := o.title(cell))), "")
        rows.append(YearsRow(cell, title, tuple(o.scores.get(cell) for o in given), tuple(breaks)))
    return Years(tuple(o.fiscal_year for o in given), tuple(rows))


def _ordered(officials: Sequence[Official]) -> list[Cell]:
    """Every cell with a score, level by level from the total down, each level as the frames have it."""
    order = {cell: at for at, cell in enumerate(dict.fromkeys(c for o in officials for c in o.places))}
    cells = {cell for official in officials for cell in official.scores}
    return sorted(cells, key=lambda cell: (-LEVELS.index(cell.level), order[cell]))
