"""``siang web`` as a process: one worker on SQLite, more on PostgreSQL, a clean end, no worker left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import requests

from survey.settings_names import NAMES

pytestmark = pytest.mark.fault
PATIENCE_S = 30.0
Web = tuple["subprocess.Popen[bytes]", str]


@contextmanager
def serving(database_url: str, folder: Path) -> Iterator[Web]:
    """The process and its address, as soon as it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = {setting.name for setting in NAMES}
    env = {name: value for name, value in os.environ.items() if name not in ours}
    env |= {"LINE_CHANNEL_SECRET": "s", "LINE_CHANNEL_ACCESS_TOKEN": "t", "SECRET_KEY": "sixteen or more characters"}
    env |= {"AGENCY_NAME": "เทศบาล", "DATABASE_URL": database_url, "LINE_API_BASE": "http://127.0.0.1:1"}
    command = [sys.executable, "-m", "bot", "web", "--port", str(port)]
    process = subprocess.Popen(command, env=env, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not answers(f"http://127.0.0.1:{port}/healthz"):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=2).status_code == 200
    except requests.ConnectionError:
        return False


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
