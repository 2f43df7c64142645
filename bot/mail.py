"""E-mail to the mailboxes of departments and of the office, when LINE has no messages left: at least once each.

A mail that was handed in without our hearing of it goes out again with the same Message-ID, which mail programs show
once. It names category, place and ticket, of restricted tickets the ticket only; never words of a complainant.
"""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from random import Random, SystemRandom
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, select

from bot.letters import urgent
from bot.morning_words import morning_text
from survey import alerts, complaint, db, groups, outbox, thai, tickets
from survey.alerts_morning import Mornings
from survey.budget import ALERT, DIGEST, PUSH
from survey.complaint import shown
from survey.library import Library
from survey.outbox import Item
from survey.settings import Agency, Office, Settings
from survey.settings_mail import Smtp
from survey.tables import officers
from survey.texts import Texts

log = structlog.get_logger(__name__)
MAIL = "mail"
OFFICE = ""
"""The mailbox of the whole office; the others are departments' ids."""
TIMEOUT_S = 20.0
_TEMPORARY = range(400, 500)


def queue(conn: Connection, agency: Agency, item: Item, now: datetime) -> bool:
    """Queue what a push could not say, once for each mailbox; False when there is none for it."""
    key, payload = "", dict[str, Any]()
    if item.kind == ALERT:
        row = tickets.get(conn, agency.id, item.payload["complaint"])
        boxes = _boxes(agency.office, [row.department]) if row is not None else []
        key, payload = f"{item.payload['complaint']}", {"complaint": item.payload["complaint"]}
    elif item.kind == DIGEST:
        boxes = _boxes(agency.office, _departments(conn, agency.id, item))
        key, payload = item.payload["day"], {"day": item.payload["day"]}
    elif item.kind == PUSH and item.payload.get("class", ALERT) != ALERT:  # not what integrity officers are told
        boxes = [OFFICE] if agency.office.email else []
        words = [str(message.get("text", "")) for message in item.payload["messages"]]
        key, payload = item.payload["about"], {"words": "\n".join(words)}
    else:
        return False
    for box in boxes:
        lane, unique = f"mail:{box}", f"{item.kind}:{key}:{box}"
        outbox.put(conn, agency.id, MAIL, lane, unique, {"kind": item.kind, "mailbox": box, **payload}, now)
    return bool(boxes)


def address(office: Office, mailbox: str) -> str:
    """Where a mailbox is; empty: nowhere any more."""
    department = office.department(mailbox)
    return office.email if mailbox == OFFICE else department.email if department else ""


def _boxes(office: Office, departments: Sequence[str]) -> list[str]:
    """The mailboxes that serve these departments; none given means all."""
    own = [d.id for d in office.departments if d.email and (not departments or d.id in departments)]
    if office.email and (not departments or set(departments) - set(own)):
        return [OFFICE, *own] if departments else [OFFICE]
    return own


def _departments(conn: Connection, agency_id: str, item: Item) -> list[str]:
    if "group" in item.payload:
        return [row.department for row in groups.linked(conn, agency_id) if row.id == item.payload["group"]]
    mine = (officers.c.agency_id == agency_id, officers.c.id == item.payload["officer"])
    return list(conn.scalar(select(officers.c.departments).where(*mine)) or ())


