"""Beside the bot everyone writes first: answers that are safely stored, a second, at 16 connections.

The tutorial bot's answers are safe when they stand in the sheet. Google lets a service account write 60 times a minute;
the local Sheets holds it to that rate in windows of 6 s (6 writes each) so that the bench need not run for minutes.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.load import Outcome, Plan, fire
from bench.people import People, local_line
from bench.place import Place, baseline, place, siang_web, stored_answers
from bench.table import Row
from bench.webhook import told, warm_up
from bot.playground.serve import running
from bot.playground.sheets import LocalSheets
from bot.playground.sheets_auth import service_account_info
from bot.playground.sheets_http import create_app

GOAL = 200.0
CONNECTIONS = 16
SHEETS_S = 0.3
WINDOW_S = 6.0
NO_QUOTA = 10**9


@dataclass
class Sheet:
    """A local Google Sheets and what the tutorial bot needs to reach it."""

    sheets: LocalSheets
    environ: dict[str, str]

    def rows(self) -> int:
        return sum(any(row) for row in self.sheets.rows("bench", next(iter(self.sheets.tabs("bench")))))


def run(quick: bool = False) -> list[Row]:
    """With Google's quota (the goal) and without it."""
    with place() as here, local_line() as people:
        siang = _siang(here, people, 1.0 if quick else 3.0)
        rows = []
        for quota, seconds, what in (
            (True, WINDOW_S * (1 if quick else 2), "Google's quota"),
            (False, 4.0, "no quota"),
        ):
            if quick and not quota:
                continue
            stored, seconds, outcome = _tutorial(here, people, seconds, quota)
            refused = sum(n for status, n in outcome.statuses.items() if status != 200)
            how = f"{refused} refused" if quota else f"p50 {outcome.quantile(0.5):,.0f} ms"
            words = f"{stored / seconds:.1f}/s, {how}"
            ratio = siang.rate / (stored / seconds)
            name = f"answers stored, Sheets {1000 * SHEETS_S:.0f} ms, {what}, {CONNECTIONS} connections"
            goal, ok = (f"≥ {GOAL:.0f} times (b)", ratio >= GOAL) if quota else ("", None)
            rows.append(Row(name, told(siang), f"(b) {words}", ratio, goal, ok))
        return rows


def _siang(here: Place, people: People, seconds: float) -> Outcome:
    """SQLite, replies and all."""
    url = here.database("sqlite")
    with siang_web(here, url, people.line.url) as server:
        residents = people.residents()
        warm = warm_up(server, residents, people)
        lanes = residents.lanes(CONNECTIONS, round(3000 * seconds))
        outcome = fire(Plan(server.port, lanes, CONNECTIONS, seconds).hearing(people.ear.fileno()))
        if stored_answers(url) != outcome.answers + warm.answers:
            raise RuntimeError("an acknowledged answer is not stored")
    return outcome


def _tutorial(here: Place, people: People, seconds: float, quota: bool) -> tuple[int, float, Outcome]:
    """Rows that came into the sheet, seconds, and what the load generator saw."""
    with (
        _sheet(quota) as sheet,
        baseline(here, "bench.tutorial_bot:create", "sqlite", people.line.url, **sheet.environ) as bot,
    ):
        time.sleep(WINDOW_S - time.time() % WINDOW_S if quota else 0)  # from the beginning of a window
        before, begun = sheet.rows(), time.monotonic()
        lanes = people.residents(10**6 if quota else 2 * 10**6).lanes(CONNECTIONS, 20_000)
        outcome = fire(Plan(bot.port, lanes, CONNECTIONS, seconds - 1.5, warm_s=0.0))
        return sheet.rows() - before, max(seconds, time.monotonic() - begun), outcome


@contextmanager
def _sheet(quota: bool) -> Iterator[Sheet]:
    writes = round(WINDOW_S) if quota else NO_QUOTA
    sheets = LocalSheets(writes_per_minute=writes, reads_per_minute=NO_QUOTA, quota_window_s=WINDOW_S)
    sheets.create_spreadsheet("bench", "คำตอบ")
    sheets.faults.latency_s = SHEETS_S
    with running(create_app(sheets)) as url:
        yield Sheet(sheets, {"BENCH_SHEETS_URL": url, "BENCH_SHEETS_KEY": json.dumps(service_account_info(url))})
        sheets.close()
