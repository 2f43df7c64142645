"""An office with officers on a local LINE, tickets in a real store, and a worker's push and mail threads by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Engine, Row, select

from bot.line import LineClient
from bot.mail import Mailer
from bot.playground.line import LocalLine
from bot.playground.line_app import running_line
from bot.pushes import Sender
from survey import alerts_morning, complaint, db, groups, library, officers, tickets
from survey.complaint import Deed
from survey.settings import Agency, Department, Office, Settings
from survey.settings_mail import Smtp
from survey.tables import complaints, outbox, respondents
from survey.tickets import Filing

NOW = datetime(2027, 2, 1, 3, 0, tzinfo=UTC)  # a Monday, 10:00 in Bangkok
DEPARTMENTS = (
    Department("clerk", "สำนักปลัด", email="clerk@example.go.th"),
    Department("finance", "กองคลัง"),
    Department("works", "กองช่าง", email="works@example.go.th"),
    Department("health", "กองสาธารณสุข"),
)
OFFICE = Office(phone="042-000-111", departments=DEPARTMENTS, email="office@example.go.th")


@dataclass
class Desk:
    """``now`` is everybody's clock, LINE's as well."""

    engine: Engine
    settings: Settings
    line: LocalLine
    now: datetime = NOW
    names: dict[str, str] = field(default_factory=dict)  # officer id -> name on the phone

    @property
    def agency(self) -> Agency:
        return self.settings.default_agency

    def sender(self) -> Sender:
        return Sender(self.engine, self.settings, library.load(), LineClient(self.settings.line_api_base), Random(1))

    def mailer(self) -> Mailer:
        return Mailer(self.engine, self.settings, library.load(), Random(1))

    def officer(self, name: str, *departments: str, role: str = "officer") -> str:
        """Somebody who works here and has added the account; the officer's id."""
        contact = self.settings.keys.seal_contact(self.friend(name))
        with db.write(self.engine) as conn:
            code = officers.invite(conn, self.settings.keys, "main", role, name, departments, self.now)
            officers.redeem(conn, self.settings.keys, "main", code, self.known(conn, name), contact, self.now)
            row = officers.of(conn, "main", self.pseudonym(name))
        assert row is not None
        self.names[row.id] = name
        return str(row.id)

    def friend(self, name: str) -> str:
        user_id = self.line.world.person(name)
        self.line.channel.contacts.add(user_id)
        return user_id

    def pseudonym(self, name: str) -> str:
        return self.settings.keys.respondent("main", self.line.world.person(name))

    def known(self, conn: Any, name: str) -> str:
        """The pseudonym of somebody who has written to the account."""
        key = self.pseudonym(name)
        values = {"agency_id": "main", "key": key, "last_seen_on": self.now.date()}
        conn.execute(db.insert(conn, respondents).values(**values).on_conflict_do_nothing())
        return key

    def group(self, name: str, department: str, *members: str) -> str:
        """A linked LINE group; our id of it."""
        group_id = self.line.create_group(name, members)
        self.line.world.groups[group_id].bots.add(self.line.channel.bot_user_id)
        keys = self.settings.keys
        with db.write(self.engine) as conn:
            code = groups.new_code(conn, keys, "main", department, self.now)
            contact = keys.seal_contact(group_id)
            assert groups.link(conn, keys, "main", code, keys.respondent("main", group_id), contact, self.now)
            return str(groups.linked(conn, "main")[-1].id)

    def file(self, category: str = "road", by: str = "", words: str = "ถนนเป็นหลุม", **more: Any) -> Row[Any]:
        """A ticket, of a resident who wants to hear in LINE when ``by`` names one."""
        with db.write(self.engine) as conn:
            if by:
                more = {"respondent": self.known(conn, by), "tell_by": "line"} | more
                more = {"contact": self.settings.keys.seal_contact(self.friend(by))} | more
            return tickets.file(conn, self.agency, Filing(words, category, **more), self.now)

    def act(self, ticket: Row[Any], action: str, words: str = "ดำเนินการแล้ว", **more: Any) -> Row[Any]:
        by = complaint.COMPLAINANT if action in ("answer", "add", "reopen", "cancel") else complaint.OFFICER
        with db.write(self.engine) as conn:
            return tickets.act(conn, self.agency, ticket.id, Deed(action, by, words=words, **more), self.now)

    def ticket(self, ticket: Row[Any]) -> Row[Any]:
        with db.read(self.engine) as conn:
            return conn.execute(select(complaints).where(complaints.c.id == ticket.id)).one()

    def deeds(self, ticket: Row[Any]) -> list[str]:
        with db.read(self.engine) as conn:
            return [row.action for row in tickets.history(conn, "main", ticket.id)]

    def send(self, **later: float) -> int:
        """Push until nothing is due; how many rows were taken. ``send(minutes=5)`` lets time pass first."""
        self.now += timedelta(**later)
        sender, taken = self.sender(), 0
        while sender.send_next(self.now):
            taken += 1
        return taken

    def mail(self, **later: float) -> int:
        self.now += timedelta(**later)
        mailer, taken = self.mailer(), 0
        while mailer.send_next(self.now):
            taken += 1
        return taken

    def morning(self) -> int:
        with db.write(self.engine) as conn:
            return alerts_morning.queue(conn, self.agency, self.now)

    def queue(self) -> list[tuple[str, str, str]]:
        """(kind, status, why) of everything queued, in order."""
        with db.read(self.engine) as conn:
            columns = (outbox.c.kind, outbox.c.status, outbox.c.last_error)
            return [tuple(row) for row in conn.execute(select(*columns).order_by(outbox.c.id))]

    def heard(self, name: str) -> list[str]:
        """What came to a phone or a group, in words."""
        return [str(message.get("altText") or message.get("text")) for message in self.line.inbox(name)]


@contextmanager
def office(engine: Engine, settings: Settings, smtp: Smtp | None = None) -> Iterator[Desk]:
    """An agency with four departments whose LINE keeps this desk's time."""
    agency = replace(settings.default_agency, office=OFFICE)
    holder: list[Desk] = []
    clock = lambda: holder[0].now.timestamp() if holder else NOW.timestamp()  # noqa: E731
    with running_line(agency.channel_secret, agency.channel_access_token, clock=clock) as line:
        changed = replace(settings, agencies=(agency,), line_api_base=line.url, smtp=smtp)
        holder.append(Desk(engine, changed, line))
        yield holder[0]
