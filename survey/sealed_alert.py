"""Integrity officers hear that there is something, and nothing else: not which report, not how many.

At most once an hour each, so that nobody can empty the month's quota from outside; what comes after an alert is told
in the next hour.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from survey import outbox

TEXT = "มีเรื่องใหม่"
KIND = "push"


def tell(conn: Connection, agency_id: str, officer_ids: Iterable[str], now: datetime) -> None:
    """Queue the alert for each of these officers, now or at the full hour."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    for officer in officer_ids:
        if not _put(conn, agency_id, officer, hour, now):
            _put(conn, agency_id, officer, hour + timedelta(hours=1), hour + timedelta(hours=1))


def _put(conn: Connection, agency_id: str, officer: str, hour: datetime, due_at: datetime) -> bool:
    payload = {"officer": officer, "messages": [{"type": "text", "text": TEXT}]}
    key = f"{officer}:sealed:{hour:%Y-%m-%dT%H}"
    return outbox.put(conn, agency_id, KIND, officer, key, payload, due_at)
