"""What is told when a complaint changes: queued in the transaction that changes it, by ids only.

An urgent ticket alerts at once who works on its department, and the department's LINE group; the others wait for the
morning digest. A question goes to the complainant, an outcome also to everybody whose ticket was merged into this one.
Who cannot be reached in LINE stands on the list of those to call.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from survey import alerts_who, complaint, groups, officers, outbox
from survey.alerts_who import Officer
from survey.budget import ALERT, TELL
from survey.settings import Agency
from survey.tables import complaints

_OF_OFFICERS = ("receive", "forward", "sort", "reopen", "release")
_COMES_BACK = ("forward", "reopen", "release")
_OUTCOMES = ("resolve", "reject")
_C = complaints.c


def queue(conn: Connection, agency: Agency, ticket: Row[Any], change: Row[Any], now: datetime) -> None:
    """The effect of a change (``survey.complaint_effects``)."""
    if change.action in _OF_OFFICERS and ticket.urgent and ticket.status in complaint.OPEN:
        _alert(conn, agency, ticket, change, now)
    elif change.action == "ask" or change.action in _OUTCOMES:
        _tell(conn, agency, ticket, change, now)
    elif change.action == "erase":
        outbox.forget(conn, agency.id, TELL, "complaint", ticket.id)


def staff(conn: Connection, agency_id: str) -> list[Officer]:
    """Who works here now, in order of joining."""
    return [Officer(row.id, row.role, tuple(row.departments)) for row in officers.listing(conn, agency_id)]


def restricted(agency: Agency, category: str) -> bool:
    return agency.office.rules.category(category).restricted


def _alert(conn: Connection, agency: Agency, ticket: Row[Any], change: Row[Any], now: datetime) -> None:
    """Once for each reader when it comes to the department, and each time it comes back."""
    came = change.action in _COMES_BACK
    key = f"{ticket.id}:{change.number if came else ticket.department}"
    payload = {"complaint": ticket.id}
    hidden = restricted(agency, ticket.category)
    for officer in alerts_who.working_on(staff(conn, agency.id), ticket.officer, ticket.department, hidden):
        if officer.id != change.officer:  # knows it already
            outbox.put(
                conn, agency.id, ALERT, officer.id, f"{key}:{officer.id}", payload | {"officer": officer.id}, now
            )
    for group in () if hidden else groups.linked(conn, agency.id):
        if group.department == ticket.department:
            lane = group_lane(group.id)
            outbox.put(conn, agency.id, ALERT, lane, f"{key}:{group.id}", payload | {"group": group.id}, now)


def _tell(conn: Connection, agency: Agency, ticket: Row[Any], change: Row[Any], now: datetime) -> None:
    for row in _followers(conn, agency.id, ticket.id):
        merged = row.id != ticket.id
        if merged and change.action == "ask":
            continue  # the answer stands in the other ticket, for its own complainant to read
        if merged:
            delivery = {"line": "waiting", "phone": "call"}.get(row.tell_by, "none")
            mine = (_C.agency_id == agency.id, _C.id == row.id)
            conn.execute(update(complaints).where(*mine).values(delivery=delivery, revision=_C.revision + 1))
        if row.tell_by == "line":
            payload = {"complaint": row.id, "update": change.id}
            lane = row.respondent or row.id
            outbox.put(conn, agency.id, TELL, lane, f"{row.id}:{change.id}", payload, now)


def _followers(conn: Connection, agency_id: str, complaint_id: str) -> Sequence[Row[Any]]:
    mine = (_C.agency_id == agency_id, (_C.id == complaint_id) | (_C.merged_into == complaint_id))
    return conn.execute(select(complaints).where(*mine).order_by(_C.received_at, _C.id).with_for_update()).all()


def group_lane(group_id: str) -> str:
    return f"group:{group_id}"
