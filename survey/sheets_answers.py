"""What an answer of Google Sheets means for the mirror. Pure.

Errors carry the decision: the mirror asks only which of six things it has seen. The one that matters most is UNKNOWN:
after a time-out nobody can say whether the batch was applied, so the same bytes go again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Seen(StrEnum):
    APPLIED = "applied"  # 200 with a readable body
    NOT_SENT = "not sent"  # refused, DNS, TLS: nothing reached Google
    UNKNOWN = "unknown"  # time-out, reset, 408, 5xx, HTML or half a body
    THROTTLED = "throttled"  # 429: not applied, and everybody on this account must wait
    REFUSED = "refused"  # 400: the token is in use, or something in the batch is wrong: look
    DENIED = "denied"  # 401, 403, 404, revoked key: people must mend it


class Found(StrEnum):
    """What stands under a metadata number after a refusal."""

    OURS = "ours"  # the batch was applied
    FOREIGN = "foreign"  # somebody else's: take another number
    NOTHING = "nothing"  # the refusal is genuine
    UNCLEAR = "unclear"  # could not look: come back


class Mend(StrEnum):
    """What to do about a genuine refusal."""

    REMAKE = "remake"  # the tab was deleted: make it again
    RENAME = "rename"  # a tab of that title is there already
    GROW = "grow"  # the summary has outgrown its tab
    SPLIT = "split"  # some row is refused: halve the batch
    PARK = "park"  # it is this row
    CELLS = "cells"  # 10,000,000 cells: people must make room
    PAUSE = "pause"  # not our doing and not a row's: people must look


@dataclass(frozen=True, slots=True)
class Answer:
    """``detail`` is for the log: HTTP status and Google's words for the error, never anything of the content."""

    seen: Seen
    detail: str = ""
    body: Mapping[str, Any] | None = None
    status: int = 0

    @property
    def ok(self) -> bool:
        return self.seen is Seen.APPLIED


@dataclass(frozen=True, slots=True)
class TabSeen:
    """A tab as the spreadsheet has it now."""

    title: str
    rows: int
    columns: int


def read(status: int, content: bytes) -> Answer:
    """Judge an HTTP answer."""
    body = _object(content)
    if status == 200:
        return Answer(Seen.APPLIED, "200", body, 200) if body is not None else Answer(Seen.UNKNOWN, "200, broken body")
    error = (body or {}).get("error")
    error = error if isinstance(error, dict) else {}
    detail = f"{status} {error.get('status', 'no JSON')}"
    seen = Seen.UNKNOWN
    if status == 429 or error.get("status") == "RESOURCE_EXHAUSTED":
        seen = Seen.THROTTLED
    elif status in (401, 403, 404):
        seen = Seen.DENIED
    elif status == 413 or (status == 400 and error):  # a 400 in HTML comes from something in between
        seen = Seen.REFUSED
    return Answer(seen, detail, body, status)


def found(answer: Answer, tokens: Mapping[str, int]) -> tuple[Found, str]:
    """Read the answer to "whose is this number?": what is there, and the token when it is one of ``tokens``."""
    if answer.ok:
        value = str((answer.body or {}).get("metadataValue", ""))
        return (Found.OURS, value) if value in tokens else (Found.FOREIGN, "")
    absent = answer.status == 404 and isinstance((answer.body or {}).get("error"), dict)
    return (Found.NOTHING if absent else Found.UNCLEAR), ""


def tabs(body: Mapping[str, Any] | None) -> dict[int, TabSeen]:
    """sheetId -> tab, from a spreadsheet resource."""
    all_properties = [sheet["properties"] for sheet in (body or {}).get("sheets", [])]
    return {p.get("sheetId", 0): _tab(p) for p in all_properties}


def content(body: Mapping[str, Any] | None) -> tuple[list[Any], list[list[Any]]]:
    """The header and the rows below it, from the answer to ``SheetsClient.content``."""
    header: list[Any] = []
    rows: list[list[Any]] = []
    for matched in (body or {}).get("valueRanges", []):
        found = matched["valueRange"].get("values", [])
        if matched["dataFilters"][0]["gridRange"].get("endRowIndex") == 1:
            header = found[0] if found else []
        else:
            rows = found
    return header, rows


def mend(
    kind: str,
    size: int,
    sheet_id: int,
    title: str,
    refusal: Answer,
    there: Mapping[int, TabSeen],
    need: tuple[int, int],
) -> Mend:
    """The remedy for a genuine refusal of a batch of ``kind`` with ``size`` rows for the tab ``sheet_id``.

    ``there``: the tabs of the spreadsheet now; ``need``: rows and columns of a summary.
    """
    message = str(((refusal.body or {}).get("error") or {}).get("message", ""))
    if "number of cells" in message and "limit" in message:
        return Mend.CELLS
    if kind == "tab":
        taken = sheet_id in there or title.casefold() in {tab.title.casefold() for tab in there.values()}
        return Mend.RENAME if taken else Mend.PAUSE
    if kind == "burn":
        return Mend.PAUSE
    if sheet_id not in there:
        return Mend.REMAKE
    if kind == "summary":
        return Mend.GROW if there[sheet_id].rows < need[0] or there[sheet_id].columns < need[1] else Mend.PAUSE
    return Mend.SPLIT if size > 1 else Mend.PARK


def _tab(properties: Mapping[str, Any]) -> TabSeen:
    grid = properties.get("gridProperties", {})
    return TabSeen(properties.get("title", ""), grid.get("rowCount", 0), grid.get("columnCount", 0))


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
