"""``siang export``: every filed response as an Excel file, with the columns of the Google Sheet.

It serves offices without a sheet. What the sheet may not hold (sex, age, capacity) is not here either, and text is
written as text, so that an answer beginning with ``=`` never becomes a formula.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from bot.cli import context
from bot.cli.errors import ToldError
from survey import db, sheets_rows, sheets_tabs
from survey.sheets_rows import Cells, Layout
from survey.sheets_tabs import Source

CHUNK = 5000
LAST_ROW = 1_048_575  # the last a worksheet has, counted from zero
PIXELS = 7  # of one unit of column width


@click.command(short_help="Write all responses to an Excel file.")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The same as FILE.")
@context.agency_option
def command(file: Path | None, out: Path | None, agency_id: str | None) -> None:
    """Write all filed responses to FILE (default: responses.xlsx): a worksheet for each survey, one for comments.

    The columns are those of the Google Sheet: month, how it was answered, service point, the scores of the items.
    Sex, age and capacity are left out, comments stand apart and masked. A file that is there is written anew.

    \b
    Example:  siang export responses-2570.xlsx
    """
    if file and out:
        raise click.UsageError("Give FILE or --out, not both.")
    target = out or file or Path("responses.xlsx")
    work = context.deployment()
    agency = work.agency(agency_id)
    instruments = [i for kind in ("eit", "satisfaction") for i in work.library.of_kind(kind)]
    source = Source.of(instruments, agency.office)
    layouts = sheets_rows.layouts(instruments, agency.name)
    layouts.pop(sheets_rows.HISTORY)  # complaints have a command of their own
    try:
        with (
            target.open("wb") as file_out,
            db.read(work.engine) as conn,
            Workbook(file_out, {"constant_memory": True}) as book,
        ):
            counts = {layout.title: _write(conn, agency.id, book, layout, source) for layout in layouts.values()}
    except OSError as exc:
        raise ToldError(
            f"{target} cannot be written: {exc.strerror}. Close it elsewhere, or give another FILE."
        ) from None
    work.engine.dispose()
    click.echo(f"Wrote {target}: " + ", ".join(f"{title} {count:,}" for title, count in counts.items()))


def _write(conn: Connection, agency_id: str, book: Workbook, layout: Layout, source: Source) -> int:
    """One survey; more rows than a worksheet holds go on in the next. Returns how many."""
    count, row, part = 0, 0, 1
    sheet = _worksheet(book, layout, part)
    for cells in _rows(conn, agency_id, layout.tab, source):
        if row == LAST_ROW:
            row, part = 0, part + 1
            sheet = _worksheet(book, layout, part)
        row, count = row + 1, count + 1
        _write_row(sheet, row, cells)
    return count


def _rows(conn: Connection, agency_id: str, tab: str, source: Source) -> Iterator[Cells]:
    after = ""
    while rows := sheets_tabs.stored_rows(conn, agency_id, tab, source, after=after, limit=CHUNK):
        yield from (cells for _, cells in rows)
        after = rows[-1][0]


def _worksheet(book: Workbook, layout: Layout, part: int) -> Worksheet:
    name = layout.title if part == 1 else f"{layout.title} {part}"
    sheet: Worksheet = book.add_worksheet(name[:31])
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for at, column in enumerate(layout.columns):
        sheet.set_column(at, at, column.width / PIXELS)
        sheet.write_string(0, at, column.header, bold)
    return sheet


def _write_row(sheet: Any, row: int, cells: Cells) -> None:
    for at, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(row, at, cell)
        elif cell is not None:
            sheet.write_number(row, at, cell)
