"""The cell requests of ``batchUpdate``: appendCells, updateCells, repeatCell, sortRange, and cells as Google's JSON."""

import json
from collections.abc import Iterator
from typing import Any

from bot.playground.sheets_a1 import beyond_grid, grid_area
from bot.playground.sheets_book import EMPTY, Area, Book, Cell, Formula, Row, Tab
from bot.playground.sheets_errors import Json, invalid
from bot.playground.sheets_format import extended, from_extended, shown
from bot.playground.sheets_mask import Mask, assign, parse_mask

_formats: dict[str, Json] = {}  # equal formats are shared, or 300,000 cells would carry 300,000 dictionaries


def append_cells(book: Book, request: Json) -> Json:
    """Add rows after the last row with data; the grid grows downwards when it must, never sideways."""
    tab = book.tab(request.get("sheetId", 0))
    mask = parse_mask(request.get("fields", ""))
    lines = [_line(row) for row in request.get("rows", [])]
    top = tab.last_data_row()
    width = max(map(len, lines), default=0)
    if width > tab.column_count:
        raise beyond_grid(tab, Area(top, top + 1, width - 1, width))
    if top + len(lines) > tab.row_count:
        book.resize(tab, top + len(lines), tab.column_count)
    for offset, line in enumerate(lines):
        tab.set_row(top + offset, 0, [apply_mask(EMPTY, data, mask) for data in line])
    return {}


def update_cells(book: Book, request: Json) -> Json:
    """Write from ``start`` on, or into ``range``, where masked fields of cells that ``rows`` lacks are cleared."""
    mask = parse_mask(request.get("fields", ""))
    lines = [_line(row) for row in request.get("rows", [])]
    width = max(map(len, lines), default=0)
    if "start" in request:
        start = request["start"]
        tab = book.tab(start.get("sheetId", 0))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        area = Area(top, top + len(lines), left, left + width)
        if area.bottom > tab.row_count or area.right > tab.column_count:
            raise beyond_grid(tab, area)
    else:
        tab = book.tab(request.get("range", {}).get("sheetId", 0))
        area = grid_area(tab, request.get("range", {}))
        if len(lines) > area.height or width > area.width:
            raise invalid("Attempting to write beyond the last requested row or column of the range")
    for row in range(area.top, area.bottom):
        line = lines[row - area.top] if row - area.top < len(lines) else []
        count = len(line) if "start" in request else area.width
        data = line + [{}] * (count - len(line))
        cells = [apply_mask(tab.cell(row, area.left + i), data[i], mask) for i in range(count)]
        if row < len(tab.rows) or any(cell != EMPTY for cell in cells):
            tab.set_row(row, area.left, cells)
    return {}


def repeat_cell(book: Book, request: Json) -> Json:
    tab = book.tab(request.get("range", {}).get("sheetId", 0))
    area = grid_area(tab, request.get("range", {}))
    mask = parse_mask(request.get("fields", ""))
    data = request.get("cell", {})
    for row in range(area.top, area.bottom):
        tab.set_row(row, area.left, [apply_mask(tab.cell(row, c), data, mask) for c in range(area.left, area.right)])
    return {}


def sort_range(book: Book, request: Json) -> Json:
    """Sort as Google does: numbers, then text, then booleans; empty cells last in either direction."""
    tab = book.tab(request.get("range", {}).get("sheetId", 0))
    area = grid_area(tab, request.get("range", {}))
    bottom = min(area.bottom, len(tab.rows))
    lines = [_padded(row, area.right) for row in tab.rows[area.top : bottom]]
    for spec in reversed(request.get("sortSpecs", [])):
        column, descending = spec.get("dimensionIndex", 0), spec.get("sortOrder") == "DESCENDING"
        filled = [line for line in lines if line[column].value is not None]
        empty = [line for line in lines if line[column].value is None]
        filled.sort(key=lambda line, at=column: _sort_key(line[at]), reverse=descending)  # type: ignore[misc]
        lines = filled + empty
    for offset, line in enumerate(lines):
        tab.set_row(area.top + offset, area.left, line[area.left : area.right])
    return {}


def apply_mask(old: Cell, data: Any, mask: Mask) -> Cell:
    """A cell after Google's ``CellData`` was written into it under a field mask; fields we do not keep are ignored."""
    if not isinstance(data, dict):
        raise invalid("Invalid value: a CellData object is expected")
    whole = not mask
    value, cell_format, note = old
    if whole or "userEnteredValue" in mask:
        value = from_extended(data.get("userEnteredValue"))
        if isinstance(value, str) and len(value) > 50_000:
            raise invalid("Your input contains more than the maximum of 50000 characters in a single cell.")
    if whole or "userEnteredFormat" in mask:
        below = {} if whole else mask["userEnteredFormat"]
        new = data.get("userEnteredFormat")
        cell_format = assign(cell_format or {}, new or {}, below) if below else new
    if whole or "note" in mask:
        note = data.get("note") or None
    return Cell(value, _shared(cell_format), note)


def cell_data(cell: Cell) -> Json:
    """Google's ``CellData`` of a cell, as ``spreadsheets.get`` gives it."""
    data: Json = {}
    if cell.value is not None:
        data["userEnteredValue"] = extended(cell.value)
        effective = cell.value.text if isinstance(cell.value, Formula) else cell.value
        data["effectiveValue"] = extended(effective)
        data["formattedValue"] = shown(cell)
    if cell.format:
        data["userEnteredFormat"] = cell.format
        data["effectiveFormat"] = cell.format
    if cell.note:
        data["note"] = cell.note
    return data


def row_data(tab: Tab, area: Area) -> Iterator[Json]:
    for row in tab.rows[area.top : area.bottom]:
        cells = [cell_data(cell) for cell in row[area.left : area.right]]
        yield {"values": cells} if any(cells) else {}


def _shared(cell_format: Json | None) -> Json | None:
    if not cell_format:
        return None
    if len(_formats) > 10_000:
        _formats.clear()
    return _formats.setdefault(json.dumps(cell_format, sort_keys=True), cell_format)


def _line(row: Any) -> list[Any]:
    values = row.get("values", []) if isinstance(row, dict) else None
    if not isinstance(values, list):
        raise invalid("Invalid value at 'rows': a list of RowData is expected")
    return values


def _padded(row: Row, width: int) -> Row:
    return row + (EMPTY,) * (width - len(row))


def _sort_key(cell: Cell) -> tuple[int, float, str]:
    value = cell.value
    if isinstance(value, bool):
        return 2, float(value), ""
    if isinstance(value, float):
        return 0, value, ""
    return 1, 0.0, shown(cell).casefold()
