"""What ``siang doctor`` looks at for alerts: who hears of complaints, the month's messages, e-mail, linked groups."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence

from sqlalchemy import Engine

from bot import mail
from bot.doctor_report import Line, finding, note, ok
from bot.line import LineClient, LineError
from survey import alerts, alerts_who, budget, db, groups
from survey.alerts_who import Officer
from survey.permits import ADMIN
from survey.settings import Agency, Settings
from survey.settings_mail import Smtp

MAIL_SETTINGS = "Check SMTP_HOST, SMTP_PORT and SMTP_SECURITY."


def check_alerts(settings: Settings, engine: Engine, agency: Agency, line: LineClient) -> Iterator[Line]:
    """Who is told of what, and whether it can be sent. Nothing is sent."""
    with db.read(engine) as conn:
        staff = alerts.staff(conn, agency.id)
        members = [(row.department, row.members) for row in groups.linked(conn, agency.id)]
    if staff:
        yield from check_readers(agency, staff)
    quota = _quota(agency, line) if agency.channel_access_token else None
    if quota is None or quota[0] is None:  # LINE does not say, or there is no end of messages
        return
    yield from check_budget(agency, quota[0], quota[1], members)
    yield from check_mailboxes(settings, agency)


def check_server(settings: Settings) -> Iterator[Line]:
    """Log in to the mail server of the deployment, as for a mail, and hang up."""
    smtp = settings.smtp
    if smtp is None:
        return
    where = f"The mail server {smtp.host}:{smtp.port}"
    try:
        mail.hand_in(smtp, None)
    except smtplib.SMTPAuthenticationError:
        yield finding(f"{where} refuses the user or the password.", "Check SMTP_USER and SMTP_PASSWORD.")
    except ssl.SSLCertVerificationError as exc:
        mend = "Use the name that the certificate is for, or have the server's certificate mended."
        yield finding(f"{where} shows a certificate that cannot be trusted ({exc.verify_message}).", mend)
    except (smtplib.SMTPException, OSError) as exc:
        yield finding(f"{where} cannot be used ({type(exc).__name__}).", MAIL_SETTINGS)
    else:
        yield ok(f"{where} takes mail{_as(smtp)}.")


def check_readers(agency: Agency, staff: Sequence[Officer]) -> Iterator[Line]:
    """Every category's complaints must reach somebody."""
    office, alone, nobody = agency.office, set(), set()
    for category in office.rules.categories:
        told = alerts_who.told(staff, office.working_on(category), category.restricted)
        if not told:
            nobody.add(category.title)
        elif all(one.role == ADMIN for one in told):
            alone.add(category.title)
    mend = "Run: siang officer invite --role officer --department ID"
    if nobody:
        yield finding(f"{agency.id}: nobody is told of complaints about {_listed(nobody)}.", mend)
    if alone:
        yield note(f"{agency.id}: only admins are told of complaints about {_listed(alone)}.", mend)
    if not nobody and not alone:
        yield ok(f"{agency.id}: complaints of every category reach an officer.")


def check_budget(agency: Agency, limit: int, used: int, members: Sequence[tuple[str, int]]) -> Iterator[Line]:
    """``limit``: messages a month. ``members``: of each linked group, 0 when LINE has not counted them yet."""
    reserve, left = agency.office.rules.urgent_reserve, max(limit - used, 0)
    if reserve >= limit:
        mend = "Lower urgent_reserve in the rules file."
        yield finding(f"{agency.id}: {reserve} messages are kept for urgent alerts, of {limit} a month.", mend)
    elif left <= reserve:
        text = f"{agency.id}: {left} paid messages are left, all of them for urgent alerts."
        yield finding(text, "Others go by e-mail, complainants are called. Consider a bigger plan.")
    else:
        yield ok(f"{agency.id}: {left} paid messages are left, {reserve} of them kept for urgent alerts.")
    for department, people in members:
        if budget.plan(people, limit).startswith("over"):
            month = budget.a_month(people)
            text = f"{agency.id}: the group of {department} ({people} people) would take {month} of {limit} messages."
            yield note(text, "A smaller group, or officers one by one, cost less; see: siang group list")


def check_mailboxes(settings: Settings, agency: Agency) -> Iterator[Line]:
    """Where alerts go when the messages are used up."""
    office = agency.office
    without = {d.title for d in office.departments if not d.email}
    if settings.smtp is None:
        text = f"{agency.id}: no mail server is set; when LINE messages run out, officers learn news only by asking."
        yield note(text, "Set SMTP_HOST and the settings beside it.")
    elif not office.email and (without or not office.departments):
        whose = f"{_listed(without)} and the office have" if without else "The office has"
        mend = "Write `email` into AGENCY_FILE, for the office or the department."
        yield finding(f"{agency.id}: {whose} no mailbox, so their alerts cannot be mailed.", mend)
    else:
        yield ok(f"{agency.id}: alerts of every department can be mailed.")


def _quota(agency: Agency, line: LineClient) -> tuple[int | None, int] | None:
    """None: LINE does not say, which is told elsewhere."""
    try:
        quota = line.get(agency, "/v2/bot/message/quota")
        used = line.get(agency, "/v2/bot/message/quota/consumption").get("totalUsage", 0)
    except LineError:
        return None
    return (int(quota.get("value", 0)) if quota.get("type") == "limited" else None), int(used)


def _as(smtp: Smtp) -> str:
    return f" from {smtp.user}" if smtp.user else ""


def _listed(titles: set[str]) -> str:
    return ", ".join(sorted(titles))
