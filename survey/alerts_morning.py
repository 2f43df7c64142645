"""The working mornings of an agency: whose each open ticket is today, and who has something to hear.

In a department with a linked group, what nobody has taken on is the group's to hear, not its officers' one by one.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from survey import alerts, alerts_who, complaint, groups, outbox, thai, workdays
from survey.budget import DIGEST
from survey.morning import Days, Morning, Work, digest
from survey.settings import Agency
from survey.tables import complaint_updates, complaints

_FROM_COMPLAINANT = ("answer", "add", "reopen")


def queue(conn: Connection, agency: Agency, now: datetime) -> int:
    """Queue a digest for each officer and group that has something to hear today; how many."""
    today = thai.bangkok_date(now)
    mornings = Mornings(conn, agency, today)
    readers = [("officer", one.id, one.id) for one in mornings.staff]
    readers += [("group", group_id, alerts.group_lane(group_id)) for group_id in mornings.groups]
    queued = 0
    for name, reader, lane in readers:
        if mornings.of(name, reader).says_something:
            payload = {name: reader, "day": today.isoformat()}
            queued += outbox.put(conn, agency.id, DIGEST, lane, f"{reader}:{today}", payload, now)
    return queued


class Mornings:
    """What everybody would be told on a day."""

    def __init__(self, conn: Connection, agency: Agency, today: date) -> None:
        rules = agency.office.rules
        self.agency = agency
        self.days = Days(workdays.before(today, rules), today, workdays.after(today, rules), rules.near_days)
        self.staff = alerts.staff(conn, agency.id)
        self.groups = {row.id: str(row.department) for row in groups.linked(conn, agency.id)}
        open_ = (complaints.c.agency_id == agency.id, complaints.c.status.in_(complaint.OPEN))
        self.tickets = conn.execute(select(complaints).where(*open_)).all()
        u = complaint_updates.c
        since = (u.agency_id == agency.id, u.at >= workdays.digest_on(self.days.last, rules))
        wrote = (u.by == complaint.COMPLAINANT, u.action.in_(_FROM_COMPLAINANT))
        self.heard = set(conn.scalars(select(u.complaint).where(*since, *wrote)))

    def of(self, name: str, reader: str) -> Morning:
        """The morning of an ``officer`` or a ``group``."""
        is_theirs = self._is_groups if name == "group" else self._is_officers
        return self._digest([row for row in self.tickets if is_theirs(row, reader)])

    def by_mail(self, department: str = "") -> Morning:
        """The morning for a department's mailbox, or the office's: nothing restricted, everybody there may read it."""
        shown = [row for row in self.tickets if not self._hidden(row)]
        return self._digest([row for row in shown if department in ("", row.department)])

    def _digest(self, rows: list[Row[Any]]) -> Morning:
        return digest(map(self._work, rows), self.days)

    def _is_groups(self, row: Row[Any], group: str) -> bool:
        return row.officer is None and not self._hidden(row) and row.department == self.groups.get(group)

    def _is_officers(self, row: Row[Any], officer: str) -> bool:
        hidden = self._hidden(row)
        if row.officer is None and not hidden and row.department in self.groups.values():
            return False
        who = alerts_who.working_on(self.staff, row.officer, row.department, hidden)
        return any(one.id == officer for one in who)

    def _hidden(self, row: Row[Any]) -> bool:
        return alerts.restricted(self.agency, row.category)

    def _work(self, row: Row[Any]) -> Work:
        asked, heard = bool(row.question), row.id in self.heard
        return Work(row.ticket, row.category, row.status, row.received_on, row.due_on, asked, heard)
