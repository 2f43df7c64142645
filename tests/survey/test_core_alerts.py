"""Who is told, what a morning says, and which paid message may still go out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import budget
from survey.alerts_who import Officer, told, working_on
from survey.budget import Standing
from survey.morning import Days, Work, digest

CLERK = Officer("somchai", "officer", ["clerk"])
WORKS = Officer("napha", "officer", ["works"])
DUTY = Officer("duty", "officer")
INTEGRITY = Officer("just", "integrity")
VIEWER = Officer("mayor", "viewer", ["works"])
ADMIN = Officer("admin", "admin")
EVERYBODY = [CLERK, WORKS, DUTY, INTEGRITY, VIEWER, ADMIN]


@pytest.mark.parametrize(
    ("staff", "department", "restricted", "expected"),
    [
        (EVERYBODY, "works", False, ["napha"]),
        (EVERYBODY, "finance", False, ["duty"]),  # nobody was given it
        (EVERYBODY, "finance", True, ["admin"]),  # the duty person may be the one complained about
        (EVERYBODY, "clerk", True, ["somchai"]),
        ([INTEGRITY, VIEWER, ADMIN], "works", False, ["admin"]),
        ([INTEGRITY, VIEWER], "works", False, []),
        ([DUTY, ADMIN], "", False, ["duty"]),  # an office that named no departments
    ],
)
def test_an_alert_goes_to_those_who_work_on_the_department(
    staff: list[Officer], department: str, restricted: bool, expected: list[str]
) -> None:
    assert [officer.id for officer in told(staff, department, restricted)] == expected


def test_an_accepted_ticket_is_its_officers_while_they_may_see_it() -> None:
    assert working_on(EVERYBODY, "napha", "works", False) == [WORKS]
    assert working_on(EVERYBODY, "somchai", "works", False) == [WORKS]  # it was forwarded
    assert working_on(EVERYBODY, "gone", "works", False) == [WORKS]
    assert working_on(EVERYBODY, None, "works", False) == [WORKS]


# ---- the morning ----

TODAY = date(2027, 2, 8)  # a Monday
DAYS = Days(last=date(2027, 2, 5), today=TODAY, next=date(2027, 2, 9), near=3)


def work(ticket: str, due: int, received: int = -30, status: str = "in_progress", **more: bool) -> Work:
    """A ticket that is due in so many days from today."""
    return Work(ticket, "road", status, TODAY + timedelta(days=received), TODAY + timedelta(days=due), **more)


def test_a_ticket_stands_where_it_is_most_pressing() -> None:
    mine = [
        work("1", 20, status="received", heard=True),
        work("2", -1, status="received"),
        work("3", 3),
        work("4", 20, heard=True, asked=True),
        work("5", 20, asked=True),
        work("6", 20),
        work("7", -5, status="resolved"),
    ]

    morning = digest(mine, DAYS)

    found = [[one.ticket for one in part] for part in (morning.over, morning.near, morning.new, morning.heard)]
    assert found == [["2"], ["3"], ["1"], ["4"]]
    assert [one.ticket for one in morning.asked] == ["5"]
    assert morning.says_something


def test_waiting_for_an_answer_is_no_news() -> None:
    assert not digest([work("1", 20, asked=True), work("2", 20)], DAYS).says_something
    assert not digest([], DAYS).says_something


@pytest.mark.parametrize(
    ("one", "reminds"),
    [
        (work("1", -1), True),  # passed on Sunday
        (work("1", -3), True),  # passed on Friday, which was still within the limit
        (work("1", -4), False),  # was over on Friday already
        (work("1", 3), True),
        (work("1", 0), False),  # on Friday it was three days off
        (work("1", 0, received=-1), True),  # came at the weekend with a short limit
        (work("1", 4), False),
    ],
)
def test_a_limit_reminds_once(one: Work, reminds: bool) -> None:
    assert digest([one], DAYS).reminds is reminds


def test_a_limit_within_days_off_is_near_on_the_last_morning_before() -> None:
    before_songkran = Days(date(2027, 4, 9), date(2027, 4, 12), date(2027, 4, 16), near=1)
    due = Work("1", "road", "in_progress", date(2027, 3, 1), date(2027, 4, 15))

    assert digest([due], before_songkran).near == (due,)
    first_day_after = replace(due, due_on=date(2027, 4, 16))
    assert digest([first_day_after], before_songkran).near == (first_day_after,)
    assert not digest([first_day_after], replace(before_songkran, near=0)).near  # on the day itself
    assert digest([due], before_songkran).reminds


@given(st.lists(st.tuples(st.integers(-40, 40), st.integers(-60, 0)), max_size=20), st.integers(0, 30))
def test_every_limit_reminds_on_exactly_one_morning(tickets: list[tuple[int, int]], near: int) -> None:
    """Walk through ten weeks of mornings: near once and passed once, whatever the days."""
    mornings = [TODAY + timedelta(days=n) for n in range(-63, 63) if (TODAY + timedelta(days=n)).weekday() < 5]
    for number, (due, received) in enumerate(tickets):
        one = work(str(number), due, min(received, due))
        told = [
            bool(morning.over)
            for last, today, following in zip(mornings, mornings[1:], mornings[2:], strict=False)
            if today > one.received_on and (morning := digest([one], Days(last, today, following, near))).reminds
        ]
        assert told in ([False, True], [True])  # near, then over; or over alone when it came in after that morning


# ---- the budget ----


@pytest.mark.parametrize(
    ("kind", "left"), [("alert", 1), ("tell", 31), ("limit", 36), ("digest", 44), ("no such kind", 44)]
)
def test_each_kind_leaves_enough_for_what_is_more_urgent(kind: str, left: int) -> None:
    def standing(left: int) -> Standing:
        return Standing(300, 300 - left, reserve=30, waiting=5, open=8)

    assert budget.allows(standing(left), kind, 1)
    assert not budget.allows(standing(left - 1), kind, 1)


def test_a_group_needs_room_for_all_its_members() -> None:
    assert budget.allows(Standing(300, 285), "alert", 15)
    assert not budget.allows(Standing(300, 286), "alert", 15)
    assert budget.a_month(15) == 330


@pytest.mark.parametrize(
    ("people", "quota", "expected"),
    [(15, 300, "over_free"), (15, 329, "over"), (15, 330, "within"), (13, 300, "within"), (500, None, "unlimited")],
)
def test_what_a_group_costs_is_held_against_the_plan(people: int, quota: int | None, expected: str) -> None:
    assert budget.plan(people, quota) == expected


def test_a_backlog_does_not_hold_back_every_reminder() -> None:
    backlog = Standing(300, 0, reserve=30, waiting=500, open=900)

    assert budget.allows(backlog, "digest", 1)
    assert budget.kept(backlog, "digest") == 180


def test_without_a_limit_everything_goes_out() -> None:
    boundless = Standing(None, 10_000, reserve=30, waiting=5, open=5)

    assert boundless.left is None
    assert budget.allows(boundless, "digest", 500)


@given(st.integers(0, 500), st.integers(0, 600), st.integers(0, 50), st.integers(0, 90), st.integers(1, 20))
def test_what_a_lesser_kind_may_a_more_urgent_one_may_too(
    quota: int, used: int, reserve: int, tickets: int, people: int
) -> None:
    standing = Standing(quota, used, reserve, tickets // 2, tickets)
    allowed = [budget.allows(standing, kind, people) for kind in budget.ORDER]

    assert allowed == sorted(allowed, reverse=True)
    assert (standing.left or 0) >= 0
