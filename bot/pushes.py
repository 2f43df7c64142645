"""Paid messages: queued in the transaction that causes them, sent by the worker, each exactly once.

A row's retry key goes with every try, and LINE's 409 says that an earlier try had arrived; LINE remembers the key for a
day, so after that a row is not tried again. The budget is asked before the first try only: what LINE may have taken is
never sent by another way as well. What cannot be pushed goes by e-mail (``bot.mail``), a complainant onto the list of
those to call, and everything open stands in the next digest and in the officers' lists.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import Any

import structlog
from sqlalchemy import Connection, Engine

from bot import mail, quota
from bot.letters import Letter, Letters, UnreachableError
from bot.line import LineClient, LineError
from survey import budget, complaint, db, groups, outbox, tickets
from survey.budget import KINDS, PUSH, TELL
from survey.complaint import Deed
from survey.library import Library
from survey.outbox import Item
from survey.privacy import SecretKeyError
from survey.settings import Agency, Settings

log = structlog.get_logger(__name__)
REMEMBERED = timedelta(hours=23)  # LINE keeps a retry key for 24
LONGEST_WAIT = timedelta(minutes=5)
TRIES = 10_000  # it is the time that ends them
_OUR_FAULT = (401, 403)  # the token, to be mended by an operator


def tell(
    conn: Connection,
    agency_id: str,
    officer_id: str,
    unique_key: str,
    messages: Sequence[Mapping[str, Any]],
    due_at: datetime,
    kind: str = budget.LIMIT,
) -> bool:
    """Queue LINE messages for an officer; False when ``unique_key`` was queued for this officer before."""
    said = {"messages": [dict(message) for message in messages], "class": kind, "about": unique_key}
    payload = {"officer": officer_id, **said}
    return outbox.put(conn, agency_id, PUSH, officer_id, f"{officer_id}:{unique_key}", payload, due_at)


@dataclass
class Sender:
    """One of the worker's threads that push. Any number may run: of one reader only the oldest row is claimed."""

    engine: Engine
    settings: Settings
    library: Library
    line: LineClient
    rng: Random = field(default_factory=SystemRandom)

    def send_next(self, now: datetime) -> bool:
        """Send the most urgent push that is due; False when none was."""
        item = outbox.claim(self.engine, now, KINDS)
        if item is None:
            return False
        agency = self.settings.agency(item.agency_id)
        if agency is None:
            outbox.done(self.engine, item)
            return True
        try:
            self._send(agency, item, now)
        except UnreachableError as exc:
            self._instead(agency, item, str(exc), now)
        except SecretKeyError:
            log.error("push.failed", item=item.id, reason="no key in CONTACT_KEYS opens the contact")
            self._instead(agency, item, "no key opens the contact", now, status="gave_up")
        except LineError as exc:
            self._refused(agency, item, exc, now)
        return True

    def _send(self, agency: Agency, item: Item, now: datetime) -> None:
        """Raises UnreachableError, SecretKeyError, LineError."""
        with db.read(self.engine) as conn:
            letter = Letters(self.library).compose(conn, agency, item, now)
        if letter is None:
            outbox.done(self.engine, item)
            log.info("push.skipped", item=item.id, kind=item.kind)
            return
        tried = item.attempts > 1
        if tried and now - item.tried_at > REMEMBERED:
            self._instead(agency, item, "not within a day", now, status="gave_up", by_mail=False)
            return
        to = self.settings.keys.open_contact(letter.contact)
        people = self._people(agency, item, letter, to, now)
        if not people:
            return
        if not tried and not quota.take(self.engine, self.line, agency, letter.kind, people, now):
            self._instead(agency, item, "no quota", now)
            return
        try:
            self.line.push(agency, to, letter.messages, item.retry_key)
        except LineError as exc:
            if exc.status != 429 or self._has_room(agency, people, now):
                raise
            self._instead(agency, item, "no quota", now)  # refused as such, so no earlier try has arrived
            return
        self._sent(agency, item, now)
        log.info("push.sent", item=item.id, kind=item.kind, attempts=item.attempts, people=people)

    def _people(self, agency: Agency, item: Item, letter: Letter, to: str, now: datetime) -> int:
        """How many the push reaches; 0: a group that has thrown us out. Raises UnreachableError, LineError."""
        if not letter.group:
            if item.kind == TELL and not self._is_friend(agency, to):
                raise UnreachableError("blocked")
            return 1
        try:
            members = int(self.line.get(agency, f"/v2/bot/group/{to}/members/count").get("count", 1))
        except LineError as exc:
            if exc.status != 404:
                raise
            members = 0
        with db.write(self.engine) as conn:
            if members:
                groups.counted(conn, agency.id, letter.group, members)
            elif outbox.finish(conn, item, why="left the group"):
                groups.remove(conn, agency.id, letter.group, now)
                log.warning("group.unlinked", agency=agency.id, group=letter.group)
        return members

    def _is_friend(self, agency: Agency, to: str) -> bool:
        """LINE takes pushes to those who have blocked the account, says 200, and delivers nothing."""
        try:
            self.line.get(agency, f"/v2/bot/profile/{to}")
        except LineError as exc:
            if exc.status == 404:
                return False
            raise
        return True

    def _has_room(self, agency: Agency, people: int, now: datetime) -> bool:
        """Does LINE say now that so many messages are left? Then it was too many calls that it refused."""
        standing = quota.standing(self.engine, self.line, agency, now, fresh=True)
        return standing is None or budget.allows(standing, budget.ALERT, people)

    def _refused(self, agency: Agency, item: Item, exc: LineError, now: datetime) -> None:
        if exc.permanent and exc.status not in _OUR_FAULT:
            log.warning("push.failed", item=item.id, kind=item.kind, status=exc.status)
            self._instead(agency, item, f"LINE {exc.status}", now, status="gave_up")
        else:
            why = f"LINE {exc.status}"
            outbox.fail(self.engine, item, now, why, self.rng, longest=LONGEST_WAIT, tries=TRIES)
            log.warning("push.failed", item=item.id, kind=item.kind, status=exc.status, attempts=item.attempts)

    def _sent(self, agency: Agency, item: Item, now: datetime) -> None:
        with db.write(self.engine) as conn:
            ticket = _locked(conn, agency, item)
            if outbox.finish(conn, item) and ticket is not None:
                told = {"delivery": "told"} if ticket.delivery == "waiting" else {}
                tickets.change(conn, agency, ticket, Deed("told", complaint.SYSTEM), told, now)

    def _instead(
        self, agency: Agency, item: Item, why: str, now: datetime, *, status: str = "done", by_mail: bool = True
    ) -> None:
        """No push for this one: e-mail, or a call; in one transaction with the end of the row."""
        with db.write(self.engine) as conn:
            ticket = _locked(conn, agency, item)
            held = outbox.finish(conn, item, status, why)
            mailed = held and by_mail and self.settings.smtp is not None and mail.queue(conn, agency, item, now)
            if held and ticket is not None:
                deed = Deed("unreached", complaint.SYSTEM)
                tickets.change(conn, agency, ticket, deed, {"delivery": "call"}, now)
        log.info("push.instead", item=item.id, kind=item.kind, why=why, mailed=mailed)


def _locked(conn: Connection, agency: Agency, item: Item) -> Any:
    """The ticket of a message to a complainant, before the row in the queue: everybody locks in this order."""
    return tickets.get(conn, agency.id, item.payload["complaint"], lock=True) if item.kind == TELL else None
