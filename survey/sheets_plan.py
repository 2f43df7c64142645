"""The requests the mirror sends, built as values. Pure.

Every write is one ``spreadsheets.batchUpdate``, which Google applies whole or not at all. Its first request creates
developer metadata under a number of ours; a number in use is refused, so the same body sent twice is applied once. A
payload is text, frozen in the database and sent as it stands: the same bytes each time.

Text goes as ``stringValue`` in a cell of format TEXT, so that ``=IMPORTXML(...)`` stays text and ``081...`` keeps its
zero, also when somebody edits the cell; numbers go as ``numberValue`` with a format.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from survey.sheets_rows import Cell, Cells, Layout

Json = dict[str, Any]

MAX_BYTES = 1_000_000  # of a request as sent; Google asks for at most 2 MB
MAX_ROWS = 300  # 30 writes a minute make 9,000 rows; more would make the database's transactions long
METADATA_KEY = "siang.batch"
CELL_FIELDS = "userEnteredValue,userEnteredFormat(numberFormat,wrapStrategy)"
HEADER_FIELDS = "userEnteredValue,userEnteredFormat"
SPARE_COLUMNS = 4  # to the right, for staff
LONG_TEXT = 60  # characters; longer text is wrapped


def rows_payload(
    number: int, token: str, sheet_id: int, rows: Sequence[Cells], max_bytes: int = MAX_BYTES
) -> tuple[str, int]:
    """Append ``rows``, or as many of the first of them as fit (at least one): the payload and how many."""
    append: Json = {"sheetId": sheet_id, "fields": CELL_FIELDS, "rows": []}
    head, tail = _dump(_body(number, token, [{"appendCells": append}])).split('"rows":[]')
    room = max_bytes - len(head) - len(tail) - len('"rows":[]')
    fitting = list(_fitting(rows, room))
    return f'{head}"rows":[{",".join(fitting)}]{tail}', len(fitting)


def first_rows(payload: str, token: str, count: int) -> str:
    """The payload with only its first ``count`` rows, under another token but the same number."""
    body = json.loads(payload)
    create, append = body["requests"]
    create["createDeveloperMetadata"]["developerMetadata"]["metadataValue"] = token
    del append["appendCells"]["rows"][count:]
    return _dump(body)


def tab_payload(number: int, token: str, sheet_id: int, title: str, layout: Layout) -> str:
    """Make a tab with its header, frozen and bold, and the row ids protected.

    Protection only warns: a real one would also keep staff from sorting, which must move the ids along.
    """
    columns = layout.columns
    header = [{"values": [_header_cell(c.header) for c in columns]}]
    top = {"sheetId": sheet_id, "startRowIndex": 0, "endRowIndex": 1}
    first = {"sheetId": sheet_id, "startColumnIndex": 0, "endColumnIndex": 1}
    grid = {"frozenRowCount": 1, "rowCount": 200, "columnCount": len(columns) + SPARE_COLUMNS}
    requests: list[Json] = [
        _add_sheet(sheet_id, title, grid),
        {"updateCells": {"rows": header, "fields": HEADER_FIELDS, "start": _start(sheet_id)}},
        *_widths(sheet_id, [c.width for c in columns]),
        _warn(first, "รหัสแถวของระบบเสียง: กรุณาไม่แก้ ใช้ตรวจว่าแถวครบและไม่ซ้ำ"),
        _warn(top, "หัวตารางของระบบเสียง: เพิ่มคอลัมน์ได้ทางขวา กรุณาไม่แทรกหรือย้ายคอลัมน์ของระบบ"),
    ]
    return _dump(_body(number, token, requests))


def summary_tab_payload(number: int, token: str, sheet_id: int, title: str, widths: Sequence[int]) -> str:
    """Make a tab that is written whole; its rows, the header among them, come with ``summary_payload``."""
    grid = {"frozenRowCount": 1, "rowCount": 1000, "columnCount": 26}
    top = {"sheetId": sheet_id, "startRowIndex": 0, "endRowIndex": 1}
    requests: list[Json] = [
        _add_sheet(sheet_id, title, grid),
        {"repeatCell": {"range": top, "cell": _header_cell(""), "fields": "userEnteredFormat"}},
        *_widths(sheet_id, widths),
        _warn({"sheetId": sheet_id}, "ระบบเสียงเขียนแท็บนี้ใหม่ทั้งแท็บเมื่อข้อมูลเปลี่ยน สิ่งที่พิมพ์ไว้จะหายไป"),
    ]
    return _dump(_body(number, token, requests))


def summary_payload(
    number: int, token: str, sheet_id: int, rows: Sequence[Cells], grid: tuple[int, int] | None = None
) -> str:
    """Write all rows from A1 and clear what is below. ``grid``: first make the tab (rows, columns) large."""
    width = max(map(len, rows), default=1)
    area = {"sheetId": sheet_id, "startRowIndex": 0, "startColumnIndex": 0, "endColumnIndex": width}
    data = [{"values": [_cell(c) for c in row]} for row in rows]
    requests: list[Json] = [{"updateCells": {"range": area, "rows": data, "fields": CELL_FIELDS}}]
    if grid:
        size = {"sheetId": sheet_id, "gridProperties": {"rowCount": grid[0], "columnCount": grid[1]}}
        fields = "gridProperties(rowCount,columnCount)"
        requests.insert(0, {"updateSheetProperties": {"properties": size, "fields": fields}})
    return _dump(_body(number, token, requests))


def burn_payload(number: int, token: str) -> str:
    """Take the number and do nothing else: whatever was once sent under it can no longer be applied."""
    return _dump(_body(number, token, []))


def forget_payload(numbers: Iterable[int]) -> str:
    """Delete tokens that no late request can need any more. Deleting twice does no harm."""
    return _dump(
        {
            "requests": [
                {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": n}}}}
                for n in numbers
            ]
        }
    )


def free_title(wanted: str, taken: Iterable[str]) -> str:
    """``wanted``, or with the first number behind it that no tab has. Google compares without regard to case."""
    used = {title.casefold() for title in taken}
    titles = (wanted if n == 1 else f"{wanted[:90]} ({n})" for n in range(1, len(used) + 2))
    return next(title for title in titles if title.casefold() not in used)


def _body(number: int, token: str, requests: list[Json]) -> Json:
    metadata = {
        "metadataId": number,
        "metadataKey": METADATA_KEY,
        "metadataValue": token,
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    return {"requests": [{"createDeveloperMetadata": {"developerMetadata": metadata}}, *requests]}


def _add_sheet(sheet_id: int, title: str, grid: Json) -> Json:
    """In front of the others: what was asked for last is seen first."""
    return {"addSheet": {"properties": {"sheetId": sheet_id, "index": 0, "title": title, "gridProperties": grid}}}


def _fitting(rows: Sequence[Cells], room: int) -> Iterator[str]:
    for place, row in enumerate(rows[:MAX_ROWS]):
        text = _dump({"values": [_cell(c) for c in row]})
        room -= len(text.encode()) + bool(place)  # a comma between two
        if room < 0 and place:
            return
        yield text


def _cell(value: Cell) -> Json:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return {}
    if isinstance(value, str):
        look: Json = {"numberFormat": {"type": "TEXT"}}
        if len(value) > LONG_TEXT:
            look["wrapStrategy"] = "WRAP"
        return {"userEnteredValue": {"stringValue": value}, "userEnteredFormat": look}
    pattern = "0.00" if isinstance(value, float) else "0"
    look = {"numberFormat": {"type": "NUMBER", "pattern": pattern}}
    return {"userEnteredValue": {"numberValue": value}, "userEnteredFormat": look}


def _header_cell(text: str) -> Json:
    look: Mapping[str, Any] = {
        "textFormat": {"bold": True},
        "wrapStrategy": "WRAP",
        "verticalAlignment": "TOP",
        "backgroundColorStyle": {"rgbColor": {"red": 0.93, "green": 0.95, "blue": 0.97}},
    }
    return {"userEnteredValue": {"stringValue": text}, "userEnteredFormat": look}


def _widths(sheet_id: int, widths: Sequence[int]) -> list[Json]:
    def one(at: int, width: int) -> Json:
        area = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
        return {"updateDimensionProperties": {"range": area, "properties": {"pixelSize": width}, "fields": "pixelSize"}}

    return [one(at, width) for at, width in enumerate(widths)]


def _warn(area: Json, description: str) -> Json:
    return {"addProtectedRange": {"protectedRange": {"range": area, "description": description, "warningOnly": True}}}


def _start(sheet_id: int) -> Json:
    return {"sheetId": sheet_id, "rowIndex": 0, "columnIndex": 0}


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
