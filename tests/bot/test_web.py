"""``siang web`` as a process: one worker on SQLite, more on PostgreSQL, a clean end, no worker left behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.bot.server import PATIENCE_S, answers, serving

pytestmark = pytest.mark.fault


def workers_of(process: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    _, left = psutil.wait_procs(processes, timeout=10)
    return [process for process in left if process.status() != psutil.STATUS_ZOMBIE]


def test_the_server_has_the_workers_its_database_can_bear_and_ends_cleanly(database_url: str, tmp_path: Path) -> None:
    with serving(database_url, tmp_path) as (process, _):
        workers = workers_of(process)
        process.send_signal(signal.SIGTERM)
        exit_code = process.wait(PATIENCE_S)

    assert len(workers) == (1 if database_url.startswith("sqlite") else 2)
    assert exit_code == 0
    assert alive(workers) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the workers notice within a second, by looking")
def test_a_killed_server_takes_its_workers_along(sqlite_url: str, tmp_path: Path) -> None:
    with serving(sqlite_url, tmp_path) as (process, address):
        workers = workers_of(process)
        process.kill()
        process.wait(PATIENCE_S)

        assert alive(workers) == []
        assert not answers(f"{address}/healthz")


def test_a_worker_that_dies_is_replaced(sqlite_url: str, tmp_path: Path) -> None:
    with serving(sqlite_url, tmp_path) as (process, address):
        [worker] = workers_of(process)
        worker.kill()
        deadline = time.monotonic() + PATIENCE_S
        while not answers(f"{address}/healthz"):
            assert time.monotonic() < deadline
            time.sleep(0.1)

        assert [one.pid for one in workers_of(process)] != [worker.pid]
