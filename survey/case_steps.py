"""What every order and task on a ticket shares: who may, which ticket, the deed, and what is said afterwards.

What changes a ticket looks at locked rows again: an officer who was removed a moment ago, or a ticket that was
forwarded away, is refused there too, and nothing is half done. Of two who press at once the second hears who was first.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row

from survey import case_lists, case_rights, case_view, prompts, tickets
from survey.case_rights import Officer
from survey.case_view import Desk
from survey.complaint import CaseError, Deed, shown
from survey.events import Button, Card, Do, Event, Prompt, Say
from survey.staff import is_task, order
from survey.tasks import Prompts, Visit

LISTS = ("new", "mine", "late", "calls")
Work = Callable[[Officer, Row[Any]], Prompts]


def on_ticket(visit: Visit, wanted: str, work: Work, *, lock: bool = True) -> Prompts:
    """Let ``work`` be done on the ticket with this id or number, by an officer who may see it; else say why not."""
    officer = case_rights.at_work(visit, lock=lock)
    if officer is None:
        return refused(visit)
    found = case_rights.ticket(visit, officer, wanted, lock=lock)
    return work(officer, found) if found is not None else unknown(visit)


def done(visit: Visit, officer: Officer, ticket: Row[Any], deed: Deed, phrase: str) -> Prompts:
    """Do it and show the ticket as it is now, or say why it does not fit any more."""
    try:
        after = tickets.act(visit.conn, visit.agency, ticket.id, deed, visit.now)
    except CaseError as exc:
        return unfitting(visit, officer, ticket, exc)
    return (show(visit, officer, after, visit.here.texts(phrase, **named(visit, officer, after))),)


def show(visit: Visit, officer: Officer, ticket: Row[Any], said: str = "") -> Prompt:
    """The ticket's card below what was done; a ticket that has left this officer's sight is only named."""
    if not officer.may_see(visit.agency, ticket):
        return prompts.plain(visit.here.texts, said, *chips(visit))
    conn, agency_id = visit.conn, visit.agency.id
    history, files = tickets.history(conn, agency_id, ticket.id), tickets.files(conn, agency_id, ticket.id)
    around = case_lists.around(conn, agency_id, ticket)
    card = case_view.whole(desk(visit, officer), ticket, history, files, around)
    return cards_of(visit, "case", said, (card,))


def cards_of(visit: Visit, kind: str, said: str, cards: tuple[Card, ...], *buttons: Button, name: str = "") -> Prompt:
    texts = visit.here.texts
    return Prompt(
        kind, said, cards=cards, buttons=buttons, quick=chips(visit, name), language=texts.language, rtl=texts.rtl
    )


def chips(visit: Visit, name: str = "") -> tuple[Button, ...]:
    """The way on: what was being filled in, and the lists other than ``name``."""
    texts, draft = visit.here.texts, visit.here.draft
    lists = tuple(Button(texts(f"menu_{other}"), Do(other)) for other in LISTS if other != name)
    if draft is None or not is_task(draft.instrument.kind) or not _put_off(visit.inbound.event):
        return lists
    return (Button(texts("resume"), Do("resume", draft=draft.draft)), *lists)


def _put_off(event: Event) -> bool:
    """Was something else wanted than to go on with what was being filled in?"""
    if isinstance(event, Say):
        return order(event.text, answering=True) is not None
    return isinstance(event, Do) and not event.draft


def desk(visit: Visit, officer: Officer) -> Desk:
    names = case_lists.names(visit.conn, visit.agency.id)
    return Desk(visit.here.texts, visit.agency.office, visit.now, officer.role, officer.id, names)


def named(visit: Visit, officer: Officer, ticket: Row[Any]) -> dict[str, str]:
    """What the sentences about a ticket fill in."""
    view = desk(visit, officer)
    return {
        "ticket": shown(ticket.ticket),
        "department": view.department(ticket.department),
        "category": view.category(ticket.category),
        "status": view.texts(f"case_status_{ticket.status}"),
    }


def refused(visit: Visit) -> Prompts:
    """For those who do not work on complaints."""
    return (prompts.say(visit.here.texts, "case_no_right"),)


def unknown(visit: Visit) -> Prompts:
    """No such ticket, or not this officer's: nobody learns which."""
    return (prompts.plain(visit.here.texts, visit.here.texts("case_unknown"), *chips(visit)),)


def unfitting(visit: Visit, officer: Officer, ticket: Row[Any], fault: CaseError) -> Prompts:
    """Somebody was first, or the ticket has moved on: one sentence, and the ticket as it is."""
    texts, values = visit.here.texts, named(visit, officer, ticket)
    phrase = fault.phrase
    if phrase == "case_taken":
        view = desk(visit, officer)
        taken = [row for row in tickets.history(visit.conn, visit.agency.id, ticket.id) if row.action == "accept"]
        values |= {"name": view.who(ticket.officer), "time": view.when(taken[-1].at if taken else visit.now)}
        phrase = "case_taken_by_you" if ticket.officer == officer.id else phrase
    return (show(visit, officer, ticket, texts(phrase, **values)),)
