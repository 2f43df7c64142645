"""Which call an HTTP request is: Google's method name, whether it writes, and what answers it.

Names are those of Google's discovery document (``spreadsheets.values.append``), so that a log of calls can be checked
against it. Reads that come as POST (search, batchGetByDataFilter) count as reads, as at Google.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from bot.playground import sheets_meta as meta
from bot.playground import sheets_values as values
from bot.playground.sheets_batch import batch_update, get_spreadsheet
from bot.playground.sheets_book import Book
from bot.playground.sheets_errors import ApiError, Json
from bot.playground.sheets_values import Params


class Given(NamedTuple):
    """What came with a request. ``argument`` is the A1 range or the metadata id from the path, or ""."""

    params: Params
    argument: str
    body: Json


@dataclass(frozen=True, slots=True)
class Call:
    """``run`` takes the book (a working copy when ``write``) and what came with the request."""

    name: str
    write: bool
    run: Callable[[Book, Given], Json]


@dataclass(frozen=True, slots=True)
class Target:
    """One request, understood."""

    call: Call
    spreadsheet_id: str
    argument: str


def _read(name: str, run: Callable[[Book, Given], Json]) -> Call:
    return Call("spreadsheets." + name, False, run)


def _write(name: str, run: Callable[[Book, Given], Json]) -> Call:
    return Call("spreadsheets." + name, True, run)


_CALLS: tuple[tuple[str, str, Call], ...] = (
    ("GET", "", _read("get", lambda b, r: get_spreadsheet(b, r.params))),
    ("POST", ":batchUpdate", _write("batchUpdate", lambda b, r: batch_update(b, r.body))),
    ("GET", "/values:batchGet", _read("values.batchGet", lambda b, r: values.batch_get(b, r.params))),
    (
        "POST",
        "/values:batchGetByDataFilter",
        _read("values.batchGetByDataFilter", lambda b, r: values.batch_get_by_filter(b, r.body)),
    ),
    ("POST", "/values:batchUpdate", _write("values.batchUpdate", lambda b, r: values.batch_update(b, r.body))),
    ("POST", "/values:batchClear", _write("values.batchClear", lambda b, r: values.batch_clear(b, r.body))),
    ("POST", "/developerMetadata:search", _read("developerMetadata.search", lambda b, r: meta.search(b, r.body))),
    ("GET", "/developerMetadata/*", _read("developerMetadata.get", lambda b, r: meta.get(b, r.argument))),
    (
        "POST",
        "/values/*:append",
        _write("values.append", lambda b, r: values.append(b, r.params, r.argument, r.body)),
    ),
    ("POST", "/values/*:clear", _write("values.clear", lambda b, r: values.clear(b, r.argument))),
    ("GET", "/values/*", _read("values.get", lambda b, r: values.get_values(b, r.params, r.argument))),
    ("PUT", "/values/*", _write("values.update", lambda b, r: values.update(b, r.params, r.argument, r.body))),
)
_PATTERNS = tuple(
    (method, re.compile(r"([\w-]+)" + re.escape(shape).replace(r"\*", "(.+)"), re.DOTALL), call)
    for method, shape, call in _CALLS
)


def understand(method: str, path: str) -> Target:
    """``path`` is what follows ``/v4/spreadsheets/``, decoded. Raises 404 for what this service has not."""
    for wanted, pattern, call in _PATTERNS:
        match = pattern.fullmatch(path)
        if match and method == wanted:
            return Target(call, match[1], match[2] if pattern.groups > 1 else "")
    raise ApiError(404, "NOT_FOUND", f"The local Sheets service has no {method} /v4/spreadsheets/{path}")
