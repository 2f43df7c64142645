"""Replies go out after the commit, from a bounded pool of threads; a lost reply is harmless.

A reply token dies after a minute, so a job that waited longer than 50 s is dropped and counted, and so is one that
finds the queue full: the person's next message asks the question again.
"""

import queue
import threading
import time
from collections import Counter
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.line import LineError

log = structlog.get_logger(__name__)

THREADS = 32
WAITING = 2000
TOO_OLD_S = 50.0

Job = Callable[[], None]


class Replies:
    """``submit`` never blocks. Threads start with the first job, so that a server may fork before."""

    def __init__(self, threads: int = THREADS, waiting: int = WAITING, too_old_s: float = TOO_OLD_S) -> None:
        self._queue: queue.SimpleQueue[tuple[float, Job]] = queue.SimpleQueue()
        self._threads, self._waiting, self._too_old_s = threads, waiting, too_old_s
        self._started = 0
        self._guard = threading.Lock()
        self.counts: Counter[str] = Counter()

    def submit(self, job: Job) -> bool:
        """Queue a job; False when the queue is full and it was dropped."""
        if self._queue.qsize() >= self._waiting:
            self.counts["dropped_full"] += 1
            log.warning("reply.dropped", reason="queue full")
            return False
        self._queue.put((time.monotonic(), job))
        self._grow()
        return True

    def waiting(self) -> int:
        return self._queue.qsize()

    def _grow(self) -> None:
        """Another thread as long as a job waits and there may be one more."""
        if self._started >= self._threads or self._queue.empty():
            return
        with self._guard:
            if self._started < self._threads:
                self._started += 1
                threading.Thread(target=self._work, name=f"reply-{self._started}", daemon=True).start()

    def _work(self) -> None:
        try:
            while True:
                born, job = self._queue.get()
                if time.monotonic() - born > self._too_old_s:
                    self.counts["dropped_old"] += 1
                    log.warning("reply.dropped", reason="too old")
                    continue
                self._do(job)
        finally:  # a fault of ours ends this thread, loudly; another takes its place
            self.counts["faulty"] += 1
            with self._guard:
                self._started -= 1
            self._grow()

    def _do(self, job: Job) -> None:
        try:
            job()
            self.counts["sent"] += 1
        except LineError as exc:
            self.counts["failed"] += 1
            log.warning("reply.failed", status=exc.status)
        except SQLAlchemyError as exc:  # a reply that had to look up scores
            self.counts["failed"] += 1
            log.warning("reply.failed", error=type(exc).__name__)
