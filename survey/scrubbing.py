"""After something must be gone at once: the worker empties what still holds it, SQLite's write-ahead log above all."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection, Engine

from survey import db, outbox, sealed_alert
from survey.privacy import random_id

KIND = "scrub"
LATER = timedelta(hours=1)  # by then what was on its way to the sheet has arrived, and was written over
LONGEST_WAIT = timedelta(minutes=10)
TRIES = 10_000  # a farewell ends within a day


def ask(conn: Connection, agency_id: str, now: datetime) -> None:
    """In the transaction that deletes: scrub as soon as it is committed, and once more later."""
    for due_at in (now, now + LATER):
        outbox.put(conn, agency_id, KIND, random_id(), random_id(), {}, due_at)


def do_next(engine: Engine, now: datetime, rng: Random) -> bool:
    """Scrub if somebody has asked; False when nobody had. A reader in the way, or somebody not told yet: again soon."""
    item = outbox.claim(engine, now, [KIND])
    if item is None:
        return False
    with db.write(engine) as conn:
        told = sealed_alert.forget_told(conn)
    if db.scrub(engine) and told:
        outbox.done(engine, item)
    else:
        why = "a reader was in the way" if told else "somebody is still to be told"
        outbox.fail(engine, item, now, why, rng, longest=LONGEST_WAIT, tries=TRIES)
    return True
