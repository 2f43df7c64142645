"""A spreadsheet as a value: ``Book`` holds ``Tab`` holds rows of ``Cell``.

Rows are tuples and cells are immutable, so a copy of a book copies only lists of references (20,000 rows: well under a
millisecond). Every call works on a copy that replaces the book only when the whole call has succeeded: that is what
makes ``batchUpdate`` all or nothing, and lets readers work on a snapshot without a lock.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from bot.playground.sheets_errors import Json, cell_limit, invalid

MAX_CELLS = 10_000_000
DEFAULT_ROWS, DEFAULT_COLUMNS = 1000, 26


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, kept as typed and never evaluated."""

    text: str


Value = str | float | bool | Formula | None


class Cell(NamedTuple):
    """``value`` None is empty. ``format`` is Google's ``userEnteredFormat``; treat it as frozen."""

    value: Value = None
    format: Json | None = None
    note: str | None = None


EMPTY = Cell()
Row = tuple[Cell, ...]


class Area(NamedTuple):
    """A rectangle of cells, 0-based, ends exclusive."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left


@dataclass
class Tab:
    """One sheet ("tab"). ``rows`` may be shorter than ``row_count``, a row than ``column_count``: the rest is empty."""

    sheet_id: int
    title: str
    row_count: int = DEFAULT_ROWS
    column_count: int = DEFAULT_COLUMNS
    frozen_rows: int = 0
    frozen_columns: int = 0
    rows: list[Row] = field(default_factory=list)
    extra: Json = field(default_factory=dict)  # properties that are kept but mean nothing here: hidden, tabColor, ...
    protected: list[Json] = field(default_factory=list)
    basic_filter: Json | None = None
    widths: dict[int, int] = field(default_factory=dict)  # column index -> pixels

    def copy(self) -> "Tab":
        return replace(self, rows=list(self.rows), protected=list(self.protected), widths=dict(self.widths))

    def cell(self, row: int, column: int) -> Cell:
        line = self.rows[row] if row < len(self.rows) else ()
        return line[column] if column < len(line) else EMPTY

    def set_row(self, row: int, left: int, cells: Iterable[Cell]) -> None:
        """Replace the cells of one row from column ``left`` on."""
        self.rows.extend(() for _ in range(row + 1 - len(self.rows)))
        new = tuple(cells)
        old = self.rows[row]
        if len(old) < left:
            old += (EMPTY,) * (left - len(old))
        self.rows[row] = old[:left] + new + old[left + len(new) :]

    def whole(self) -> Area:
        return Area(0, self.row_count, 0, self.column_count)

    def last_data_row(self) -> int:
        """Number of rows up to and with the last one that holds a value."""
        for index in range(len(self.rows) - 1, -1, -1):
            if any(cell.value is not None for cell in self.rows[index]):
                return index + 1
        return 0


@dataclass
class Book:
    """A spreadsheet. ``metadata`` maps ``metadataId`` to Google's ``DeveloperMetadata``."""

    spreadsheet_id: str
    title: str
    tabs: list[Tab] = field(default_factory=list)
    metadata: dict[int, Json] = field(default_factory=dict)
    locale: str = "th_TH"
    time_zone: str = "Asia/Bangkok"
    next_id: int = 1
    version: int = 1
    max_cells: int = MAX_CELLS

    def copy(self) -> "Book":
        return replace(self, tabs=[tab.copy() for tab in self.tabs], metadata=dict(self.metadata))

    def tab(self, sheet_id: Any) -> Tab:
        for tab in self.tabs:
            if tab.sheet_id == sheet_id:
                return tab
        raise invalid(f"No grid with id: {sheet_id}")

    def titled(self, title: str) -> Tab | None:
        """Titles are found as Google finds them: without regard to case."""
        wanted = title.casefold()
        return next((tab for tab in self.tabs if tab.title.casefold() == wanted), None)

    def fresh_id(self) -> int:
        """A new id for a tab or a protected range: stable from run to run, never used before in this book."""
        self.next_id += 1
        return (self.next_id * 7_919_317) % 2_000_000_011

    def resize(self, tab: Tab, rows: int, columns: int) -> None:
        """Give a tab another grid; what falls outside is cut off. Raises the 10,000,000-cell error."""
        if rows < 1 or columns < 1:
            raise invalid("You can't delete all the rows or columns on the sheet.")
        growth = rows * columns - tab.row_count * tab.column_count
        if growth > 0 and self.cells() + growth > self.max_cells:
            raise cell_limit(self.max_cells)
        del tab.rows[rows:]
        if columns < tab.column_count:
            tab.rows[:] = [row[:columns] for row in tab.rows]
        tab.row_count, tab.column_count = rows, columns

    def cells(self) -> int:
        return sum(tab.row_count * tab.column_count for tab in self.tabs)


def new_book(spreadsheet_id: str, title: str, first_tab: str = "ชีต1") -> Book:
    """A spreadsheet as a person makes it: one empty tab with sheetId 0."""
    return Book(spreadsheet_id, title, tabs=[Tab(0, first_tab)])
