"""What people do to the sheet by hand: rename, sort, edit, delete, add. The mirror must survive all of it.

For tests and for the toolbar of the grid page. Staff own the spreadsheet, so protection does not stop them, and no
quota counts them.
"""

from typing import TYPE_CHECKING

from bot.playground import sheets_cells, sheets_dimensions, sheets_grid
from bot.playground.sheets_a1 import parse_a1, quote_title
from bot.playground.sheets_book import EMPTY, Book, Tab
from bot.playground.sheets_errors import invalid
from bot.playground.sheets_format import typed_by_hand

if TYPE_CHECKING:
    from bot.playground.sheets import LocalSheets


class Staff:
    """A tab is named by title or sheetId; rows and columns count from 0."""

    def __init__(self, sheets: "LocalSheets") -> None:
        self._sheets = sheets

    def edit_cell(self, spreadsheet_id: str, tab: str | int, cell: str, text: str) -> None:
        """Type ``text`` into ``cell`` ("B7"), as the page understands typed text; "" empties it."""

        def work(book: Book) -> None:
            found = _find(book, tab)
            _, area, _ = parse_a1(book, f"{quote_title(found.title)}!{cell}")
            old = found.cell(area.top, area.left)
            new = typed_by_hand(text) if text else EMPTY
            found.set_row(area.top, area.left, [old._replace(value=new.value, format=old.format or new.format)])

        self._sheets.change(spreadsheet_id, work)

    def rename_tab(self, spreadsheet_id: str, tab: str | int, title: str) -> None:
        def work(book: Book) -> None:
            wanted = {"sheetId": _find(book, tab).sheet_id, "title": title}
            sheets_grid.update_sheet_properties(book, {"properties": wanted, "fields": "title"})

        self._sheets.change(spreadsheet_id, work)

    def delete_tab(self, spreadsheet_id: str, tab: str | int) -> None:
        def work(book: Book) -> None:
            sheets_grid.delete_sheet(book, {"sheetId": _find(book, tab).sheet_id})

        self._sheets.change(spreadsheet_id, work)

    def sort_tab(self, spreadsheet_id: str, tab: str | int, column: int, descending: bool = False) -> None:
        """Sort all rows below the frozen ones by one column."""

        def work(book: Book) -> None:
            found = _find(book, tab)
            spec = {"dimensionIndex": column, "sortOrder": "DESCENDING" if descending else "ASCENDING"}
            area = {"sheetId": found.sheet_id, "startRowIndex": found.frozen_rows}
            sheets_cells.sort_range(book, {"range": area, "sortSpecs": [spec]})

        self._sheets.change(spreadsheet_id, work)

    def delete_rows(self, spreadsheet_id: str, tab: str | int, start: int, count: int = 1) -> None:
        def work(book: Book) -> None:
            area = {"sheetId": _find(book, tab).sheet_id, "dimension": "ROWS"}
            area |= {"startIndex": start, "endIndex": start + count}
            sheets_dimensions.delete(book, {"range": area})

        self._sheets.change(spreadsheet_id, work)

    def add_column(self, spreadsheet_id: str, tab: str | int, at: int, header: str = "") -> None:
        """Insert an empty column before column ``at``, with a header in the first row if given."""

        def work(book: Book) -> None:
            found = _find(book, tab)
            area = {"sheetId": found.sheet_id, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
            sheets_dimensions.insert(book, {"range": area})
            if header:
                found.set_row(0, at, [typed_by_hand(header)])

        self._sheets.change(spreadsheet_id, work)


def _find(book: Book, tab: str | int) -> Tab:
    if isinstance(tab, int):
        return book.tab(tab)
    found = book.titled(tab)
    if found is None:
        raise invalid(f"Unable to parse range: {tab}")
    return found
