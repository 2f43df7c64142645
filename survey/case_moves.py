"""Where a ticket belongs: forward it, sort it anew, merge it with another. Each is a choice by buttons.

What a restricted category holds stays with the department that the rules name for it: it is not forwarded, and it
leaves only by being sorted as something else, or comes only by being sorted so.
"""

from typing import Any

from sqlalchemy import Row

from survey import case_lists, case_rights, case_view, complaint, prompts, tickets
from survey.case_rights import Officer
from survey.case_steps import cards_of, desk, done, named, on_ticket, show, unfitting, unknown
from survey.complaint import CaseError, Deed, shown
from survey.events import Button, Do, Prompt
from survey.rules import Category
from survey.tasks import Prompts, Visit

STAY, GO, YES = "stay", "go", "yes"


def forward(visit: Visit, argument: str) -> Prompts:
    """``id`` asks to which department, ``id:department`` does it."""
    wanted, department, _ = _parts(argument)

    def pass_on(officer: Officer, ticket: Row[Any]) -> Prompts:
        texts, office = visit.here.texts, visit.agency.office
        possible = case_view.targets(office, ticket)
        if not complaint.fits("forward", ticket.status) or department in possible:
            deed = Deed("forward", complaint.OFFICER, officer.id, to=department)
            return done(visit, officer, ticket, deed, "case_done_forward")
        if not possible:
            return (show(visit, officer, ticket, texts("case_stays", **named(visit, officer, ticket))),)
        buttons = [
            Button(d.title, Do("forward", f"{ticket.id}:{d.id}")) for d in office.departments if d.id in possible
        ]
        buttons.append(Button(texts("case_sort_instead"), Do("sort", ticket.id)))
        return (prompts.say(texts, "case_forward_where", *buttons, ticket=shown(ticket.ticket)),)

    return on_ticket(visit, wanted, pass_on)


def sort(visit: Visit, argument: str) -> Prompts:
    """``id`` asks for the category; ``id:category`` does it, or asks whether the ticket moves with it (go, stay)."""
    wanted, category_id, how = _parts(argument)

    def move(officer: Officer, ticket: Row[Any]) -> Prompts:
        rules = visit.agency.office.rules
        category = next((c for c in rules.categories if c.id == category_id != ticket.category), None)
        if category is None and complaint.fits("sort", ticket.status):
            buttons = [
                Button(c.title, Do("sort", f"{ticket.id}:{c.id}")) for c in rules.categories if c.id != ticket.category
            ]
            return (prompts.say(visit.here.texts, "case_sort_what", *buttons, ticket=shown(ticket.ticket)),)
        if category is None:
            return done(visit, officer, ticket, Deed("sort", complaint.OFFICER, officer.id), "case_done_sort")
        return _sorted(visit, officer, ticket, category, how)

    return on_ticket(visit, wanted, move)


def _sorted(visit: Visit, officer: Officer, ticket: Row[Any], category: Category, how: str) -> Prompts:
    office = visit.agency.office
    owner = office.working_on(category)
    moves, leaves = owner != ticket.department, office.rules.category(ticket.category).restricted
    if moves and (category.restricted or how == GO):
        deed = Deed("forward", complaint.OFFICER, officer.id, to=owner, category=category.id)
        return done(visit, officer, ticket, deed, "case_done_forward")
    if (moves or leaves) and how != STAY:
        return (_which_way(visit, officer, ticket, category, GO if moves else ""),)
    return done(visit, officer, ticket, Deed("sort", complaint.OFFICER, officer.id, to=category.id), "case_done_sort")


def _which_way(visit: Visit, officer: Officer, ticket: Row[Any], category: Category, go: str) -> Prompt:
    texts, owner = visit.here.texts, desk(visit, officer).department(visit.agency.office.working_on(category))
    stay = Button(texts("case_sort_stay"), Do("sort", f"{ticket.id}:{category.id}:{STAY}"))
    there = Button(texts("case_sort_go", department=owner), Do("sort", f"{ticket.id}:{category.id}:{go}"))
    phrase = "case_sort_moves" if go else "case_sort_opens"
    return prompts.say(texts, phrase, *([there] if go else []), stay, category=category.title, department=owner)


def merge(visit: Visit, argument: str) -> Prompts:
    """``id`` asks with which ticket, ``id:other`` shows both, ``id:other:yes`` does it."""
    wanted, other_id, sure = _parts(argument)

    def join(officer: Officer, ticket: Row[Any]) -> Prompts:
        if not complaint.fits("merge", ticket.status):
            return unfitting(visit, officer, ticket, CaseError("case_moved"))
        if not other_id:
            return (_with_which(visit, officer, ticket),)
        other = case_rights.ticket(visit, officer, other_id, lock=True)
        if other is None:
            return unknown(visit)
        if sure != YES:
            return (_both(visit, officer, ticket, other),)
        return _merged(visit, officer, ticket, other)

    if sure == YES and case_rights.at_work(visit, lock=True):
        # In one order, so that two who merge two tickets into each other do not wait for each other.
        for ticket_id in sorted((wanted, other_id)):
            tickets.get(visit.conn, visit.agency.id, ticket_id, lock=True)
    return on_ticket(visit, wanted, join)


def _with_which(visit: Visit, officer: Officer, ticket: Row[Any]) -> Prompt:
    view, texts = desk(visit, officer), visit.here.texts
    buttons = []
    for other in case_lists.like(visit.conn, visit.agency, officer, ticket):
        card = case_view.listed(view, other)
        buttons.append(Button(f"{card.ticket} {card.place or card.words}", Do("merge", f"{ticket.id}:{other.id}")))
    phrase = "case_merge_which" if buttons else "case_merge_none"
    typed = Button(texts("case_merge_typed"), Do("merge_with", ticket.id))
    return prompts.say(texts, phrase, *buttons, typed, ticket=shown(ticket.ticket))


def _both(visit: Visit, officer: Officer, ticket: Row[Any], other: Row[Any]) -> Prompt:
    view, texts = desk(visit, officer), visit.here.texts
    if other.id == ticket.id or other.status not in complaint.OPEN:
        return prompts.say(texts, "case_no_target", Button(texts("case_merge"), Do("merge", ticket.id)))
    said = texts("case_merge_sure", ticket=shown(ticket.ticket), other=shown(other.ticket))
    cards = (case_view.listed(view, ticket), case_view.listed(view, other))
    sure = Button(texts("case_merge_yes"), Do("merge", f"{ticket.id}:{other.id}:{YES}"))
    return cards_of(visit, "cases", said, cards, sure)


def _merged(visit: Visit, officer: Officer, ticket: Row[Any], other: Row[Any]) -> Prompts:
    """Whoever followed the merged ticket follows the other one from now on."""
    conn, agency = visit.conn, visit.agency
    deed = Deed("merge", complaint.OFFICER, officer.id, to=other.id)
    try:
        tickets.act(conn, agency, ticket.id, deed, visit.now)
    except CaseError as exc:
        return unfitting(visit, officer, ticket, exc)
    for follower in tickets.followers(conn, agency.id, ticket.id):
        if follower.id != ticket.id:
            tickets.change(conn, agency, follower, deed, {"merged_into": other.id}, visit.now)
    target = case_rights.ticket(visit, officer, other.id)
    said = visit.here.texts("case_done_merge", ticket=shown(ticket.ticket), other=shown(other.ticket))
    return (show(visit, officer, target or other, said),)


def _parts(argument: str) -> tuple[str, str, str]:
    first, second, third = (*argument.split(":"), "", "")[:3]
    return first, second, third
