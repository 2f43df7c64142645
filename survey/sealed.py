"""Sealed reports in the store: file one, find it by its receipt, talk about it, count. Content only ever encrypted.

Nothing here knows who reports: no account, no address, no hour. The receipt code is derived from the form's own random
nonce, so that a form sent twice is one report with one code; of the code only a keyed hash is kept.
"""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from survey import db, officers, permits, sealed_receipt, thai
from survey.privacy import Keys, random_id
from survey.sealed_case import CLOSED, RECEIVED, Told
from survey.sealed_keys import Sealer
from survey.tables import sealed_files, sealed_messages, sealed_reports

REPORT, EXCLUDED = "report", "excluded"
READERS = 2  # integrity officers that must exist before a report is taken


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a report, opened. ``side``: reporter, officer, note; ``officer``: who, if one did."""

    number: int
    side: str
    words: str
    day: date
    officer: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A piece of evidence without its bytes."""

    id: str
    name: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file to be kept: photos already without metadata."""

    name: str
    content_type: str
    content: bytes


def readers(conn: Connection, agency_id: str) -> Sequence[Row[Any]]:
    """The integrity officers of now."""
    return [row for row in officers.listing(conn, agency_id) if permits.may(row.role, "sealed")]


def file(
    conn: Connection,
    keys: Keys,
    sealer: Sealer,
    agency_id: str,
    nonce: str,
    told: Told,
    excluded: Iterable[str],
    now: datetime,
) -> tuple[str, bool]:
    """Keep a report: its receipt code, and whether it is new; the same ``nonce`` again: the first one's code."""
    report = report_id(keys, agency_id, nonce)
    for attempt in count():
        code = _code(keys, agency_id, nonce, attempt)
        values = {"id": report, "receipt": receipt_hash(keys, agency_id, code)}
        if _insert(conn, sealer, agency_id, values, asdict(told), excluded, now):
            return code, True
        row = get(conn, agency_id, report)
        if row is not None and row.receipt == values["receipt"]:
            return code, False
    raise AssertionError("the codes never end")


def report_id(keys: Keys, agency_id: str, nonce: str) -> str:
    """The id of the report that comes of a form."""
    return keys.mac("sealed-report", agency_id, nonce)[:22]


def move_in(
    conn: Connection,
    sealer: Sealer,
    agency_id: str,
    content: Mapping[str, Any],
    excluded: Iterable[str],
    received: datetime,
) -> str:
    """Keep a case that came in otherwise, without a receipt; its id."""
    report = random_id()
    _insert(conn, sealer, agency_id, {"id": report, "receipt": None}, content, excluded, received)
    return report


def _insert(
    conn: Connection,
    sealer: Sealer,
    agency_id: str,
    values: Mapping[str, Any],
    content: Mapping[str, Any],
    excluded: Iterable[str],
    now: datetime,
) -> bool:
    report, today = values["id"], thai.bangkok_date(now)
    row = {
        **values,
        "agency_id": agency_id,
        "status": RECEIVED,
        "month": f"{today:%Y-%m}",
        "content": _sealed(sealer, report, REPORT, {**content, "day": today.isoformat()}),
        "excluded": _sealed(sealer, report, EXCLUDED, sorted(excluded)),
        "contactable": bool(content.get("reach")),
    }
    stmt = db.insert(conn, sealed_reports).values(**row).on_conflict_do_nothing()
    return conn.execute(stmt.returning(sealed_reports.c.id)).first() is not None


def receipt_hash(keys: Keys, agency_id: str, code: str) -> str:
    """What is kept of a receipt code."""
    return keys.mac("sealed-receipt", agency_id, code)


def by_receipt(conn: Connection, keys: Keys, agency_id: str, code: str) -> str | None:
    """The id of the report with this code."""
    mine = (sealed_reports.c.agency_id == agency_id, sealed_reports.c.receipt == receipt_hash(keys, agency_id, code))
    return conn.scalar(select(sealed_reports.c.id).where(*mine))


def get(conn: Connection, agency_id: str, report: str, *, lock: bool = False) -> Row[Any] | None:
    """A report that still has its content."""
    mine = (sealed_reports.c.agency_id == agency_id, sealed_reports.c.id == report)
    stmt = select(sealed_reports).where(*mine, sealed_reports.c.content.is_not(None))
    return conn.execute(stmt.with_for_update() if lock else stmt).first()


def content(sealer: Sealer, row: Row[Any]) -> dict[str, Any]:
    """What was reported, and ``day``. Raises SealedError."""
    found: dict[str, Any] = json.loads(sealer.open(row.id, REPORT, row.content))
    return found


