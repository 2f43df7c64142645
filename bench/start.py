"""From ``siang web`` to the first answer at LINE, and what a worker process weighs after it has worked for a while."""

import socket
import statistics
import time

from bench.load import Plan, fire
from bench.people import People, local_line
from bench.place import Place, free_port, place, siang_command, siang_web
from bench.table import Row

GOAL_S = 2.5
GOAL_MB = 150.0
PATIENCE_S = 20.0


def run(quick: bool = False) -> list[Row]:
    with place() as here, local_line() as people:
        return [_start(here, people, 1 if quick else 5), *(_memory(here, people, k) for k in _kinds(quick))]


def _kinds(quick: bool) -> list[str]:
    return ["sqlite"] if quick else ["sqlite", "postgresql"]


def _start(here: Place, people: People, times: int) -> Row:
    taken = sorted(_first_answer(here, people, number) for number in range(times))
    middle = statistics.median(taken)
    beside = f"fastest {taken[0]:.2f} s, slowest {taken[-1]:.2f} s"
    return Row(
        "start of `siang web` to first answer", f"{middle:.2f} s", beside, None, f"< {GOAL_S} s", middle < GOAL_S
    )


def _first_answer(here: Place, people: People, number: int) -> float:
    """Seconds from starting the process to its first reply being accepted by LINE. Somebody is writing already."""
    port = free_port()
    command, environ = siang_command(here.database("sqlite"), people.line.url, port)
    shot = next(people.residents(5 * 10**6 + number).walk())
    begun = time.monotonic()
    with here.serving(command, port, environ):
        with socket.create_connection(("127.0.0.1", port)) as webhook:
            webhook.sendall(shot.request)
            if not webhook.recv(4096).startswith(b"HTTP/1.1 200"):
                raise RuntimeError("the first webhook was refused")
        people.ear.settimeout(PATIENCE_S)
        if people.ear.recv(100) != shot.token.encode():
            raise RuntimeError("another reply came than the one that was waited for")
        return time.monotonic() - begun


def _memory(here: Place, people: People, kind: str) -> Row:
    url = here.database(kind)
    with siang_web(here, url, people.line.url) as server:
        lanes = people.residents(7 * 10**6).lanes(16, 1500)
        fire(Plan(server.port, lanes, 16, 4.0).hearing(people.ear.fileno()))
        infos = [worker.memory_full_info() for worker in server.workers()]
    rss, pss = max(i.rss for i in infos) / 1e6, max(getattr(i, "pss", i.rss) for i in infos) / 1e6
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[kind]
    words = f"{rss:.0f} MB ({pss:.0f} MB its own share), {len(infos)} of them"
    return Row(
        f"a web worker process after 1,500 events, {name}", words, "", None, f"< {GOAL_MB:.0f} MB", rss < GOAL_MB
    )
