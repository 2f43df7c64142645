"""Who may do what to which ticket, as a table, driven through the webhook by people who press and type.

A cell is "yes" (it was done), "unknown" (the answer is the same as for a ticket that does not exist) or "no" (this is
not for you, whatever the ticket). Whatever is not "yes" leaves no trace.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Row, func, select

from bot.playground.line import LocalLine
from bot.playground.line_world import Channel
from survey import complaint, db, leaving, officers, staff, tickets
from survey.agenda import ORDERS, TASKS
from survey.privacy import Keys
from survey.settings import Agency, Settings
from survey.tables import complaint_updates, complaints, drafts
from survey.tables import officers as officers_table
from survey.tickets import Filing
from tests.bot.deployment import Deployment, deployed
from tests.bot.judge import words
from tests.conftest import OFFICE
from tests.survey.conftest import hurry

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
UNKNOWN = "ไม่พบเรื่องนี้ หรือไม่ได้อยู่ในความรับผิดชอบของท่าน กรุณาตรวจเลขเรื่องอีกครั้ง"
NO = "เมนูนี้สำหรับเจ้าหน้าที่ที่ดูแลเรื่องร้องเรียนค่ะ"
NOT_YOURS = "ไม่พบเลขเรื่องนี้ในบัญชีของท่านค่ะ"
ONE_TIME_LINK = "ลิงก์เข้าหน้ารับเรื่อง ใช้ได้ครั้งเดียว"
NOT_APPOINTED = "เมนูนี้สำหรับผู้รับเรื่องทุจริตที่ได้รับแต่งตั้งค่ะ"
TOLD = "ถนนหน้าวัดเป็นหลุม"

# who                 role, departments            ticket of works   staff conduct   a list   รับเรื่องแทน
PEOPLE = """
resident            | -                          | no              | no            | no     | no
viewer              | viewer                     | no              | no            | no     | no
viewer of works     | viewer works               | no              | no            | no     | no
officer of works    | officer works              | yes             | unknown       | yes    | yes
officer of finance  | officer finance            | unknown         | unknown       | yes    | yes
duty officer        | officer                    | yes             | unknown       | yes    | yes
officer of clerk    | officer clerk              | unknown         | yes           | yes    | yes
integrity           | integrity                  | unknown         | unknown       | yes    | yes
integrity of works  | integrity works            | yes             | unknown       | yes    | yes
admin               | admin                      | yes             | yes           | yes    | yes
removed officer     | officer works, removed     | no              | no            | no     | no
removed admin       | admin, removed             | no              | no            | no     | no
of another agency   | officer works, elsewhere   | no              | no            | no     | no
"""
# what is done           how the ticket stands before   buttons and words that do it
DEEDS = """
case                 | received                     | case
accept               | received                     | accept
forward              | received                     | forward:finance
sort                 | received                     | sort:other:stay
merge                | received                     | merge:{other}:yes
called               | resolved                     | called
note                 | received                     | note > จดไว้
ask                  | received                     | ask > ฝั่งไหนคะ > [ส่งคำถาม]
resolve              | received                     | resolve > ซ่อมแล้ว > ข้าม > [ปิดเรื่องและแจ้งผล]
reject               | received                     | reject > ไม่ใช่เขตเรา > [ปิดเรื่องและแจ้งผล]
merge_with           | received                     | merge_with > {other_number} > [รวมสองเรื่องนี้]
reclassify           | received                     | reclassify:yes
"""
OWN = ("track", "cancel:yes", "confirm", "stars:5", "answer", "add", "reopen")
"""What only the complainant may, whatever else somebody may."""
ELSEWHERE = {"new", "mine", "late", "calls", "file_for", "track", "cancel", "confirm", "stars", "sealed_desk"}
"""Orders with a table of their own below."""
OF_GROUPS = {"link_group", "unlink_group"}
OF_REGISTER = {"statistics", "confirm_month"}  # driven by every role in test_register_orders
"""Of no ticket: see test_groups."""
# A staff-conduct ticket is not forwarded by anybody: permitted officers are told so, which is tested elsewhere.
NEVER = {("forward", "staff")}


def table(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


CELLS = [
    pytest.param(who, role, category, deed, before, how, expected, id=f"{who} - {deed} - {category}")
    for who, role, road, conduct, *_ in table(PEOPLE)
    for deed, before, how in table(DEEDS)
    for category, expected in (("road", road), ("staff", conduct))
    if (deed, category) not in NEVER
]


@dataclass
class Town:
    """A deployment of two agencies, with everybody of the table in it."""

    bot: Deployment
    elsewhere: Channel

    @property
    def line(self) -> LocalLine:
        return self.bot.line

    @property
    def agency(self) -> Agency:
        return self.bot.settings.default_agency

    def heard(self, who: str, act: Callable[[], object]) -> list[dict[str, Any]]:
        """What the bot says to this."""
        before = len(self.line.inbox(who))
        act()
        return self.line.wait(who, before + 1)[before:]

    def does(self, who: str, how: str, ticket: str, other: Row[Any] | None = None) -> str:
        """Press and type, step by step; everything that was said in answer to the last step."""
        filled = how.format(other=other.id, other_number=other.ticket) if other is not None else how
        first, *steps = filled.split(" > ")
        command, _, argument = first.partition(":")
        data = f"d|{command}|{ticket}{':' + argument if argument else ''}|"
        said = self.heard(who, lambda: self.line.tap(who, data))
        for step in steps if self.is_asked(who) else ():
            said = self.heard(who, lambda step=step: self.step(who, step))  # type: ignore[misc]
        texts = [text for message in said for text in (message.get("text"), *words(message.get("contents")))]
        return "\n".join(text for text in texts if text)

    def step(self, who: str, step: str) -> None:
        if step.startswith("["):
            self.line.press(who, step[1:-1])
        else:
            self.line.say(who, step)

    def is_asked(self, who: str) -> bool:
        key = self.bot.settings.keys.respondent(self.agency.id, self.line.world.person(who))
        with db.read(self.bot.engine) as conn:
            return conn.execute(select(drafts.c.id).where(drafts.c.respondent == key)).first() is not None

    def file(self, category: str = "road", before: str = "received") -> Row[Any]:
        with db.write(self.bot.engine) as conn:
            filing = Filing(TOLD, category, respondent="somebody", contact=b"sealed", tell_by="phone")
            ticket = tickets.file(conn, self.agency, filing, NOW)
            if before == "resolved":
                deed = complaint.Deed("resolve", "officer", words="ซ่อมแล้ว")
                return tickets.act(conn, self.agency, ticket.id, deed, NOW)
            return ticket

    def stored(self) -> tuple[int, ...]:
        """How many tickets, and how many changes of them, there are."""
        counted = select(func.count(complaints.c.id), func.sum(complaints.c.revision))
        with db.read(self.bot.engine) as conn:
            history = conn.scalar(select(func.count()).select_from(complaint_updates))
            return (*conn.execute(counted).one(), history)

    def invite(self, who: str, role: str) -> None:
        """Join as people do; whoever left is removed again, whoever is of another agency joins there."""
        if role == "-":
            return
        (kind, *departments), _, state = role.partition(", ")[0].split(), *role.partition(", ")[1:]
        elsewhere = state == "elsewhere"
        agency = self.bot.settings.agencies[elsewhere]
        with db.write(self.bot.engine) as conn:
            code = officers.invite(conn, self.bot.settings.keys, agency.id, kind, who, departments, NOW)
        channel = self.elsewhere if elsewhere else None
        before = len(self.line.inbox(who, channel))
        self.line.say(who, code, channel=channel)
        self.line.wait(who, before + 1, channel=channel)
        if state == "removed":
            with db.write(self.bot.engine) as conn:
                officer = conn.scalar(select(officers_table.c.id).where(officers_table.c.name == who))
                leaving.leave(conn, agency, str(officer), NOW)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Any) -> Iterator[Town]:
    """One for all cells: no cell depends on what another did."""
    path = tmp_path_factory.mktemp("town") / "siang.db"
    shutil.copy(sqlite_template, path)
    main = Agency("main", "เทศบาลตำบลตัวอย่าง", "test-secret", "test-token", office=OFFICE)
    other = replace(main, id="other", name="อบต.อื่น", channel_secret="other-secret", channel_access_token="other-token")
    keys = Keys("a secret key for tests, long enough to pass", sealed_keys=(Fernet.generate_key().decode(),))
    settings = Settings((main, other), keys, anonymity_group=1, public_url="https://siang.example.go.th")
    with deployed(settings, f"sqlite:///{path}", NOW) as bot:
        channel = bot.line.add_channel("other-secret", "other-token", f"{bot.url}/callback/other", "U" + "2" * 32)
        hurry(bot.engine).dispose()
        town = Town(bot, channel)
        for who, role, *_ in table(PEOPLE):
            town.invite(who, role)
            town.heard(who, lambda who=who: town.line.say(who, "เมนู"))  # type: ignore[misc]
        yield town


def test_every_order_and_task_of_officers_stands_in_the_table() -> None:
    deeds = {deed for deed, *_ in table(DEEDS)}

    assert deeds == {*ORDERS, *staff.TASKS} - ELSEWHERE - OF_GROUPS - OF_REGISTER
    assert set(staff.TASKS.values()) <= set(TASKS)


@pytest.mark.parametrize(("who", "role", "category", "deed", "before", "how", "expected"), CELLS)
def test_the_table(
    town: Town, who: str, role: str, category: str, deed: str, before: str, how: str, expected: str
) -> None:
    ticket, other = town.file(category, before), town.file(category)
    stored = town.stored()

    said = town.does(who, how, ticket.id, other)

    if expected == "yes":
        assert UNKNOWN not in said
        assert NO not in said
        assert complaint.shown(ticket.ticket) in said
        assert (town.stored() != stored) == (deed != "case")
    else:
        assert said.startswith({"unknown": UNKNOWN, "no": NO}[expected])
        assert TOLD not in said
        assert town.stored() == stored


@pytest.mark.parametrize(("who", "expected"), [(who, cells[3]) for who, *cells in table(PEOPLE)])
@pytest.mark.parametrize("name", ["new", "mine", "late", "calls"])
def test_lists_are_for_those_who_work_on_complaints(town: Town, who: str, expected: str, name: str) -> None:
    said = town.does(who, name, "")

    assert (NO in said) == (expected == "no")


@pytest.mark.parametrize(("who", "expected"), [(who, cells[4]) for who, *cells in table(PEOPLE)])
def test_filing_for_somebody_is_for_those_who_work_on_complaints(town: Town, who: str, expected: str) -> None:
    steps = "file_for > โทรศัพท์ > ไฟทางดับ > [ไฟฟ้าสาธารณะ] > ซอย 5 > ข้าม > [วันนี้] > [ไม่ต้องแจ้ง] > [ลงทะเบียน]"
    stored = town.stored()

    said = town.does(who, steps, "")

    if expected == "yes":
        assert said.startswith("ลงทะเบียนแล้ว เลขที่ ")
        assert town.stored()[0] == stored[0] + 1
    else:
        assert said == NO
        assert town.stored() == stored


@pytest.mark.parametrize("who", [who for who, *_ in table(PEOPLE)])
def test_a_ticket_opens_as_ones_own_only_for_its_complainant(town: Town, who: str) -> None:
    ticket = town.file(before="resolved")
    stored = town.stored()

    for how in OWN:
        assert town.does(who, how, ticket.id).startswith(NOT_YOURS)
    assert town.stored() == stored


@pytest.mark.parametrize(("who", "role"), [(who, role) for who, role, *_ in table(PEOPLE)])
def test_the_way_to_sealed_reports_is_for_integrity_officers_alone(town: Town, who: str, role: str) -> None:
    said = town.does(who, "sealed_desk", "")

    assert said.startswith(ONE_TIME_LINK if role.startswith("integrity") else NOT_APPOINTED)


def test_what_no_button_of_ours_carries_is_answered_like_a_ticket_that_does_not_exist(town: Town) -> None:
    with db.write(town.bot.engine) as conn:
        foreign = tickets.file(conn, town.bot.settings.agencies[1], Filing(TOLD, "road"), NOW)
    forged = [foreign.id, foreign.ticket, "x" * 22, "", "0", "' OR 1=1 --", "../../etc", "ก" * 50, "0000000"]
    stored = town.stored()

    for wanted in forged:
        for command in ("case", "accept", "note", "resolve", "merge_with", "called"):
            assert town.does("admin", command, wanted).startswith(UNKNOWN)
    assert town.stored() == stored


def test_an_officer_of_another_agency_works_there_and_reaches_nothing_here(town: Town) -> None:
    who, here = "of another agency", town.file()
    with db.write(town.bot.engine) as conn:
        there = tickets.file(conn, town.bot.settings.agencies[1], Filing(TOLD, "road"), NOW)

    def pressed(data: str) -> str:
        before = len(town.line.inbox(who, town.elsewhere))
        town.line.tap(who, data, channel=town.elsewhere)
        return json.dumps(town.line.wait(who, before + 1, channel=town.elsewhere)[before:], ensure_ascii=False)

    assert complaint.shown(there.ticket) in pressed(f"d|case|{there.id}|")
    assert UNKNOWN in pressed(f"d|case|{here.id}|")
    assert UNKNOWN in pressed(f"d|accept|{here.ticket}|")
