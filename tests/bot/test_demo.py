"""The demo, started for real: its addresses, documents, residents, and no process left, whichever way it ends."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest
import requests

from survey.settings_names import NAMES

pytestmark = pytest.mark.fault
PATIENCE_S = 60.0


def four_free_ports() -> int:
    """The first of four neighbouring ports that nobody uses."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            first = int(probe.getsockname()[1])
        try:
            for port in (first + 1, first + 2, first + 3):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first


class Demo:
    """A running ``siang demo`` and everything it started."""

    def __init__(self, folder: Path, port: int, fill: int = 0, out: str = "out.txt") -> None:
        ours = {setting.name for setting in NAMES}
        self.folder, self.port = folder, port
        self.out = folder.parent / out
        command = ["demo", "--port", str(port), "--fill", str(fill), "--folder", str(folder)]
        with self.out.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", *command],
                env={name: value for name, value in os.environ.items() if name not in ours},
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.out.read_text(encoding="utf-8")

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def tree(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, sign: signal.Signals) -> int:
        self.process.send_signal(sign)
        return self.process.wait(PATIENCE_S)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """Starts demos in one folder, and ends what is left of them."""
    started: list[Demo] = []

    def start(fill: int = 0, like: Demo | None = None) -> Demo:
        started.append(Demo(tmp_path / "demo", like.port if like else four_free_ports(), fill))
        return started[-1]

    yield start
    for running in started:
        for process in running.tree() if running.process.poll() is None else []:
            process.kill()
        running.process.kill()
        running.process.wait(PATIENCE_S)


def gone(processes: list[psutil.Process], within: float = 10.0) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=within)
    return not [p for p in alive if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def test_the_demo_shows_everything_and_a_second_start_keeps_what_was_there(start: Callable[..., Demo]) -> None:
    """From the first start to Ctrl-C, and on to the day when one process dies."""
    demo = start(fill=5)
    demo.wait_for("5 residents have answered.")
    addresses_answer(demo)
    everything_is_filled(demo)
    assert second_in_the_same_folder(demo) == 2
    settings, tree = (demo.folder / ".env").read_text(encoding="utf-8"), demo.tree()
    assert len(tree) == 5  # local LINE, local Sheets, web and its worker process, worker
    assert demo.end(signal.SIGINT) == 0
    assert gone(tree, within=0.5)
    assert demo.said().endswith("Stopped.\n")

    again = start(like=demo)
    again.wait_for("Siang is running")
    assert (demo.folder / ".env").read_text(encoding="utf-8") == settings
    assert counted(demo, "officers", "removed_on IS NULL") == 3
    assert counted(demo, "responses", "kind = 'eit'") == 5

    tree = again.tree()
    [worker] = [p for p in tree if p.cmdline()[-1] == "worker"]
    worker.kill()
    assert again.process.wait(PATIENCE_S) == 1
    assert "The worker process has ended (exit code -9)." in again.said()
    assert gone(tree, within=0.5)


def addresses_answer(demo: Demo) -> None:
    for port, path in ((demo.port, "/healthz"), (demo.port, "/readyz"), (demo.port + 1, "/"), (demo.port + 2, "/")):
        assert requests.get(f"http://127.0.0.1:{port}{path}", timeout=5).status_code == 200
        assert f"http://127.0.0.1:{port}" in demo.said()
    assert 'send "สรุป"' in demo.said()
    documents = f"http://127.0.0.1:{demo.port + 3}"
    assert documents in demo.said()
    summary = requests.get(f"{documents}/thai/monthly.pdf", timeout=10)
    assert (summary.status_code, summary.content[:5]) == (200, b"%PDF-")


def everything_is_filled(demo: Demo) -> None:
    assert counted(demo, "responses", "kind = 'eit'") == 5
    assert counted(demo, "officers", "role = 'admin'") == 1
    assert rows_in_the_sheet(demo, "คำตอบ EIT", 5) == 5
    demo.wait_for("Complaints filed: 1")
    assert f"http://127.0.0.1:{demo.port}/sealed/main" in demo.said()
    assert (counted(demo, "complaints", "question <> ''"), counted(demo, "complaints", "status = 'received'")) >= (1, 1)
    assert rows_in_the_sheet(demo, "เรื่องร้องเรียน", 4) == 4  # three complaints and the footer
    assert rows_in_the_sheet(demo, "ประวัติ", 5) >= 5
    assert counted(demo, "officers", "role = 'integrity'") == 2


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the children notice within a second, by looking")
def test_no_process_outlives_a_killed_demo(start: Callable[..., Demo]) -> None:
    demo = start()
    demo.wait_for("Siang is running")
    tree = demo.tree()

    demo.end(signal.SIGKILL)

    assert len(tree) == 5
    assert gone(tree)


def test_a_port_in_use_is_one_sentence_and_nothing_is_started(tmp_path: Path) -> None:
    port = four_free_ports()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 1))
        taken.listen()
        demo = Demo(tmp_path / "demo", port)
        exit_code = demo.process.wait(PATIENCE_S)

    assert exit_code == 2
    assert demo.said().startswith(f"siang: Port {port + 1} cannot be used: ")
    assert demo.said().count("\n") == 1
    assert not (tmp_path / "demo").exists()


def second_in_the_same_folder(demo: Demo) -> int:
    """The exit code of another demo that wants this one's folder, with ports of its own."""
    second = Demo(demo.folder, four_free_ports(), out="second.txt")
    exit_code = second.process.wait(PATIENCE_S)
    assert second.said().startswith("siang: Another demo is running in ")
    return exit_code


def counted(demo: Demo, table: str, where: str) -> int:
    deadline = time.monotonic() + 5
    while True:  # the worker files a moment after the last answer
        with closing(sqlite3.connect(f"file:{demo.folder / 'siang.db'}?mode=ro", uri=True)) as conn:
            [found] = conn.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()
        if found or time.monotonic() > deadline:
            time.sleep(0.5)
            with closing(sqlite3.connect(f"file:{demo.folder / 'siang.db'}?mode=ro", uri=True)) as conn:
                return int(conn.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0])
        time.sleep(0.1)


def rows_in_the_sheet(demo: Demo, tab: str, wanted: int) -> int:
    """Rows of a tab under its header, as the page shows them, as soon as there are enough."""
    grid = f"http://127.0.0.1:{demo.port + 2}/playground/api/books/demo/grid"
    deadline = time.monotonic() + 10
    while True:
        view = requests.get(grid, timeout=5).json()
        found = next((t["id"] for t in view["tabs"] if t["title"] == tab), None)
        rows = requests.get(f"{grid}?tab={found}", timeout=5).json()["total"] - 1 if found else 0
        if rows >= wanted or time.monotonic() > deadline:
            return int(rows)
        time.sleep(0.1)