def excluded(sealer: Sealer, row: Row[Any]) -> frozenset[str]:
    """The officers who may not know of it. Raises SealedError."""
    return frozenset(json.loads(sealer.open(row.id, EXCLUDED, row.excluded)))


def say(
    conn: Connection,
    sealer: Sealer,
    row: Row[Any],
    side: str,
    words: str,
    now: datetime,
    officer: str = "",
    message: str = "",
) -> bool:
    """Add a message to a locked report; False when ``message``, its id, was added before."""
    mine = (sealed_messages.c.agency_id == row.agency_id, sealed_messages.c.report == row.id)
    number = (conn.scalar(select(func.max(sealed_messages.c.number)).where(*mine)) or 0) + 1
    message, day = message or random_id(), thai.bangkok_date(now).isoformat()
    body = _sealed(sealer, row.id, f"message/{message}", {"words": words, "day": day, "officer": officer})
    values = {"id": message, "report": row.id, "number": number, "side": side, "content": body}
    stmt = db.insert(conn, sealed_messages).values(agency_id=row.agency_id, **values).on_conflict_do_nothing()
    return conn.execute(stmt.returning(sealed_messages.c.id)).first() is not None


def messages(conn: Connection, sealer: Sealer, row: Row[Any]) -> list[Message]:
    """What was said, in order. Raises SealedError."""
    mine = (sealed_messages.c.agency_id == row.agency_id, sealed_messages.c.report == row.id)
    found = []
    for kept in conn.execute(select(sealed_messages).where(*mine).order_by(sealed_messages.c.number)):
        said = json.loads(sealer.open(row.id, f"message/{kept.id}", kept.content))
        day = date.fromisoformat(said["day"])
        found.append(Message(kept.number, kept.side, said["words"], day, said["officer"]))
    return found


def set_status(conn: Connection, row: Row[Any], status: str, now: datetime) -> None:
    """Change the status of a locked report; closing it notes the month."""
    mine = (sealed_reports.c.agency_id == row.agency_id, sealed_reports.c.id == row.id)
    closed = f"{thai.bangkok_date(now):%Y-%m}" if status in CLOSED else None
    values = {"status": status, "closed_month": closed, "revision": sealed_reports.c.revision + 1}
    conn.execute(update(sealed_reports).where(*mine).values(**values))


def last_sides(conn: Connection, agency_id: str) -> dict[str, str]:
    """Report -> who spoke last, notes aside."""
    c = sealed_messages.c
    rows = conn.execute(select(c.report, c.side).where(c.agency_id == agency_id, c.side != "note").order_by(c.number))
    return {row.report: row.side for row in rows}


def sealed_file(sealer: Sealer, report: str, evidence: Evidence, name: str = "") -> dict[str, Any]:
    """The row of a piece of evidence, encrypted before the transaction in which it is kept. ``name``: its id."""
    name = name or random_id()
    label = {"name": evidence.name, "type": evidence.content_type, "size": len(evidence.content)}
    return {
        "id": name,
        "report": report,
        "label": _sealed(sealer, report, f"label/{name}", label),
        "content": sealer.seal(report, f"file/{name}", evidence.content),
    }


def keep_files(conn: Connection, agency_id: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep evidence; what is there already is left as it is."""
    for row in rows:
        conn.execute(db.insert(conn, sealed_files).values(agency_id=agency_id, **row).on_conflict_do_nothing())


def files(conn: Connection, sealer: Sealer, row: Row[Any]) -> list[File]:
    """Its evidence, by name. Raises SealedError."""
    c = sealed_files.c
    found = []
    for kept in conn.execute(select(c.id, c.label).where(c.agency_id == row.agency_id, c.report == row.id)):
        label = json.loads(sealer.open(row.id, f"label/{kept.id}", kept.label))
        found.append(File(kept.id, label["name"], label["type"], label["size"]))
    return sorted(found, key=lambda one: (one.name, one.id))


def file_content(conn: Connection, sealer: Sealer, row: Row[Any], file_id: str) -> bytes | None:
    """The bytes of a piece of this report's evidence. Raises SealedError."""
    c = sealed_files.c
    mine = (c.agency_id == row.agency_id, c.report == row.id, c.id == file_id)
    kept = conn.scalar(select(c.content).where(*mine))
    return None if kept is None else sealer.open(row.id, f"file/{file_id}", kept)


def _code(keys: Keys, agency_id: str, nonce: str, attempt: int) -> str:
    drawn = keys.mac("sealed-code", agency_id, nonce, str(attempt))
    return sealed_receipt.code(int.from_bytes(base64.urlsafe_b64decode(drawn + "=")) % sealed_receipt.CODES)


def _sealed(sealer: Sealer, report: str, place: str, value: object) -> bytes:
    return sealer.seal(report, place, json.dumps(value, ensure_ascii=False).encode())
