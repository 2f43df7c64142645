"""ติดตามเรื่อง: complainants look at their own tickets, answer, add, cancel, and say whether it is really mended.

A ticket opens only for its own complainant. Whoever asks for another gets the same answer whether it exists or not,
and after some tries none for a while; the tries are counted without knowing who tried (``attempts``).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from survey import attachments, attempts, complaint, intake, prompts, tickets
from survey import tracking_prompts as words_of
from survey.attempts import Limit
from survey.complaint import CaseError, Deed, shown
from survey.tasks import Begin, Prompts, Task, Visit
from survey.tracking_prompts import Own

GUESSES = Limit(each=10, all=1000, window=timedelta(hours=1))
FILES = 20  # of one ticket

Answers = Mapping[str, str | None]


def track(visit: Visit, wanted: str) -> Prompts:
    """The list of one's own tickets, or the one that is wanted (its id or its number)."""
    texts, office = visit.here.texts, visit.agency.office
    if not wanted:
        mine = tickets.of_respondent(visit.conn, visit.agency.id, visit.respondent)
        return (words_of.listing(texts, office, [_with_main(visit, row) for row in mine]),)
    own = _own(visit, wanted)
    return _unknown(visit) if own is None else (_whole(visit, own),)


def cancel(visit: Visit, argument: str) -> Prompts:
    """Asked once more, then cancelled."""
    wanted, _, sure = argument.partition(":")
    own = _own(visit, wanted)
    if own is None:
        return _unknown(visit)
    if not sure and complaint.fits("cancel", own.ticket.status):
        return (words_of.really_cancel(visit.here.texts, own.ticket),)
    if not _done(visit, own.ticket, Deed("cancel", complaint.COMPLAINANT)):
        return _moved(visit, own)
    return (prompts.say(visit.here.texts, "track_done_cancel", ticket=shown(own.ticket.ticket)),)


def confirm(visit: Visit, wanted: str) -> Prompts:
    """Really mended; then how well."""
    own = _own(visit, wanted)
    if own is None:
        return _unknown(visit)
    if not own.ticket.confirmed and not _done(visit, own.ticket, Deed("confirm", complaint.COMPLAINANT)):
        return _moved(visit, own)
    return (words_of.stars(visit.here.texts, own.ticket.id),)


def stars(visit: Visit, argument: str) -> Prompts:
    """How well it was done, from one to five."""
    wanted, _, given = argument.partition(":")
    own = _own(visit, wanted)
    if own is None:
        return _unknown(visit)
    rating = int(given) if given in ("1", "2", "3", "4", "5") else None
    if not _done(visit, own.ticket, Deed("rate", complaint.COMPLAINANT, rating=rating)):
        return _moved(visit, own)
    return (prompts.say(visit.here.texts, "track_thanks"),)


def task(action: str) -> Task:
    """What the complainant says to a ticket: ``answer`` the question, ``add`` something, ``reopen`` it."""

    def begin(visit: Visit, wanted: str) -> Begin | Prompts:
        own = _own(visit, wanted)
        if own is None:
            return _unknown(visit)
        about = _about(own, action)
        if not complaint.fits(action, about.status) or (action == "answer" and not about.question):
            return _moved(visit, own)
        if len(tickets.files(visit.conn, visit.agency.id, about.id)) >= FILES:
            return (prompts.say(visit.here.texts, "track_full", ticket=shown(own.ticket.ticket)),)
        question = about.question if action == "answer" else ""
        return Begin({"notice": f"{shown(own.ticket.ticket)}\n{question}"}, own.ticket.id)

    def finish(visit: Visit, draft: Row[Any], answers: Answers) -> Prompts:
        own = _own(visit, draft.subject or "")
        if own is None:
            return _unknown(visit)
        about = _about(own, action)
        if not answers.get("words") and not answers.get("photos"):
            return (prompts.say(visit.here.texts, "track_nothing"), _whole(visit, own))
        said = answers.get("words") or visit.here.texts("track_photos_only")
        deed = Deed(action, complaint.COMPLAINANT, words=said, message_id=answers.get("@words"))
        if not (_done(visit, about, deed) if about is own.ticket else _done_to_other(visit, own, deed)):
            return _moved(visit, own)
        attachments.move(visit.conn, draft, own.ticket.id)
        return (prompts.say(visit.here.texts, f"track_done_{action}", ticket=shown(own.ticket.ticket)),)

    return Task(begin, finish, intake.about)


def _about(own: Own, action: str) -> Any:
    """What is merged goes on in the other ticket: only that can be opened again."""
    return own.main if own.merged and action == "reopen" else own.ticket


def _own(visit: Visit, wanted: str) -> Own | None:
    """The complainant's own ticket with this id or number."""
    conn, agency_id = visit.conn, visit.agency.id
    find: Callable[..., Row[Any] | None] = tickets.by_number if complaint.is_ticket(wanted) else tickets.get
    row = find(conn, agency_id, wanted)
    return _with_main(visit, row) if row is not None and row.respondent == visit.respondent else None


def _with_main(visit: Visit, row: Row[Any]) -> Own:
    main = tickets.get(visit.conn, visit.agency.id, row.merged_into) if row.merged_into else None
    return Own(row, main if main is not None else row)


def _whole(visit: Visit, own: Own) -> Any:
    history = tickets.history(visit.conn, visit.agency.id, own.ticket.id)
    files = tickets.files(visit.conn, visit.agency.id, own.main.id)
    return words_of.whole(visit.here.texts, visit.agency.office, own, history, files)


def _done(visit: Visit, ticket: Any, deed: Deed) -> bool:
    """Do it; False when it does not fit any more."""
    try:
        tickets.act(visit.conn, visit.agency, ticket.id, deed, visit.now)
    except CaseError:
        return False
    return True


def _done_to_other(visit: Visit, own: Own, deed: Deed) -> bool:
    """To the ticket that this one was merged into. Words and photos stay with their own ticket: the complainant of the
    other reads none of it, and taking them back finds them."""
    conn, agency = visit.conn, visit.agency
    for ticket_id in sorted((own.ticket.id, own.main.id)):  # in the order in which a merge locks them
        tickets.get(conn, agency.id, ticket_id, lock=True)
    where = visit.here.texts("track_see", ticket=shown(own.ticket.ticket))
    if not _done(visit, own.main, replace(deed, words=where, message_id=None, follower=True)):
        return False
    tickets.change(conn, agency, own.ticket, replace(deed, action="add"), {}, visit.now)
    return True


def _moved(visit: Visit, own: Own) -> Prompts:
    """It does not fit any more: one sentence, and the ticket as it is."""
    return (prompts.say(visit.here.texts, "track_moved"), _whole(visit, own))


def _unknown(visit: Visit) -> Prompts:
    """Not this person's, or no ticket at all: nobody learns which."""
    keys, agency_id = visit.world.keys, visit.agency.id
    free = attempts.take(visit.conn, keys, agency_id, "track", visit.respondent, GUESSES, visit.now)
    return (prompts.say(visit.here.texts, "track_unknown" if free else "track_wait"),)
