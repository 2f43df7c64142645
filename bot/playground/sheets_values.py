"""The ``values`` half of the API: reading and writing plain rows by A1 range.

Each function takes a ``Book`` (a working copy it may change), the query parameters and the body, and returns Google's
answer as JSON. Trailing empty cells and rows are left out of answers, as Google does.
"""

from typing import Any

from bot.playground.sheets_a1 import beyond_grid, column_letters, grid_area, parse_a1, to_a1
from bot.playground.sheets_book import Area, Book, Tab
from bot.playground.sheets_errors import Json, invalid
from bot.playground.sheets_format import entered, render
from bot.playground.sheets_table import find_table

Params = dict[str, list[str]]


def get_values(book: Book, params: Params, range_text: str) -> Json:
    tab, area, _ = parse_a1(book, range_text)
    return read(tab, area, options(params))


def batch_get(book: Book, params: Params) -> Json:
    ranges = [get_values(book, params, text) for text in params.get("ranges", [])]
    return {"spreadsheetId": book.spreadsheet_id, "valueRanges": ranges}


def batch_get_by_filter(book: Book, body: Json) -> Json:
    """``values:batchGetByDataFilter``: by A1 range, by grid range, or all of a tab by its metadata's location."""
    chosen = options({key: [value] for key, value in body.items() if isinstance(value, str)})
    found = []
    for data_filter in body.get("dataFilters", []):
        tab, area = filtered_area(book, data_filter)
        found.append({"valueRange": read(tab, area, chosen), "dataFilters": [data_filter]})
    return {"spreadsheetId": book.spreadsheet_id, "valueRanges": found}


def filtered_area(book: Book, data_filter: Json) -> tuple[Tab, Area]:
    if "a1Range" in data_filter:
        tab, area, _ = parse_a1(book, data_filter["a1Range"])
        return tab, area
    if "gridRange" in data_filter:
        tab = book.tab(data_filter["gridRange"].get("sheetId", 0))
        return tab, grid_area(tab, data_filter["gridRange"])
    raise invalid("dataFilter: the local service reads values by a1Range or gridRange only")


def options(params: Params) -> tuple[str, str, str]:
    """(majorDimension, valueRenderOption, dateTimeRenderOption) with Google's defaults; unknown words are refused."""
    allowed = {
        "majorDimension": ("ROWS", "COLUMNS"),
        "valueRenderOption": ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"),
        "dateTimeRenderOption": ("SERIAL_NUMBER", "FORMATTED_STRING"),
    }
    chosen = {name: params.get(name, words[:1])[0] for name, words in allowed.items()}
    for name, word in chosen.items():
        if word not in allowed[name]:
            raise invalid(f"Invalid value at '{name}': \"{word}\"")
    return chosen["majorDimension"], chosen["valueRenderOption"], chosen["dateTimeRenderOption"]


def read(tab: Tab, area: Area, chosen: tuple[str, str, str]) -> Json:
    major, value_option, date_option = chosen
    lines = [
        [render(cell, value_option, date_option) for cell in row[area.left : area.right]]
        for row in tab.rows[area.top : area.bottom]
    ]
    if major == "COLUMNS":
        width = max(map(len, lines), default=0)
        lines = [[line[i] if i < len(line) else "" for line in lines] for i in range(width)]
    answer: Json = {"range": to_a1(tab, area), "majorDimension": major}
    if trimmed := _trimmed(lines):
        answer["values"] = trimmed
    return answer


def update(book: Book, params: Params, range_text: str, body: Json) -> Json:
    """``PUT values/{range}``. A single-cell range is an anchor; a larger one refuses data that does not fit."""
    tab, area, anchor = parse_a1(book, range_text)
    lines = _lines(body)
    return _write(book, tab, area, anchor, lines, _input_option(params), params)


def batch_update(book: Book, body: Json) -> Json:
    params = {key: [str(value)] for key, value in body.items() if key != "data"}
    params["includeValuesInResponse"] = [str(body.get("includeValuesInResponse", False)).lower()]
    _input_option(params)
    answers = [update(book, params, part.get("range", ""), part) for part in body.get("data", [])]

    def total(name: str) -> int:
        return sum(answer.get(name, 0) for answer in answers)

    return {
        "spreadsheetId": book.spreadsheet_id,
        "totalUpdatedRows": total("updatedRows"),
        "totalUpdatedColumns": total("updatedColumns"),
        "totalUpdatedCells": total("updatedCells"),
        "totalUpdatedSheets": len({answer["updatedRange"].rpartition("!")[0] for answer in answers}),
        "responses": answers,
    }


