"""What is kept of a closed complaint, and for how long: the agency's rules say, the worker does it once a day.

First the link goes: who the complainant is and how to reach them; then photos and voice. The masked case and its
history stay, because the register must. Everything may be repeated.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, delete, exists, or_, select, update

from survey import complaint, db, thai, tickets
from survey.complaint import Deed
from survey.settings import Agency
from survey.tables import complaint_files, complaint_updates, complaints, drafts

AT_ONCE = 50  # in one transaction, so that nobody waits for it
UNFILED = timedelta(days=2)
_C, _F = complaints.c, complaint_files.c


def cut_links(engine: Engine, agency: Agency, now: datetime) -> list[str]:
    """Forget the complainants of tickets closed so long ago; the tickets' ids."""
    before = thai.bangkok_date(now) - timedelta(days=agency.office.rules.link_days)
    done: list[str] = []
    while True:
        with db.write(engine) as conn:
            rows = _linked(conn, agency.id, before)
            for row in rows:
                _cut(conn, agency, row, now)
        done += [row.id for row in rows]
        if len(rows) < AT_ONCE:
            return done


def drop_files(engine: Engine, agency: Agency, now: datetime) -> list[str]:
    """Delete photos and voice of tickets closed so long ago, and of drafts that came to nothing; the files' ids."""
    today = thai.bangkok_date(now)
    before = today - timedelta(days=agency.office.rules.photo_days)
    closed = exists().where(_C.agency_id == agency.id, _C.id == _F.complaint, _C.closed_on < before)
    draft = exists().where(drafts.c.agency_id == agency.id, drafts.c.id == _F.draft)
    unfiled = and_(_F.complaint.is_(None), _F.added_on < today - UNFILED, ~draft)
    with db.write(engine) as conn:
        gone = delete(complaint_files).where(_F.agency_id == agency.id, or_(closed, unfiled))
        return list(conn.scalars(gone.returning(_F.id)))


def _linked(conn: Connection, agency_id: str, before: date) -> Sequence[Row[Any]]:
    """Tickets closed before this day that still lead to a person. One merged lasts as long as the one it is part of."""
    main = complaints.alias("main")
    lasts = or_(main.c.status.in_(complaint.OPEN), main.c.closed_on >= before)
    still = exists().where(main.c.agency_id == agency_id, main.c.id == _C.merged_into, lasts)
    leads = or_(_C.respondent.is_not(None), _C.contact.is_not(None), _C.phone.is_not(None))
    where = (_C.agency_id == agency_id, _C.status.in_(complaint.CLOSED), _C.closed_on < before, leads, ~still)
    return conn.execute(select(complaints).where(*where).order_by(_C.id).limit(AT_ONCE).with_for_update()).all()


def _cut(conn: Connection, agency: Agency, row: Row[Any], now: datetime) -> None:
    nothing = {"respondent": None, "contact": None, "phone": None, "message_id": None, "tell_by": "none"}
    never = {"delivery": "none"} if row.delivery in ("waiting", "call") else {}
    tickets.change(conn, agency, row, Deed("forget", complaint.SYSTEM), nothing | never, now)
    mine = (complaint_updates.c.agency_id == agency.id, complaint_updates.c.complaint == row.id)
    conn.execute(update(complaint_updates).where(*mine).values(message_id=None))
