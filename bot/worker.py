"""The worker: everything that does not answer a webhook. Any number may run; each effect still happens once.

Kinds of shift, each a thread of its own, so that a spreadsheet that hangs or a long count keeps no answer from being
filed and no officer waiting: the house (filing, rounds, cleaning up), LINE (three threads that push), mail, files
(photos that the web process left), scores, and mirrors (at most four threads for all agencies).
What must be done once in a period, whoever does it, is an outbox row with the period in its key.
"""

import os
import random
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import structlog
from sqlalchemy import Engine, delete

from bot import attachments, destinations, mail, pushes
from bot.duties import Duties, Housekeeping
from bot.line import LineClient
from bot.scoring import REFRESH_S, Scoring, summary_pause_s
from bot.shifts import Job, Shift, work
from survey import db, filing, officers, scrubbing
from survey.library import Library
from survey.settings import Agency, Settings
from survey.sheets import Mirror
from survey.tables import workers

log = structlog.get_logger(__name__)
BEAT_S = 5.0
MINUTE_S = 60.0
HOUR_S = 3600.0
MIRROR_THREADS = 4
PUSH_THREADS = 3


def run(engine: Engine, settings: Settings, library: Library, stopping: threading.Event) -> None:
    """Work until ``stopping`` is set; what is at hand is finished first."""
    crew = Crew(engine, settings, library)
    log.info("worker.started", worker=crew.id, agencies=len(settings.agencies))
    work(crew.shifts(stopping), stopping)
    crew.leave()
    log.info("worker.stopped", worker=crew.id)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Crew:
    """One worker process: what it works with, and its shifts."""

    engine: Engine
    settings: Settings
    library: Library
    clock: Callable[[], datetime] = utc_now
    rng: random.Random = field(default_factory=random.SystemRandom)

    def __post_init__(self) -> None:
        self.id = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.line = LineClient(self.settings.line_api_base)
        self.sender = pushes.Sender(self.engine, self.settings, self.library, self.line, self.rng)
        self.fetcher = attachments.Fetcher(self.engine, self.settings, self.line, self.rng)
        self.mailer = mail.Mailer(self.engine, self.settings, self.library, self.rng)
        self.mirrors = {a.id: self._mirror(a, self.id) for a in self.settings.agencies if a.spreadsheet_id}

    def shifts(self, stopping: threading.Event) -> list[Shift]:
        """Every shift of this worker."""
        rest = self.settings.worker_poll_s
        by_thread: list[list[Job]] = [[] for _ in range(min(MIRROR_THREADS, len(self.mirrors)))]
        for number, (agency_id, mirror) in enumerate(self.mirrors.items()):
            by_thread[number % MIRROR_THREADS].append(Job(f"mirror {agency_id}", mirror.step))
        mirrors = [Shift(f"mirrors-{n}", jobs, rest, stopping) for n, jobs in enumerate(by_thread)]
        by_name = {
            "house": self._house(),
            "line": self._line(),
            "mail": [Job("mail", self._mail)],
            "files": [Job("files", self._fetch)],
            "scores": self._scores(),
        }
        by_name |= {f"line-{n}": [Job("pushes", self._push)] for n in range(1, PUSH_THREADS)}
        return [*(Shift(name, jobs, rest, stopping) for name, jobs in by_name.items()), *mirrors]

    def leave(self) -> None:
        """Give back leases and take this worker off the list."""
        for mirror in self.mirrors.values():
            mirror.close()
        with db.write(self.engine) as conn:
            conn.execute(delete(workers).where(workers.c.id == self.id))

    def beat(self) -> bool:
        """Say that this worker lives: ``/readyz`` looks at it."""
        values = {"id": self.id, "beat_at": self.clock()}
        with db.write(self.engine) as conn:
            stmt = db.insert(conn, workers).values(**values)
            conn.execute(stmt.on_conflict_do_update(index_elements=["id"], set_={"beat_at": values["beat_at"]}))
        return False

    def tell_admins(self, agency: Agency, kind: str, text: str) -> None:
        """A push to every admin of the agency, at most one a day for each kind of trouble."""
        now = self.clock()
        with db.write(self.engine) as conn:
            for admin in officers.admins(conn, agency.id):
                pushes.tell(conn, agency.id, admin.id, f"{kind}:{now:%Y-%m-%d}", [{"type": "text", "text": text}], now)

    def _house(self) -> list[Job]:
        jobs = [Job("heartbeat", self.beat, BEAT_S), Job("scrub", self._scrub, BEAT_S)]
        for agency in self.settings.agencies:
            jobs += [
                Job(f"filing {agency.id}", partial(self._file, agency)),
                Job(f"leftovers {agency.id}", partial(self._leftovers, agency), MINUTE_S),
            ]
        keep = Housekeeping(self.engine, self.settings, self.library, self.clock)
        daily = {"rounds": keep.turn_rounds, "forget": keep.forget, "retention": keep.retain}
        nightly, mornings = {"sheet": self._compare}, {"digest": keep.digest}
        duties = Duties(self.engine, self.settings, self.clock, daily, nightly, self.rng, mornings)
        jobs += [Job("schedule", duties.plan, MINUTE_S), Job("duties", duties.do_next, BEAT_S)]
        return jobs

    def _line(self) -> list[Job]:
        jobs = [Job("pushes", self._push)]
        jobs += [Job(f"channel {a.id}", partial(self._learn, a), HOUR_S) for a in self.settings.agencies]
        return jobs

    def _scores(self) -> list[Job]:
        jobs = []
        pause = summary_pause_s(self.settings)
        for agency in self.settings.agencies:
            mirror = self._mirror(agency, f"{self.id}:scores") if agency.spreadsheet_id else None
            scoring = Scoring(self.engine, self.library, agency, self.clock, mirror)
            jobs.append(Job(f"scores {agency.id}", scoring.refresh, REFRESH_S * len(self.settings.agencies)))
            jobs.append(Job(f"summary {agency.id}", scoring.summarise, pause))
            jobs.append(Job(f"register {agency.id}", scoring.register, pause))
        return jobs

    def _file(self, agency: Agency) -> bool:
        filed = filing.file_closed(self.engine, self.settings, agency, self.library, self.clock(), self.rng)
        if filed:
            log.info("answers.filed", agency=agency.id, responses=filed)
        return False

    def _leftovers(self, agency: Agency) -> bool:
        filing.close_idle(self.engine, agency, self.library, self.clock())
        filing.expire(self.engine, agency, self.settings.keys, self.clock())
        return False

    def _scrub(self) -> bool:
        return scrubbing.do_next(self.engine, self.clock(), self.rng)

    def _push(self) -> bool:
        return self.sender.send_next(self.clock())

    def _fetch(self) -> bool:
        return self.fetcher.fetch_next(self.clock())

    def _mail(self) -> bool:
        return self.mailer.send_next(self.clock())

    def _learn(self, agency: Agency) -> bool:
        destinations.learn(self.engine, self.line, agency)
        return False

    def _compare(self, agency: Agency) -> None:
        """The nightly comparison, with a mirror of its own: the other one belongs to another thread."""
        if agency.spreadsheet_id:
            mirror = self._mirror(agency, f"{self.id}:night")
            mirror.nightly()
            mirror.close()

    def _mirror(self, agency: Agency, worker_id: str) -> Mirror:
        return Mirror(
            self.engine,
            agency,
            self.settings,
            self.library.surveys,
            clock=self.clock,
            worker_id=worker_id,
            alert=partial(self.tell_admins, agency),
        )
