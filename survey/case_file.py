"""รับเรื่องแทน: an officer files what came by phone, at the counter, by letter, so that one register holds all."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from survey import case_forms, case_rights, places, tickets
from survey.case_steps import named, refused, show
from survey.tasks import Begin, Prompts, Task, Visit
from survey.tickets import Filing


def begin(visit: Visit, _: str) -> Begin | Prompts:
    if case_rights.at_work(visit, "file_for") is None:
        return refused(visit)
    return Begin({"notice": visit.today.isoformat()})


def finish(visit: Visit, draft: Row[Any], answers: Mapping[str, str | None]) -> Prompts:
    """Open the ticket; the officer hears its number, and sees it if it is theirs to see."""
    officer = case_rights.at_work(visit, "file_for", lock=True)
    if officer is None:
        return refused(visit)
    ticket = tickets.file(visit.conn, visit.agency, _filing(visit, draft, answers, officer.id), visit.now)
    return (show(visit, officer, ticket, visit.here.texts("case_filed", **named(visit, officer, ticket))),)


def _filing(visit: Visit, draft: Row[Any], answers: Mapping[str, str | None], officer: str) -> Filing:
    place = places.read(answers.get("place"))
    reached = " ".join(part for part in (answers.get("phone"), answers.get("caller")) if part)
    return Filing(
        words=answers.get("words") or "",
        category=answers.get("category") or "",
        tell_by=answers.get("tell_by") or "none",
        channel=answers.get("channel") or "other",
        phone=visit.world.keys.seal_contact(reached) if reached else None,
        place=place.address,
        latitude=place.latitude,
        longitude=place.longitude,
        filed_by=officer,
        message_id=answers.get("@words"),
        draft=draft.id,
        received_on=case_forms.received_on(answers),
    )


TASK = Task(begin, finish, case_forms.filing)
