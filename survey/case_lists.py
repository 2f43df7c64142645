"""Which tickets stand in which of an officer's lists, page by page. Every query runs over what is open, by index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from survey import complaint
from survey.case_rights import Officer, visible
from survey.settings import Agency
from survey.tables import complaint_updates, complaints, officers

PAGE = 8
LIKE_IT = 5
_C = complaints.c


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Row[Any]]
    number: int  # from 1
    total: int

    @property
    def more(self) -> bool:
        return self.number * PAGE < self.total


def page(conn: Connection, agency: Agency, officer: Officer, name: str, number: int, today: date) -> Page:
    """A page of the list "new", "mine", "late" or "calls": what is most pressing first."""
    soon = today + timedelta(days=agency.office.rules.near_days)
    within: Mapping[str, Sequence[ColumnElement[bool]]] = {
        "new": (_C.status == complaint.RECEIVED,),
        "mine": (_C.status == complaint.IN_PROGRESS, _C.officer == officer.id),
        "late": (_C.status.in_(complaint.OPEN), _C.due_on <= soon),
        "calls": (_C.delivery == "call",),
    }
    where = (_C.agency_id == agency.id, *within[name], visible(officer, agency.office.rules))
    order = (_C.closed_at, _C.id) if name == "calls" else (_C.urgent.desc(), _C.due_on, _C.received_at, _C.id)
    stmt = select(complaints).where(*where).order_by(*order).limit(PAGE).offset((number - 1) * PAGE)
    total = conn.scalar(select(func.count()).select_from(complaints).where(*where)) or 0
    return Page(conn.execute(stmt).all(), number, total)


def like(conn: Connection, agency: Agency, officer: Officer, ticket: Row[Any]) -> Sequence[Row[Any]]:
    """Open tickets of the same category, the newest first: what this one may be the same as."""
    same = (_C.agency_id == agency.id, _C.status.in_(complaint.OPEN), _C.category == ticket.category)
    stmt = select(complaints).where(*same, _C.id != ticket.id, visible(officer, agency.office.rules))
    return conn.execute(stmt.order_by(_C.received_at.desc()).limit(LIKE_IT)).all()


def around(conn: Connection, agency_id: str, ticket: Row[Any]) -> dict[str, str]:
    """Id -> number of the tickets merged into this one, and of the one it was merged into."""
    near = (_C.merged_into == ticket.id) | (_C.id == (ticket.merged_into or ""))
    return {row.id: row.ticket for row in conn.execute(select(_C.id, _C.ticket).where(_C.agency_id == agency_id, near))}


def names(conn: Connection, agency_id: str) -> dict[str, str]:
    """Officer id -> name, also of those who have left: history goes on naming them."""
    known = select(officers.c.id, officers.c.name).where(officers.c.agency_id == agency_id)
    return {row.id: row.name for row in conn.execute(known)}


def outcomes(conn: Connection, agency_id: str, ids: Sequence[str]) -> dict[str, str]:
    """Ticket id -> the words of its newest outcome; a merged ticket's stand with the one it was merged into."""
    u = complaint_updates.c
    told = (u.agency_id == agency_id, u.complaint.in_(ids), u.action.in_(("resolve", "reject")))
    said = select(u.complaint, u.words).where(*told).order_by(u.number)
    return {row.complaint: row.words for row in conn.execute(said)}
