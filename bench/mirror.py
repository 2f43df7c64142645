"""How many rows a minute reach the sheet, with the product's own pace of 30 writes a minute and Google's quota of 60.

The tabs stand; 8,000 responses are filed at the beginning of a minute of the quota, and a mirror copies them over HTTP
to a local Sheets that takes 300 ms a call and counts. Nothing is scaled: they need fewer writes than a minute allows.
The rate that lasts is the smaller one of what the writes carry and what the clock shows. Beside it: gspread's
``append_row``, a row a write, which the quota holds to 60 a minute.
"""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert

from bench.place import AGENCY_NAME, SECRET_KEY, place
from bench.table import Row
from bot.playground.serve import running
from bot.playground.sheets import LocalSheets
from bot.playground.sheets_auth import service_account_info
from bot.playground.sheets_http import create_app
from survey import db, library, sheets_rows
from survey.instrument import Instrument
from survey.privacy import Keys, random_id
from survey.settings import Agency, Settings
from survey.sheets import Mirror
from survey.tables import responses

ROWS, FEW = 8000, 1200
GOAL = 8000
SHEETS_S = 0.3
GOOGLE = 60
TAB = "คำตอบ EIT"
DAY = date(2027, 2, 1)


class Clock:
    """The real time, but for one step forward to the beginning of a minute, so that nobody has to wait for it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def to_next_minute(self) -> None:
        now = self()
        self.ahead += timedelta(minutes=1) - timedelta(seconds=now.second, microseconds=now.microsecond)


@dataclass
class Copied:
    """``seconds`` and ``writes`` from filing to the last row."""

    rows: int
    seconds: float
    writes: int


def run(quick: bool = False) -> list[Row]:
    rows = []
    for name, kind in (("SQLite", "sqlite"),) if quick else (("SQLite", "sqlite"), ("PostgreSQL", "postgresql")):
        with place() as here:
            engine = db.connect(here.database(kind))
            copied = _copy(engine, FEW if quick else ROWS)
            engine.dispose()
        rows.append(_row(name, copied))
    return rows


def _row(name: str, copied: Copied) -> Row:
    pace = Settings((), Keys("")).sheets_writes_per_minute
    a_write = copied.rows / copied.writes
    lasting = min(a_write * pace, 60 * copied.rows / copied.seconds)
    words = f"{lasting:,.0f} rows a minute: {copied.rows:,} in {copied.seconds:.0f} s, {copied.writes} writes"
    beside = f"append_row: {GOOGLE} a minute"
    return Row(f"mirror, {name}", words, beside, lasting / GOOGLE, f"≥ {GOAL:,} rows a minute", lasting >= GOAL)


def _copy(engine: Engine, rows: int) -> Copied:
    clock = Clock()
    sheets = LocalSheets(writes_per_minute=GOOGLE, reads_per_minute=GOOGLE, clock=lambda: clock().timestamp())
    sheets.create_spreadsheet("bench", "แบบสอบถาม")
    sheets.faults.latency_s = SHEETS_S
    known = library.load()
    with running(create_app(sheets)) as url:
        key = json.dumps(service_account_info(url))
        agency = Agency("main", AGENCY_NAME, spreadsheet_id="bench", google_credentials=key)
        settings = Settings((agency,), Keys(SECRET_KEY), sheets_api_base=url)
        instruments = known.of_kind("eit") + known.of_kind("satisfaction")
        mirror = Mirror(engine, agency, settings, instruments, clock=clock, worker_id="bench", alert=_no_alert)
        _step_until(mirror, lambda: TAB in sheets.tabs("bench"))
        while mirror.step():
            pass
        _file(engine, known.newest("eit"), rows)
        clock.to_next_minute()
        begun, before = time.monotonic(), sheets.counts["write"]
        _step_until(mirror, lambda: len(sheets.rows("bench", TAB)) > rows)
        seconds = time.monotonic() - begun
        mirror.close()
    return Copied(rows, seconds, sheets.counts["write"] - before)


def _step_until(mirror: Mirror, done: Callable[[], bool]) -> None:
    while not done():
        if not mirror.step():
            time.sleep(0.05)


def _file(engine: Engine, instrument: Instrument, rows: int) -> None:
    """What filing leaves behind: the response, and its row in the queue of the sheet."""
    rng = random.Random(0)
    with db.write(engine) as conn:
        for _ in range(rows):
            filed = _response(instrument, rng)
            conn.execute(insert(responses), filed)
            tab, cells = sheets_rows.response_row(
                instrument,
                row_id=filed["id"],
                month="2570-02",
                mode="self",
                service_point_title=None,
                answers=filed["answers"],
            )
            sheets_rows.queue(conn, "main", tab, filed["id"], cells, DAY)


def _response(instrument: Instrument, rng: random.Random) -> dict[str, Any]:
    return {
        "agency_id": "main",
        "id": random_id(),
        "round_id": "eit",
        "kind": "eit",
        "instrument_id": instrument.id,
        "instrument_version": instrument.version,
        "completed_on": DAY,
        "mode": "self",
        "answers": {q.id: rng.choice(q.options).value for q in instrument.items},
    }


def _no_alert(kind: str, words: str) -> None:
    raise RuntimeError(f"the mirror alerts: {kind}: {words}")
