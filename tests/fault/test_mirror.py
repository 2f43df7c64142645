"""2,000 responses while Google Sheets fails in every way and the worker is killed again and again.

Not one row is lost and not one is doubled. Time-outs and quota windows are shortened by settings; the rest is real:
processes, SIGKILL, HTTP through gspread, both databases, two workers at once.
"""

import json
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.playground.serve import running
from bot.playground.sheets import LocalSheets
from bot.playground.sheets_auth import service_account_info
from bot.playground.sheets_http import create_app
from survey.privacy import Keys
from survey.settings import Agency, Settings
from tests.fault import mirror_worker
from tests.fault.mirror_worker import PRELOAD
from tests.survey.sheets_kit import SHEET, Clock, Desk

RESPONSES, CHUNK = 2_000, 20
TIMEOUT_S, WINDOW_S = 0.4, 1.0
CHANCES = {"before": 0.10, "after": 0.12, "late": 0.10, "hang": 0.04, "429": 0.04}


@dataclass
class Workers:
    """Processes that are killed and started again under new names, as after a crash of the machine."""

    config: Path
    log: Path
    running: list[BaseProcess]
    kills: int = 0

    def start(self) -> None:
        name = f"worker-{self.kills}-{len(self.running)}"
        forks = multiprocessing.get_context("forkserver")
        process = forks.Process(target=mirror_worker.main, args=(self.config, name, self.log), daemon=True)
        process.start()
        self.running.append(process)

    def kill(self) -> None:
        victim = self.running.pop(0)
        victim.kill()
        victim.join()
        self.kills += 1


@contextmanager
def workers(config: Path, count: int) -> Iterator[Workers]:
    team = Workers(config, config.with_suffix(".log"), [])
    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOAD)
    try:
        for _ in range(count):
            team.start()
        yield team
    finally:
        while team.running:
            team.kill()


@pytest.mark.fault
def test_nothing_is_lost_and_nothing_doubled(engine: Engine, database_url: str, tmp_path: Path) -> None:
    sheets = LocalSheets(writes_per_minute=40, reads_per_minute=60, quota_window_s=WINDOW_S)
    sheets.create_spreadsheet(SHEET, "แบบสอบถาม")
    sheets.faults.chaos(CHANCES, seed=7, late_s=0.7, hang_s=0.8)
    with running(create_app(sheets)) as base:
        desk = _desk(engine, sheets)
        config = _write(tmp_path, database_url, base)
        with workers(config, count=2) as team:
            ids = _file_while_killing(desk, team)
        sheets.drain()
        sheets.close()

    there = Counter(row[0] for tab in sheets.tabs(SHEET) for row in sheets.rows(SHEET, tab)[1:])
    assert len(ids) == RESPONSES
    assert sorted(there.keys() ^ set(ids)) == []  # lost, or never filed
    assert [row_id for row_id, times in there.items() if times > 1] == []
    seen = Counter((call.status, call.applied) for call in sheets.requests if call.method == "POST")
    assert {(503, True), (503, False), (0, False), (429, False)} <= seen.keys()  # it was as bad as it should be
    assert team.kills >= 8
    assert b"Traceback" not in team.log.read_bytes()
    print(f"{team.kills} kills; {sum(seen.values())} writes as the client saw them: {dict(seen)}")


def _desk(engine: Engine, sheets: LocalSheets) -> Desk:
    agency = Agency("main", "เทศบาลตำบลตัวอย่าง", spreadsheet_id=SHEET)
    return Desk(engine, sheets, agency, Settings((agency,), Keys("a key")), Clock())


def _write(folder: Path, database_url: str, base: str) -> Path:
    key = service_account_info(base)
    config: dict[str, Any] = {"database": database_url, "base": base, "key": key, "spreadsheet": SHEET}
    path = folder / "worker.json"
    path.write_text(json.dumps(config | {"timeout_s": TIMEOUT_S, "window_s": WINDOW_S}))
    return path


def _file_while_killing(desk: Desk, team: Workers) -> list[str]:
    """File some responses with every write Google sees; every few writes a worker dies, wherever it just is."""
    dice = random.Random(3)
    ids: list[str] = []
    next_kill = 4
    end = time.monotonic() + 150
    while desk.waiting() or len(ids) < RESPONSES:
        assert time.monotonic() < end, f"still waiting: {desk.state()}"
        writes = len(desk.sheets.requests)
        while len(ids) < min(RESPONSES, (writes + 1) * CHUNK):
            ids += desk.file(CHUNK)
        if writes >= next_kill:
            time.sleep(dice.uniform(0, 0.1))
            team.kill()
            team.start()
            next_kill = len(desk.sheets.requests) + dice.randint(5, 12)
        time.sleep(0.01)
    return ids
