"""``spreadsheets.batchUpdate`` and the spreadsheet resource itself.

``batch_update`` works on a copy of the book that the caller throws away when anything raises, so a batch is applied
whole or not at all. What Google can do and this service cannot is refused in words, never ignored.
"""

from collections.abc import Callable, Mapping

from bot.playground import sheets_cells as cells
from bot.playground import sheets_dimensions as dimensions
from bot.playground import sheets_grid as grid
from bot.playground import sheets_meta as meta
from bot.playground.sheets_a1 import parse_a1
from bot.playground.sheets_book import Area, Book, Tab
from bot.playground.sheets_errors import ApiError, Json, invalid
from bot.playground.sheets_mask import Mask, parse_mask

Handler = Callable[[Book, Json], Json]
HANDLERS: Mapping[str, tuple[Handler, str]] = {
    "addSheet": (grid.add_sheet, "properties"),
    "deleteSheet": (grid.delete_sheet, "sheetId"),
    "updateSheetProperties": (grid.update_sheet_properties, "properties fields"),
    "updateSpreadsheetProperties": (grid.update_spreadsheet_properties, "properties fields"),
    "addProtectedRange": (grid.add_protected_range, "protectedRange"),
    "deleteProtectedRange": (grid.delete_protected_range, "protectedRangeId"),
    "setBasicFilter": (grid.set_basic_filter, "filter"),
    "clearBasicFilter": (grid.clear_basic_filter, "sheetId"),
    "appendCells": (cells.append_cells, "sheetId rows fields"),
    "updateCells": (cells.update_cells, "rows fields start range"),
    "repeatCell": (cells.repeat_cell, "range cell fields"),
    "sortRange": (cells.sort_range, "range sortSpecs"),
    "appendDimension": (dimensions.append, "sheetId dimension length"),
    "insertDimension": (dimensions.insert, "range inheritFromBefore"),
    "deleteDimension": (dimensions.delete, "range"),
    "updateDimensionProperties": (dimensions.update_properties, "range properties fields"),
    "autoResizeDimensions": (dimensions.auto_resize, "dimensions"),
    "createDeveloperMetadata": (meta.create, "developerMetadata"),
    "deleteDeveloperMetadata": (meta.delete, "dataFilter"),
}
_BODY = {"requests", "includeSpreadsheetInResponse", "responseRanges", "responseIncludeGridData"}


def batch_update(book: Book, body: Json) -> Json:
    """Apply every request in order to ``book`` (a working copy). Raises 400 naming the request that failed."""
    for name in body.keys() - _BODY:
        raise invalid(f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.')
    requests = body.get("requests")
    if not requests or not isinstance(requests, list):
        raise invalid("Must specify at least one request.")
    answer: Json = {"spreadsheetId": book.spreadsheet_id}
    answer["replies"] = [_apply(book, number, request) for number, request in enumerate(requests)]
    if body.get("includeSpreadsheetInResponse"):
        with_data = bool(body.get("responseIncludeGridData"))
        answer["updatedSpreadsheet"] = spreadsheet(book, body.get("responseRanges", []), with_data)
    return answer


def _apply(book: Book, number: int, request: Json) -> Json:
    if not isinstance(request, dict) or len(request) != 1:
        raise invalid(f"Invalid requests[{number}]: exactly one kind of request must be set")
    kind, inner = next(iter(request.items()))
    if kind not in HANDLERS:
        raise invalid(f"Invalid requests[{number}].{kind}: the local Sheets service does not do this request")
    if not isinstance(inner, dict):
        raise invalid(f"Invalid value at 'requests[{number}].{kind}': an object is expected")
    handler, known = HANDLERS[kind]
    for name in inner.keys() - set(known.split()):
        place = f"'requests[{number}].{kind}'"
        raise invalid(f'Invalid JSON payload received. Unknown name "{name}" at {place}: Cannot find field.')
    try:
        return handler(book, inner)
    except ApiError as error:
        raise ApiError(error.code, error.status, f"Invalid requests[{number}].{kind}: {error.message}") from error
    except (AttributeError, TypeError, ValueError) as error:  # a member of the wrong type, deeper down
        raise invalid(f"Invalid value at 'requests[{number}].{kind}': {error}") from error


def get_spreadsheet(book: Book, params: dict[str, list[str]]) -> Json:
    """``GET {id}``; cells come with ``includeGridData=true`` or when the field mask names ``sheets.data``."""
    mask = parse_mask(params["fields"][0]) if "fields" in params else None
    with_data = params.get("includeGridData", ["false"])[0].lower() == "true" if mask is None else _wants_data(mask)
    return spreadsheet(book, params.get("ranges", []), with_data)


def spreadsheet(book: Book, ranges: list[str], with_data: bool) -> Json:
    areas = [parse_a1(book, text)[:2] for text in ranges]
    shown = [tab for tab in book.tabs if not areas or any(tab is named for named, _ in areas)]
    answer: Json = {
        "spreadsheetId": book.spreadsheet_id,
        "properties": {
            "title": book.title,
            "locale": book.locale,
            "autoRecalc": "ON_CHANGE",
            "timeZone": book.time_zone,
        },
        "sheets": [_sheet(book, tab, [area for named, area in areas if named is tab], with_data) for tab in shown],
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{book.spreadsheet_id}/edit",
    }
    if of_book := [each for each in book.metadata.values() if "spreadsheet" in each["location"]]:
        answer["developerMetadata"] = of_book
    return answer


def _sheet(book: Book, tab: Tab, areas: list[Area], with_data: bool) -> Json:
    answer: Json = {"properties": grid.properties(book, tab)}
    if with_data:
        answer["data"] = [_grid_data(tab, area) for area in areas or [tab.whole()]]
    if tab.protected:
        answer["protectedRanges"] = tab.protected
    if tab.basic_filter:
        answer["basicFilter"] = tab.basic_filter
    if of_tab := [each for each in book.metadata.values() if each["location"].get("sheetId") == tab.sheet_id]:
        answer["developerMetadata"] = of_tab
    return answer


def _grid_data(tab: Tab, area: Area) -> Json:
    data: Json = {"rowData": list(cells.row_data(tab, area))}
    if area.top:
        data["startRow"] = area.top
    if area.left:
        data["startColumn"] = area.left
    return data


def _wants_data(mask: Mask) -> bool:
    return not mask or ("sheets" in mask and (not mask["sheets"] or "data" in mask["sheets"] or "*" in mask["sheets"]))
