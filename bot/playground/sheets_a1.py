"""Addresses: A1 notation and Google's ``GridRange``, both ways.

``'ผล รายเดือน'!A2:C``, ``Sheet1``, ``A:A``, ``2:5`` and ``A1`` are understood; a title in quotes doubles its quotes.
"""

import re

from bot.playground.sheets_book import Area, Book, Tab
from bot.playground.sheets_errors import Json, invalid

_CORNER = re.compile(r"\$?([A-Za-z]{0,3})\$?(\d*)")


def column_letters(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def quote_title(title: str) -> str:
    """Google leaves plain ASCII words bare and quotes everything else, Thai titles too."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", title) and not re.fullmatch(r"[A-Za-z]{1,3}\d+", title):
        return title
    return "'" + title.replace("'", "''") + "'"


def to_a1(tab: Tab, area: Area) -> str:
    """The address Google answers with, e.g. ``'ผล'!A1:C7``; one cell is ``'ผล'!A1``."""
    first = f"{column_letters(area.left)}{area.top + 1}"
    last = f"{column_letters(max(area.right, 1) - 1)}{max(area.bottom, 1)}"
    corners = first if first == last else f"{first}:{last}"
    return f"{quote_title(tab.title)}!{corners}"


def parse_a1(book: Book, text: str) -> tuple[Tab, Area, bool]:
    """Tab, area within its grid, and whether the text named a single cell (an anchor that data may grow from)."""
    title, bang, corners = _split(text)
    tab = book.titled(title) if bang else book.titled(text.strip("'").replace("''", "'"))
    if tab is not None and not bang:
        return tab, tab.whole(), False
    if tab is None and bang:
        raise invalid(f"Unable to parse range: {text}")
    tab = tab or book.tabs[0]
    first, _, last = corners.partition(":")
    left, top = _corner(first, text)
    right, bottom = _corner(last, text) if last else (left, top)
    area = Area(
        top=top or 0,
        bottom=(tab.row_count if bottom is None else bottom + 1),
        left=left or 0,
        right=(tab.column_count if right is None else right + 1),
    )
    area = Area(min(area.top, area.bottom - 1), max(area.top + 1, area.bottom), area.left, area.right)
    if area.top >= tab.row_count or area.left >= tab.column_count:
        raise beyond_grid(tab, area)
    inside = Area(area.top, min(area.bottom, tab.row_count), area.left, min(area.right, tab.column_count))
    return tab, inside, not last and left is not None and top is not None


def beyond_grid(tab: Tab, area: Area) -> Exception:
    limits = f"Max rows: {tab.row_count}, max columns: {tab.column_count}"
    return invalid(f"Range ({to_a1(tab, area)}) exceeds grid limits. {limits}")


def grid_area(tab: Tab, grid: Json) -> Area:
    """A ``GridRange`` as an area: a missing start is 0, a missing end the end of the grid."""
    area = Area(
        int(grid.get("startRowIndex", 0)),
        int(grid.get("endRowIndex", tab.row_count)),
        int(grid.get("startColumnIndex", 0)),
        int(grid.get("endColumnIndex", tab.column_count)),
    )
    if area.top < 0 or area.left < 0 or area.height <= 0 or area.width <= 0:
        raise invalid("range is empty or upside down")
    if area.bottom > tab.row_count or area.right > tab.column_count:
        raise beyond_grid(tab, area)
    return area


def to_grid(tab: Tab, area: Area) -> Json:
    return {
        "sheetId": tab.sheet_id,
        "startRowIndex": area.top,
        "endRowIndex": area.bottom,
        "startColumnIndex": area.left,
        "endColumnIndex": area.right,
    }


def _split(text: str) -> tuple[str, str, str]:
    """Title, "!" or "", corners. The bang that counts is the one after the closing quote."""
    if text.startswith("'"):
        match = re.fullmatch(r"'((?:[^']|'')*)'!(.*)", text, re.DOTALL)
        return (match[1].replace("''", "'"), "!", match[2]) if match else ("", "", text)
    return text.rpartition("!")[0], "!" if "!" in text else "", text.rpartition("!")[2]


def _corner(corner: str, text: str) -> tuple[int | None, int | None]:
    """(column, row), 0-based, None where the corner does not say."""
    match = _CORNER.fullmatch(corner)
    if not match or not corner or match[2] == "0":
        raise invalid(f"Unable to parse range: {text}")
    column = None
    for letter in match[1].upper():
        column = ((column + 1) if column is not None else 0) * 26 + ord(letter) - 65
    return column, int(match[2]) - 1 if match[2] else None
