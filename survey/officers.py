"""Who works here: joined by a one-time code sent in the chat, removed at once everywhere."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from survey import thai
from survey.privacy import Keys
from survey.tables import drafts, invites, officers

ROLES = ("viewer", "officer", "integrity", "admin")
INVITE_DAYS = 7
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that looks like something else


class OfficerError(ValueError):
    """The officer cannot be invited or removed as asked. The message is for an operator."""


def invite(
    conn: Connection, keys: Keys, agency_id: str, role: str, name: str, departments: Sequence[str], now: datetime
) -> str:
    """A one-time code like ``K7MQ-4XTB``, good for a week; only its keyed hash is stored. Raises OfficerError."""
    if role not in ROLES:
        raise OfficerError(f"role {role!r} is not one of {', '.join(ROLES)}")
    code = new_code()
    row: dict[str, object] = {"role": role, "name": name, "departments": list(departments)}
    until = now + timedelta(days=INVITE_DAYS)
    conn.execute(
        invites.insert().values(agency_id=agency_id, code=keys.invite(agency_id, code), expires_at=until, **row)
    )
    return code


def new_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def redeem(
    conn: Connection, keys: Keys, agency_id: str, code: str, respondent: str, contact: bytes, now: datetime
) -> str | None:
    """Register the account that sent a valid code and use the code up; its role, or None."""
    mine = (invites.c.agency_id == agency_id, invites.c.code == keys.invite(agency_id, code))
    valid = (*mine, invites.c.role.in_(ROLES), invites.c.expires_at > now)
    used = conn.execute(delete(invites).where(*valid).returning(invites)).first()
    if used is None:
        return None
    values = {
        "agency_id": agency_id,
        "id": secrets.token_hex(6),
        "respondent": respondent,
        "contact": contact,
        "role": used.role,
        "name": used.name,
        "departments": used.departments,
        "joined_on": thai.bangkok_date(now),
    }
    conn.execute(officers.insert().values(**values))
    return str(used.role)


def of(conn: Connection, agency_id: str, respondent: str) -> Row[Any] | None:
    """The officer behind an account; None for a resident."""
    mine = (officers.c.agency_id == agency_id, officers.c.respondent == respondent)
    return conn.execute(select(officers).where(*mine, officers.c.removed_on.is_(None))).first()


def listing(conn: Connection, agency_id: str) -> Sequence[Row[Any]]:
    """The officers of now, in order of joining."""
    mine = select(officers).where(officers.c.agency_id == agency_id, officers.c.removed_on.is_(None))
    return conn.execute(mine.order_by(officers.c.joined_on, officers.c.id)).all()


def remove(conn: Connection, agency_id: str, officer_id: str, today: date) -> None:
    """End an officer's rights at once; the contact goes, and what was being filled in. Raises OfficerError."""
    mine = (officers.c.agency_id == agency_id, officers.c.id == officer_id, officers.c.removed_on.is_(None))
    gone = update(officers).where(*mine).values(removed_on=today, contact=b"", respondent=f"removed:{officer_id}")
    if conn.execute(gone.returning(officers.c.id)).first() is None:
        raise OfficerError(f"there is no officer {officer_id!r}; see: siang officer list")
    helped = (drafts.c.agency_id == agency_id, drafts.c.assisted_by == officer_id, drafts.c.status != "closed")
    conn.execute(delete(drafts).where(*helped))


def forget_expired(conn: Connection, agency_id: str, now: datetime) -> None:
    """Codes that were never used."""
    conn.execute(delete(invites).where(invites.c.agency_id == agency_id, invites.c.expires_at <= now))


def admins(conn: Connection, agency_id: str) -> Sequence[Row[Any]]:
    """Who is told when something stops."""
    return [row for row in listing(conn, agency_id) if row.role == "admin"]
