"""Finding "the table" for ``values:append``, the way Google guesses it.

Google documents only that it "searches for existing data and finds a table within the range". Observed: the table is
the block of touching cells around the last filled cell of the range. A header with a gap (A, B empty, C filled) sends
the next row to C2, which is why the product never uses this call.
"""

from typing import NamedTuple

from bot.playground.sheets_book import Area, Row, Tab


class Table(NamedTuple):
    """Same corners as ``Area``."""

    top: int
    bottom: int
    left: int
    right: int


def find_table(tab: Tab, area: Area) -> Table | None:
    """The block that holds the last filled cell of the range; None when the range is empty."""
    seed = _last_filled(tab, area)
    if seed is None:
        return None
    row, column = seed
    top, bottom, left, right = row, row + 1, column, column + 1
    grew = True
    while grew:
        before = (top, bottom, left, right)
        while top > 0 and _filled(tab, top - 1, left - 1, right + 1):
            top -= 1
        while bottom < len(tab.rows) and _filled(tab, bottom, left - 1, right + 1):
            bottom += 1
        while left > 0 and _column_filled(tab, left - 1, top, bottom):
            left -= 1
        while _column_filled(tab, right, top, bottom):
            right += 1
        grew = before != (top, bottom, left, right)
    return Table(top, bottom, left, right)


def _last_filled(tab: Tab, area: Area) -> tuple[int, int] | None:
    for row in range(min(area.bottom, len(tab.rows)) - 1, area.top - 1, -1):
        line = tab.rows[row]
        for column in range(min(area.right, len(line)) - 1, area.left - 1, -1):
            if line[column].value is not None:
                return row, column
    return None


def _filled(tab: Tab, row: int, left: int, right: int) -> bool:
    line: Row = tab.rows[row]
    return any(cell.value is not None for cell in line[max(left, 0) : right])


def _column_filled(tab: Tab, column: int, top: int, bottom: int) -> bool:
    return any(column < len(row) and row[column].value is not None for row in tab.rows[max(top - 1, 0) : bottom + 1])
