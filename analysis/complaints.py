"""Complaint statistics from the store: tickets of a period, counted, with what officers have confirmed."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from analysis import complaint_counts
from analysis.complaint_counts import ComplaintStatistics, Sealed, Ticket
from survey import sealed_register, thai
from survey.tables import complaint_confirmations, complaints
from survey.thai import Period


def statistics(conn: Connection, agency_id: str, period: Period, as_of: date) -> ComplaintStatistics:
    """Both tracks of whole months; months that have not begun are left out."""
    months = [month for month in thai.months_within(period) if month.start <= as_of]
    confirmed = _confirmed(conn, agency_id)
    missing = tuple(month.label for month in months if _key(month) not in confirmed)
    return ComplaintStatistics(
        period=period,
        as_of=as_of,
        final=not missing and period.end <= as_of,
        unconfirmed=missing,
        ordinary=complaint_counts.count(_tickets(conn, agency_id, period), months, as_of),
        sealed=_sealed(conn, agency_id, months),
    )


def _sealed(conn: Connection, agency_id: str, months: Sequence[Period]) -> Sealed:
    """How many came in in these months, and how many of those are closed."""
    found = sealed_register.sealed_counts(conn, agency_id, [_key(month) for month in months]).values()
    return Sealed(sum(received for received, _ in found), sum(closed for _, closed in found))


def _tickets(conn: Connection, agency_id: str, period: Period) -> list[Ticket]:
    columns = [complaints.c[name] for name in Ticket.__dataclass_fields__]
    mine = (complaints.c.agency_id == agency_id, complaints.c.received_on >= period.start)
    rows = conn.execute(select(*columns).where(*mine, complaints.c.received_on < period.end))
    return [Ticket(*row) for row in rows]


def _confirmed(conn: Connection, agency_id: str) -> set[str]:
    mine = complaint_confirmations.c.agency_id == agency_id
    return set(conn.scalars(select(complaint_confirmations.c.month).where(mine)))


def _key(month: Period) -> str:
    """As stored: 2027-02."""
    return f"{month.start:%Y-%m}"
