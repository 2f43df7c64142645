"""Ordinary complaints in the store: file one, act on one, read them. The rules of their life are in ``complaint``.

Every change locks the ticket, asks the rules, writes one row of history and queues what must leave the system, all in
the caller's transaction: of two who press at once one wins and the other meets a ``CaseError``.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update

from survey import complaint, complaint_effects, db, thai
from survey.complaint import Case, CaseError, Deed
from survey.masking import mask
from survey.privacy import random_id
from survey.settings import Agency
from survey.tables import complaint_files, complaint_updates, complaints

_NUMBERS = 1_000_000
_FIELDS = tuple(Case.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Filing:
    """What a ticket is made from. ``contact``, ``phone``: encrypted. ``draft``: whose photos and voice become its own.

    ``respondent``: the complainant's pseudonym, None when an officer files for somebody (then ``filed_by``).
    """

    words: str
    category: str
    tell_by: str = "none"
    channel: str = "line"
    respondent: str | None = None
    contact: bytes | None = None
    phone: bytes | None = None
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    filed_by: str | None = None
    message_id: str | None = None
    draft: str | None = None
    received_on: date | None = None  # of a letter or call that came before it was filed; None: today


def file(conn: Connection, agency: Agency, filing: Filing, now: datetime) -> Row[Any]:
    """Open a ticket; its row. The caller has checked the words and the category."""
    category = agency.office.rules.category(filing.category)
    received_on = filing.received_on or thai.bangkok_date(now)
    values: dict[str, Any] = {
        **{name: getattr(filing, name) for name in Filing.__dataclass_fields__ if name != "draft"},
        "agency_id": agency.id,
        "id": random_id(),
        "category": category.id,
        "department": agency.office.working_on(category),
        "urgent": category.urgent,
        "masked": mask(filing.words),
        "place": filing.place,
        "status": complaint.RECEIVED,
        "received_at": now,
        "received_on": received_on,
        "due_on": received_on + timedelta(days=category.days),
    }
    ticket = _insert(conn, values)
    if filing.draft:
        mine = (complaint_files.c.agency_id == agency.id, complaint_files.c.draft == filing.draft)
        conn.execute(update(complaint_files).where(*mine).values(complaint=ticket.id, draft=None))
    by = complaint.OFFICER if filing.filed_by else complaint.COMPLAINANT
    _record(conn, agency, ticket, Deed("receive", by, filing.filed_by, message_id=filing.message_id), now)
    return ticket


def act(conn: Connection, agency: Agency, complaint_id: str, deed: Deed, now: datetime) -> Row[Any]:
    """Do something to a ticket; its row afterwards. Raises CaseError where it does not fit, KeyError for no ticket."""
    row = get(conn, agency.id, complaint_id, lock=True)
    if row is None:
        raise KeyError(complaint_id)
    before = _case(row)
    if deed.action == "merge":
        _check_target(conn, agency.id, row, deed.to)
    after = complaint.apply(before, deed)
    values: dict[str, Any] = {
        name: getattr(after, name) for name in _FIELDS if getattr(after, name) != getattr(before, name)
    }
    if after.category != before.category:
        category = agency.office.rules.category(after.category)
        values |= {"urgent": category.urgent, "due_on": row.received_on + timedelta(days=category.days)}
    if deed.action in ("accept", "resolve", "reject") and row.accepted_at is None:
        values["accepted_at"] = now
    if after.status != before.status:
        closed = after.status in complaint.CLOSED
        values |= {"closed_at": now if closed else None, "closed_on": thai.bangkok_date(now) if closed else None}
    return change(conn, agency, row, deed, values, now)


def change(
    conn: Connection, agency: Agency, row: Row[Any], deed: Deed, values: dict[str, Any], now: datetime
) -> Row[Any]:
    """Write ``values`` to a locked ticket together with the row of history that says why; the ticket afterwards."""
    mine = (complaints.c.agency_id == agency.id, complaints.c.id == row.id)
    stmt = update(complaints).where(*mine).values(**values, revision=complaints.c.revision + 1)
    ticket = conn.execute(stmt.returning(complaints)).one()
    _record(conn, agency, ticket, deed, now)
    return ticket


def get(conn: Connection, agency_id: str, complaint_id: str, *, lock: bool = False) -> Row[Any] | None:
    stmt = select(complaints).where(complaints.c.agency_id == agency_id, complaints.c.id == complaint_id)
    return conn.execute(stmt.with_for_update() if lock else stmt).first()


def by_number(conn: Connection, agency_id: str, ticket: str) -> Row[Any] | None:
    """The ticket with this number (seven digits). Whether the asker may see it is the caller's to check."""
    return conn.execute(
        select(complaints).where(complaints.c.agency_id == agency_id, complaints.c.ticket == ticket)
    ).first()


