"""Pushes of the sealed track: integrity officers hear that there is something, complainants where their case went.

An officer learns neither which report nor how many, and at most once an hour, so that nobody can empty the month's
quota from outside; what comes after an alert is told in the next hour.
"""

import base64
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from survey import outbox
from survey.budget import ALERT, PUSH
from survey.privacy import random_id
from survey.tables import outbox as table

TEXT = "มีเรื่องใหม่"
FAREWELL = "farewell:"


def tell(conn: Connection, agency_id: str, officer_ids: Iterable[str], now: datetime) -> None:
    """Queue the alert for each of these officers, now or at the full hour."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    for officer in officer_ids:
        if not _put(conn, agency_id, officer, hour, now):
            _put(conn, agency_id, officer, hour + timedelta(hours=1), hour + timedelta(hours=1))


def say_farewell(conn: Connection, agency_id: str, contact: bytes, words: str, now: datetime) -> None:
    """Tell somebody of whom nothing else is kept any more. ``contact``: the LINE id, encrypted."""
    about = FAREWELL + random_id()
    payload = {"contact": base64.b64encode(contact).decode(), **_said(words, about)}
    outbox.put(conn, agency_id, PUSH, about, about, payload, now)


def forget_told(conn: Connection) -> bool:
    """Delete the farewells that were said, or could not be; False while others wait."""
    farewells = (table.c.kind == PUSH, table.c.lane.contains(f":{FAREWELL}"))
    conn.execute(delete(table).where(*farewells, table.c.status != "waiting"))
    return conn.execute(select(table.c.id).where(*farewells).limit(1)).first() is None


def _put(conn: Connection, agency_id: str, officer: str, hour: datetime, due_at: datetime) -> bool:
    about = f"sealed:{hour:%Y-%m-%dT%H}"
    payload = {"officer": officer, **_said(TEXT, about)}
    return outbox.put(conn, agency_id, PUSH, officer, f"{officer}:{about}", payload, due_at)


def _said(words: str, about: str) -> dict[str, object]:
    return {"messages": [{"type": "text", "text": words}], "class": ALERT, "about": about}
