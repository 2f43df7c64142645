"""What is said about sealed reports outside the desk: how many, and that old ones are gone."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from survey import thai
from survey.tables import sealed_files, sealed_links, sealed_messages, sealed_reports


def sealed_counts(conn: Connection, agency_id: str, months: Collection[str]) -> dict[str, tuple[int, int]]:
    """Month (``2027-02``) -> how many came in, and how many of those are closed by now. Counts, nothing else.

    Those that retention has emptied are counted too.
    """
    c = sealed_reports.c
    mine = (c.agency_id == agency_id, c.month.in_(list(months)))
    rows = conn.execute(select(c.month, func.count(), func.count(c.closed_month)).where(*mine).group_by(c.month))
    found = {month: (received, closed) for month, received, closed in rows}
    return {month: found.get(month, (0, 0)) for month in months}


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
