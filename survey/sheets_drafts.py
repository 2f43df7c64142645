"""Batches drawn up as values, before anything is written down. Pure."""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from survey import sheets_plan
from survey.sheets_batches import Batch
from survey.sheets_rows import REGISTER, SUMMARY, Cells, Layout
from survey.sheets_tabs import Tab

WIDTHS: dict[str, Sequence[int]] = {
    SUMMARY: [140] * 12,
    REGISTER: [95, 105, 90, 175, 175, 75, 380, 200, 120, 105, 80, 105, 80, 80, 105],
}
"""Snapshot -> pixels of its columns."""
_NOT_YET = datetime.min.replace(tzinfo=UTC)


def make_tab(number: int, token: str, tab: Tab, layout: Layout | None) -> Batch:
    """Make the tab; a snapshot, which has no layout, brings its header with its content."""
    if layout is None:
        payload = sheets_plan.summary_tab_payload(number, token, tab.sheet_id, tab.title, WIDTHS[tab.tab])
    else:
        payload = sheets_plan.tab_payload(number, token, tab.sheet_id, tab.title, layout)
    return _batch(number, token, "tab", tab, payload)


def append_rows(number: int, token: str, tab: Tab, rows: Sequence[Cells]) -> Batch:
    """Append as many of the first rows as fit into one request: ``size`` says how many."""
    payload, size = sheets_plan.rows_payload(number, token, tab.sheet_id, rows)
    return _batch(number, token, "rows", tab, payload, size)


def write_summary(
    number: int, token: str, tab: Tab, rows: Sequence[Cells], grid: tuple[int, int] | None = None
) -> Batch:
    payload = sheets_plan.summary_payload(number, token, tab.sheet_id, rows, grid)
    return _batch(number, token, "summary", tab, payload, mark=tab.content_key)


def first_half(batch: Batch, token: str) -> Batch:
    """The same number with the first half of the rows."""
    size = batch.size // 2
    return _changed(batch, token, "rows", sheets_plan.first_rows(batch.body, token, size), size)


def burn(batch: Batch, token: str) -> Batch:
    """The same number with nothing: after it no late original can be applied."""
    return _changed(batch, token, "burn", sheets_plan.burn_payload(batch.number, token), 0)


def _batch(number: int, token: str, kind: str, tab: Tab, payload: str, size: int = 0, mark: str = "") -> Batch:
    packed = zlib.compress(payload.encode(), 1)
    return Batch(number, token, kind, tab.tab, tab.sheet_id, size, {}, mark, packed, 0, _NOT_YET)


def _changed(batch: Batch, token: str, kind: str, payload: str, size: int) -> Batch:
    packed = zlib.compress(payload.encode(), 1)
    return replace(batch, token=token, kind=kind, payload=packed, size=size, former=batch.tokens)
