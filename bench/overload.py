"""More events than replies can leave: LINE hangs. The queue of replies stays bounded, nothing is acknowledged and lost.

LINE takes 10 s for every call, so each of the reply threads gives up after its 2 s and few replies leave. The webhook
must go on storing; replies beyond the queue are dropped at once, those that waited 50 s are dropped because their token
is dead. Every reply is accounted for: tried, dropped because the queue was full, or dropped because it was too old.
"""

import time

import requests

from bench.load import Plan, fire
from bench.people import local_line
from bench.place import Server, place, siang_web, stored_answers
from bench.table import Row
from bench.webhook import told
from bot.replies import THREADS, TOO_OLD_S, WAITING

EVENTS = 3000
HANG_S = 10.0
CONNECTIONS = 16
DEADLINE_S = TOO_OLD_S + 30


def run(quick: bool = False) -> list[Row]:
    """``quick``: without the 50 s until waiting replies are too old."""
    with place() as here, local_line(HANG_S) as people:
        url = here.database("sqlite")
        with siang_web(here, url, people.line.url) as server:
            [worker] = server.workers()
            requests.get(f"http://127.0.0.1:{server.port}/readyz", timeout=5)  # has the LINE SDK imported
            time.sleep(1.5)
            before = worker.memory_info().rss
            lanes = people.residents().lanes(CONNECTIONS, EVENTS)
            events = sum(map(len, lanes))
            outcome = fire(Plan(server.port, lanes, CONNECTIONS, 60.0, warm_s=0.0))
            if stored_answers(url) != outcome.answers:
                raise RuntimeError("an acknowledged answer is not stored")
            tried, full, old = _settled(server, events, quick)
            grown = (worker.memory_info().rss - before) / 1e6
    words = f"{told(outcome)}; {full} dropped at once, {old} after {TOO_OLD_S:.0f} s, {tried} tried; +{grown:.0f} MB"
    bound = f"queue ≤ {WAITING} and {THREADS} threads; all {events} counted"
    accounted = full > 0 and (quick or (old > 0 and tried + full + old == events))
    return [Row("LINE hangs, 16 connections at full speed", words, "", None, bound, accounted)]


def _settled(server: Server, events: int, quick: bool) -> tuple[int, int, int]:
    """How many replies were tried, dropped because the queue was full, and dropped because they were too old."""
    deadline = time.monotonic() + (0 if quick else DEADLINE_S)
    while True:
        counts = server.logged('"reply.failed"'), server.logged('"queue full"'), server.logged('"too old"')
        if sum(counts) >= events or time.monotonic() > deadline:
            return counts
        time.sleep(0.5)
