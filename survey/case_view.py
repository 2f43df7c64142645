"""A ticket as officers see it: what stands on its card, in a list, on the list of whom to call. Pure.

National ids and phone numbers in a complainant's words are hidden; the number to call appears only where the call is
the work. Who an officer is stands here by name, and never on what the complainant gets to see.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from survey import complaint, permits
from survey.complaint import shown
from survey.events import Button, Card, Do, Link, Media
from survey.masking import without_ids, without_numbers
from survey.settings import Office
from survey.texts import Texts
from survey.thai import BANGKOK, MONTHS, arabic_digits

COLOURS = {complaint.RECEIVED: "new", complaint.IN_PROGRESS: "open", complaint.RESOLVED: "done"}
HISTORY = 8  # newest rows on a card
MAP = "https://www.google.com/maps?q={:.6f},{:.6f}"
_DIALLED = re.compile(r"(?:\+66|0)(?:[ .-]?\d){8,9}")
_AT_ONCE = ("accept", "resolve", "ask", "note", "forward", "sort", "merge", "reject")


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks, and what the words on a card need. ``names``: officer id -> name."""

    texts: Texts
    office: Office
    now: datetime
    role: str
    officer: str
    names: Mapping[str, str]

    @property
    def today(self) -> date:
        return self.now.astimezone(BANGKOK).date()

    def who(self, officer: str | None) -> str:
        return self.names.get(officer or "") or self.texts("case_somebody")

    def department(self, department: str) -> str:
        found = self.office.department(department)
        return found.title if found else self.texts("case_no_department")

    def category(self, category: str) -> str:
        return self.office.rules.category(category).title

    def when(self, moment: datetime) -> str:
        """``10:32`` of today, else the day before it."""
        local = moment.astimezone(BANGKOK)
        clock = f"{local:%H:%M}"
        return clock if local.date() == self.today else f"{self.day(local.date())} {clock}"

    def day(self, day: date) -> str:
        return f"{day.day} {MONTHS[day.month - 1]}" if self.texts.buddhist else f"{day:%d/%m/%Y}"


def whole(
    desk: Desk, ticket: Any, history: Sequence[Any], files: Sequence[Any] = (), merged: Mapping[str, str] | None = None
) -> Card:
    """The card of one ticket. ``merged``: id -> number of the tickets merged into it, and of the one it went into."""
    brief = listed(desk, ticket)
    there = ticket.latitude is not None and ticket.longitude is not None
    pin = Button(desk.texts("case_map"), Link(MAP.format(ticket.latitude, ticket.longitude))) if there else None
    return Card(
        ticket=brief.ticket,
        title=brief.title,
        status=brief.status,
        colour=brief.colour,
        urgent=brief.urgent,
        due=brief.due,
        due_colour=brief.due_colour,
        words=_words(desk, ticket),
        place=without_numbers(ticket.place),
        place_on_map=pin,
        lines=tuple(_lines(desk, ticket, merged or {})),
        media=tuple(_media(desk, files)),
        history=tuple(_happened(desk, row) for row in history[-HISTORY:]),
        buttons=buttons(desk, ticket),
    )


def listed(desk: Desk, ticket: Any) -> Card:
    """One line of a list; tapping it opens the ticket."""
    texts = desk.texts
    due, due_colour = _due(desk, ticket)
    return Card(
        ticket=shown(ticket.ticket),
        title=desk.category(ticket.category),
        status=texts(f"case_status_{ticket.status}"),
        colour=COLOURS.get(ticket.status, "closed"),
        urgent=texts("case_urgent") if ticket.urgent else "",
        due=due,
        due_colour=due_colour,
        words=_words(desk, ticket),
        place=without_numbers(ticket.place),
        lines=(texts("case_waits_for_answer"),) if ticket.question else (),
        buttons=(Button(texts("case_open"), Do("case", ticket.id)),),
    )


def to_call(desk: Desk, ticket: Any, phone: str, outcome: str) -> Card:
    """Whom to call, what to say, and the button for afterwards. ``phone``: as it was given, maybe with a name."""
    texts, number = desk.texts, dialled(phone)
    dial = (Button(texts("case_dial", number=number), Link(f"tel:{number}")),) if number else ()
    after = "case_called" if phone else "case_not_reachable"
    brief = listed(desk, ticket)
    return Card(
        ticket=brief.ticket,
        title=brief.title,
        status=brief.status,
        colour=brief.colour,
        words=without_ids(outcome),
        place=phone or texts("case_no_phone"),
        buttons=(*dial, Button(texts(after), Do("called", ticket.id)), *brief.buttons),
    )


