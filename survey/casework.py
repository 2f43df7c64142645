"""The officers' work on ordinary complaints in LINE: the lists, a ticket's card, taking it on, the calls to make."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Row

from survey import case_lists, case_rights, case_view, complaint, prompts, tickets
from survey.case_rights import Officer
from survey.case_steps import cards_of, chips, desk, done, on_ticket, refused, show
from survey.case_view import Desk
from survey.complaint import Deed
from survey.events import Button, Card, Do
from survey.privacy import Keys, SecretKeyError
from survey.tasks import Prompts, Visit


def listing(name: str) -> Callable[[Visit, str], Prompts]:
    """The order that shows the list ``name``; its argument is the page."""

    def show_list(visit: Visit, page: str) -> Prompts:
        officer = case_rights.at_work(visit)
        if officer is None:
            return refused(visit)
        texts = visit.here.texts
        found = case_lists.page(visit.conn, visit.agency, officer, name, _number(page), visit.today)
        if not found.rows:
            return (prompts.say(texts, f"case_none_{name}", *chips(visit, name)),)
        view = desk(visit, officer)
        cards = _calls(visit, view, found.rows) if name == "calls" else [case_view.listed(view, r) for r in found.rows]
        more = (Button(texts("case_more"), Do(name, str(found.number + 1))),) if found.more else ()
        said = texts(f"case_list_{name}", total=found.total)
        return (cards_of(visit, "calls" if name == "calls" else "cases", said, tuple(cards), *more, name=name),)

    return show_list


def case(visit: Visit, wanted: str) -> Prompts:
    """The card of the ticket with this id or number."""
    return on_ticket(visit, wanted, lambda officer, ticket: (show(visit, officer, ticket),), lock=False)


def accept(visit: Visit, wanted: str) -> Prompts:
    """Take a new ticket on."""

    def take(officer: Officer, ticket: Row[Any]) -> Prompts:
        return done(visit, officer, ticket, Deed("accept", complaint.OFFICER, officer.id), "case_done_accept")

    return on_ticket(visit, wanted, take)


def called(visit: Visit, wanted: str) -> Prompts:
    """The complainant has been told by phone; whoever presses it a second time is told so."""

    def tick(officer: Officer, ticket: Row[Any]) -> Prompts:
        if ticket.delivery != "call":
            return (show(visit, officer, ticket, visit.here.texts("case_called_before")),)
        deed = Deed("called", complaint.OFFICER, officer.id)
        tickets.change(visit.conn, visit.agency, ticket, deed, {"delivery": "called"}, visit.now)
        left = listing("calls")(visit, "")
        return (prompts.say(visit.here.texts, "case_done_called", ticket=complaint.shown(ticket.ticket)), *left)

    return on_ticket(visit, wanted, tick)


def phone_of(keys: Keys, ticket: Row[Any]) -> str:
    """The number to call, as it was given; empty: none, or the key that opens it is gone."""
    try:
        return keys.open_contact(ticket.phone) if ticket.phone else ""
    except SecretKeyError:
        return ""


def _calls(visit: Visit, view: Desk, rows: Sequence[Row[Any]]) -> list[Card]:
    """What to tell stands with the ticket itself or, merged, with the one it went into."""
    told = case_lists.outcomes(visit.conn, visit.agency.id, [r.merged_into or r.id for r in rows])
    keys, asked = visit.world.keys, visit.here.texts
    said = [asked("case_to_ask", words=r.question) if r.question else told.get(r.merged_into or r.id, "") for r in rows]
    return [case_view.to_call(view, r, phone_of(keys, r), words) for r, words in zip(rows, said, strict=True)]


def _number(page: str) -> int:
    return int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 5 and int(page) else 1
