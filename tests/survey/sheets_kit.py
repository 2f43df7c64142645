"""A mirror with everything around it: a store, the local Sheets over real HTTP, a clock that tests turn by hand."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Engine, func, insert, select

from bot.playground.serve import running
from bot.playground.sheets import LocalSheets
from bot.playground.sheets_auth import service_account_info
from bot.playground.sheets_http import create_app
from survey import db, library, sheets_rows
from survey.instrument import Instrument
from survey.privacy import Keys
from survey.settings import Agency, Office, ServicePoint, Settings
from survey.sheets import Mirror
from survey.sheets_client import SheetsClient
from survey.tables import comments, mirrors, responses, sheet_batches, sheet_rows, sheet_tabs

SHEET = "spreadsheet-of-the-tests"
TODAY = date(2026, 11, 21)
OFFICE = Office(points=(ServicePoint("tax", "งานจัดเก็บรายได้"),))


@cache
def instruments() -> tuple[Instrument, ...]:
    books = library.load()
    return tuple(books.of_kind("eit") + books.of_kind("satisfaction"))


def newest(kind: str) -> Instrument:
    of_kind = [i for i in instruments() if i.kind == kind]
    return max(of_kind, key=lambda i: (i.fiscal_year or 0, i.version))


class Clock:
    """Aware time that stands still until a test turns it; seconds for the local Sheets, so that both agree."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Desk:
    """What a test holds in its hands."""

    engine: Engine
    sheets: LocalSheets
    agency: Agency
    settings: Settings
    clock: Clock
    alerts: list[tuple[str, str]] = field(default_factory=list)
    filed: int = 0

    def mirror(self, worker_id: str = "worker-1", client: SheetsClient | None = None, **changes: Any) -> Mirror:
        settings = replace(self.settings, **changes)
        return Mirror(
            self.engine,
            self.agency,
            settings,
            instruments(),
            clock=self.clock,
            worker_id=worker_id,
            alert=lambda kind, text: self.alerts.append((kind, text)),
            rng=random.Random(worker_id),
            client=client,
        )

    def file(self, count: int = 1, kind: str = "eit", **answers: str | None) -> list[str]:
        """File responses as the product does: the response and its row in one transaction. Their ids."""
        instrument = newest(kind)
        point = "tax" if kind == "satisfaction" else None
        given = {q.id: q.options[0].value for q in instrument.items} | answers
        ids = []
        with db.write(self.engine) as conn:
            for _ in range(count):
                self.filed += 1
                row_id = f"{random.Random(self.filed).getrandbits(80):020x}"
                ids.append(row_id)
                where = {"agency_id": self.agency.id, "id": row_id, "kind": kind, "round_id": "r"}
                version = {"instrument_id": instrument.id, "instrument_version": instrument.version}
                what = {"completed_on": TODAY, "mode": "self", "service_point": point, "answers": given}
                conn.execute(insert(responses).values(where | version | what))
                title = OFFICE.points[0].title if point else None
                tab, cells = sheets_rows.response_row(
                    instrument, row_id=row_id, month="2569-11", mode="self", service_point_title=title, answers=given
                )
                sheets_rows.queue(conn, self.agency.id, tab, row_id, cells, TODAY)
        return ids

    def comment(self, text: str) -> str:
        self.filed += 1
        row_id = f"{random.Random(-self.filed).getrandbits(80):020x}"
        month = {"month": "2026-11", "kind": "eit", "text": text}
        with db.write(self.engine) as conn:
            conn.execute(insert(comments).values({"agency_id": self.agency.id, "id": row_id} | month))
            tab, cells = sheets_rows.comment_row(
                row_id=row_id, month="2569-11", kind="eit", service_point_title=None, text=text
            )
            sheets_rows.queue(conn, self.agency.id, tab, row_id, cells, TODAY)
        return row_id

    def run(self, mirror: Mirror, turns: int = 400, step_s: float = 1.0) -> None:
        """Step as the worker does until nothing waits any more, turning the clock whenever nothing can be done."""
        for _ in range(turns):
            while mirror.step():
                pass
            if not self.waiting():
                return
            self.clock.turn(step_s)
        raise AssertionError(f"still waiting after {turns} turns: {self.state()}")

    def waiting(self) -> bool:
        with db.read(self.engine) as conn:
            rows = conn.scalar(select(func.count()).select_from(sheet_rows).where(sheet_rows.c.parked == ""))
            batches = conn.scalar(select(func.count()).where(sheet_batches.c.status == "waiting"))
            tabs = conn.scalar(select(func.count()).where(sheet_tabs.c.status != "ready"))
        return bool(rows or batches or tabs)

    def state(self) -> dict[str, Any]:
        with db.read(self.engine) as conn:
            row = conn.execute(select(mirrors)).mappings().first()
            batch = conn.execute(select(sheet_batches).where(sheet_batches.c.status == "waiting")).mappings().first()
        return {"mirror": dict(row or {}), "batch": {k: v for k, v in (batch or {}).items() if k != "payload"}}

    def rows(self, tab: str | int = "คำตอบ EIT") -> list[list[Any]]:
        return self.sheets.rows(SHEET, tab)

    def ids(self, tab: str | int = "คำตอบ EIT") -> list[Any]:
        return [row[0] for row in self.rows(tab)[1:]]

    def sheet_id(self, tab: str) -> int:
        with db.read(self.engine) as conn:
            return int(conn.execute(select(sheet_tabs.c.sheet_id).where(sheet_tabs.c.tab == tab)).scalar_one())


@contextmanager
def desk(engine: Engine, **settings: Any) -> Iterator[Desk]:
    clock = Clock()
    sheets = LocalSheets(writes_per_minute=60, clock=clock.seconds)
    sheets.create_spreadsheet(SHEET, "แบบสอบถาม")
    with running(create_app(sheets)) as base:
        key = json.dumps(service_account_info(base))
        agency = Agency("main", "เทศบาลตำบลตัวอย่าง", spreadsheet_id=SHEET, google_credentials=key, office=OFFICE)
        values: dict[str, Any] = {"sheets_api_base": base, "sheets_timeout_s": 2.0} | settings
        yield Desk(engine, sheets, agency, Settings((agency,), Keys("a key"), **values), clock)
        sheets.close()