def dialled(phone: str) -> str:
    """The first phone number in what was typed, as it is dialled; empty: there is none."""
    found = _DIALLED.search(arabic_digits(phone))
    return re.sub(r"[^\d+]", "", found[0]) if found else ""


def buttons(desk: Desk, ticket: Any) -> tuple[Button, ...]:
    """What can be done now, the likeliest first: accept what is new, resolve what was accepted."""
    texts, names = desk.texts, []
    if ticket.delivery == "call":
        names.append("called")
    for name in _AT_ONCE:
        if not complaint.fits(name, ticket.status):
            continue
        if name in ("resolve", "ask") and ticket.status == complaint.RECEIVED:
            continue  # accepted first, so that one of us has it
        if name == "forward" and not targets(desk.office, ticket):
            continue
        names.append(name)
    if complaint.fits("cancel", ticket.status) and permits.may(desk.role, "reclassify"):
        names.append("reclassify")
    return tuple(Button(texts(f"case_{name}"), Do(name, ticket.id)) for name in names)


def targets(office: Office, ticket: Any) -> list[str]:
    """The departments a ticket can be forwarded to; a restricted one stays where its category belongs."""
    if office.rules.category(ticket.category).restricted:
        return []
    return [d.id for d in office.departments if d.id != ticket.department]


def _words(desk: Desk, ticket: Any) -> str:
    """The complainant's own; what was erased is shown as the register keeps it."""
    return without_numbers(ticket.words or ticket.masked) or desk.texts("case_words_gone")


def _due(desk: Desk, ticket: Any) -> tuple[str, str]:
    if ticket.status not in complaint.OPEN:
        return "", ""
    days = (ticket.due_on - desk.today).days
    if days < 0:
        return desk.texts("case_over", days=-days), "late"
    near = "near" if days <= desk.office.rules.near_days else ""
    return (desk.texts("case_left", days=days) if days else desk.texts("case_due_today")), near


def _lines(desk: Desk, ticket: Any, merged: Mapping[str, str]) -> list[str]:
    texts = desk.texts
    lines = [texts("case_received", day=desk.day(ticket.received_on), channel=texts(f"case_by_{ticket.channel}"))]
    if ticket.filed_by:
        lines[0] += " " + texts("case_filed_by", name=desk.who(ticket.filed_by))
    lines.append(texts("case_department", department=desk.department(ticket.department)))
    if ticket.officer:
        mine = " " + texts("case_you") if ticket.officer == desk.officer else ""
        lines.append(texts("case_officer", name=desk.who(ticket.officer)) + mine)
    lines.append(_told(texts, ticket))
    if ticket.question:
        lines.append(texts("case_question", words=without_ids(ticket.question)))
    if ticket.reopened:
        lines.append(texts("case_reopened", times=ticket.reopened))
    if ticket.confirmed:
        lines.append(texts("case_confirmed"))
    if ticket.rating:
        lines.append(texts("case_rated", rating=ticket.rating))
    if ticket.merged_into:
        lines.append(texts("case_merged_into", ticket=shown(merged.get(ticket.merged_into, ""))))
    others = [shown(number) for name, number in merged.items() if name not in (ticket.id, ticket.merged_into)]
    if others:
        lines.append(texts("case_merged_here", count=len(others), tickets=" ".join(others)))
    return lines


def _told(texts: Texts, ticket: Any) -> str:
    if ticket.status in complaint.OPEN or ticket.delivery == "none":
        return texts(f"case_tell_{ticket.tell_by}")
    return texts(f"case_delivery_{ticket.delivery}")


def _media(desk: Desk, files: Sequence[Any]) -> list[Media]:
    return [
        Media(row.kind, row.id, desk.texts(f"case_media_{row.kind}", seconds=row.seconds))
        for row in files
        if row.status == "ready"
    ]


def _happened(desk: Desk, row: Any) -> str:
    """One line of history: when, who, what, and the words that went with it."""
    texts = desk.texts
    hide = without_numbers if row.by == complaint.COMPLAINANT else without_ids
    asked = row.action == "told" and row.status in complaint.OPEN  # no outcome yet: it was the question that arrived
    said = texts(
        "case_did_tell_question" if asked else f"case_did_{row.action}",
        who=desk.who(row.officer),
        department=desk.department(row.department),
        category=desk.category(row.category),
    )
    return f"{desk.when(row.at)} {said}" + (f": {hide(row.words)}" if row.words else "")
