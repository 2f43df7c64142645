"""500 tickets are filed and answered while LINE fails in every way and the pusher is killed again and again.

Every alert arrives exactly once and in order, no ticket is lost, the month's messages are kept to, and who cannot be
reached is to be called. The clock runs a minute a second and is put forward; the rest is real: processes, SIGKILL, HTTP
through LINE's SDK, both databases.
"""

import multiprocessing
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from bot.playground.line_faults import Fault
from bot.worker import PUSH_THREADS
from survey import case_lists, db, service
from survey.case_rights import Officer
from survey.complaint import shown
from survey.events import Say
from survey.library import load
from survey.settings import Department, Office, Settings
from survey.tables import complaints, outbox
from survey.visitor import Inbound, World
from tests.bot.alerts_kit import NOW, Desk, office
from tests.fault import pusher
from tests.fault.mirror_worker import PRELOAD
from tests.fault.pusher import Clock
from tests.survey.conftest import hurry

TICKETS, IN_CHAT, DEPARTMENTS, BLOCKED, LEFT, RESERVE = 500, 8, 8, 6, 55, 30
TICKETS_ON_POSTGRESQL = 300  # the same once more, shorter
SPEED, TIMEOUT_S, MINUTE, HOUR = 60.0, 0.4, 60.0, 3600.0
BROKEN = [
    Fault("status", "push", 1, status=500),
    Fault("status", "push", 1, status=500, after=True),
    Fault("status", "push", 2, status=503),
    Fault("status", "push", 1, status=503, after=True),
    Fault("status", "push", 2, status=429),
    Fault("drop", "push", 1),
    Fault("drop", "push", 1, after=True),
    Fault("slow", "push", 1, seconds=2 * TIMEOUT_S),  # LINE takes it when we have given up
    Fault("status", "consumption", 1, status=500),
    Fault("drop", "profile", 1),
]
NUMBER = re.compile(r"\d{3}-\d{4}")


@dataclass
class Town:
    """The office, its pushers, and what has been filed."""

    desk: Desk
    clock: Clock
    world: World
    chance: random.Random = field(default_factory=lambda: random.Random(11))
    pushers: list[BaseProcess] = field(default_factory=list)
    kills: int = 0
    events: int = 0

    def start(self) -> None:
        forks = multiprocessing.get_context("forkserver")
        process = forks.Process(target=pusher.run, args=(self.desk.settings, self.clock, TIMEOUT_S), daemon=True)
        process.start()
        self.pushers.append(process)

    def kill(self) -> None:
        victim = self.pushers.pop(0)
        victim.kill()
        victim.join()
        self.kills += 1

    def file(self, number: int) -> None:
        """One in eight by a resident in the chat, the others by staff."""
        self.desk.now = self.clock()
        if number % IN_CHAT:
            categories = self.desk.agency.office.rules.categories
            self.desk.file(categories[number % len(categories)].id, words=f"เรื่องที่ {number}", channel="phone")
            return
        self.desk.friend(f"คน {number}")
        for said in ("แจ้งเรื่อง", f"น้ำรั่ว {number}", "1", "ซอย 5", "ไม่มีภาพ", "แจ้งในแชตนี้", "ส่งเรื่อง"):
            self.say(f"คน {number}", said)

    def say(self, who: str, text: str) -> None:
        self.events += 1
        contact = self.desk.settings.keys.seal_contact(self.desk.friend(who))
        pseudonym = self.desk.pseudonym(who)
        inbound = Inbound(self.desk.agency, pseudonym, f"event-{self.events}", Say(text), lambda: contact)
        with db.write(self.desk.engine) as conn:
            service.handle(conn, inbound, self.world, self.desk.now)

    def spoil(self, often: float) -> None:
        """More calls will go wrong, and now and then the process that makes them dies."""
        if self.chance.random() < often:
            self.desk.line.faults.add(replace(self.chance.choice(BROKEN)))
        if self.chance.random() < often / 10:
            self.kill()
            self.start()

    def tickets(self) -> list[Any]:
        with db.read(self.desk.engine) as conn:
            return list(conn.execute(select(complaints).order_by(complaints.c.received_at, complaints.c.id)).all())

    def settle(self, patience_s: float = 120.0) -> None:
        """Until nothing is queued any more; while nothing is due, time passes quicker."""
        end = time.monotonic() + patience_s
        while waiting := self._waiting():
            assert time.monotonic() < end, f"{waiting} still wait"
            time.sleep(0.1)
            if self._waiting(self.clock()) == 0:
                self.clock.forward(MINUTE)

    def _waiting(self, due: Any = None) -> int:
        where = [outbox.c.status == "waiting", *([outbox.c.due_at <= due] if due else [])]
        with db.read(self.desk.engine) as conn:
            return conn.scalar(select(func.count()).where(*where)) or 0


