"""What officers ask of the register: this month's figures, and to confirm that a month holds every channel's cases."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from survey import case_rights, confirmations, permits, prompts, thai
from survey.events import Button, Do, Prompt
from survey.tables import complaint_confirmations, officers
from survey.tasks import Prompts, Visit
from survey.texts import Texts
from survey.thai import Period

EARLIER = 3
"""Months before the one asked about, of which those without confirmation are offered too."""
_SURE = ":yes"


def statistics(visit: Visit, wanted: str) -> Prompts:
    """The figures of a month, this one when none is named; the shell draws them."""
    texts = visit.here.texts
    officer = case_rights.at_work(visit, "statistics")
    if officer is None:
        return (prompts.say(texts, "register_no_right"),)
    month = _month(wanted, thai.month_of(visit.today))
    if month is None:
        return (prompts.say(texts, "register_bad_month"),)
    may_confirm = permits.may(officer.role, "confirm_channels") and month.end <= visit.today
    unconfirmed = may_confirm and not _confirmed(visit, month)
    buttons = (Button(texts("confirm_button"), Do("confirm_month", month.key)),) if unconfirmed else ()
    return (Prompt("statistics", month.key, buttons=buttons, language=texts.language, rtl=texts.rtl),)


def confirm(visit: Visit, wanted: str) -> Prompts:
    """First how many cases of each channel the register holds, then the officer's word."""
    texts = visit.here.texts
    officer = case_rights.at_work(visit, "confirm_channels", lock=True)
    if officer is None:
        return (prompts.say(texts, "register_no_right"),)
    sure = wanted.endswith(_SURE)
    month = _month(wanted.removesuffix(_SURE), thai.month_of(visit.today).previous())
    if month is None:
        return (prompts.say(texts, "register_bad_month"),)
    if month.end > visit.today:
        return (prompts.say(texts, "confirm_early", month=_named(texts, month), day=_day(texts, month.end)),)
    if not sure:
        return (_asked(visit, month),)
    confirmations.confirm(visit.conn, visit.agency.id, month, officer.id, visit.now)
    return (prompts.say(texts, "confirm_done", month=_named(texts, month)),)


def _asked(visit: Visit, month: Period) -> Prompt:
    texts = visit.here.texts
    found = confirmations.counts(visit.conn, visit.agency.id, month)
    counts = "\n".join(f"• {texts(f'case_by_{name}')} {count}" for name, count in found.items())
    before = _confirmed(visit, month)
    said = [
        texts("confirm_ask", month=_named(texts, month), total=sum(found.values())),
        counts,
        *([_who(visit, before)] if before else []),
        texts("confirm_hint"),
    ]
    others = [m for m in _earlier(month) if not _confirmed(visit, m)]
    buttons = [Button(texts("confirm_yes"), Do("confirm_month", month.key + _SURE))]
    buttons += [Button(texts("confirm_other", month=_named(texts, m)), Do("confirm_month", m.key)) for m in others]
    return prompts.plain(texts, "\n\n".join(said), *buttons)


def _who(visit: Visit, row: Row[Any]) -> str:
    """When it was confirmed before, and by whom: a name given on the command line, or an officer's."""
    mine = (officers.c.agency_id == visit.agency.id, officers.c.id == row.officer)
    name = visit.conn.scalar(select(officers.c.name).where(*mine)) or row.officer
    day = _day(visit.here.texts, thai.bangkok_date(row.confirmed_at))
    return visit.here.texts("confirm_before", name=name, day=day)


def _confirmed(visit: Visit, month: Period) -> Row[Any] | None:
    c = complaint_confirmations.c
    mine = (c.agency_id == visit.agency.id, c.month == f"{month.start:%Y-%m}")
    return visit.conn.execute(select(complaint_confirmations).where(*mine)).first()


def _earlier(month: Period) -> Sequence[Period]:
    months = [month]
    while len(months) <= EARLIER:
        months.append(months[-1].previous())
    return months[1:]


def _month(wanted: str, default: Period) -> Period | None:
    """None: not a month."""
    if not wanted:
        return default
    try:
        return thai.parse_month(wanted)
    except ValueError:
        return None


def _named(texts: Texts, month: Period) -> str:
    return month.label if texts.buddhist else f"{month.start:%m/%Y}"


def _day(texts: Texts, day: date) -> str:
    return thai.long_date(day) if texts.buddhist else f"{day:%d/%m/%Y}"
