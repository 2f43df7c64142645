"""What a queued push says and to whom: read from the store at the moment of sending, never kept in the queue.

None instead of a letter: there is nothing to say any more (answered, reopened, taken away, the reader has left).
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.messages import Message, to_line
from bot.morning_words import morning_prompt
from survey import alerts, complaint, groups, permits, prompts, thai, tickets, tracking_prompts
from survey.alerts_morning import Mornings
from survey.budget import ALERT, DIGEST, LIMIT, PUSH, TELL
from survey.complaint import shown
from survey.events import Button, Do
from survey.library import Library
from survey.masking import mask, without_ids
from survey.outbox import Item
from survey.settings import Agency
from survey.tables import complaint_updates, officers, respondents
from survey.texts import Texts

_SHORT = 160


class UnreachableError(Exception):
    """The reader has blocked the account or cannot be addressed: no push arrives, and LINE would not say so."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A push to send. ``contact``: the LINE id, encrypted. ``kind``: its class in the budget. ``group``: our id."""

    contact: bytes
    kind: str
    messages: list[Message]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """An officer or a resident at the other end."""

    contact: bytes
    texts: Texts
    role: str = ""
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letters:
    """Composes what rows of the queue stand for."""

    library: Library

    def compose(self, conn: Connection, agency: Agency, item: Item, now: datetime) -> Letter | None:
        """The letter of a claimed row. Raises UnreachableError."""
        if item.kind == TELL:
            return self._tell(conn, agency, item)
        if "group" in item.payload:
            return self._to_group(conn, agency, item, now)
        if "contact" in item.payload:  # of this person nothing else is stored any more
            return Letter(base64.b64decode(item.payload["contact"]), ALERT, item.payload["messages"])
        reader = self._officer(conn, agency.id, item.payload["officer"])
        if reader is None:
            return None
        if item.kind == PUSH:
            return Letter(reader.contact, item.payload.get("class", ALERT), item.payload["messages"])
        if item.kind == DIGEST:
            return self._morning(conn, agency, item, now, reader)
        return self._alert(conn, agency, item, reader)

    def _alert(self, conn: Connection, agency: Agency, item: Item, reader: Reader) -> Letter | None:
        ticket = _open_ticket(conn, agency.id, item.payload["complaint"])
        if ticket is None:
            return None
        hidden = alerts.restricted(agency, ticket.category)
        if not permits.may_see(reader.role, reader.departments, ticket.department, hidden):
            return None
        texts = reader.texts
        said = urgent(texts, agency, ticket)
        if ticket.masked:
            said += "\n" + texts("alert_words", words=_short(ticket.masked))
        names = ("open", "accept") if ticket.status == complaint.RECEIVED else ("open",)
        orders = {"open": Do("case", ticket.id), "accept": Do("accept", ticket.id)}
        buttons = [Button(texts(f"case_{name}"), orders[name]) for name in names]
        return Letter(reader.contact, ALERT, to_line([prompts.plain(texts, said, *buttons)]))

    def _morning(self, conn: Connection, agency: Agency, item: Item, now: datetime, reader: Reader) -> Letter | None:
        today = thai.bangkok_date(now)
        if item.payload["day"] != today.isoformat():
            return None  # this morning's says all of it
        morning = Mornings(conn, agency, today).of("officer", item.payload["officer"])
        if not morning.says_something:
            return None
        prompt = morning_prompt(reader.texts, agency, morning, today, with_buttons=True)
        return Letter(reader.contact, LIMIT if morning.reminds else DIGEST, to_line([prompt]))

    def _to_group(self, conn: Connection, agency: Agency, item: Item, now: datetime) -> Letter | None:
        """Category, place and ticket only; nothing that is restricted."""
        group, texts, today = groups.get(conn, agency.id, item.payload["group"]), self.library.words("th"), None
        if group is None:
            return None
        if item.kind == DIGEST:
            today = thai.bangkok_date(now)
            morning = Mornings(conn, agency, today).of("group", group.id)
            if item.payload["day"] != today.isoformat() or not morning.says_something:
                return None
            prompt = morning_prompt(texts, agency, morning, today, with_buttons=False)
            return Letter(group.contact, LIMIT if morning.reminds else DIGEST, to_line([prompt]), group.id)
        ticket = _open_ticket(conn, agency.id, item.payload["complaint"])
        if ticket is None or ticket.department != group.department or alerts.restricted(agency, ticket.category):
            return None
        said = urgent(texts, agency, ticket) + "\n" + texts("alert_privately", ticket=shown(ticket.ticket))
        return Letter(group.contact, ALERT, to_line([prompts.plain(texts, said)]), group.id)

    def _tell(self, conn: Connection, agency: Agency, item: Item) -> Letter | None:
        ticket = tickets.get(conn, agency.id, item.payload["complaint"])
        change = _change(conn, agency.id, item.payload["update"])
        if ticket is None or change is None or not _still_to_tell(conn, agency.id, ticket, change):
            return None
        reader = self._complainant(conn, agency.id, ticket)
        category = agency.office.rules.category(ticket.category).title
        words = {"ticket": shown(ticket.ticket), "category": category, "words": without_ids(change.words)}
        ways = tracking_prompts.after_news(reader.texts, change.action, ticket.id, merged=ticket.id != change.complaint)
        said = reader.texts(f"tell_{change.action}", **words)
        if change.action == "resolve" and (count := _photos_after(conn, agency.id, change.complaint)):
            said += "\n\n" + reader.texts("tell_photos", count=count)  # not the photos: their addresses end in a day
        return Letter(reader.contact, TELL, to_line([prompts.plain(reader.texts, said, *ways)]))

    def _officer(self, conn: Connection, agency_id: str, officer_id: str) -> Reader | None:
        """None: has left. Raises UnreachableError."""
        mine = (officers.c.agency_id == agency_id, officers.c.id == officer_id, officers.c.removed_on.is_(None))
        row = conn.execute(select(officers).where(*mine)).first()
        if row is None:
            return None
        return Reader(row.contact, self._known(conn, agency_id, row.respondent), row.role, tuple(row.departments))

    def _complainant(self, conn: Connection, agency_id: str, ticket: Row[Any]) -> Reader:
        if not ticket.contact:
            raise UnreachableError("no contact")
        return Reader(ticket.contact, self._known(conn, agency_id, ticket.respondent))

    def _known(self, conn: Connection, agency_id: str, respondent: str | None) -> Texts:
        """The words in the reader's language. Raises UnreachableError for one who has blocked the account."""
        mine = (respondents.c.agency_id == agency_id, respondents.c.key == respondent)
        row = conn.execute(select(respondents.c.language, respondents.c.following).where(*mine)).first()
        if row is not None and not row.following:
            raise UnreachableError("blocked")
        return self.library.words(row.language if row else "th")


