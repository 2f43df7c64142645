"""An ordinary case becomes a sealed report: its content is encrypted, every ordinary copy goes.

With the ticket go those merged into it, for they tell of the same. Gone are ticket, history, photos and voice, drafts
about it, messages that wait, and rows that wait for the sheet; the sheet's register is to be written again without it
at once. What remains are rows of the sheet's history that were written before: number, time, action, status, never
words. The received month stays, so that the totals of both tracks together stay what they were.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from survey import (
    audit,
    complaint,
    complaint_rows,
    sealed,
    sealed_alert,
    sealed_desk,
    sheets_budget,
    sheets_tabs,
    thai,
    tickets,
)
from survey.privacy import Keys
from survey.sealed_case import LONGEST
from survey.sealed_keys import Sealer
from survey.settings import Agency
from survey.sheets_budget import Lane
from survey.sheets_rows import HISTORY, REGISTER
from survey.tables import complaint_files, complaint_updates, complaints, drafts, outbox, sheet_rows

_FILES = {"photo": "ภาพ", "voice": "เสียง", "after": "ภาพหลังแก้ไข"}


def reclassify(
    conn: Connection,
    keys: Keys,
    sealer: Sealer,
    agency: Agency,
    complaint_id: str,
    officer: str,
    excluded: Iterable[str],
    now: datetime,
) -> Sequence[Row[Any]]:
    """Move a ticket and those merged into it; the rows as they were, so that the complainants can be told.

    ``officer`` moves it, the ``excluded`` may not know of it. Raises KeyError for no ticket. Afterwards ask for a
    scrub: deleted rows live on in SQLite's log.
    """
    asked = tickets.get(conn, agency.id, complaint_id, lock=True)
    if asked is None:
        raise KeyError(complaint_id)
    group = tickets.followers(conn, agency.id, asked.merged_into or asked.id)
    first, *others = sorted(group, key=lambda row: (row.merged_into is not None, row.received_at))
    received = datetime.combine(first.received_on, datetime.min.time(), thai.BANGKOK)
    report = sealed.move_in(conn, sealer, agency.id, _content(conn, keys, agency, first), excluded, received)
    row = sealed.get(conn, agency.id, report, lock=True)
    if row is None:
        raise KeyError(complaint_id)
    for other in others:
        told = _content(conn, keys, agency, other)
        sealed.say(conn, sealer, row, "note", "\n".join(f"{k}: {v}" for k, v in told.items() if v), now)
    _move_files(conn, sealer, row, [ticket.id for ticket in group])
    _delete_ordinary(conn, agency, [ticket.id for ticket in group], now)
    audit.write(conn, keys, agency.id, officer, "reclassify", report, now)
    sealed_alert.tell(conn, agency.id, sealed_desk.who_may_know(conn, sealer, row), now)
    return group


def _content(conn: Connection, keys: Keys, agency: Agency, ticket: Row[Any]) -> dict[str, Any]:
    """What a ticket tells; how to reach the complainant only when they left a number to call."""
    place = [ticket.place]
    if ticket.latitude is not None:
        place.append(f"{ticket.latitude:.5f}, {ticket.longitude:.5f}")
    return {
        "what": ticket.words,
        "where": " ".join(part for part in place if part),
        "when": thai.long_date(ticket.received_on),
        "reach": keys.open_contact(ticket.phone) if ticket.phone else "",
        "case": complaint.shown(ticket.ticket),
        "history": _history(conn, agency.id, ticket.id),
    }


def _history(conn: Connection, agency_id: str, ticket_id: str) -> str:
    """What was said on the way, line by line."""
    said = [row for row in tickets.history(conn, agency_id, ticket_id) if row.words]
    lines = (f"{thai.long_date(thai.bangkok_date(row.at))} {row.by}: {row.words}" for row in said)
    return "\n".join(lines)[: 4 * LONGEST]


def _move_files(conn: Connection, sealer: Sealer, row: Row[Any], tickets_: Sequence[str]) -> None:
    c = complaint_files.c
    mine = (c.agency_id == row.agency_id, c.complaint.in_(tickets_), c.content.is_not(None))
    for number, kept in enumerate(conn.execute(select(complaint_files).where(*mine).order_by(c.kind, c.id)), 1):
        ending = kept.content_type.rpartition("/")[2] or "bin"
        name = f"{_FILES.get(kept.kind, kept.kind)} {number}.{ending}"
        evidence = sealed.Evidence(name, kept.content_type, bytes(kept.content))
        sealed.keep_files(conn, row.agency_id, [sealed.sealed_file(sealer, row.id, evidence)])


def _delete_ordinary(conn: Connection, agency: Agency, tickets_: Sequence[str], now: datetime) -> None:
    lane = Lane(agency.id, agency.spreadsheet_id, "", timedelta())
    if agency.spreadsheet_id:  # before rows of the sheet are touched: the mirror locks in this order
        sheets_budget.lock(conn, lane)
    updates = complaint_updates
    of_them = (updates.c.agency_id == agency.id, updates.c.complaint.in_(tickets_))
    gone = conn.scalars(delete(updates).where(*of_them).returning(updates.c.id)).all()
    waiting = (sheet_rows.c.agency_id == agency.id, sheet_rows.c.tab == HISTORY, sheet_rows.c.batch.is_(None))
    conn.execute(delete(sheet_rows).where(*waiting, sheet_rows.c.row_id.in_(gone)))
    about = (outbox.c.agency_id == agency.id, outbox.c.payload["complaint"].as_string().in_(tickets_))
    conn.execute(delete(outbox).where(*about))
    of_drafts = (drafts.c.agency_id == agency.id, drafts.c.subject.in_(tickets_))
    unsent = conn.scalars(delete(drafts).where(*of_drafts).returning(drafts.c.id)).all()
    for table, column, ids in (
        (complaint_files, "draft", unsent),
        (complaint_files, "complaint", tickets_),
        (complaints, "id", tickets_),
    ):
        conn.execute(delete(table).where(table.c.agency_id == agency.id, table.c[column].in_(ids)))
    if REGISTER in sheets_tabs.tabs(conn, lane):
        rows = complaint_rows.register(conn, agency, thai.bangkok_date(now))
        sheets_tabs.set_content(conn, lane, REGISTER, rows)
