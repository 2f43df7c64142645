"""The mirror's tabs: where the rows of each kind go, and how a new tab is filled from the store.

A tab is addressed by its sheetId, which we choose, so staff may rename it. A new tab starts as ``filling``: every row
the store has is queued for it, chunk by chunk, while nothing is sent; a row that is filed meanwhile is queued once like
any other. Then it is made (``making``) and ``ready``. Rows that were under way to the tab before it come along, because
a batch that settles for another sheetId lets its rows wait again (``sheets_batches.applied``).

The caller owns the transaction and has locked the mirror (``hold`` or ``lock`` of sheets_budget).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, select, tuple_, update

from survey import complaint_rows, db, sheets_rows, thai
from survey.instrument import Instrument
from survey.settings import Office
from survey.sheets_budget import Lane
from survey.sheets_rows import COMMENTS, HISTORY, Cell, Cells
from survey.tables import comments, complaint_updates, responses, sheet_rows, sheet_tabs

CHUNK = 200
_FIELDS = ("tab", "sheet_id", "title", "status", "cursor", "content_key", "written_key")


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of ours. ``status``: filling, making, ready."""

    tab: str
    sheet_id: int
    title: str
    status: str
    cursor: str
    content_key: str
    written_key: str

    @property
    def ready(self) -> bool:
        return self.status == "ready"


def tabs(conn: Connection, lane: Lane) -> dict[str, Tab]:
    rows = conn.execute(select(*(sheet_tabs.c[name] for name in _FIELDS)).where(*lane.of(sheet_tabs)))
    return {row.tab: Tab(*row) for row in rows}


def place_tab(conn: Connection, lane: Lane, tab: str, sheet_id: int, title: str, status: str) -> None:
    """From now on the rows of ``tab`` go to this sheet, once it is ready."""
    values: dict[str, Any] = {"sheet_id": sheet_id, "title": title, "status": status, "cursor": "", "written_key": ""}
    stmt = db.insert(conn, sheet_tabs).values(lane.key | {"tab": tab} | values)
    conn.execute(stmt.on_conflict_do_update(index_elements=["agency_id", "spreadsheet_id", "tab"], set_=values))


def set_tab(conn: Connection, lane: Lane, tab: str, **values: Any) -> None:
    conn.execute(update(sheet_tabs).where(*lane.of(sheet_tabs), sheet_tabs.c.tab == tab).values(values))


def content(conn: Connection, lane: Lane, tab: str) -> list[Cells]:
    """The rows that should stand in a snapshot tab."""
    stmt = select(sheet_tabs.c.content).where(*lane.of(sheet_tabs), sheet_tabs.c.tab == tab)
    return conn.scalar(stmt) or []


def set_content(conn: Connection, lane: Lane, tab: str, rows: Sequence[Sequence[Cell]]) -> bool:
    """Say what should stand in a snapshot tab; False when it does already. Never narrower than before."""
    width = max([len(row) for row in (*rows, *content(conn, lane, tab))], default=0)
    square = [[*row, *[None] * (width - len(row))] for row in rows]
    key = hashlib.sha256(json.dumps(square).encode()).hexdigest()
    if tabs(conn, lane)[tab].content_key == key:
        return False
    set_tab(conn, lane, tab, content=square, content_key=key)
    return True


def fill(conn: Connection, lane: Lane, tab: Tab, source: "Source", today: date) -> int:
    """Queue the next chunk of the store for a filling tab; when there is no more it is to be made. How many."""
    rows = stored_rows(conn, lane.agency_id, tab.tab, source, after=tab.cursor, limit=CHUNK)
    if not rows:
        set_tab(conn, lane, tab.tab, status="making")
        return 0
    values = [
        {"agency_id": lane.agency_id, "tab": tab.tab, "row_id": row_id, "cells": cells, "queued_on": today}
        for row_id, cells in rows
    ]
    conn.execute(db.insert(conn, sheet_rows).values(values).on_conflict_do_nothing())
    set_tab(conn, lane, tab.tab, cursor=rows[-1][0])
    return len(rows)


@dataclass(frozen=True)
class Source:
    """What is needed to say again how a stored response looks in the sheet."""

    instruments: Mapping[tuple[str, int], Instrument]  # in Thai
    office: Office

    @classmethod
    def of(cls, instruments: Iterable[Instrument], office: Office) -> "Source":
        return cls({i.key: i for i in instruments}, office)

    def versions(self, tab: str) -> list[tuple[str, int]]:
        """The instruments whose responses go to ``tab``."""
        return [key for key, instrument in self.instruments.items() if sheets_rows.tab_of(instrument) == tab]

    def point(self, point_id: str | None) -> str | None:
        found = self.office.point(point_id) if point_id else None
        return found.title if found else point_id


def stored_rows(
    conn: Connection, agency_id: str, tab: str, source: Source, *, after: str = "", limit: int | None = None
) -> list[tuple[str, Cells]]:
    """What the store has for a tab, as (id, cells) in the order of the ids, from the one after ``after``."""
    table, where = _stored(agency_id, tab, source)
    stmt = select(table).where(*where, table.c.id > after).order_by(table.c.id).limit(limit)
    if tab == HISTORY:
        return complaint_rows.history(conn, agency_id, [row.id for row in conn.execute(stmt)], source.office)
    cells = _comment if tab == COMMENTS else _response
    return [(row["id"], cells(row, source)) for row in conn.execute(stmt).mappings()]


def stored_ids(conn: Connection, agency_id: str, tab: str, source: Source) -> list[str]:
    """The ids of the rows that the store has for a tab."""
    table, where = _stored(agency_id, tab, source)
    return list(conn.scalars(select(table.c.id).where(*where)))


def _stored(agency_id: str, tab: str, source: Source) -> tuple[Table, tuple[ColumnElement[bool], ...]]:
    if tab == COMMENTS:
        return comments, (comments.c.agency_id == agency_id,)
    if tab == HISTORY:
        return complaint_updates, (complaint_updates.c.agency_id == agency_id,)
    r = responses.c
    version = tuple_(r.instrument_id, r.instrument_version)
    return responses, (r.agency_id == agency_id, version.in_(source.versions(tab)))


def _comment(row: RowMapping, source: Source) -> Cells:
    month = thai.parse_month(row["month"]).key
    point = source.point(row["service_point"])
    _, cells = sheets_rows.comment_row(
        row_id=row["id"], month=month, kind=row["kind"], service_point_title=point, text=row["text"]
    )
    return cells


def _response(row: RowMapping, source: Source) -> Cells:
    _, cells = sheets_rows.response_row(
        source.instruments[row["instrument_id"], row["instrument_version"]],
        row_id=row["id"],
        month=thai.month_of(row["completed_on"]).key,
        mode=row["mode"],
        service_point_title=source.point(row["service_point"]),
        answers=row["answers"],
    )
    return cells
