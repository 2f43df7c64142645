"""May this person do this to this ticket? Asked at the beginning and again, on locked rows, when it is done.

A ticket of another agency, of another department, restricted, sealed, or not there at all: the same answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select

from survey import permits, tickets
from survey.complaint import is_ticket
from survey.rules import Rules
from survey.settings import Agency
from survey.tables import complaints, officers
from survey.tasks import Visit


@dataclass(frozen=True, slots=True)
class Officer:
    """Who is at work. ``departments`` empty: of all."""

    id: str
    role: str
    departments: tuple[str, ...]

    def may_see(self, agency: Agency, ticket: Row[Any]) -> bool:
        restricted = agency.office.rules.category(ticket.category).restricted
        return permits.may_see(self.role, self.departments, ticket.department, restricted)


def at_work(visit: Visit, right: str = "cases", *, lock: bool = False) -> Officer | None:
    """The officer behind this event, if the role has the right.

    ``lock``: as the store has it now, and so until the end of the transaction: whoever removes this officer waits and
    then finds what was done here, or was first, and nothing is done.
    """
    mine = (officers.c.agency_id == visit.agency.id, officers.c.respondent == visit.respondent)
    stmt = select(officers.c.id, officers.c.role, officers.c.departments).where(*mine, officers.c.removed_on.is_(None))
    row = visit.conn.execute(stmt.with_for_update(read=True) if lock else stmt).first()
    if row is None or not permits.may(row.role, right):
        return None
    return Officer(row.id, row.role, tuple(row.departments or ()))


def ticket(visit: Visit, officer: Officer, wanted: str, *, lock: bool = False) -> Row[Any] | None:
    """The ticket with this id or number, if there is one that this officer may see."""
    conn, agency = visit.conn, visit.agency
    found = tickets.by_number(conn, agency.id, wanted) if is_ticket(wanted) else None
    if found is None or lock:
        found = tickets.get(conn, agency.id, found.id if found else wanted, lock=lock)
    return found if found is not None and officer.may_see(agency, found) else None


def visible(officer: Officer, rules: Rules) -> ColumnElement[bool]:
    """``may_see`` for the store: which tickets stand in this officer's lists."""
    if officer.role == permits.ADMIN:
        return complaints.c.id.is_not(None)
    own = complaints.c.department.in_(officer.departments)
    if officer.role != permits.OFFICER or officer.departments:
        return own
    return or_(own, complaints.c.category.not_in(_restricted(rules)))


def _restricted(rules: Rules) -> Sequence[str]:
    return [category.id for category in rules.categories if category.restricted]
