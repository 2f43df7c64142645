"""The drafts of tasks: begun when the task allows it, gone in the transaction that carries it out."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, delete, select

from survey import agenda, attachments, conversation, drafts, prompts
from survey.events import Prompt, Wanted
from survey.library import Library
from survey.tables import drafts as drafts_table
from survey.tasks import Begin, Task, Visit
from survey.visitor import Visitor

FIRST: Mapping[str, str | None] = {"notice": "start"}
"""The notice of a task counts as read: its first question says what must be said."""


def begin(visit: Visit, visitor: Visitor, wanted: Wanted) -> tuple[Prompt, ...]:
    """Ask the first question, take up an unfinished one, or say why not."""
    task = agenda.TASKS[wanted.kind]
    allowed = task.begin(visit, wanted.subject)
    if not isinstance(allowed, Begin):
        return allowed
    round_id = f"task:{wanted.kind}:{allowed.subject}"[:64]
    if task.fresh:
        _make_room(visit, round_id)
    instrument = visit.world.library.newest(wanted.kind)
    values: dict[str, Any] = {
        "agency_id": visit.agency.id,
        "id": drafts.new_id(),
        "respondent": visit.respondent,
        "round_id": round_id,
        "instrument_id": instrument.id,
        "instrument_version": instrument.version,
        "mode": "self",
        "subject": allowed.subject or None,
        "answers": {**FIRST, **allowed.answers},
        "status": "open",
        "begun_on": visit.today,
        "touched_at": visit.now,
    }
    fresh = drafts.begin(visit.conn, values)
    row = drafts.unfinished(visit.conn, visit.agency.id, visit.respondent, round_id)
    if row is None:
        return ()
    given = row.answers.keys() - FIRST.keys() - allowed.answers.keys()
    if given and not fresh:  # paused, so that what is typed now answers no question out of sight
        drafts.save(visit.conn, row, row.answers, "paused", visit.now)
        return (prompts.resume_offer(visitor.state(row)),)
    drafts.save(visit.conn, row, row.answers, "open", visit.now)  # the one that is meant from now on
    return conversation.ask(visitor.state(row), *allowed.before)


def task_of(library: Library, row: Row[Any]) -> Task | None:
    """The task a draft belongs to; None: a survey."""
    return agenda.TASKS.get(library.get(row.instrument_id, row.instrument_version).kind)


def finish(visit: Visit, task: Task, row: Row[Any], answers: Mapping[str, str | None]) -> tuple[Prompt, ...]:
    """Carry it out and let the draft go."""
    attachments.keep_only(visit.conn, row, answers)
    said = task.finish(visit, row, answers)
    conn = visit.conn
    attachments.drop(conn, row)  # what the task did not take over
    conn.execute(delete(drafts_table).where(drafts_table.c.agency_id == row.agency_id, drafts_table.c.id == row.id))
    return said


def _make_room(visit: Visit, round_id: str) -> None:
    mine = (drafts_table.c.agency_id == visit.agency.id, drafts_table.c.respondent == visit.respondent)
    stmt = select(drafts_table).where(*mine, drafts_table.c.round_id == round_id)
    for row in visit.conn.execute(stmt).all():
        drafts.drop(visit.conn, visit.world.keys, row)
