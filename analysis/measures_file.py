"""Takes an edited file of measures into the register: every row that can be, or none when one of them has a fault."""

import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Connection

from analysis import measures, measures_library, measures_plan, measures_sheet
from analysis.measures_plan import Plan
from analysis.measures_sheet import COLUMNS, MOST_ROWS, SHEET, Given, SheetError
from analysis.reconcile_file import DAMAGED, LARGEST, LARGEST_UNPACKED
from survey.settings_read import is_web_address

EXPORT = "export the register with `siang measures export` and edit that file"
Cells = tuple[Cell | MergedCell, ...]


def read(path: Path) -> tuple[Given, ...]:
    """The rows of an xlsx file. Raises SheetError with every fault."""
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise SheetError(f"it cannot be read: {exc.strerror or exc}") from None
    return measures_sheet.read(_table(content), codes)


def take(conn: Connection, agency_id: str, given: Sequence[Given], today: date) -> Plan:
    """Write what the rows change, within the caller's transaction. Raises SheetError about rows of no known measure."""
    found = measures_plan.plan(given, measures.hold(conn, agency_id))
    for one in found.changed:
        measures.change(conn, agency_id, one, today)
    if len(measures.add(conn, agency_id, found.added, today)) < len(found.added):
        raise SheetError("another import has added the same measures at this moment: import it once more")
    return found


@cache
def codes(year: int) -> Mapping[str, int]:
    """What a measure of a fiscal year may answer: the items and indicators of its frame and the one before, with the
    first issue of each (0: none)."""
    found: dict[str, int] = {}
    for frame in map(measures_library.frame, (year - 1, year)):
        found |= {str(indicator.number): 0 for indicator in frame.indicators}
        issues = {code: frame.issues_of(code) for code in frame.items}
        found |= {code: of[0].number if of else found.get(code, 0) for code, of in issues.items()}
    return found


def _table(content: bytes) -> list[list[object]]:
    """The cells of the sheet of measures. Raises SheetError."""
    if content.startswith(b"%PDF"):
        raise SheetError(f"it is a PDF under another name: {EXPORT}")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetError("it is an old xls file, or locked by a password: open it in Excel and save it as plain xlsx")
    if not content.startswith(b"PK"):
        raise SheetError(f"it is no xlsx file: {EXPORT}")
    if len(content) > LARGEST:
        raise SheetError("it is larger than 5 MB: take pictures out and save it again")
    sheet = _sheet(_book(content))
    if merged := sorted(sheet.merged_cells.ranges, key=lambda one: (one.min_row, one.min_col)):
        raise SheetError(*(f"the cells {one} are merged: unmerge them and write the value in each" for one in merged))
    if sheet.max_row > 10 * MOST_ROWS:
        raise SheetError(f"it has {sheet.max_row:,} rows: delete the empty ones below the measures")
    rows = list(sheet.iter_rows())
    if faults := list(_bare_formulas(content, rows)):
        raise SheetError(*faults)
    return _values(rows)


def _book(content: bytes, data_only: bool = True) -> Workbook:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise SheetError("it unpacks to more than 50 MB: take pictures out and save it again")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations that openpyxl leaves out
            return load_workbook(io.BytesIO(content), data_only=data_only)
    except SheetError:
        raise
    except DAMAGED:
        raise SheetError("it is no xlsx file, or a damaged one: open it in Excel and save it anew as xlsx") from None


def _sheet(book: Workbook) -> Worksheet:
    """The one of our name, wherever it stands; else the first."""
    if not book.worksheets:
        raise SheetError(f"it has no sheet with cells: {EXPORT}")
    return next((sheet for sheet in book.worksheets if sheet.title == SHEET), book.worksheets[0])


def _values(rows: Sequence[Cells]) -> list[list[object]]:
    """Cells as people see them: 50 for 50 %, and the address behind a link that shows other words."""
    values: list[list[object]] = [[cell.value for cell in row] for row in rows]
    headers = {column.header: column.key for column in COLUMNS}
    keys = [headers.get(str(value).strip(), "") for value in (values[0] if values else ())]
    for row, cells in zip(values[1:], rows[1:], strict=True):
        for at, (key, cell) in enumerate(zip(keys, cells, strict=True)):
            value = cell.value
            if key == "progress" and isinstance(value, int | float) and "%" in cell.number_format:
                row[at] = round(value * 100, 6)
            link = cell.hyperlink.target if key == "evidence" and cell.hyperlink else None
            if link and not is_web_address(str(value).strip()) and "\n" not in str(value):
                row[at] = link
    return values


def _bare_formulas(content: bytes, rows: Sequence[Cells]) -> Iterator[str]:
    """A formula that Excel never computed reads as an empty cell."""
    if any(cell.value is None for row in rows for cell in row):
        for row, values in zip(_sheet(_book(content, data_only=False)).iter_rows(), rows, strict=True):
            for cell, value in zip(row, values, strict=True):
                if value.value is None and cell.data_type == "f":
                    yield f"{cell.coordinate} holds a formula without a value: write the words or the number itself"
