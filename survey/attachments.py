"""Photos and voice messages in the store: expected with the answer, fetched after the commit, kept with the ticket.

A file is a row from the first moment: ``waiting`` with LINE's message id until its content is there, then ``ready``, or
``refused``. The web process fetches it at once; a row of the outbox makes a worker do it when that process died. Files
whose message is no longer among a draft's answers go when the draft becomes a ticket, all of them when it is dropped.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, select, update

from survey import db, outbox, photos, thai
from survey.events import Attached, Prompt
from survey.privacy import random_id
from survey.tables import complaint_files, drafts, respondents

FETCH = "fetch"
"""Kind of the outbox row; the file's id is in its payload."""
FETCH_AFTER = timedelta(seconds=90)  # the web process has tried by then
GONE, WRONG, LARGE = "gone", "wrong", "large"
"""Why a file is refused: LINE has it no more, it is no picture or sound, it is too large."""

_F = complaint_files.c


def expect(conn: Connection, draft: Row[Any], file: Attached, now: datetime) -> Prompt:
    """Remember a file that is to be fetched; the prompt that says so to the shell."""
    values = {
        "agency_id": draft.agency_id,
        "id": random_id(),
        "draft": draft.id,
        "kind": "voice" if file.kind == "audio" else "photo",
        "status": "waiting",
        "source": file.source,
        "message_id": file.message_id,
        "seconds": file.seconds,
        "added_on": thai.bangkok_date(now),
    }
    conn.execute(complaint_files.insert().values(**values))
    payload = {"file": values["id"]}
    outbox.put(conn, draft.agency_id, FETCH, f"file:{values['id']}", values["id"], payload, now + FETCH_AFTER)
    return Prompt("fetch", values["id"])


def waiting(conn: Connection, agency_id: str, file_id: str) -> Row[Any] | None:
    """A file that has not been fetched yet."""
    wanted: Select[Any] = select(_F.id, _F.kind, _F.source).where(_F.agency_id == agency_id, _F.id == file_id)
    return conn.execute(wanted.where(_F.status == "waiting")).first()


def keep(conn: Connection, agency_id: str, file_id: str, content: bytes, content_type: str) -> bool:
    """The file is there; False when somebody else was quicker, or when it was taken back meanwhile."""
    values = {"status": "ready", "source": "", "content": content, "content_type": content_type}
    return conn.execute(_settled(agency_id, file_id, values)).first() is not None


def refuse(conn: Connection, agency_id: str, file_id: str) -> Row[Any] | None:
    """The file cannot be had: its content will never come, and the answer goes that it was; None when it is settled."""
    mine = select(drafts.c.respondent).where(drafts.c.agency_id == agency_id, drafts.c.id == _F.draft)
    who = conn.scalar(select(mine.scalar_subquery()).where(_F.agency_id == agency_id, _F.id == file_id))
    if who is not None:  # locked first, as with every event
        db.lock_row(conn, respondents, respondents.c.agency_id == agency_id, respondents.c.key == who)
    row = conn.execute(_settled(agency_id, file_id, {"status": "refused", "source": ""})).first()
    if row is not None and row.draft is not None:
        this = (drafts.c.agency_id == agency_id, drafts.c.id == row.draft)
        for draft in conn.execute(select(drafts).where(*this)).all():
            answers = _without(draft.answers, row.message_id)
            conn.execute(update(drafts).where(*this).values(answers=answers))
    return row


def move(conn: Connection, draft: Row[Any], complaint_id: str) -> None:
    """What a draft has gathered becomes the ticket's."""
    mine = (_F.agency_id == draft.agency_id, _F.draft == draft.id)
    conn.execute(update(complaint_files).where(*mine).values(complaint=complaint_id, draft=None))


def keep_only(conn: Connection, draft: Row[Any], answers: Mapping[str, str | None]) -> None:
    """Let go the files of a draft whose messages are no longer among its answers."""
    named = [name for value in answers.values() for name in photos.ids(value)]
    mine = (_F.agency_id == draft.agency_id, _F.draft == draft.id)
    conn.execute(delete(complaint_files).where(*mine, _F.message_id.not_in(named)))


def let_go(conn: Connection, draft: Row[Any], answers: Mapping[str, str | None]) -> None:
    """Delete the files that the draft's answers had and ``answers`` have no more: nobody stores by choosing again."""
    if not _files(draft.answers) <= _files(answers):
        keep_only(conn, draft, answers)


def drop(conn: Connection, draft: Row[Any]) -> None:
    """The files of a draft go with it."""
    conn.execute(delete(complaint_files).where(_F.agency_id == draft.agency_id, _F.draft == draft.id))


def take_back(conn: Connection, agency_id: str, message_id: str) -> list[str]:
    """Delete what came with a message that was unsent; the tickets it belonged to."""
    gone = delete(complaint_files).where(_F.agency_id == agency_id, _F.message_id == message_id)
    return [row.complaint for row in conn.execute(gone.returning(_F.complaint)) if row.complaint]


def _files(answers: Mapping[str, str | None]) -> set[str]:
    """The messages that may be files: the photos, and what marks an answer that was typed or spoken."""
    named = {name: value for name, value in answers.items() if name[:1] == "@" or name.lstrip("+") == "photos"}
    return {message for value in named.values() for message in photos.ids(value)}


def _settled(agency_id: str, file_id: str, values: dict[str, Any]) -> Any:
    """The end of waiting, once."""
    mine = update(complaint_files).where(_F.agency_id == agency_id, _F.id == file_id, _F.status == "waiting")
    return mine.values(**values).returning(_F.id, _F.kind, _F.draft, _F.message_id)


def _without(answers: Mapping[str, str | None], message_id: str) -> dict[str, str | None]:
    """The answers without what came with this message."""
    spoken = {name[1:] for name, value in answers.items() if name[:1] == "@" and value == message_id}
    kept = {name: value for name, value in answers.items() if name.lstrip("@") not in spoken}
    return {n: photos.without(v, message_id) or None if message_id in photos.ids(v) else v for n, v in kept.items()}
