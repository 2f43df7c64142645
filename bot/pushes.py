"""Messages to officers, by push: queued in the transaction that causes them, sent by the worker.

A push is paid, so each is sent once: the row's retry key goes with every try, and LINE's 409 says that an earlier try
had arrived. The row names the officer; the LINE id is decrypted at the moment of sending and an officer removed
meanwhile gets nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any, Protocol

import structlog
from sqlalchemy import Connection, Engine, select

from bot.line import LineError
from survey import db, outbox
from survey.privacy import SecretKeyError
from survey.settings import Agency, Settings
from survey.tables import officers

log = structlog.get_logger(__name__)
KIND = "push"


class Pushes(Protocol):
    """What sends: ``bot.line.LineClient``, or a fake."""

    def push(self, agency: Agency, user_id: str, messages: list[dict[str, Any]], retry_key: str) -> None:
        """Raises LineError; a 409 (accepted before) does not."""


def tell(
    conn: Connection,
    agency_id: str,
    officer_id: str,
    unique_key: str,
    messages: Sequence[Mapping[str, Any]],
    due_at: datetime,
) -> bool:
    """Queue LINE messages for an officer; False when ``unique_key`` was queued for this officer before."""
    payload = {"officer": officer_id, "messages": [dict(message) for message in messages]}
    return outbox.put(conn, agency_id, KIND, officer_id, f"{officer_id}:{unique_key}", payload, due_at)


def send_next(engine: Engine, settings: Settings, line: Pushes, now: datetime, rng: Random) -> bool:
    """Send the push that is due longest; False when none was due."""
    item = outbox.claim(engine, now, [KIND])
    if item is None:
        return False
    try:
        sent = _send(engine, settings, line, item)
    except LineError as exc:
        gave_up = outbox.fail(engine, item, now, f"LINE {exc.status}", rng, permanent=exc.permanent)
        log.warning("push.failed", item=item.id, status=exc.status, attempts=item.attempts, gave_up=gave_up)
    except SecretKeyError:
        outbox.fail(engine, item, now, "no key opens the contact", rng, permanent=True)
        log.error("push.failed", item=item.id, reason="no key in CONTACT_KEYS opens the contact")
    else:
        outbox.done(engine, item)
        log.info("push.sent" if sent else "push.skipped", item=item.id, attempts=item.attempts)
    return True


def _send(engine: Engine, settings: Settings, line: Pushes, item: outbox.Item) -> bool:
    agency = settings.agency(item.agency_id)
    mine = (officers.c.agency_id == item.agency_id, officers.c.id == item.payload["officer"])
    with db.read(engine) as conn:
        contact = conn.scalar(select(officers.c.contact).where(*mine, officers.c.removed_on.is_(None)))
    if agency is None or contact is None:
        return False
    user_id = settings.keys.open_contact(contact)
    line.push(agency, user_id, item.payload["messages"], item.retry_key)
    return True