@contextmanager
def town(engine: Engine, settings: Settings, database_url: str, folder: Path) -> Iterator[Town]:
    """An office with an officer in each department; every category is one department's, and urgent."""
    clock = Clock(folder / "ahead", time.time(), NOW, SPEED)
    clock.file.write_text("0")
    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOAD)
    with office(hurry(engine), replace(settings, database_url=database_url)) as desk:
        desk.line.world.clock = lambda: clock().timestamp()
        rules = desk.agency.office.rules
        categories = tuple(
            replace(c, urgent=True, department=f"d{n % DEPARTMENTS}") for n, c in enumerate(rules.categories)
        )
        departments = tuple(Department(f"d{n}", f"กอง {n}") for n in range(DEPARTMENTS))
        told = Office(departments=departments, rules=replace(rules, categories=categories, urgent_reserve=RESERVE))
        desk.settings = replace(desk.settings, agencies=(replace(desk.agency, office=told),))
        for one in departments:
            desk.officer(one.title, one.id)
        it = Town(desk, clock, World(load(), settings.keys))
        try:
            it.start()
            it.start()
            yield it
        finally:
            while it.pushers:
                it.kill()


@pytest.mark.fault
def test_every_alert_arrives_once_and_nobody_is_forgotten(
    settings_factory: Callable[..., Settings], engine: Engine, database_url: str, tmp_path: Path
) -> None:
    with town(engine, settings_factory(), database_url, tmp_path) as it:
        line = it.desk.line
        line.channel.quota = None
        count = TICKETS if engine.dialect.name == "sqlite" else TICKETS_ON_POSTGRESQL
        for number in range(count):
            it.file(number)
            it.spoil(0.25)
            if number == count // 2:
                an_hour_of_silence(it)
        line.faults.clear()
        it.settle()

        tickets = it.tickets()
        assert len(tickets) == count
        for department in it.desk.agency.office.departments:
            filed = [shown(row.ticket) for row in tickets if row.department == department.id]
            assert [NUMBER.findall(said)[0] for said in it.desk.heard(department.title)] == filed
        assert (line.billable, it.kills > count // 100) == (count, True)

        asked = [row for row in tickets if row.tell_by == "line"]
        blocked, slack = [row.id for row in asked[:BLOCKED]], tell_outcomes(it, asked)

        told = {row.id for row in it.tickets() if row.delivery == "told"}
        assert {row.delivery for row in it.tickets() if row.tell_by == "line"} == {"told", "call"}
        assert told.isdisjoint(blocked)
        for row, number in zip(asked, range(0, count, IN_CHAT), strict=True):
            assert len(it.desk.heard(f"คน {number}")) == (row.id in told)
        assert abs(len(told) - (LEFT - RESERVE)) <= slack
        assert line.billable == count + len(told) <= (line.channel.quota or 0)
        assert sorted(row.id for row in calls(it)) == sorted({row.id for row in asked} - told)


def an_hour_of_silence(it: Town) -> None:
    """LINE is down for an hour."""
    it.desk.line.faults.fail(503, None, times=None)
    for _ in range(12):
        it.clock.forward(HOUR / 12)
        time.sleep(0.05)
    it.desk.line.faults.clear()


def tell_outcomes(it: Town, asked: list[Any]) -> int:
    """Every case is resolved; few messages are left, and some complainants have blocked the account.

    How many messages the count may be off: at each reading and each death those that are just on their way.
    """
    line, kills = it.desk.line, it.kills
    line.channel.quota = line.billable + LEFT
    line.channel.blocked |= {it.desk.friend(f"คน {n * IN_CHAT}") for n in range(BLOCKED)}
    it.clock.forward(HOUR)  # what is left is read anew
    read = line.call_counts["quota 200"]
    for row in asked:
        it.desk.now = it.clock()
        it.desk.act(row, "resolve")
        it.spoil(0.3)
    line.faults.clear()
    it.settle()
    return PUSH_THREADS * (it.kills - kills + line.call_counts["quota 200"] - read)


def calls(it: Town) -> list[Any]:
    """What stands on the list of those to be called."""
    with db.read(it.desk.engine) as conn:
        admin = Officer("admin", "admin", ())
        pages = [case_lists.page(conn, it.desk.agency, admin, "calls", n, NOW.date()) for n in range(1, 20)]
    return list({row.id: row for page in pages for row in page.rows}.values())
