"""What must leave the system after a change of a complaint: queued in the transaction that makes the change.

Each effect gets the ticket as it is now and the history row just written; none may call a network.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from survey import alerts, complaint_rows
from survey.settings import Agency

Effect = Callable[[Connection, Agency, Row[Any], Row[Any], datetime], None]
"""(connection, agency, the ticket, the new history row, now)"""

EFFECTS: tuple[Effect, ...] = (complaint_rows.queue_update, alerts.queue)


def after(conn: Connection, agency: Agency, ticket: Row[Any], update: Row[Any], now: datetime) -> None:
    """Queue everything that follows from a change."""
    for effect in EFFECTS:
        effect(conn, agency, ticket, update, now)
