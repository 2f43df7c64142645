"""An officer's word that the register of a month holds every channel's complaints; until then numbers may change."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select

from survey import complaint, db, thai
from survey.tables import complaint_confirmations, complaints
from survey.thai import Period


class ConfirmationError(ValueError):
    """The month cannot be confirmed. The message is for an operator."""


def counts(conn: Connection, agency_id: str, month: Period) -> Mapping[str, int]:
    """Channel -> how many complaints the register holds of it; every channel is there."""
    c = complaints.c
    where = (c.agency_id == agency_id, c.received_on >= month.start, c.received_on < month.end)
    stmt = select(c.channel, func.count()).where(*where, c.status != complaint.MERGED).group_by(c.channel)
    return dict.fromkeys(complaint.CHANNELS, 0) | {row[0]: row[1] for row in conn.execute(stmt)}


def confirm(conn: Connection, agency_id: str, month: Period, officer: str, now: datetime) -> Mapping[str, int]:
    """Confirm a month that is over; doing it again takes the place of before. The counts. Raises ConfirmationError."""
    if month.end > thai.bangkok_date(now):
        raise ConfirmationError(f"{month.key} is not over yet; it can be confirmed from {month.end:%Y-%m-%d} on")
    found = counts(conn, agency_id, month)
    values = {"officer": officer, "confirmed_at": now, "channels": dict(found)}
    key = {"agency_id": agency_id, "month": f"{month.start:%Y-%m}"}
    stmt = db.insert(conn, complaint_confirmations).values(**key, **values)
    conn.execute(stmt.on_conflict_do_update(index_elements=list(key), set_=values))
    return found
