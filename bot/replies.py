"""Replies go out after the commit, from a bounded pool of threads; a lost reply is harmless. So are files fetched.

A reply token dies after a minute, so a job that waited longer than 50 s is dropped and counted, and so is one that
finds the queue full: the person's next message asks the question again.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.line import LineError

log = structlog.get_logger(__name__)

THREADS = 64  # a LINE that takes 100 ms keeps 26 of them busy at 250 events a second
WAITING = 2000
TOO_OLD_S = 50.0

Job = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job and when it came (monotonic seconds)."""

    job: Job
    since: float


class Replies:
    """``submit`` never blocks. Threads start when all others are busy, and not before the first job (servers fork).

    A job goes to the thread that rested last: as long as LINE is quick a few threads and connections do all the work,
    instead of all of them in turn (at 300 events a second 8 % of the process's time).
    """

    def __init__(
        self, threads: int = THREADS, waiting: int = WAITING, too_old_s: float = TOO_OLD_S, name: str = "reply"
    ) -> None:
        self._queue: deque[Waiting] = deque()
        self._resting: list[SimpleQueue[Waiting]] = []
        self._threads, self._waiting, self._too_old_s = threads, waiting, too_old_s
        self._started, self._name = 0, name
        self._guard = threading.Lock()
        self.counts: Counter[str] = Counter()

    def submit(self, job: Job) -> bool:
        """Give a job to a thread or queue it; False when the queue is full and it was dropped."""
        waiting = Waiting(job, time.monotonic())
        with self._guard:
            if self._resting:
                self._resting.pop().put(waiting)
                return True
            if self._started < self._threads:
                self._start(waiting)
                return True
            if len(self._queue) < self._waiting:
                self._queue.append(waiting)
                return True
        self.counts["dropped_full"] += 1
        log.warning(f"{self._name}.dropped", reason="queue full")
        return False

    def waiting(self) -> int:
        """Jobs that no thread has taken up yet."""
        return len(self._queue)

    def resting(self) -> int:
        """Threads without a job."""
        return len(self._resting)

    def _start(self, first: Waiting) -> None:
        """Start a thread; the caller holds the guard."""
        self._started += 1
        threading.Thread(target=self._work, args=(first,), name=f"{self._name}-{self._started}", daemon=True).start()

    def _work(self, waiting: Waiting) -> None:
        mine: SimpleQueue[Waiting] = SimpleQueue()
        try:
            while True:
                self._take(waiting)
                waiting = self._next(mine) or mine.get()
        finally:  # a fault of ours ends this thread, loudly; another takes its place
            self.counts["faulty"] += 1
            with self._guard:
                self._started -= 1
                if self._queue:
                    self._start(self._queue.popleft())

    def _next(self, mine: "SimpleQueue[Waiting]") -> Waiting | None:
        """The oldest queued job; None: nothing to do, ``mine`` is where the next one will come."""
        with self._guard:
            if self._queue:
                return self._queue.popleft()
            self._resting.append(mine)
            return None

    def _take(self, waiting: Waiting) -> None:
        if time.monotonic() - waiting.since > self._too_old_s:
            self.counts["dropped_old"] += 1
            log.warning(f"{self._name}.dropped", reason="too old")
        else:
            self._do(waiting.job)

    def _do(self, job: Job) -> None:
        try:
            job()
            self.counts["sent"] += 1
        except LineError as exc:
            self.counts["failed"] += 1
            log.warning(f"{self._name}.failed", status=exc.status)
        except SQLAlchemyError as exc:  # a reply that had to look up scores
            self.counts["failed"] += 1
            log.warning(f"{self._name}.failed", error=type(exc).__name__)
