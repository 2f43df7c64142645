"""What the grid page shows of one tab: a window of rows as people see them, ready to be drawn."""

from typing import Any

from bot.playground.sheets_book import Book, Cell, Formula, Row, Tab
from bot.playground.sheets_errors import Json
from bot.playground.sheets_format import shown

PAGE_ROWS = 200
_SPARE_ROWS, _SPARE_COLUMNS = 12, 12


def grid_view(book: Book, sheet_id: int | None, start: int | None, count: int | None) -> Json:
    """``start`` None: the last window, where new rows arrive. No tab, or one that is gone: the fullest is shown."""
    chosen = (each for each in book.tabs if each.sheet_id == sheet_id)
    tab = next(chosen, None) or max(book.tabs, key=lambda each: each.last_data_row())
    total = tab.last_data_row()
    count = max(1, min(count or PAGE_ROWS, 1000))
    last = max(tab.frozen_rows, total - count)
    first = last if start is None else max(tab.frozen_rows, min(start, last))
    end = min(first + count, max(total, first))
    end = min(tab.row_count, max(end + _SPARE_ROWS, 40)) if end >= total else end
    columns = _columns(tab)
    return {
        "version": book.version,
        "title": book.title,
        "tabs": [{"id": each.sheet_id, "title": each.title} for each in book.tabs],
        "tab": tab.sheet_id,
        "columns": columns,
        "widths": {str(at): width for at, width in tab.widths.items()},
        "locked": [at for at in range(columns) if any(_covers(each["range"], at) for each in tab.protected)],
        "filter": tab.basic_filter is not None,
        "frozen": [_drawn(tab, at, columns) for at in range(tab.frozen_rows)],
        "start": first,
        "rows": [_drawn(tab, at, columns) for at in range(first, end)],
        "total": total,
        "page": count,
    }


def _drawn(tab: Tab, index: int, columns: int) -> list[Any]:
    """``[row number, cell, ...]``; a cell is "" or ``[text, kind, bold, background]``, shortened from the right."""
    row: Row = tab.rows[index] if index < len(tab.rows) else ()
    return [index + 1, *(_cell(cell) for cell in row[:columns])]


def _cell(cell: Cell) -> Any:
    look = _look(cell.format)
    if cell.value is None and not look:
        return ""
    return [shown(cell), _kind(cell), *look]


def _kind(cell: Cell) -> str:
    if isinstance(cell.value, bool):
        return "b"
    if isinstance(cell.value, float):
        return "n"
    return "f" if isinstance(cell.value, Formula) else "t"


def _look(cell_format: Json | None) -> list[Any]:
    if not cell_format:
        return []
    bold = bool((cell_format.get("textFormat") or {}).get("bold"))
    style = (cell_format.get("backgroundColorStyle") or {}).get("rgbColor")
    color = style or cell_format.get("backgroundColor")
    if not color:
        return [True] if bold else []
    parts = (round(255 * color.get(name, 0)) for name in ("red", "green", "blue"))
    return [bold, "#" + "".join(f"{part:02x}" for part in parts)]


def _columns(tab: Tab) -> int:
    used = max((len(row) for row in tab.rows), default=0)
    return min(tab.column_count, max(used + 1, _SPARE_COLUMNS))


def _covers(area: Json, column: int) -> bool:
    whole_column = area.get("endRowIndex") is None
    return whole_column and area.get("startColumnIndex", 0) <= column < area.get("endColumnIndex", 10**9)
