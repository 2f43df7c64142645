"""The worker's loop: a shift is a thread that does its jobs in turn, and rests when none has anything to do.

A job that fails is logged by name and kind of error (never with its message: it could hold anything), waits longer each
time, and never stops the others.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)
LONGEST_WAIT_S = 60.0
SHARE = 9  # a job that pauses takes a tenth of the time at most, however much there is to count


@dataclass
class Job:
    """``run`` does one piece of work and says whether there is more at once; when not, it waits ``every_s``."""

    name: str
    run: Callable[[], bool]
    every_s: float = 0.0
    due: float = 0.0
    failures: int = 0


class Shift:
    """Jobs done in turn by one thread until ``stopping`` is set; the job at hand is finished first."""

    def __init__(self, name: str, jobs: Sequence[Job], rest_s: float, stopping: threading.Event) -> None:
        self.name, self.jobs, self.rest_s, self.stopping = name, jobs, rest_s, stopping

    def run(self) -> None:
        """Work until told to stop."""
        while not self.stopping.is_set():
            if not self.once():
                self.stopping.wait(self.rest_s)

    def once(self) -> bool:
        """Every job that is due, once; True when one of them has more to do."""
        more = False
        for job in self.jobs:
            if self.stopping.is_set():
                return False
            if job.due <= time.monotonic():
                more = self._do(job) or more
        return more

    def _do(self, job: Job) -> bool:
        began = time.monotonic()
        try:
            more = job.run()
        except Exception as exc:  # noqa: BLE001 - one of the product's two: whatever one job meets, the others go on
            job.failures += 1
            wait = min(2.0 ** min(job.failures, 10) * self.rest_s, LONGEST_WAIT_S)
            job.due = time.monotonic() + wait
            log.error("worker.job_failed", job=job.name, error=type(exc).__name__, again_in_s=round(wait, 1))
            return False
        job.failures = 0
        pause = max(job.every_s, (time.monotonic() - began) * SHARE) if job.every_s and not more else 0.0
        job.due = time.monotonic() + pause
        return more


def work(shifts: Sequence[Shift], stopping: threading.Event) -> None:
    """Run all shifts, each in a thread, until ``stopping`` is set and every one has finished its job at hand."""
    threads = [threading.Thread(target=shift.run, name=shift.name) for shift in shifts]
    for thread in threads:
        thread.start()
    while not stopping.wait(1.0):  # short waits, so that signals are heard on every system
        if not all(thread.is_alive() for thread in threads):
            stopping.set()
    for thread in threads:
        thread.join()
