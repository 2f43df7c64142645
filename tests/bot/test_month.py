"""A month of a small office: 1,000 surveys, 60 complaints, five officers, every working morning, within 300 pushes.

The real duties and the real sender, a local LINE that counts, and a clock that walks through September 2570. To answer
a survey costs replies only (``test_webhook``); here the worker files a thousand closed drafts as they come.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from bot.worker import Crew
from survey import db, drafts, library, rounds, workdays
from survey.complaint import CaseError
from survey.outbox import JOB
from survey.settings import Settings
from survey.tables import complaint_updates, complaints, outbox, responses
from survey.tables import drafts as drafts_table
from tests.bot.alerts_kit import Desk, office
from tests.survey.conftest import hurry

FIRST = datetime(2027, 8, 31, 17, 5, tzinfo=UTC)  # five past midnight in Bangkok
DAYS, MORNINGS, SURVEYS, COMPLAINTS, PLAN = 30, 22, 1000, 60, 300
STAFF = {"สมชาย": ("clerk",), "นภา": ("works",), "วิชัย": ("works",), "มานะ": ("health",), "ปลัด": ()}
CATEGORIES = (
    ["danger"] * 5 + ["staff"] * 2 + ["road"] * 14 + ["light"] * 9 + ["water"] * 6 + ["drain"] * 5 + ["waste"] * 8
    + ["smell"] * 3 + ["noise"] * 2 + ["animal"] * 2 + ["trees"] * 2 + ["tax"] * 2
)  # fmt: skip
LAST = FIRST + timedelta(days=DAYS, hours=-3)  # LINE's month ends two hours before ours
BEGINS = {
    "alert": "เรื่องด่วน",
    "question": "เจ้าหน้าที่ขอถาม",
    "outcome": r"เรื่อง \d{3}-\d{4} ",
    "digest": "สรุปเช้า",
    "trouble": "การเขียนลงชีต",
}


@dataclass
class Month:
    """Everything that will happen, by the moment at which it does."""

    desk: Desk
    crew: Crew
    ids: dict[str, str]
    chance: random.Random = field(default_factory=lambda: random.Random(2570))
    plan: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    held_back: set[str] = field(default_factory=set)

    def at(self, day: float, hour: float, what: Callable[[], object]) -> None:
        moment = FIRST + timedelta(days=int(day), hours=hour)
        self.plan.append((moment, len(self.plan), what))

    def office_day(self, day: int) -> int:
        """The same day, or the next on which the office works."""
        while not workdays.is_working((FIRST + timedelta(days=day, hours=9)).date(), self.desk.agency.office.rules):
            day += 1
        return day

    def complain(self, number: int, category: str) -> None:
        """One complaint's life, most of which lie within the month."""
        chance, held = self.chance, dict[str, Any]()
        day = chance.randrange(DAYS - 4)
        who = f"ผู้ร้อง {number}" if chance.random() < 0.75 else ""

        def file() -> None:
            by_phone = {} if who else {"channel": "phone", "tell_by": chance.choice(["phone", "none"])}
            held["ticket"] = self.desk.file(category, by=who, **by_phone)

        def act(action: str, **more: Any) -> Callable[[], object]:
            return lambda: self.try_to(held["ticket"], action, **more)

        self.at(day, chance.uniform(7, 21), file)
        officer = self.officer_of(category)
        took = self.office_day(day + 1 + (chance.random() < 0.2))
        self.at(took, 9 + chance.random(), act("accept", officer=officer))
        if number % 5 == 0 and who:
            self.at(took, 10.5, act("ask", officer=officer, words="อยู่ตรงไหน"))
            self.at(took + 1, 18, act("answer", words="หน้าวัด"))
        if number % 15 == 1:
            self.at(day + 1, 20, act("cancel"))
        done = self.office_day(took + (16 if number % 12 == 2 else chance.randrange(1, 11)))
        self.at(done, 14 + chance.random(), act("reject" if number % 11 == 3 else "resolve", officer=officer))
        if number % 12 == 4:
            self.at(done + 1, 19, act("reopen", words="ยังไม่เรียบร้อย"))
            self.at(self.office_day(done + 5), 15, act("resolve", officer=officer))

    def officer_of(self, category: str) -> str:
        department = self.desk.agency.office.working_on(self.desk.agency.office.rules.category(category))
        return self.ids[self.chance.choice([name for name, own in STAFF.items() if department in own] or ["ปลัด"])]

    def try_to(self, ticket: Any, action: str, **more: Any) -> None:
        with suppress(CaseError):  # cancelled, say, before somebody took it on
            self.desk.act(ticket, action, **more)

    def survey(self, count: int) -> None:
        """Residents send the yearly survey."""
        with db.write(self.desk.engine) as conn:
            today = (self.desk.now + timedelta(hours=7)).date()
            round_ = rounds.current(conn, "main", "eit", today)
            assert round_ is not None
            items = self.crew.library.get(round_.instrument_id, round_.instrument_version).items
            answers = {q.id: q.options[0].value for q in items}
            same = {"agency_id": "main", "round_id": round_.id, "instrument_id": round_.instrument_id, "seat": 0}
            same |= {"instrument_version": round_.instrument_version, "mode": "self", "answers": answers}
            same |= {"begun_on": today, "completed_on": today, "touched_at": self.desk.now, "status": "closed"}
            rows = [{**same, "id": drafts.new_id(), "respondent": f"{today} {n}"} for n in range(count)]
            conn.execute(drafts_table.insert(), rows)

    def day(self, day: int) -> None:
        """The worker wakes after midnight and at the hour of the digest; surveys come before that."""
        for hour in (0.0, 8.5):
            self.at(day, hour, self.duties)
        each = SURVEYS // DAYS + (day < SURVEYS % DAYS)
        self.at(day, 7.0, lambda: self.survey(each))

    def duties(self) -> None:
        jobs = {job.name: job.run for job in self.crew.shifts(Event())[0].jobs}
        for name in ("schedule", "filing main", "duties"):
            while jobs[name]():
                pass
        with db.read(self.desk.engine) as conn:
            self.held_back |= set(conn.scalars(select(outbox.c.last_error).where(outbox.c.kind != JOB)))

    def run(self) -> Counter[str]:
        """Live through it; the pushes that arrived, by what they say."""
        for moment, _, what in sorted(self.plan):
            if moment < LAST:
                self.desk.now = moment
                what()
                while self.crew.sender.send_next(moment):
                    pass
        chats = list(self.desk.line.world.names.values())
        said = [words for name in chats for words in self.desk.heard(name)]
        return Counter(next(kind for kind, begin in BEGINS.items() if re.match(begin, words)) for words in said)


