"""Drafts in the store: what somebody is answering right now, under a pseudonym, until it is filed."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Row, bindparam, delete, select, update

from survey import db, photos, rounds, thai
from survey.library import Library
from survey.privacy import Keys
from survey.tables import complaint_files, drafts, participation

# Built once: with every answer, building them took longer than running them.
_SAVE = update(drafts).where(drafts.c.agency_id == bindparam("of_agency"), drafts.c.id == bindparam("this"))
_UNFINISHED = select(drafts).where(
    drafts.c.agency_id == bindparam("agency"),
    drafts.c.respondent == bindparam("by"),
    drafts.c.round_id == bindparam("round"),
    drafts.c.status != "closed",
)
_TOOK_PART = select(1).where(
    participation.c.agency_id == bindparam("agency"),
    participation.c.round_id == bindparam("round"),
    participation.c.key == bindparam("part"),
)


def new_id() -> str:
    return secrets.token_urlsafe(9)


def begin(conn: Connection, values: dict[str, Any]) -> bool:
    """Start a draft; False when the respondent has an unfinished one in that round."""
    return conn.execute(_begin(db.is_sqlite(conn)), values).first() is not None


@cache
def _begin(on_sqlite: bool) -> Executable:
    return db.insert_for(on_sqlite, drafts).on_conflict_do_nothing().returning(drafts.c.id)


def save(conn: Connection, row: Row[Any], answers: dict[str, str | None], status: str, now: datetime) -> None:
    """Store the answers and status of a draft; closing it sets the day, in Bangkok. A closed one keeps its day."""
    values: dict[str, Any] = {"answers": answers, "status": status, "touched_at": now, "completed_on": None}
    if status == "closed":
        values["completed_on"] = row.completed_on or rounds.day_in(conn, row, thai.bangkok_date(now))
    conn.execute(_SAVE, {"of_agency": row.agency_id, "this": row.id, **values})


def settle(conn: Connection, library: Library, keys: Keys, row: Row[Any], now: datetime) -> None:
    """Another draft takes this one's place: complete answers count as sent, others go."""
    if library.get(row.instrument_id, row.instrument_version).sendable(row.answers):
        save(conn, row, dict(row.answers), "closed", now)
    else:
        drop(conn, keys, row)


def unfinished(conn: Connection, agency_id: str, respondent: str, round_id: str) -> Row[Any] | None:
    return conn.execute(_UNFINISHED, {"agency": agency_id, "by": respondent, "round": round_id}).first()


def holding(conn: Connection, agency_id: str, respondent: str, message_id: str) -> Row[Any] | None:
    """The respondent's draft, also one that waits to be filed, with an answer typed in that message."""
    mine = (drafts.c.agency_id == agency_id, drafts.c.respondent == respondent)
    rows = conn.execute(select(drafts).where(*mine)).all()
    return next((row for row in rows if _holds(row.answers, message_id)), None)


def _holds(answers: Mapping[str, str | None], message_id: str) -> bool:
    return any(message_id in photos.ids(value) for value in answers.values())


def drop(conn: Connection, keys: Keys, row: Row[Any]) -> None:
    """Delete a draft with its photos and voice, and that its respondent took part."""
    files = (complaint_files.c.agency_id == row.agency_id, complaint_files.c.draft == row.id)
    conn.execute(delete(complaint_files).where(*files))
    conn.execute(delete(drafts).where(*_this(row)))
    key = participation_key(conn, keys, row.agency_id, row.round_id, seat_parts(row), row.respondent)
    if key is not None and "notice" in row.answers and not row.assisted_by:
        mine = (participation.c.agency_id == row.agency_id, participation.c.round_id == row.round_id)
        conn.execute(delete(participation).where(*mine, participation.c.key == key))


def erase(conn: Connection, keys: Keys, agency_id: str, respondent: str, *, unfinished_only: bool = False) -> int:
    """``ลบข้อมูล``: every draft of the respondent, sent but not yet filed ones too; how many there were."""
    mine = [drafts.c.agency_id == agency_id, drafts.c.respondent == respondent]
    if unfinished_only:
        mine.append(drafts.c.status != "closed")
    rows = conn.execute(select(drafts).where(*mine).with_for_update()).all()
    for row in rows:
        drop(conn, keys, row)
    return len(rows)


def take_part(conn: Connection, keys: Keys, row: Row[Any]) -> bool:
    """Remember that the respondent takes part; False when that seat is taken. Assisted: each one is fresh."""
    if row.assisted_by:
        return True
    key = participation_key(conn, keys, row.agency_id, row.round_id, seat_parts(row), row.respondent)
    if key is None:
        return False
    values = {"agency_id": row.agency_id, "round_id": row.round_id, "key": key}
    return conn.execute(_take_part(db.is_sqlite(conn)), values).first() is not None


@cache
def _take_part(on_sqlite: bool) -> Executable:
    return db.insert_for(on_sqlite, participation).on_conflict_do_nothing().returning(participation.c.key)


def took_part(conn: Connection, keys: Keys, agency_id: str, round_id: str, parts: list[str], respondent: str) -> bool:
    key = participation_key(conn, keys, agency_id, round_id, parts, respondent)
    return conn.execute(_TOOK_PART, {"agency": agency_id, "round": round_id, "part": key}).first() is not None


def seat_parts(row: Row[Any]) -> list[str]:
    """What makes one participation differ from another of the same account: the seat, or the point and day."""
    if row.service_point is not None:
        return ["point", row.service_point, row.begun_on.isoformat()]
    return ["seat", str(row.seat)]


def participation_key(
    conn: Connection, keys: Keys, agency_id: str, round_id: str, parts: list[str], respondent: str
) -> str | None:
    """None when the round is closed: its secret is gone, and so is the way to say who took part."""
    row = rounds.get(conn, agency_id, round_id)
    if row is None or row.secret is None:
        return None
    return keys.participation(row.secret, respondent, *parts)


def _this(row: Row[Any]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return drafts.c.agency_id == row.agency_id, drafts.c.id == row.id
