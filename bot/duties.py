"""What must be done once in a day, by whichever worker comes first: outbox rows whose unique key is their day.

``plan`` puts the rows in (harmless when they are there), ``do_next`` does one that is due. A worker that dies in the
middle means that another does it again, so every duty may be repeated.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random, SystemRandom

import structlog
from sqlalchemy import Engine, delete

from survey import db, filing, officers, outbox, rounds, thai
from survey.library import Library
from survey.settings import Agency, Settings
from survey.tables import workers

log = structlog.get_logger(__name__)
NIGHT = time(2, 30)  # Bangkok: nobody answers, and Google's quota is free
LEASE = timedelta(minutes=15)
WORKERS_KEPT = timedelta(days=1)

Duty = Callable[[Agency], None]


@dataclass
class Duties:
    """``daily`` are due at once on a new day, ``nightly`` at half past two; each is done once for every agency."""

    engine: Engine
    settings: Settings
    clock: Callable[[], datetime]
    daily: Mapping[str, Duty]
    nightly: Mapping[str, Duty]
    rng: Random = field(default_factory=SystemRandom)

    def plan(self) -> bool:
        """Queue today's and tonight's duties."""
        now = self.clock()
        night = next_night(now)
        with db.write(self.engine) as conn:
            for agency in self.settings.agencies:
                for name in self.daily:
                    key = f"{name}:{thai.bangkok_date(now)}"
                    outbox.put(conn, agency.id, outbox.JOB, name, key, {"duty": name}, now)
                for name in self.nightly:
                    key = f"{name}:{thai.bangkok_date(night)}"
                    outbox.put(conn, agency.id, outbox.JOB, name, key, {"duty": name}, night)
        return False

    def do_next(self) -> bool:
        """Do the duty that is due longest; False when none was. What a duty raises is raised again, for the log."""
        item = outbox.claim(self.engine, self.clock(), [outbox.JOB], LEASE)
        if item is None:
            return False
        agency = self.settings.agency(item.agency_id)
        duty = {**self.daily, **self.nightly}.get(item.payload["duty"])
        finished = False
        try:
            if agency is not None and duty is not None:
                duty(agency)
            finished = True
        finally:
            if not finished:
                outbox.fail(self.engine, item, self.clock(), "failed", self.rng)
        outbox.done(self.engine, item)
        log.info("duty.done", duty=item.payload["duty"], agency=item.agency_id)
        return True


def next_night(now: datetime) -> datetime:
    """The next half past two in Bangkok."""
    here = now.astimezone(thai.BANGKOK)
    night = datetime.combine(here.date(), NIGHT, thai.BANGKOK)
    return night if night > here else night + timedelta(days=1)


@dataclass(frozen=True)
class Housekeeping:
    """The daily duties of the store itself."""

    engine: Engine
    settings: Settings
    library: Library
    clock: Callable[[], datetime]

    def turn_rounds(self, agency: Agency) -> None:
        """Close what is over, its secret destroyed, and open what begins."""
        today = thai.bangkok_date(self.clock())
        with db.write(self.engine) as conn:
            opened = rounds.ensure(conn, self.library, self.settings.keys, agency.id, today)
        for round_id in opened:
            log.info("round.opened", agency=agency.id, round=round_id)

    def forget(self, agency: Agency) -> None:
        """Delete what has been kept long enough: events, unused invitations, old effects, workers that are gone."""
        now = self.clock()
        filing.forget_events(self.engine, agency, now)
        with db.write(self.engine) as conn:
            officers.forget_expired(conn, agency.id, now)
            outbox.sweep(conn, now)
            conn.execute(delete(workers).where(workers.c.beat_at < now - WORKERS_KEPT))
