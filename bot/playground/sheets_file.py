"""Keeping the local spreadsheets between runs: one JSON file, written whole and atomically by a thread of its own.

At most once a second, and never busy for more than a tenth of the time: a big sheet is saved less often. What was
changed in the last moments before a crash may be missing; this is a playground, the product's own store is the truth.
"""

import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from bot.playground.sheets_book import EMPTY, Book, Cell, Formula, Row, Tab
from bot.playground.sheets_errors import Json

log = structlog.get_logger(__name__)
_TAB_FIELDS = ("sheet_id", "title", "row_count", "column_count", "frozen_rows", "frozen_columns", "extra", "protected")
_BOOK_FIELDS = ("spreadsheet_id", "title", "locale", "time_zone", "next_id", "version")


class StateFile:
    """``mark()`` after a change; the thread starts with the first one. ``books`` gives snapshots to write."""

    def __init__(self, path: Path, books: Callable[[], list[Book]]) -> None:
        self.path = path
        self._books = books
        self._dirty = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def load(self) -> dict[str, Book]:
        """What the file holds; nothing when there is no file. Raises ``ValueError`` naming a file that is not ours."""
        if not self.path.exists():
            return {}
        try:
            books = [_read_book(book) for book in json.loads(self.path.read_text(encoding="utf-8"))["books"]]
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{self.path} is not a state file of the local Sheets; delete it to start anew") from error
        return {book.spreadsheet_id: book for book in books}

    def mark(self) -> None:
        self._dirty.set()
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep_saving, daemon=True, name="sheets-state")
                self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._dirty.set()
        if self._thread is not None:
            self._thread.join(30)

    def _keep_saving(self) -> None:
        while self._dirty.wait():
            self._dirty.clear()
            started = time.monotonic()
            try:
                self._save()
            except OSError as error:
                log.warning("sheets.state_not_saved", path=str(self.path), error=str(error))
            if self._closing.wait(max(1.0, 10 * (time.monotonic() - started))):
                if self._dirty.is_set():
                    self._save()
                return

    def _save(self) -> None:
        text = json.dumps({"books": [_write_book(book) for book in self._books()]}, ensure_ascii=False)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(self.path.name + ".new")
        with fresh.open("w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(self.path)


def _write_book(book: Book) -> Json:
    return {name: getattr(book, name) for name in _BOOK_FIELDS} | {
        "metadata": list(book.metadata.values()),
        "tabs": [_write_tab(tab) for tab in book.tabs],
    }


def _write_tab(tab: Tab) -> Json:
    return {name: getattr(tab, name) for name in _TAB_FIELDS} | {
        "basic_filter": tab.basic_filter,
        "widths": list(tab.widths.items()),
        "rows": [[_write_cell(cell) for cell in row] for row in tab.rows],
    }


def _write_cell(cell: Cell) -> Any:
    """A bare value where that says it all, else an object."""
    if cell.format is None and cell.note is None and not isinstance(cell.value, Formula):
        return cell.value
    kind = "f" if isinstance(cell.value, Formula) else "v"
    value = cell.value.text if isinstance(cell.value, Formula) else cell.value
    return {kind: value, "format": cell.format, "note": cell.note}


def _read_book(data: Json) -> Book:
    book = Book(**{name: data[name] for name in _BOOK_FIELDS})
    book.metadata = {meta["metadataId"]: meta for meta in data["metadata"]}
    book.tabs = [_read_tab(tab) for tab in data["tabs"]]
    return book


def _read_tab(data: Json) -> Tab:
    tab = Tab(**{name: data[name] for name in _TAB_FIELDS}, basic_filter=data["basic_filter"])
    tab.widths = {int(at): int(width) for at, width in data["widths"]}
    formats: dict[str, Json] = {}
    tab.rows = [_read_row(row, formats) for row in data["rows"]]
    return tab


def _read_row(row: list[Any], formats: dict[str, Json]) -> Row:
    return tuple(_read_cell(cell, formats) for cell in row)


def _read_cell(cell: Any, formats: dict[str, Json]) -> Cell:
    if cell is None:
        return EMPTY
    if not isinstance(cell, dict):
        return Cell(float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell)
    value = Formula(cell["f"]) if "f" in cell else cell["v"]
    shape = cell["format"]
    if shape is not None:
        shape = formats.setdefault(json.dumps(shape, sort_keys=True), shape)
    return Cell(float(value) if isinstance(value, int) and not isinstance(value, bool) else value, shape, cell["note"])
