"""Reads a published result from a file: xlsx, or csv in UTF-8 or the Thai code page, told apart by their content."""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from analysis import frame_library
from analysis.reconcile import Result
from analysis.reconcile_rows import COLUMNS, ResultError, Row, Sheet, results

LARGEST = 5 * 2**20  # bytes; a result of every year is under 100 kB
LARGEST_UNPACKED = 50 * 2**20

DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError),  # the packing; RuntimeError: a password
    *(InvalidFileException, LookupError, ValueError, TypeError, AttributeError, SyntaxError),  # what is packed
)
"""What openpyxl raises for workbooks that are torn, locked, or not workbooks at all."""

Cells = tuple[Cell | MergedCell, ...]


class ResultFileError(ValueError):
    """The file cannot be used: ``faults``, each one sentence naming file, cell and mend; in short the first of them."""

    def __init__(self, name: str, *faults: str) -> None:
        super().__init__(f"{name}: {ResultError(*faults)}.")
        self.faults = tuple(f"{name}: {fault}." for fault in faults)


def read(path: Path) -> list[Result]:
    """The results in a file, oldest year first. Raises ResultFileError."""
    try:
        return results(table(path.read_bytes()), frame_library.load, frame_library.years())
    except OSError as exc:
        raise ResultFileError(path.name, f"it cannot be read: {exc.strerror or exc}") from None
    except ResultError as exc:
        raise ResultFileError(path.name, *exc.faults) from None


def table(content: bytes) -> Sheet:
    """The cells of the first sheet, or of the csv. Raises ResultError."""
    if not content.strip():
        raise ResultError(f"it is empty: write the columns {', '.join(COLUMNS)} in row 1 and a score in each row below")
    if len(content) > LARGEST:
        raise ResultError("it is larger than 5 MB, far more than a result needs: save the one sheet alone")
    if content.startswith(b"%PDF"):
        raise ResultError("it is a PDF under another name: copy its scores into an xlsx or csv file")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise ResultError("it is an old xls file, or locked by a password: open it in Excel and save it as plain xlsx")
    return _excel(content) if content.startswith(b"PK") else _csv(content)


def _excel(content: bytes) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > LARGEST_UNPACKED:
                raise ResultError("it unpacks to more than 50 MB: save the one sheet alone")
        sheet = _first(content)
    except ResultError:
        raise
    except DAMAGED:
        raise ResultError("it is no xlsx file, or a damaged one: open it in Excel and save it anew as xlsx") from None
    rows = list(enumerate(sheet.iter_rows(), 1))
    faults: dict[int, list[str]] = {}
    for number, fault in (*_merged(sheet), *_percentages(rows), *_bare_formulas(content, rows)):
        faults.setdefault(number, []).extend([fault] if fault else ())
    return Sheet([(number, [cell.value for cell in row]) for number, row in rows], faults=faults)


def _first(content: bytes, data_only: bool = True) -> Worksheet:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and validations that openpyxl leaves out
        book = load_workbook(io.BytesIO(content), data_only=data_only)
    if not book.worksheets:
        raise ResultError("it has no sheet with cells: put the scores on a plain sheet")
    return book.worksheets[0]


def _merged(sheet: Worksheet) -> Iterator[tuple[int, str]]:
    """Each merged range at its first row; its other rows have nothing to say of themselves."""
    for one in sorted(sheet.merged_cells.ranges, key=lambda one: (one.min_row, one.min_col)):
        yield one.min_row, f"the cells {one} are merged: unmerge them and write the value in each"
        yield from ((number, "") for number in range(one.min_row + 1, one.max_row + 1))


def _percentages(rows: Sequence[tuple[int, Cells]]) -> Iterator[tuple[int, str]]:
    """What shows as 98.10% is 0.981 in the file."""
    for number, row in rows:
        for cell in row:
            if cell.value is not None and cell.data_type == "n" and "%" in cell.number_format:
                yield number, f"{cell.coordinate} is formatted as a percentage: write the score as a plain number"


def _bare_formulas(content: bytes, rows: Sequence[tuple[int, Cells]]) -> Iterator[tuple[int, str]]:
    """A formula that Excel never computed reads as an empty cell: say so instead of leaving the score out."""
    if any(cell.value is None for _, row in rows for cell in row):
        for row, (number, values) in zip(_first(content, data_only=False).iter_rows(), rows, strict=True):
            for cell, value in zip(row, values, strict=True):
                if value.value is None and cell.data_type == "f":
                    yield number, f"{cell.coordinate} holds a formula without a value: write the number itself"


def _csv(content: bytes) -> Sheet:
    text = _decoded(content)
    header = text.strip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count), strict=True)
    rows: list[tuple[int, Row]] = []
    try:
        begun = 1
        for row in reader:
            rows.append((begun, row))
            begun = reader.line_num + 1
    except csv.Error as exc:
        raise ResultError(f"it cannot be read as csv ({exc}): open it in Excel and save it anew as CSV UTF-8") from None
    return Sheet(rows, is_text=True, faults=dict(_too_wide(rows)))


def _too_wide(rows: Sequence[tuple[int, Row]]) -> Iterator[tuple[int, list[str]]]:
    """98,10 without quotes is two cells, and 98 alone would be taken for the score."""
    width = next((len(row) for _, row in rows if any(row)), 0)
    for number, row in rows:
        if any(str(cell).strip() for cell in row[width:]):
            yield number, [f"line {number} has more cells than the first: write 98.10, not 98,10, and titles in quotes"]


def _decoded(content: bytes) -> str:
    names = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp874")
    for name in names:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ResultError("it is neither xlsx nor csv text: open it in Excel and save it as xlsx or CSV UTF-8")
