"""Complaint statistics from the store, on both databases."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine

from analysis import complaints
from survey import db, thai, tickets
from survey.complaint import Deed
from survey.settings import Agency
from survey.tables import complaint_confirmations
from survey.tickets import Filing

FEBRUARY = thai.parse_month("2570-02")
NOON = datetime(2027, 2, 10, 5, tzinfo=UTC)


def test_the_tickets_of_the_month_and_nobody_elses(engine: Engine, agency: Agency) -> None:
    other = Agency("other", "อบต.อื่น", office=agency.office)
    with db.write(engine) as conn:
        first = tickets.file(conn, agency, Filing("ไฟดับ", "light"), NOON)
        tickets.file(conn, agency, Filing("ถนนพัง", "road", channel="phone", filed_by="o1"), NOON)
        tickets.file(conn, agency, Filing("เดือนก่อน", "road"), datetime(2027, 1, 31, 16, 59, tzinfo=UTC))
        tickets.file(conn, other, Filing("ที่อื่น", "road"), NOON)
        tickets.act(conn, agency, first.id, Deed("resolve", "officer", "o1", "ซ่อมแล้ว"), NOON)

        found = complaints.statistics(conn, agency.id, FEBRUARY, date(2027, 3, 1))

    assert (found.ordinary.received, found.ordinary.resolved, found.ordinary.in_progress) == (2, 1, 1)
    assert found.ordinary.within == 1
    assert not found.final


def test_final_once_every_month_that_is_over_is_confirmed(engine: Engine, agency: Agency) -> None:
    quarter = thai.part_of(2570, "q", 2)
    with db.write(engine) as conn:
        for month in ("2027-01", "2027-02"):
            _confirm(conn, agency, month)
        two = complaints.statistics(conn, agency.id, quarter, date(2027, 4, 1))
        assert (two.final, two.unconfirmed) == (False, ("มี.ค. 70",))

        _confirm(conn, agency, "2027-03")
        assert complaints.statistics(conn, agency.id, quarter, date(2027, 4, 1)).final
        early = complaints.statistics(conn, agency.id, quarter, date(2027, 3, 31))  # the last day is not over
        assert (early.final, early.unconfirmed) == (False, ())


def _confirm(conn: Any, agency: Agency, month: str) -> None:
    values = {"agency_id": agency.id, "month": month, "officer": "o1", "confirmed_at": NOON, "channels": {}}
    conn.execute(complaint_confirmations.insert().values(**values))
