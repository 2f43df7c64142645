"""A local Google Sheets: the state and its controls, without HTTP (``sheets_http`` puts it on the wire).

For ``siang demo`` and ``siang playground sheets``, and for tests and fault runs, which hold this object in their hands:

    sheets = LocalSheets(writes_per_minute=1000)
    sheets.create_spreadsheet("demo", "แบบสอบถาม")
    with running(create_app(sheets)) as base_url: ...
    sheets.faults.after("reset", times=3)
    sheets.rows("demo", "ผล")
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.playground.sheets_auth import Tokens
from bot.playground.sheets_book import Book, Tab, new_book
from bot.playground.sheets_calls import Given, Target
from bot.playground.sheets_errors import Json, forbidden, not_found
from bot.playground.sheets_faults import Faults, Quota
from bot.playground.sheets_file import StateFile
from bot.playground.sheets_staff import Staff
from bot.playground.sheets_values import Params, read

Result = TypeVar("Result")


@dataclass(slots=True)
class Recorded:
    """One API request as it came. ``status`` is what the client was told (0: the connection broke, or still silent)."""

    name: str
    method: str
    path: str
    params: Params
    body: Json
    account: str
    at: float
    status: int = 0
    applied: bool = False


class LocalSheets:
    """All spreadsheets of the playground. Methods may be called from any thread. ``clock`` is that of the quota."""

    def __init__(
        self,
        *,
        writes_per_minute: int = 60,
        reads_per_minute: int = 60,
        quota_window_s: float = 60.0,
        key_pem: str | None = None,
        state_file: Path | None = None,
        log_size: int = 500,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.clock = clock
        self.quota = Quota(writes_per_minute, reads_per_minute, quota_window_s)
        self.faults = Faults()
        self.tokens = Tokens(key_pem)
        self.staff = Staff(self)
        self.requests: deque[Recorded] = deque(maxlen=log_size)
        self.counts: Counter[str] = Counter()  # calls admitted, by name, and "read", "write", "429"
        self._denied: set[str] = set()
        self._lock = threading.RLock()
        self._late = 0
        self._late_done = threading.Condition()
        self._file = StateFile(state_file, self.books) if state_file else None
        self._books: dict[str, Book] = self._file.load() if self._file else {}

    def create_spreadsheet(self, spreadsheet_id: str, title: str) -> None:
        """Make an empty spreadsheet, shared with every account; one that exists already (state file) is kept."""
        with self._lock:
            self._books.setdefault(spreadsheet_id, new_book(spreadsheet_id, title))

    def books(self) -> list[Book]:
        """Snapshots: a book in the list never changes again, a change makes another one."""
        with self._lock:
            return list(self._books.values())

    def book(self, spreadsheet_id: str) -> Book:
        """A snapshot. Raises ``ApiError`` 404."""
        with self._lock:
            if spreadsheet_id not in self._books:
                raise not_found()
            return self._books[spreadsheet_id]

    def tabs(self, spreadsheet_id: str) -> dict[str, int]:
        """Title -> sheetId, in the order of the tabs."""
        return {tab.title: tab.sheet_id for tab in self.book(spreadsheet_id).tabs}

    def rows(self, spreadsheet_id: str, tab: str | int) -> list[list[Any]]:
        """All rows of a tab by title or sheetId: text, numbers and booleans as stored, "" for empty cells."""
        found = find_tab(self.book(spreadsheet_id), tab)
        options = ("ROWS", "UNFORMATTED_VALUE", "SERIAL_NUMBER")
        values: list[list[Any]] = read(found, found.whole(), options).get("values", [])
        return values

    def deny(self, spreadsheet_id: str) -> None:
        """Take the share away: every call answers 403 until ``allow``."""
        self._denied.add(spreadsheet_id)

    def allow(self, spreadsheet_id: str) -> None:
        self._denied.discard(spreadsheet_id)

    def perform(self, target: Target, params: Params, body: Json) -> Json:
        """Carry out one call. Raises ``ApiError``; a write that raises changes nothing."""
        if target.spreadsheet_id in self._denied:
            raise forbidden()
        given = Given(params, target.argument, body)
        if not target.call.write:
            return target.call.run(self.book(target.spreadsheet_id), given)
        return self.change(target.spreadsheet_id, lambda book: target.call.run(book, given))

    def change(self, spreadsheet_id: str, work: Callable[[Book], Result]) -> Result:
        """Let ``work`` change a copy of the book and put it in the place of the old one when nothing was raised."""
        with self._lock:
            copy = self.book(spreadsheet_id).copy()
            result = work(copy)
            copy.version += 1
            self._books[spreadsheet_id] = copy
        if self._file:
            self._file.mark()
        return result

    def perform_late(self, seconds: float, work: Callable[[], object]) -> None:
        """Do ``work`` after a while, in a thread of its own, as a server does that the client no longer waits for."""

        def wait_and_work() -> None:
            try:
                if not self.faults.stopped.wait(seconds):
                    work()
            finally:
                with self._late_done:
                    self._late -= 1
                    self._late_done.notify_all()

        with self._late_done:
            self._late += 1
        threading.Thread(target=wait_and_work, daemon=True, name="sheets-late").start()

    def drain(self, timeout_s: float = 30.0) -> bool:
        """Wait until every late call has been applied; False when time ran out."""
        with self._late_done:
            return self._late_done.wait_for(lambda: self._late == 0, timeout_s)

    def close(self) -> None:
        """End silences and late calls, and save. Call it when the server stops."""
        self.faults.stopped.set()
        if self._file:
            self._file.close()


def find_tab(book: Book, tab: str | int) -> Tab:
    """By title or sheetId. Raises ``KeyError`` for a title nobody has, ``ApiError`` for an id."""
    if isinstance(tab, int):
        return book.tab(tab)
    found = book.titled(tab)
    if found is None:
        raise KeyError(f"no tab {tab!r} among {[each.title for each in book.tabs]}")
    return found
