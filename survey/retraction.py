"""Taking back: a message that was unsent, and ``ลบข้อมูล``. What was said goes everywhere, what happened stays.

Unsent words are replaced by a sentence that says so, in the ticket, its history and (through the effects of a change)
the sheet. Erasing cuts the link to the complainant, the contact, the phone and their own words; the masked case and its
history stay, because the register must. What still lies in SQLite's log goes as well (``survey.scrubbing``).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, select, update

from survey import attachments, complaint, drafts, prompts, scrubbing, tickets
from survey.complaint import Deed
from survey.masking import mask
from survey.tables import complaint_files, complaint_updates, complaints
from survey.tasks import Prompts, Visit

GONE = "(ผู้แจ้งลบข้อความ)"
"""Stands where the words were, in the register and the sheet."""

_C, _U, _F = complaints.c, complaint_updates.c, complaint_files.c


def take_back(visit: Visit, message_id: str) -> None:
    """A message was unsent: its words, photo or voice go from whatever they became part of."""
    conn, agency = visit.conn, visit.agency
    found = set(attachments.take_back(conn, agency.id, message_id))
    found |= set(conn.scalars(select(_C.id).where(_C.agency_id == agency.id, _C.message_id == message_id)))
    found |= set(conn.scalars(select(_U.complaint).where(_U.agency_id == agency.id, _U.message_id == message_id)))
    for complaint_id in sorted(found):
        ticket = tickets.get(conn, agency.id, complaint_id, lock=True)
        if ticket is not None:
            _empty(visit, ticket, message_id)
    if found:
        scrubbing.ask(conn, agency.id, visit.now)


def _empty(visit: Visit, ticket: Row[Any], message_id: str) -> None:
    """Put a sentence where the words of the message stood, and let the sheet and the history know."""
    conn, agency = visit.conn, visit.agency
    values = {"words": GONE, "masked": GONE, "message_id": None} if ticket.message_id == message_id else {}
    said = (_U.agency_id == agency.id, _U.complaint == ticket.id, _U.message_id == message_id)
    for row in conn.execute(select(_U.id, _U.action, _U.words).where(*said)).all():
        words = GONE if row.words else ""
        conn.execute(update(complaint_updates).where(_U.agency_id == agency.id, _U.id == row.id).values(words=words))
        if row.action == "ask" and row.words == ticket.question:
            values["question"] = ""
    mine = ticket.respondent == visit.respondent
    by = (complaint.COMPLAINANT, None) if mine else (complaint.OFFICER, visit.officer)
    tickets.change(conn, agency, ticket, Deed("unsend", *by), values, visit.now)


def erase(visit: Visit) -> Prompts:
    """``ลบข้อมูล``: drafts with their files, and what leads from tickets to this person."""
    gone = drafts.erase(visit.conn, visit.world.keys, visit.agency.id, visit.respondent)
    cut = _own(visit)
    for ticket in cut:
        _cut(visit, ticket)
    texts = visit.here.texts
    if cut:
        scrubbing.ask(visit.conn, visit.agency.id, visit.now)
        return (prompts.say(texts, "deleted_reports", count=len(cut)),)
    return (prompts.say(texts, "deleted" if gone else "nothing_to_delete"),)


def _cut(visit: Visit, ticket: Row[Any]) -> None:
    conn, agency = visit.conn, visit.agency
    mine = (_U.agency_id == agency.id, _U.complaint == ticket.id)
    for row in conn.execute(select(_U.id, _U.words).where(*mine, _U.by == complaint.COMPLAINANT)).all():
        this = update(complaint_updates).where(_U.agency_id == agency.id, _U.id == row.id)
        conn.execute(this.values(words=mask(row.words), message_id=None))
    voice = (_F.agency_id == agency.id, _F.complaint == ticket.id, _F.kind == "voice")
    conn.execute(delete(complaint_files).where(*voice))
    nothing: dict[str, Any] = dict.fromkeys(("respondent", "contact", "phone", "message_id"))
    nothing |= {"words": "", "place": mask(ticket.place), "tell_by": "none"}
    if ticket.delivery in ("waiting", "call"):
        nothing["delivery"] = "none"
    tickets.change(conn, agency, ticket, Deed("erase", complaint.COMPLAINANT), nothing, visit.now)


def _own(visit: Visit) -> Sequence[Row[Any]]:
    mine = (_C.agency_id == visit.agency.id, _C.respondent == visit.respondent)
    return visit.conn.execute(select(complaints).where(*mine).order_by(_C.id).with_for_update()).all()
