"""An officer leaves: every right ends at once, and what they had taken on waits for somebody else."""

from datetime import datetime

from sqlalchemy import Connection, select

from survey import complaint, officers, thai, tickets
from survey.complaint import Deed
from survey.settings import Agency
from survey.tables import complaints


def leave(conn: Connection, agency: Agency, officer_id: str, now: datetime) -> int:
    """Remove an officer; how many open cases went back to their departments. Raises OfficerError.

    The officer's row is changed first: who is just taking a case on holds it, and is waited for.
    """
    officers.remove(conn, agency.id, officer_id, thai.bangkok_date(now))
    c = complaints.c
    mine = (c.agency_id == agency.id, c.status == complaint.IN_PROGRESS, c.officer == officer_id)
    ids = conn.scalars(select(c.id).where(*mine).order_by(c.id)).all()
    for ticket_id in ids:
        tickets.act(conn, agency, ticket_id, Deed("release", complaint.SYSTEM), now)
    return len(ids)
