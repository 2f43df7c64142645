"""The row and column requests of ``batchUpdate``: insert, append, delete, size. Protected ranges move with cells."""

from collections.abc import Callable

from bot.playground.sheets_book import EMPTY, Book, Row, Tab
from bot.playground.sheets_errors import Json, invalid


def append(book: Book, request: Json) -> Json:
    tab = book.tab(request.get("sheetId", 0))
    length = request.get("length", 0)
    if length <= 0:
        raise invalid("length must be positive")
    rows = _is_rows(request)
    book.resize(tab, tab.row_count + length * rows, tab.column_count + length * (not rows))
    return {}


def insert(book: Book, request: Json) -> Json:
    tab, start, end, rows = _dimension_range(book, request)
    count = end - start
    book.resize(tab, tab.row_count + count * rows, tab.column_count + count * (not rows))
    if rows:
        tab.rows[start:start] = [()] * count if start < len(tab.rows) else []
        tab.frozen_rows += count * (start < tab.frozen_rows)
    else:
        tab.rows[:] = [_with_gap(row, start, count) for row in tab.rows]
        tab.frozen_columns += count * (start < tab.frozen_columns)
        tab.widths = {at + count * (at >= start): width for at, width in tab.widths.items()}
    _move_protected(tab, rows, lambda edge, is_end: edge + count * (edge > start or (edge == start and not is_end)))
    return {}


def delete(book: Book, request: Json) -> Json:
    tab, start, end, rows = _dimension_range(book, request)
    if end > (tab.row_count if rows else tab.column_count):
        raise invalid("Cannot delete a dimension that doesn't exist.")
    left_rows, left_columns = tab.row_count - (end - start) * rows, tab.column_count - (end - start) * (not rows)
    frozen = tab.frozen_rows if rows else tab.frozen_columns
    if (left_rows if rows else left_columns) <= frozen:
        raise invalid("Sorry, it is not possible to delete all non-frozen rows or columns.")
    if rows:
        del tab.rows[start:end]
        tab.frozen_rows = _closed_up(tab.frozen_rows, start, end)
    else:
        tab.rows[:] = [row[:start] + row[end:] for row in tab.rows]
        tab.frozen_columns = _closed_up(tab.frozen_columns, start, end)
        kept = {at: width for at, width in tab.widths.items() if not start <= at < end}
        tab.widths = {_closed_up(at, start, end): width for at, width in kept.items()}
    _move_protected(tab, rows, lambda edge, _: _closed_up(edge, start, end))
    book.resize(tab, left_rows, left_columns)
    return {}


def update_properties(book: Book, request: Json) -> Json:
    """Column widths are kept for the grid page; hidden rows and row heights mean nothing here."""
    tab, start, end, rows = _dimension_range(book, request)
    pixels = (request.get("properties") or {}).get("pixelSize")
    if not rows and pixels:
        tab.widths.update(dict.fromkeys(range(start, end), pixels))
    return {}


def auto_resize(book: Book, request: Json) -> Json:
    """The page sizes columns by their content unless told otherwise, so: forget what was told."""
    tab, start, end, rows = _dimension_range(book, {"range": request.get("dimensions") or {}})
    if not rows:
        tab.widths = {at: width for at, width in tab.widths.items() if not start <= at < end}
    return {}


def _dimension_range(book: Book, request: Json) -> tuple[Tab, int, int, bool]:
    wanted = request.get("range") or {}
    tab = book.tab(wanted.get("sheetId", 0))
    rows = _is_rows(wanted)
    start = wanted.get("startIndex", 0)
    end = wanted.get("endIndex", tab.row_count if rows else tab.column_count)
    if not 0 <= start < end:
        raise invalid(f"range.startIndex[{start}] must be less than range.endIndex[{end}]")
    return tab, start, end, rows


def _is_rows(holder: Json) -> bool:
    if holder.get("dimension") not in ("ROWS", "COLUMNS"):
        raise invalid("dimension must be ROWS or COLUMNS")
    return bool(holder["dimension"] == "ROWS")


def _with_gap(row: Row, at: int, count: int) -> Row:
    return row[:at] + (EMPTY,) * count + row[at:] if len(row) > at else row


def _closed_up(edge: int, start: int, end: int) -> int:
    """Where an edge stands after [start, end) is gone."""
    return edge if edge <= start else max(start, edge - (end - start))


def _move_protected(tab: Tab, rows: bool, move: Callable[[int, bool], int]) -> None:
    """Shift protected ranges by ``move(edge, is it the end)``; one of which nothing is left is dropped."""
    names = ("startRowIndex", "endRowIndex") if rows else ("startColumnIndex", "endColumnIndex")
    kept = []
    for each in tab.protected:
        area = dict(each["range"])
        for name in names:
            if name in area:
                area[name] = move(area[name], name == names[1])
        if names[1] not in area or area.get(names[0], 0) < area[names[1]]:
            kept.append(each | {"range": area})
    tab.protected = kept
