"""After something must be gone at once: the worker empties what still holds it, SQLite's write-ahead log above all."""

from datetime import datetime
from random import Random

from sqlalchemy import Connection, Engine

from survey import db, outbox, sealed_alert
from survey.privacy import random_id

KIND = "scrub"


def ask(conn: Connection, agency_id: str, now: datetime) -> None:
    """In the transaction that deletes: scrub as soon as it is committed."""
    outbox.put(conn, agency_id, KIND, KIND, random_id(), {}, now)


def do_next(engine: Engine, now: datetime, rng: Random) -> bool:
    """Scrub if somebody has asked; False when nobody had. A reader in the way means again in a moment."""
    item = outbox.claim(engine, now, [KIND])
    if item is None:
        return False
    with db.write(engine) as conn:
        sealed_alert.forget_told(conn)
    if db.scrub(engine):
        outbox.done(engine, item)
    else:
        outbox.fail(engine, item, now, "a reader was in the way", rng)
    return True