@pytest.fixture
def month(settings_factory: Callable[..., Settings], sqlite_engine: Engine) -> Iterator[Month]:
    books = library.load()
    with office(hurry(sqlite_engine), settings_factory()) as desk:
        desk.now = FIRST
        ids = {name: desk.officer(name, *own, role="officer" if own else "admin") for name, own in STAFF.items()}
        month = Month(desk, Crew(desk.engine, desk.settings, books, lambda: desk.now, random.Random(1)), ids)
        categories = list(CATEGORIES)
        month.chance.shuffle(categories)
        for number, category in enumerate(categories):
            month.complain(number, category)
        for day in range(DAYS):
            month.day(day)
        trouble = "การเขียนลงชีตหยุด"
        month.at(12, 11, lambda: month.crew.tell_admins(desk.agency, "mirror.denied", trouble))
        yield month


def test_a_month_stays_within_the_free_plan(month: Month) -> None:
    heard = month.run()

    with db.read(month.desk.engine) as conn:
        filed = conn.scalar(select(func.count()).select_from(responses))
        tickets = conn.execute(select(complaints)).all()
        deeds = Counter(conn.scalars(select(complaint_updates.c.action)))
    print(f"{month.desk.line.billable} pushes: {dict(heard)}; {dict(deeds)}")
    assert (filed, len(tickets)) == (SURVEYS, COMPLAINTS)
    assert {"ask", "answer", "resolve", "reject", "reopen", "cancel", "told"} <= deeds.keys()
    assert any(row.closed_on and row.closed_on > row.due_on for row in tickets)
    assert month.desk.line.billable == heard.total() <= PLAN
    assert month.held_back == {""}  # nothing was, and everybody was reached
    assert heard["alert"] == sum(row.urgent for row in tickets)
    assert heard["question"] + heard["outcome"] == deeds["told"]
    assert heard["trouble"] == 1
    assert MORNINGS < heard["digest"] < MORNINGS * len(STAFF)
