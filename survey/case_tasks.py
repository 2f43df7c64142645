"""What an officer does to a ticket with words: ask the complainant, note, resolve, reject, merge by number.

The instruments case-*.toml ask for the words; what they are about stands in the answer to the notice (``{case}``).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, update

from survey import case_moves, case_view, casework, complaint, prompts
from survey.case_forms import about_ticket
from survey.case_rights import Officer
from survey.case_steps import done, on_ticket, unfitting
from survey.complaint import CaseError, Deed, read_ticket, shown
from survey.events import Button, Do, Link
from survey.tables import complaint_files
from survey.tasks import Begin, Prompts, Task, Visit

Answers = Mapping[str, str | None]


def task(action: str) -> Task:
    """The task whose words go with ``action``: ask, note, resolve or reject."""

    def finish(visit: Visit, draft: Row[Any], answers: Answers) -> Prompts:
        def write(officer: Officer, ticket: Row[Any]) -> Prompts:
            mark = answers.get("@words")
            deed = Deed(action, complaint.OFFICER, officer.id, words=answers.get("words") or "", message_id=mark)
            if complaint.fits(action, ticket.status):
                _keep_photos(visit, draft, ticket)
            return done(visit, officer, ticket, deed, _DONE[action](ticket))

        return on_ticket(visit, draft.subject or "", write)

    return Task(_begin(action), finish, about_ticket)


def _begin(action: str) -> Callable[[Visit, str], Begin | Prompts]:
    def begin(visit: Visit, wanted: str) -> Begin | Prompts:
        found: list[Begin] = []

        def look(officer: Officer, ticket: Row[Any]) -> Prompts:
            if not complaint.fits(action, ticket.status):
                return unfitting(visit, officer, ticket, CaseError("case_moved"))
            if action == "ask" and ticket.respondent is None:
                return _ask_by_phone(visit, ticket)
            found.append(Begin({"notice": shown(ticket.ticket)}, ticket.id))
            return ()

        said = on_ticket(visit, wanted, look, lock=False)
        return found[0] if found else said

    return begin


def _find_other(visit: Visit, draft: Row[Any], answers: Answers) -> Prompts:
    """The typed number of a merge, then both tickets to look at."""
    number = read_ticket(answers.get("words") or "") or "0"

    def look(_: Officer, ticket: Row[Any]) -> Prompts:
        said = case_moves.merge(visit, f"{ticket.id}:{number}")
        again = Button(visit.here.texts("case_merge_typed"), Do("merge_with", ticket.id))
        return said if said[0].kind == "cases" else (replace(said[0], buttons=(*said[0].buttons, again)),)

    return on_ticket(visit, draft.subject or "", look)


def _ask_by_phone(visit: Visit, ticket: Row[Any]) -> Prompts:
    """A complaint filed for somebody, or cut from its complainant: there is no chat to ask in."""
    texts, phone = visit.here.texts, casework.phone_of(visit.world.keys, ticket)
    if not phone:
        return (prompts.say(texts, "case_ask_nobody"),)
    number = case_view.dialled(phone)
    dial = (Button(texts("case_dial", number=number), Link(f"tel:{number}")),) if number else ()
    note = Button(texts("case_note"), Do("note", ticket.id))
    return (prompts.say(texts, "case_ask_by_phone", *dial, note, phone=phone),)


def _keep_photos(visit: Visit, draft: Row[Any], ticket: Row[Any]) -> None:
    mine = (complaint_files.c.agency_id == visit.agency.id, complaint_files.c.draft == draft.id)
    visit.conn.execute(update(complaint_files).where(*mine).values(complaint=ticket.id, draft=None, kind="after"))


def _asked(ticket: Row[Any]) -> str:
    return "case_done_ask" if ticket.contact else "case_done_ask_later"


def _told(ticket: Row[Any]) -> str:
    return f"case_done_told_{ticket.tell_by}"


_DONE: Mapping[str, Callable[[Row[Any]], str]] = {
    "ask": _asked,
    "note": lambda _: "case_done_note",
    "resolve": _told,
    "reject": _told,
}

CASE_TASKS = {
    **{f"case_{action}": task(action) for action in _DONE},
    "case_merge": Task(_begin("merge"), _find_other, about_ticket),
}
