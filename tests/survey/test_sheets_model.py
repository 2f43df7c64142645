"""Any sequence of failures, deaths and late arrivals: every row once.

Hypothesis draws the story; Google is the local service without the wire, so a story takes milliseconds. A request that
is "late" is carried out some requests after the client was told that it failed.
"""

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.playground.sheets import LocalSheets
from bot.playground.sheets_auth import service_account_info
from bot.playground.sheets_calls import understand
from bot.playground.sheets_errors import ApiError
from survey import db, sheets_answers, sheets_rebuild
from survey.privacy import Keys
from survey.settings import Agency, Settings
from survey.sheets import Mirror
from survey.sheets_answers import Answer, Seen
from survey.sheets_client import SheetsClient
from survey.tables import sheet_rows
from tests.survey.sheets_kit import OFFICE, SHEET, TODAY, Clock, Desk

REFUSAL = {"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "Nobody knows why."}}
WRITE = st.sampled_from(
    ("ok", "before", "after", "late", "late", "refuse", "429", "die before", "die after", "die late")
)
EVENT = st.one_of(
    st.integers(1, 6).map(lambda n: ("file", n)),
    st.lists(WRITE, min_size=1, max_size=4).map(lambda outcomes: ("steps", outcomes)),
    st.sampled_from([("wait", 1), ("wait", 20), ("wait", 61), ("poison", 1), ("other worker", 1), ("rebuild", 1)]),
)


class Died(Exception):  # noqa: N818 - it is an event of the story
    """The worker's process ends here."""


class Google(SheetsClient):
    """The local service without HTTP, with the outcome of each write decided by the story."""

    def __init__(self, sheets: LocalSheets) -> None:
        super().__init__(SHEET, json.dumps(service_account_info("http://nobody.invalid")))
        self.sheets = sheets
        self.outcomes: list[str] = []
        self.late: list[tuple[int, Callable[[], object]]] = []
        self.calls = 0

    def _call(self, method: str, url: str, **request: Any) -> Answer:
        self.calls += 1
        self.arrive(self.calls)
        body = json.loads(request["data"]) if "data" in request else dict(request.get("json") or {})
        params = {name: [str(value)] for name, value in (request.get("params") or {}).items()}
        target = understand(method.upper(), url.partition("/v4/spreadsheets/")[2])

        def carry_out() -> Answer:
            try:
                answer = self.sheets.perform(target, params, body)
            except ApiError as error:
                return sheets_answers.read(error.code, json.dumps(error.body()).encode())
            return Answer(Seen.APPLIED, "200", answer, 200)

        outcome = self.outcomes.pop(0) if target.call.write and self.outcomes else "ok"
        return self._end(outcome, carry_out)

    def _end(self, outcome: str, carry_out: Callable[[], Answer]) -> Answer:
        if outcome == "ok":
            return carry_out()
        if outcome.endswith("after"):
            carry_out()
        if outcome.endswith("late"):
            self.late.append((self.calls + 3, carry_out))
        if outcome.startswith("die"):
            raise Died
        if outcome == "refuse":
            return Answer(Seen.REFUSED, "400", REFUSAL, 400)
        if outcome == "429":
            return Answer(Seen.THROTTLED, "429")
        return Answer(Seen.UNKNOWN, "503")

    def arrive(self, until: int) -> None:
        """Carry out the late requests whose time has come."""
        due = [work for at, work in self.late if at <= until]
        self.late = [(at, work) for at, work in self.late if at > until]
        for work in due:
            work()


class Story:
    """A desk, two workers that die and come again, and what was filed."""

    def __init__(self, folder: Path, template: Path) -> None:
        shutil.copy(template, folder / "siang.db")
        self.engine = db.connect(f"sqlite:///{folder / 'siang.db'}")
        sheets = LocalSheets()
        sheets.create_spreadsheet(SHEET, "แบบสอบถาม")
        agency = Agency("main", "เทศบาลตำบลตัวอย่าง", spreadsheet_id=SHEET, office=OFFICE)
        self.desk = Desk(self.engine, sheets, agency, Settings((agency,), Keys("a key")), Clock())
        self.google = Google(sheets)
        self.filed: list[str] = []
        self.poison: list[str] = []
        self.lives = 0

    def tell(self, events: list[tuple[str, Any]]) -> None:
        mirror = self.worker("one")
        self.desk.run(mirror)  # the tabs are there
        for kind, what in events:
            if kind == "file":
                self.filed += self.desk.file(what)
            elif kind == "poison" and len(self.poison) < 2:
                self.poison.append(self.desk.comment("ย" * 50_001))
                self.filed.append(self.desk.comment("ดี"))
            elif kind == "wait":
                self.desk.clock.turn(what)
            elif kind == "rebuild":
                self.begin_rebuild(mirror)
            elif kind == "other worker":
                mirror = self.worker("other")
            elif kind == "steps":
                self.google.outcomes = list(what)
                mirror = self.step(mirror, len(what) * 4)
        self.google.outcomes = []
        self.finish(mirror)

    def step(self, mirror: Mirror, times: int) -> Mirror:
        for _ in range(times):
            try:
                if not mirror.step():
                    self.desk.clock.turn(5)
            except Died:
                mirror = self.worker("one")
        return mirror

    def finish(self, mirror: Mirror) -> None:
        """All is well again: everything goes, and what is late comes last."""
        self.desk.run(mirror, turns=100, step_s=30)
        self.google.arrive(10**9)
        self.desk.run(mirror, turns=100, step_s=30)

    def parked(self) -> list[str]:
        with db.read(self.engine) as conn:
            return list(conn.scalars(select(sheet_rows.c.row_id).where(sheet_rows.c.parked != "")))

    def worker(self, name: str) -> Mirror:
        self.lives += 1
        return self.desk.mirror(f"{name}-{self.lives}", client=self.google)

    def begin_rebuild(self, mirror: Mirror) -> None:
        with db.write(self.engine) as conn:
            sheets_rebuild.begin(conn, mirror.lane, mirror.layouts["eit"], mirror.new_sheet_id(), TODAY)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(events=[("file", 4), ("steps", ["late", "refuse"])])  # split, then the whole original arrives
@example(events=[("file", 1), ("steps", ["late", "refuse"])])  # put aside, then the original arrives
@example(events=[("file", 3), ("poison", 1), ("steps", ["late", "ok"]), ("rebuild", 1), ("steps", ["die late"])])
@given(events=st.lists(EVENT, min_size=3, max_size=14))
def test_every_row_is_there_once_whatever_happens(events: list[tuple[str, Any]], sqlite_template: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder), sqlite_template)
        story.tell(events)
        in_sheet = [row for tab in ("eit", "comments") for row in story.desk.ids(story.desk.sheet_id(tab))]
        put_aside = story.parked()
        story.engine.dispose()

    assert sorted(in_sheet + put_aside) == sorted(story.filed + story.poison)
    assert not set(in_sheet) & set(story.poison)