def append(book: Book, params: Params, range_text: str, body: Json) -> Json:
    """``values:append``: Google looks for "a table" in the range and writes below it, from the table's first column.

    The table is whatever block of cells it finds last: that is how rows come to stand in C2 instead of A2.
    """
    tab, area, _ = parse_a1(book, range_text)
    lines, option = _lines(body), _input_option(params)
    table = find_table(tab, area)
    left, top = (table.left, table.bottom) if table else (area.left, area.top)
    insert = params.get("insertDataOption", ["OVERWRITE"])[0] == "INSERT_ROWS"
    if insert and top < tab.row_count:
        book.resize(tab, tab.row_count + len(lines), tab.column_count)
        tab.rows[top:top] = [()] * len(lines) if top < len(tab.rows) else []
    if top + len(lines) > tab.row_count:
        book.resize(tab, top + len(lines), tab.column_count)
    target = Area(top, top + max(len(lines), 1), left, left + 1)
    updates = _write(book, tab, target, True, lines, option, params)
    answer: Json = {"spreadsheetId": book.spreadsheet_id, "updates": updates}
    if table:
        answer["tableRange"] = to_a1(tab, Area(*table))
    return answer


def clear(book: Book, range_text: str) -> Json:
    """``values:clear``: the values go, the formats stay."""
    tab, area, _ = parse_a1(book, range_text)
    for index in range(area.top, min(area.bottom, len(tab.rows))):
        line = tab.rows[index][area.left : area.right]
        tab.set_row(index, min(area.left, len(tab.rows[index])), [cell._replace(value=None) for cell in line])
    return {"spreadsheetId": book.spreadsheet_id, "clearedRange": to_a1(tab, area)}


def batch_clear(book: Book, body: Json) -> Json:
    cleared = [clear(book, text)["clearedRange"] for text in body.get("ranges", [])]
    return {"spreadsheetId": book.spreadsheet_id, "clearedRanges": cleared}


def _write(book: Book, tab: Tab, area: Area, anchor: bool, lines: list[list[Any]], option: str, params: Params) -> Json:
    width = max(map(len, lines), default=0)
    written = Area(area.top, area.top + len(lines), area.left, area.left + width)
    if not anchor and (written.bottom > area.bottom or written.right > area.right):
        place = f"row [{area.bottom + 1}]" if written.bottom > area.bottom else f"column [{column_letters(area.right)}]"
        raise invalid(f"Requested writing within range [{to_a1(tab, area)}], but tried writing to {place}")
    if written.bottom > tab.row_count or written.right > tab.column_count:
        raise beyond_grid(tab, Area(written.bottom - 1, written.bottom, written.right - 1, written.right))
    touched = 0
    for offset, line in enumerate(lines):
        touched += _write_line(tab, area.top + offset, area.left, line, option)
    answer: Json = {"spreadsheetId": book.spreadsheet_id, "updatedRange": to_a1(tab, written if touched else area)}
    if touched:
        answer |= {"updatedRows": len(lines), "updatedColumns": width, "updatedCells": touched}
    if params.get("includeValuesInResponse", ["false"])[0].lower() == "true":
        asked = {
            "valueRenderOption": params.get("responseValueRenderOption", ["FORMATTED_VALUE"]),
            "dateTimeRenderOption": params.get("responseDateTimeRenderOption", ["SERIAL_NUMBER"]),
        }
        answer["updatedData"] = read(tab, written, options(asked))
    return answer


def _write_line(tab: Tab, row: int, left: int, line: list[Any], option: str) -> int:
    """Write one row of raw values; a cell keeps its format unless the typed text brings one. Returns cells written."""
    cells, touched = [], 0
    for offset, raw in enumerate(line):
        old = tab.cell(row, left + offset)
        new = entered(raw, option)
        touched += new is not None
        cells.append(old if new is None else old._replace(value=new.value, format=new.format or old.format))
    tab.set_row(row, left, cells)
    return touched


def _lines(body: Json) -> list[list[Any]]:
    values = body.get("values", [])
    if not isinstance(values, list) or not all(isinstance(line, list) for line in values):
        raise invalid("Invalid value at 'data.values': a list of lists is expected")
    if body.get("majorDimension") == "COLUMNS":
        height = max(map(len, values), default=0)
        return [[line[i] if i < len(line) else None for line in values] for i in range(height)]
    return values


def _input_option(params: Params) -> str:
    option = params.get("valueInputOption", [""])[0]
    if option not in ("RAW", "USER_ENTERED"):
        raise invalid("'valueInputOption' is required but not specified")
    return option


def _trimmed(lines: list[list[Any]]) -> list[list[Any]]:
    for line in lines:
        while line and line[-1] == "":
            line.pop()
    while lines and not lines[-1]:
        lines.pop()
    return lines
