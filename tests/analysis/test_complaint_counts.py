"""The numbers of the complaint register: identities that always hold, and what is withheld."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import complaint_counts
from analysis.complaint_counts import (
    NONE_AT_ALL,
    NOT_CONFIRMED,
    PROVISIONAL,
    ComplaintStatistics,
    Sealed,
    Ticket,
    Track,
)
from survey import complaint, thai

YEAR = thai.fiscal_period(2570)
MONTHS = thai.months_of(2570)
TODAY = date(2027, 9, 30)
DAYS = st.dates(YEAR.start, TODAY)


@st.composite
def tickets(draw: st.DrawFn) -> Ticket:
    received = draw(DAYS)
    status = draw(st.sampled_from(complaint.STATUSES))
    closed = received + timedelta(draw(st.integers(0, 60))) if status in complaint.CLOSED else None
    return Ticket(
        draw(st.sampled_from(["road", "light", "waste"])),
        draw(st.sampled_from(["works", "health"])),
        draw(st.sampled_from(sorted(complaint.CHANNELS))),
        status,
        received,
        received + timedelta(15),
        closed,
        draw(st.integers(0, 2)),
        draw(st.none() | st.integers(1, 5)),
    )


def counted(*given: Ticket, as_of: date = TODAY) -> Track:
    return complaint_counts.count(given, MONTHS, as_of)


def one(status: str = "resolved", days: int | None = 3, **more: object) -> Ticket:
    day = date(2027, 2, 1)
    closed = day + timedelta(days) if days is not None else None
    fields = {"category": "road", "department": "works", "channel": "line", **more}
    return Ticket(status=status, received_on=day, due_on=day + timedelta(15), closed_on=closed, **fields)  # type: ignore[arg-type]


@given(st.lists(tickets(), max_size=60))
def test_every_ticket_received_is_in_exactly_one_place(given: list[Ticket]) -> None:
    track = counted(*given)

    assert track.received == track.in_progress + track.resolved + track.rejected + track.cancelled
    assert track.closed == track.days.n >= track.within
    assert track.in_progress >= track.overdue
    for cells in (track.categories, track.departments, track.channels, track.months):
        shown = sum(n for n in cells.values() if n is not None)
        assert shown <= track.received
        assert None in cells.values() or shown == track.received


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 12), max_size=8))
def test_who_knows_the_total_cannot_tell_a_single_small_cell(cells: dict[str, int]) -> None:
    """Unless there is no other cell to withhold: then the total says the same, and that is always published."""
    shown = complaint_counts.withheld(cells)
    hidden = [name for name, n in shown.items() if n is None]

    assert all(cells[name] == n for name, n in shown.items() if n is not None)
    assert all(n == 0 or n >= 5 for n in shown.values() if n is not None)
    assert len(hidden) != 1 or all(n == 0 for n in shown.values() if n is not None)


def test_a_merged_ticket_is_counted_once_as_the_other() -> None:
    assert counted(one(), one("merged")).received == 1


def test_within_the_limit_and_over_it() -> None:
    track = counted(one(days=15), one(days=16), one("received", None), as_of=date(2027, 2, 17))

    assert (track.closed, track.within, track.in_progress, track.overdue) == (2, 1, 1, 1)


def test_few_days_are_listed_many_are_summed_up() -> None:
    few = counted(*(one(days=d) for d in (9, 2, 5)))
    many = counted(*(one(days=d) for d in range(1, 21)))

    assert few.days.each == (2, 5, 9)
    assert (many.days.each, many.days.median, many.days.ninetieth) == ((), Fraction(21, 2), 18)


def test_a_rating_by_fewer_than_five_is_not_told() -> None:
    four = counted(*(one(rating=4) for _ in range(4)))
    five = counted(*(one(rating=r) for r in (5, 5, 4, 4, 4)))

    assert (four.rated, four.rating) == (4, None)
    assert five.rating == Fraction(22, 5)


@pytest.mark.parametrize(
    ("tickets_", "final", "sentence"),
    [((), False, NOT_CONFIRMED), ((), True, NONE_AT_ALL), ((one(),), False, PROVISIONAL), ((one(),), True, "")],
)
def test_nothing_is_published_too_and_what_may_change_says_so(
    tickets_: tuple[Ticket, ...], final: bool, sentence: str
) -> None:
    both = ComplaintStatistics(YEAR, TODAY, final, (), counted(*tickets_), Sealed(0, 0))

    assert both.sentence == sentence