def of_respondent(conn: Connection, agency_id: str, respondent: str) -> Sequence[Row[Any]]:
    """A complainant's own tickets, the newest first."""
    mine = (complaints.c.agency_id == agency_id, complaints.c.respondent == respondent)
    return conn.execute(select(complaints).where(*mine).order_by(complaints.c.received_at.desc())).all()


def followers(conn: Connection, agency_id: str, complaint_id: str) -> Sequence[Row[Any]]:
    """The ticket itself and those merged into it: everybody who is to hear of its outcome."""
    where = (
        complaints.c.agency_id == agency_id,
        (complaints.c.id == complaint_id) | (complaints.c.merged_into == complaint_id),
    )
    return conn.execute(select(complaints).where(*where).order_by(complaints.c.received_at)).all()


def history(conn: Connection, agency_id: str, complaint_id: str) -> Sequence[Row[Any]]:
    """Every row of a ticket's history, in order."""
    mine = (complaint_updates.c.agency_id == agency_id, complaint_updates.c.complaint == complaint_id)
    return conn.execute(select(complaint_updates).where(*mine).order_by(complaint_updates.c.number)).all()


def files(conn: Connection, agency_id: str, complaint_id: str) -> Sequence[Row[Any]]:
    """Its voice and photos without their content, the older days first, those of the mended thing last."""
    f = complaint_files.c
    wanted: Select[Any] = select(f.id, f.kind, f.status, f.content_type, f.seconds)
    mine = wanted.where(f.agency_id == agency_id, f.complaint == complaint_id)
    return conn.execute(mine.order_by(f.added_on, f.kind.desc(), f.id)).all()


def _insert(conn: Connection, values: dict[str, Any]) -> Row[Any]:
    """With a ticket number that nobody has: drawn, so that it tells neither how many there are nor when it came."""
    while True:
        number = complaint.ticket_number(secrets.randbelow(_NUMBERS))
        stmt = db.insert(conn, complaints).values(**values, ticket=number).on_conflict_do_nothing()
        row = conn.execute(stmt.returning(complaints)).first()
        if row is not None:
            return row


def _record(conn: Connection, agency: Agency, ticket: Row[Any], deed: Deed, now: datetime) -> None:
    mine = (complaint_updates.c.agency_id == agency.id, complaint_updates.c.complaint == ticket.id)
    number = (conn.scalar(select(func.max(complaint_updates.c.number)).where(*mine)) or 0) + 1
    values = {
        "agency_id": agency.id,
        "id": random_id(),
        "complaint": ticket.id,
        "number": number,
        "at": now,
        "by": deed.by,
        "officer": deed.officer,
        "action": deed.action,
        "status": ticket.status,
        "department": ticket.department,
        "category": ticket.category,
        "words": deed.words,
        "told": deed.action in ("ask", "answer", "resolve", "reject", "add", "reopen") and not deed.follower,
        "message_id": deed.message_id,
    }
    row = conn.execute(complaint_updates.insert().values(**values).returning(complaint_updates)).one()
    complaint_effects.after(conn, agency, ticket, row, now)


def _case(row: Row[Any]) -> Case:
    return Case(**{name: getattr(row, name) for name in _FIELDS})


def _check_target(conn: Connection, agency_id: str, row: Row[Any], target_id: str) -> None:
    """A ticket is merged into another that is still worked on, and not into itself."""
    target = get(conn, agency_id, target_id, lock=True)
    if target is None or target.id == row.id or target.status not in complaint.OPEN:
        raise CaseError("case_no_target")