@dataclass
class Mailer:
    """The worker's thread that mails."""

    engine: Engine
    settings: Settings
    library: Library
    rng: Random = field(default_factory=SystemRandom)

    def send_next(self, now: datetime) -> bool:
        """Send the mail that is due longest; False when none was."""
        item = outbox.claim(self.engine, now, [MAIL])
        if item is None:
            return False
        smtp, agency = self.settings.smtp, self.settings.agency(item.agency_id)
        with db.read(self.engine) as conn:
            message = self._compose(conn, smtp, agency, item, now) if smtp and agency else None
        if smtp is None or message is None:  # no mail server any more, or nothing to say
            outbox.done(self.engine, item)
            return True
        try:
            hand_in(smtp, message)
        except smtplib.SMTPException as exc:
            self._refused(item, type(exc).__name__, permanent=_permanent(exc), now=now)
        except OSError as exc:  # no server, no TLS, no answer
            self._refused(item, type(exc).__name__, permanent=False, now=now)
        else:
            outbox.done(self.engine, item)
            log.info("mail.sent", item=item.id, attempts=item.attempts)
        return True

    def _refused(self, item: Item, error: str, *, permanent: bool, now: datetime) -> None:
        gave_up = outbox.fail(self.engine, item, now, error, self.rng, permanent=permanent)
        log.warning("mail.failed", item=item.id, error=error, attempts=item.attempts, gave_up=gave_up)

    def _compose(self, conn: Connection, smtp: Smtp, agency: Agency, item: Item, now: datetime) -> EmailMessage | None:
        to, texts = address(agency.office, item.payload["mailbox"]), self.library.words("th")
        said = self._said(conn, agency, item, texts, now) if to else None
        if said is None:
            return None
        subject, body = said
        message = EmailMessage()
        message["Message-ID"] = f"<{item.retry_key}@{smtp.sender.rpartition('@')[2]}>"
        message["From"], message["To"] = smtp.sender, to
        message["Subject"] = f"{agency.name}: {subject}" if agency.name else subject
        message["Date"] = format_datetime(now.astimezone(thai.BANGKOK))
        message["Auto-Submitted"] = "auto-generated"
        greeting = texts("mail_greeting", agency=agency.name)
        message.set_content("\n\n".join((body, texts("mail_how"), greeting)) + "\n")
        return message

    def _said(
        self, conn: Connection, agency: Agency, item: Item, texts: Texts, now: datetime
    ) -> tuple[str, str] | None:
        """Subject and body; None: nothing to say any more."""
        if item.payload["kind"] == PUSH:
            return texts("mail_trouble"), item.payload["words"]
        if item.payload["kind"] == DIGEST:
            return self._morning(conn, agency, item, texts, now)
        ticket = tickets.get(conn, agency.id, item.payload["complaint"])
        if ticket is None or ticket.status not in complaint.OPEN:
            return None
        subject = texts("mail_urgent", ticket=shown(ticket.ticket))
        if alerts.restricted(agency, ticket.category):
            return subject, f"{subject}\n{texts('mail_hidden')}"
        return subject, urgent(texts, agency, ticket)

    def _morning(
        self, conn: Connection, agency: Agency, item: Item, texts: Texts, now: datetime
    ) -> tuple[str, str] | None:
        today = thai.bangkok_date(now)
        if item.payload["day"] != today.isoformat():
            return None  # this morning's says all of it
        morning = Mornings(conn, agency, today).by_mail(item.payload["mailbox"])
        if not morning.says_something:
            return None
        return texts("morning", day=thai.long_date(today)), morning_text(texts, agency, morning, today)


def hand_in(smtp: Smtp, message: EmailMessage | None) -> None:
    """Give a mail to the server; without one only log in. Raises SMTPException, OSError."""
    context = ssl.create_default_context()
    if smtp.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT_S, context=context)
    else:
        server = smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT_S)
    with server:
        if smtp.security == "starttls":
            server.starttls(context=context)
        if smtp.user:
            server.login(smtp.user, smtp.password)
        if message is not None:
            server.send_message(message)


def _permanent(exc: smtplib.SMTPException) -> bool:
    """Will the server never take this mail? A wrong password can be mended, and a server may be busy."""
    if isinstance(exc, smtplib.SMTPRecipientsRefused):
        return all(code not in _TEMPORARY for code, _ in exc.recipients.values())
    return isinstance(exc, smtplib.SMTPSenderRefused | smtplib.SMTPDataError) and exc.smtp_code not in _TEMPORARY
