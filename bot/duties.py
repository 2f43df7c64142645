"""What must be done once in a day, by whichever worker comes first: outbox rows whose unique key is their day.

Daily ones are due at once, nightly ones at half past two, those of the morning at the office's hour on working days.

``plan`` puts the rows in (harmless when they are there), ``do_next`` does one that is due. A worker that dies in the
middle means that another does it again, so every duty may be repeated.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random, SystemRandom

import structlog
from sqlalchemy import Connection, Engine, delete

from survey import (
    alerts_morning,
    attempts,
    db,
    filing,
    officers,
    outbox,
    retention,
    rounds,
    scrubbing,
    sealed_register,
    thai,
    workdays,
)
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
    """What is due when; each is done once for every agency."""

    engine: Engine
    settings: Settings
    clock: Callable[[], datetime]
    daily: Mapping[str, Duty]
    nightly: Mapping[str, Duty]
    rng: Random = field(default_factory=SystemRandom)
    mornings: Mapping[str, Duty] = field(default_factory=dict)

    def plan(self) -> bool:
        """Queue today's and tonight's duties."""
        now = self.clock()
        night, today = next_night(now), thai.bangkok_date(now)
        with db.write(self.engine) as conn:
            for agency in self.settings.agencies:
                self._put(conn, agency, self.daily, today, now)
                self._put(conn, agency, self.nightly, thai.bangkok_date(night), night)
                if workdays.is_working(today, agency.office.rules):
                    morning = workdays.digest_on(today, agency.office.rules)
                    self._put(conn, agency, self.mornings, today, morning)
        return False

    def _put(self, conn: Connection, agency: Agency, names: Iterable[str], day: date, due_at: datetime) -> None:
        for name in names:
            outbox.put(conn, agency.id, outbox.JOB, name, f"{name}:{day}", {"duty": name, "day": f"{day}"}, due_at)

    def do_next(self) -> bool:
        """Do the duty that is due longest; False when none was. What a duty raises is raised again, for the log."""
        item = outbox.claim(self.engine, self.clock(), [outbox.JOB], LEASE)
        if item is None:
            return False
        agency = self.settings.agency(item.agency_id)
        duty = {**self.daily, **self.nightly, **self.mornings}.get(item.payload["duty"])
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
            attempts.sweep(conn, now)
            conn.execute(delete(workers).where(workers.c.beat_at < now - WORKERS_KEPT))

    def digest(self, agency: Agency) -> None:
        """Queue the morning's digests; what a worker that was down left over of another day is dropped."""
        now = self.clock()
        if not workdays.is_working(thai.bangkok_date(now), agency.office.rules):
            return
        with db.write(self.engine) as conn:
            queued = alerts_morning.queue(conn, agency, now)
        log.info("digest.queued", agency=agency.id, messages=queued)

    def retain(self, agency: Agency) -> None:
        """Cut the links to complainants; delete photos, voice and sealed reports that have been kept long enough."""
        for ticket in retention.cut_links(self.engine, agency, self.clock()):
            log.info("complaint.link_cut", agency=agency.id, complaint=ticket)
        for file in retention.drop_files(self.engine, agency, self.clock()):
            log.info("complaint.file_deleted", agency=agency.id, file=file)
        with db.write(self.engine) as conn:
            emptied = sealed_register.forget(conn, agency.id, agency.office.rules.sealed_months, self.clock())
            if emptied:
                scrubbing.ask(conn, agency.id, self.clock())
        if emptied:
            log.info("sealed.emptied", agency=agency.id, reports=len(emptied))
