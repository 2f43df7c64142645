"""LINE groups in which a department hears of its complaints: linked by a code that an admin asked for, typed there.

The group's id is kept as a keyed hash, to find it by, and encrypted, to push to it.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from survey import db, officers, thai
from survey.privacy import Keys
from survey.tables import complaint_groups, invites

INVITE = "group"
"""The role of a code that links a group; no person can join with it."""
CODE_DAYS = 1
_G = complaint_groups.c


def new_code(conn: Connection, keys: Keys, agency_id: str, department: str, now: datetime) -> str:
    """A one-time code that links the group in which it is typed to a department; good for a day."""
    code = officers.new_code()
    values = {
        "agency_id": agency_id,
        "code": keys.invite(agency_id, code),
        "role": INVITE,
        "name": "",
        "departments": [department],
        "expires_at": now + timedelta(days=CODE_DAYS),
    }
    conn.execute(invites.insert().values(**values))
    return code


def meant(conn: Connection, keys: Keys, agency_id: str, code: str, now: datetime) -> str | None:
    """The department that a valid code stands for, the code left as it is; None: it is no code of ours."""
    row = conn.execute(select(invites.c.departments).where(*_valid(keys, agency_id, code, now))).first()
    return str(row.departments[0]) if row else None


def link(
    conn: Connection, keys: Keys, agency_id: str, code: str, key: str, contact: bytes, now: datetime
) -> str | None:
    """Use the code up and link the group, which leaves the department it had; the new department, or None."""
    used = delete(invites).where(*_valid(keys, agency_id, code, now)).returning(invites.c.departments)
    row = conn.execute(used).first()
    if row is None:
        return None
    unlink(conn, agency_id, key, now)
    values = {
        "agency_id": agency_id,
        "id": secrets.token_hex(6),
        "key": key,
        "contact": contact,
        "department": row.departments[0],
        "linked_on": thai.bangkok_date(now),
    }
    conn.execute(db.insert(conn, complaint_groups).values(**values).on_conflict_do_nothing())
    return str(row.departments[0])


def unlink(conn: Connection, agency_id: str, key: str, now: datetime) -> bool:
    """Tell this group nothing more, and forget how to reach it; False when it was not linked."""
    return _end(conn, now, _G.agency_id == agency_id, _G.key == key)


def remove(conn: Connection, agency_id: str, group_id: str, now: datetime) -> bool:
    """The same by our own id of the group."""
    return _end(conn, now, _G.agency_id == agency_id, _G.id == group_id)


def linked(conn: Connection, agency_id: str) -> Sequence[Row[Any]]:
    """The groups of now, by department."""
    mine = (_G.agency_id == agency_id, _G.removed_on.is_(None))
    return conn.execute(select(complaint_groups).where(*mine).order_by(_G.department, _G.id)).all()


def get(conn: Connection, agency_id: str, group_id: str) -> Row[Any] | None:
    """A linked group by our own id."""
    mine = (_G.agency_id == agency_id, _G.id == group_id, _G.removed_on.is_(None))
    return conn.execute(select(complaint_groups).where(*mine)).first()


def counted(conn: Connection, agency_id: str, group_id: str, members: int) -> None:
    """Remember how many people LINE counts in the group."""
    conn.execute(update(complaint_groups).where(_G.agency_id == agency_id, _G.id == group_id).values(members=members))


def _end(conn: Connection, now: datetime, *where: Any) -> bool:
    gone = update(complaint_groups).where(*where, _G.removed_on.is_(None))
    gone = gone.values(removed_on=thai.bangkok_date(now), contact=b"")
    return conn.execute(gone.returning(_G.id)).first() is not None


def _valid(keys: Keys, agency_id: str, code: str, now: datetime) -> tuple[Any, ...]:
    mine = (invites.c.agency_id == agency_id, invites.c.code == keys.invite(agency_id, code))
    return *mine, invites.c.role == INVITE, invites.c.expires_at > now