def urgent(texts: Texts, agency: Agency, ticket: Row[Any]) -> str:
    """Ticket, category and place of an urgent one, personal data masked."""
    category = agency.office.rules.category(ticket.category).title
    said = texts("alert_urgent", ticket=shown(ticket.ticket), category=category)
    return said + "\n" + texts("alert_place", place=mask(_short(ticket.place))) if ticket.place else said


def _open_ticket(conn: Connection, agency_id: str, complaint_id: str) -> Row[Any] | None:
    ticket = tickets.get(conn, agency_id, complaint_id)
    return ticket if ticket is not None and ticket.status in complaint.OPEN else None


def _change(conn: Connection, agency_id: str, update_id: str) -> Row[Any] | None:
    u = complaint_updates.c
    return conn.execute(select(complaint_updates).where(u.agency_id == agency_id, u.id == update_id)).first()


def _still_to_tell(conn: Connection, agency_id: str, ticket: Row[Any], change: Row[Any]) -> bool:
    """A question until it is answered or another is asked; an outcome until it is heard or the case goes on."""
    main = ticket if ticket.id == change.complaint else tickets.get(conn, agency_id, change.complaint)
    if main is None:
        return False
    if change.action == "ask":
        return bool(main.question) and _newest(conn, agency_id, change, "ask")
    closed = main.status in (complaint.RESOLVED, complaint.REJECTED)
    return closed and ticket.delivery == "waiting" and _newest(conn, agency_id, change, "resolve", "reject")


def _newest(conn: Connection, agency_id: str, change: Row[Any], *actions: str) -> bool:
    u = complaint_updates.c
    later = (u.agency_id == agency_id, u.complaint == change.complaint, u.number > change.number)
    return conn.execute(select(u.id).where(*later, u.action.in_(actions)).limit(1)).first() is None


def _photos_after(conn: Connection, agency_id: str, complaint_id: str) -> int:
    files = tickets.files(conn, agency_id, complaint_id)
    return sum(file.kind == "after" and file.status == "ready" for file in files)


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
