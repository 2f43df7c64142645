"""What is said about sealed reports outside the desk: how many, and that old ones are gone."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from survey import thai
from survey.sealed_case import CLOSED
from survey.tables import sealed_files, sealed_links, sealed_messages, sealed_reports


def sealed_counts(conn: Connection, agency_id: str, months: Collection[str]) -> dict[str, dict[str, int]]:
    """Month (``2027-02``) -> how many came in (``received``) and were ``closed`` in it. Counts, nothing else."""
    c = sealed_reports.c
    found = {month: {"received": 0, "closed": 0} for month in months}
    for name, column in (("received", c.month), ("closed", c.closed_month)):
        mine = (c.agency_id == agency_id, column.in_(list(months)))
        for month, number in conn.execute(select(column, func.count()).where(*mine).group_by(column)):
            found[month][name] = number
    return found


def open_now(conn: Connection, agency_id: str) -> int:
    """How many are not closed."""
    c = sealed_reports.c
    mine = (c.agency_id == agency_id, c.status.not_in(CLOSED))
    return conn.scalar(select(func.count()).where(*mine)) or 0


def forget(conn: Connection, agency_id: str, months: int, now: datetime) -> Sequence[str]:
    """Empty the reports closed more than ``months`` ago, and delete links that have run out; ids of the emptied.

    What stays counts in statistics: the status and the two months.
    """
    conn.execute(delete(sealed_links).where(sealed_links.c.agency_id == agency_id, sealed_links.c.expires_at <= now))
    c = sealed_reports.c
    old = (c.agency_id == agency_id, c.content.is_not(None), c.closed_month < _month_before(now, months))
    emptied = {"content": None, "excluded": None, "receipt": None}
    gone = list(conn.scalars(update(sealed_reports).where(*old).values(**emptied).returning(c.id)))
    for table in (sealed_messages, sealed_files):
        conn.execute(delete(table).where(table.c.agency_id == agency_id, table.c.report.in_(gone)))
    return gone


def _month_before(now: datetime, months: int) -> str:
    today = thai.bangkok_date(now)
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return f"{year:04d}-{month + 1:02d}"
