"""The tab requests of ``batchUpdate``: make, delete, rename, freeze and size tabs; protect and filter ranges."""

from typing import Any

from bot.playground.sheets_book import DEFAULT_COLUMNS, DEFAULT_ROWS, Book, Tab
from bot.playground.sheets_errors import Json, cell_limit, invalid
from bot.playground.sheets_mask import assign, parse_mask

_GRID = {"rowCount", "columnCount", "frozenRowCount", "frozenColumnCount"}


def properties(book: Book, tab: Tab) -> Json:
    """Google's ``SheetProperties``; a zero count of frozen rows or columns is left out, as Google does."""
    grid: Json = {"rowCount": tab.row_count, "columnCount": tab.column_count}
    if tab.frozen_rows:
        grid["frozenRowCount"] = tab.frozen_rows
    if tab.frozen_columns:
        grid["frozenColumnCount"] = tab.frozen_columns
    extra = {key: value for key, value in tab.extra.items() if key != "gridProperties"}
    return {
        "sheetId": tab.sheet_id,
        "title": tab.title,
        "index": book.tabs.index(tab),
        "sheetType": "GRID",
        "gridProperties": grid | tab.extra.get("gridProperties", {}),
        **extra,
    }


def add_sheet(book: Book, request: Json) -> Json:
    wanted = request.get("properties") or {}
    grid = wanted.get("gridProperties") or {}
    number = wanted.get("sheetId")
    if number is None:
        number = book.fresh_id()
    if any(tab.sheet_id == number for tab in book.tabs):
        raise invalid(f"A sheet with the ID {number} already exists.")
    title = wanted.get("title") or _free_title(book)
    _check_title(book, title, None)
    tab = Tab(number, title, grid.get("rowCount", DEFAULT_ROWS), grid.get("columnCount", DEFAULT_COLUMNS))
    book.tabs.insert(wanted.get("index", len(book.tabs)), tab)
    if book.cells() > book.max_cells:
        raise cell_limit(book.max_cells)
    _set_properties(book, tab, {key: value for key, value in wanted.items() if key not in ("sheetId", "index")})
    return {"addSheet": {"properties": properties(book, tab)}}


def delete_sheet(book: Book, request: Json) -> Json:
    tab = book.tab(request.get("sheetId", 0))
    if len(book.tabs) == 1:
        raise invalid("You can't remove all the sheets in a document.")
    book.tabs.remove(tab)
    for number, meta in list(book.metadata.items()):
        if meta["location"].get("sheetId") == tab.sheet_id:
            del book.metadata[number]
    return {}


def update_sheet_properties(book: Book, request: Json) -> Json:
    wanted = request.get("properties") or {}
    tab = book.tab(wanted.get("sheetId", 0))
    mask = parse_mask(request.get("fields", ""))
    mask.pop("sheetId", None)
    now = properties(book, tab)
    new = assign(now, wanted, mask or {key: {} for key in wanted})
    if new.get("index", now["index"]) != now["index"]:
        book.tabs.remove(tab)
        book.tabs.insert(new["index"], tab)
    _set_properties(book, tab, new)
    return {}


def update_spreadsheet_properties(book: Book, request: Json) -> Json:
    mask = parse_mask(request.get("fields", ""))
    wanted = request.get("properties") or {}
    for key, attribute in (("title", "title"), ("locale", "locale"), ("timeZone", "time_zone")):
        if key in wanted and (not mask or key in mask):
            setattr(book, attribute, wanted[key])
    return {}


def add_protected_range(book: Book, request: Json) -> Json:
    wanted = dict(request.get("protectedRange") or {})
    tab = book.tab((wanted.get("range") or {}).get("sheetId", 0))
    wanted.setdefault("protectedRangeId", book.fresh_id())
    if any(each["protectedRangeId"] == wanted["protectedRangeId"] for other in book.tabs for each in other.protected):
        raise invalid(f"A protected range with the ID {wanted['protectedRangeId']} already exists.")
    wanted["range"] = {"sheetId": tab.sheet_id} | (wanted.get("range") or {})
    wanted["requestingUserCanEdit"] = True
    tab.protected.append(wanted)
    return {"addProtectedRange": {"protectedRange": wanted}}


def delete_protected_range(book: Book, request: Json) -> Json:
    number = request.get("protectedRangeId")
    for tab in book.tabs:
        left = [each for each in tab.protected if each["protectedRangeId"] != number]
        if len(left) < len(tab.protected):
            tab.protected = left
            return {}
    raise invalid(f"No protected range with ID: {number}")


def set_basic_filter(book: Book, request: Json) -> Json:
    wanted = dict(request.get("filter") or {})
    tab = book.tab((wanted.get("range") or {}).get("sheetId", 0))
    tab.basic_filter = wanted | {"range": {"sheetId": tab.sheet_id} | (wanted.get("range") or {})}
    return {}


def clear_basic_filter(book: Book, request: Json) -> Json:
    book.tab(request.get("sheetId", 0)).basic_filter = None
    return {}


def _set_properties(book: Book, tab: Tab, wanted: Json) -> None:
    title = wanted.get("title", tab.title)
    _check_title(book, title, tab)
    grid = wanted.get("gridProperties") or {}
    rows, columns = grid.get("rowCount", tab.row_count), grid.get("columnCount", tab.column_count)
    frozen_rows, frozen_columns = grid.get("frozenRowCount", 0), grid.get("frozenColumnCount", 0)
    if frozen_rows >= rows:
        raise invalid("You can't freeze all visible rows on the sheet.")
    if frozen_columns >= columns:
        raise invalid("You can't freeze all visible columns on the sheet.")
    book.resize(tab, rows, columns)
    tab.title, tab.frozen_rows, tab.frozen_columns = title, frozen_rows, frozen_columns
    known = {"sheetId", "title", "index", "sheetType", "gridProperties"}
    tab.extra = {key: value for key, value in wanted.items() if key not in known}
    if other := {key: value for key, value in grid.items() if key not in _GRID}:
        tab.extra["gridProperties"] = other


def _check_title(book: Book, title: Any, tab: Tab | None) -> None:
    if not isinstance(title, str) or not 0 < len(title) <= 100:
        raise invalid("Sheet name cannot be empty or longer than 100 characters.")
    holder = book.titled(title)
    if holder is not None and holder is not tab:
        raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _free_title(book: Book) -> str:
    number = len(book.tabs) + 1
    while book.titled(f"ชีต{number}"):
        number += 1
    return f"ชีต{number}"
