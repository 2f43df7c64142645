"""The worker's push threads as a process, to be killed: started by fork from a server that has everything imported."""

import logging
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot import line, pushes
from bot.worker import PUSH_THREADS
from survey import db, library
from survey.settings import Settings
from tests.survey.conftest import hurry

BOOKS = library.load()
REST_S = 0.05


@dataclass(frozen=True)
class Clock:
    """A clock that runs ``speed`` times as fast as ours; its ``file`` holds the seconds it was put forward."""

    file: Path
    began: float
    start: datetime
    speed: float

    def __call__(self) -> datetime:
        return self.start + timedelta(seconds=(time.time() - self.began) * self.speed + self._ahead())

    def forward(self, seconds: float) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(str(self._ahead() + seconds))
        new.replace(self.file)

    def _ahead(self) -> float:
        return float(self.file.read_text())


def run(settings: Settings, clock: Clock, timeout_s: float) -> None:
    """Push until killed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    line.PUSH_TIMEOUT_S = timeout_s
    engine = hurry(db.connect(settings.database_url, pool_size=PUSH_THREADS + 1))
    client = line.LineClient(settings.line_api_base)
    for _ in range(PUSH_THREADS):
        sender = pushes.Sender(engine, settings, BOOKS, client)
        threading.Thread(target=_push, args=(sender, clock)).start()


def _push(sender: pushes.Sender, clock: Clock) -> None:
    while True:
        if not sender.send_next(clock()):
            time.sleep(REST_S)


line.LineClient().warm_up()  # once, for all that are forked from here
