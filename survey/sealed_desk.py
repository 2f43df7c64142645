"""Integrity officers at work on sealed reports: the way in, what they may see, and that every opening is written down.

Every function asks the store again who the officer is, so that whoever was removed a moment ago can do nothing more. A
report from which an officer is excluded is for that officer not there at all.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from survey import audit, permits, sealed
from survey.privacy import Keys
from survey.sealed_case import NOTE, OFFICER, REASONS, REPORTER, CaseError, change, number
from survey.sealed_keys import Sealer
from survey.tables import officers, sealed_links, sealed_reports

LINK_LIVES = timedelta(minutes=10)


class NoAccessError(Exception):
    """Not an integrity officer (any more)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A report in the list: no content. ``waiting``: the reporter spoke last, or nobody has answered yet."""

    id: str
    number: str
    month: str
    status: str
    waiting: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A report that was opened."""

    row: Row[Any]
    content: dict[str, Any]
    messages: list[sealed.Message]
    files: list[sealed.File]


def new_link(conn: Connection, keys: Keys, agency_id: str, officer: str, role: str, now: datetime) -> str:
    """What stands in the address of a one-time link; only its keyed hash is kept. An earlier link of theirs ends."""
    token = secrets.token_urlsafe(32)
    conn.execute(delete(sealed_links).where(sealed_links.c.agency_id == agency_id, sealed_links.c.officer == officer))
    values = {"officer": officer, "role": role, "expires_at": now + LINK_LIVES}
    conn.execute(sealed_links.insert().values(agency_id=agency_id, key=_link_key(keys, agency_id, token), **values))
    return token


def use_link(conn: Connection, keys: Keys, agency_id: str, token: str, now: datetime) -> str:
    """The officer whose link this is; it is used up.

    Raises NoAccessError: used before, run out, forged, or the officer is removed or has another role.
    """
    mine = (sealed_links.c.agency_id == agency_id, sealed_links.c.key == _link_key(keys, agency_id, token))
    used = conn.execute(delete(sealed_links).where(*mine).returning(sealed_links)).first()
    if used is None or used.expires_at <= now or at_work(conn, agency_id, used.officer).role != used.role:
        raise NoAccessError
    officer: str = used.officer
    audit.write(conn, keys, agency_id, officer, "enter", "", now)
    return officer


def at_work(conn: Connection, agency_id: str, officer: str) -> Row[Any]:
    """The integrity officer with this id, as the store has it now. Raises NoAccessError."""
    mine = (officers.c.agency_id == agency_id, officers.c.id == officer, officers.c.removed_on.is_(None))
    row = conn.execute(select(officers).where(*mine).with_for_update(read=True)).first()
    if row is None or not permits.may(row.role, "sealed"):
        raise NoAccessError
    return row


def listing(conn: Connection, sealer: Sealer, agency_id: str, officer: str) -> list[Listed]:
    """The reports that this officer may know of: who waits first, then the newest month.

    Raises NoAccessError, SealedError.
    """
    at_work(conn, agency_id, officer)
    c = sealed_reports.c
    mine = select(sealed_reports).where(c.agency_id == agency_id, c.content.is_not(None))
    last = sealed.last_sides(conn, agency_id)
    rows = conn.execute(mine.order_by(c.month.desc(), c.id)).all()
    found = [
        Listed(row.id, number(row.id), row.month, row.status, last.get(row.id, REPORTER) == REPORTER)
        for row in rows
        if officer not in sealed.excluded(sealer, row)
    ]
    return sorted(found, key=lambda one: not one.waiting)


def report(
    conn: Connection, sealer: Sealer, agency_id: str, officer: str, report_id: str, *, lock: bool = False
) -> Row[Any] | None:
    """A report that this officer may know of. Raises NoAccessError, SealedError."""
    at_work(conn, agency_id, officer)
    row = sealed.get(conn, agency_id, report_id, lock=lock)
    return None if row is None or officer in sealed.excluded(sealer, row) else row


def note_opening(conn: Connection, keys: Keys, row: Row[Any], officer: str, reason: str, now: datetime) -> None:
    """Write down that a report is opened, and why. Raises CaseError without a reason of the list."""
    if reason not in REASONS:
        raise CaseError("กรุณาเลือกเหตุผลที่เปิดอ่าน")
    audit.write(conn, keys, row.agency_id, officer, "open", row.id, now, reason)


def opened(conn: Connection, sealer: Sealer, row: Row[Any]) -> Opened:
    """What a report says. Its opening has been written down. Raises SealedError."""
    said = sealed.messages(conn, sealer, row)
    return Opened(row, sealed.content(sealer, row), said, sealed.files(conn, sealer, row))


def speak(
    conn: Connection,
    keys: Keys,
    sealer: Sealer,
    row: Row[Any],
    officer: str,
    words: str,
    note: bool,
    now: datetime,
    message: str = "",
) -> None:
    """Answer or ask the reporter, or leave a note for the other integrity officers, in a locked report.

    ``message``: its id, so that a form sent twice is said once. Raises CaseError.
    """
    if not words.strip():
        raise CaseError("กรุณาพิมพ์ข้อความก่อน")
    if sealed.say(conn, sealer, row, NOTE if note else OFFICER, words.strip(), now, officer, message):
        audit.write(conn, keys, row.agency_id, officer, "note" if note else "answer", row.id, now)


def move(
    conn: Connection,
    keys: Keys,
    sealer: Sealer,
    row: Row[Any],
    officer: str,
    wanted: tuple[str, str, int],
    now: datetime,
) -> None:
    """Change the status of a locked report: (status, words for the reporter, revision seen). Raises CaseError."""
    status, words, revision = wanted
    if revision != row.revision:
        raise CaseError("มีผู้เปลี่ยนสถานะเรื่องนี้ก่อนแล้ว กรุณาตรวจสถานะปัจจุบันอีกครั้ง")
    sealed.set_status(conn, row, change(row.status, status, words), now)
    if words.strip():
        sealed.say(conn, sealer, row, OFFICER, words.strip(), now, officer)
    audit.write(conn, keys, row.agency_id, officer, "status", row.id, now, status)


def download(
    conn: Connection, keys: Keys, sealer: Sealer, row: Row[Any], officer: str, file_id: str, now: datetime
) -> tuple[sealed.File, bytes] | None:
    """A piece of evidence; the opening is written down first. Raises SealedError."""
    wanted = next((one for one in sealed.files(conn, sealer, row) if one.id == file_id), None)
    content = sealed.file_content(conn, sealer, row, file_id) if wanted else None
    if wanted is None or content is None:
        return None
    audit.write(conn, keys, row.agency_id, officer, "file", file_id, now)
    return wanted, content


def who_may_know(conn: Connection, sealer: Sealer, row: Row[Any]) -> Sequence[str]:
    """The integrity officers of now who are not excluded. Raises SealedError."""
    without = sealed.excluded(sealer, row)
    return [reader.id for reader in sealed.readers(conn, row.agency_id) if reader.id not in without]


def _link_key(keys: Keys, agency_id: str, token: str) -> str:
    return keys.mac("sealed-link", agency_id, token)
