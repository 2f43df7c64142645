"""Working days of Thai offices, office hours, and when the morning digest is due."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import rules_file, workdays
from survey.rules import Rules, RulesError
from survey.thai import BANGKOK

RULES = rules_file.default()
DAYS = st.dates(date(2026, 1, 1), date(2035, 12, 31))


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), BANGKOK)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2027, 2, 1), True),  # a Monday
        (date(2027, 2, 6), False),  # a Saturday
        (date(2027, 2, 22), False),  # in lieu of Makha Bucha, a Sunday
        (date(2027, 4, 14), False),  # Songkran
        (date(2026, 5, 13), False),  # the Ploughing Ceremony, of offices only
        (date(2026, 5, 1), True),  # Labour Day, of private employees only
        (date(2027, 5, 3), True),  # in lieu of it
        (date(2027, 10, 13), False),
    ],
)
def test_offices_rest_at_weekends_and_on_public_holidays(day: date, works: bool) -> None:
    assert workdays.is_working(day, RULES) is works


def test_an_agency_has_days_off_of_its_own() -> None:
    fair = date(2027, 2, 3)
    rules = replace(RULES, holidays=(fair,))

    assert not workdays.is_working(fair, rules)
    assert workdays.before(date(2027, 2, 4), rules) == date(2027, 2, 2)
    assert workdays.after(date(2027, 2, 2), rules) == date(2027, 2, 4)


@given(DAYS)
def test_nothing_but_days_off_lies_between_two_working_days(day: date) -> None:
    following = workdays.after(day, RULES)

    assert following > day
    assert workdays.is_working(following, RULES)
    between = [day + timedelta(days=n) for n in range(1, (following - day).days)]
    assert not any(workdays.is_working(one, RULES) for one in between)
    if workdays.is_working(day, RULES):
        assert workdays.before(following, RULES) == day


@pytest.mark.parametrize(
    ("clock", "open_"), [("08:29", False), ("08:30", True), ("12:15", True), ("16:29", True), ("16:30", False)]
)
def test_office_hours_are_those_of_the_rules(clock: str, open_: bool) -> None:
    assert workdays.is_open(at(date(2027, 2, 1), clock), RULES) is open_
    assert not workdays.is_open(at(date(2027, 2, 6), clock), RULES)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (at(date(2027, 2, 1), "08:29"), at(date(2027, 2, 1), "08:30")),
        (at(date(2027, 2, 1), "08:30"), at(date(2027, 2, 2), "08:30")),
        (at(date(2027, 2, 5), "17:00"), at(date(2027, 2, 8), "08:30")),  # over the weekend
        (at(date(2027, 2, 20), "06:00"), at(date(2027, 2, 23), "08:30")),  # over Makha Bucha too
    ],
)
def test_the_next_digest_is_on_the_next_working_morning(moment: datetime, due: datetime) -> None:
    assert workdays.next_digest(moment, RULES) == due


def test_days_off_are_read_from_the_rules_file() -> None:
    categories = [{"id": "other", "title": "อื่น ๆ", "department": "clerk"}]

    rules = rules_file.build({"category": categories, "holidays": [date(2027, 5, 10), "2570-05-11"]}, "r.toml")
    assert rules.holidays == (date(2027, 5, 10), date(2027, 5, 11))
    assert isinstance(rules, Rules)
    for wrong in ("2027-05-10", ["some day"], [1]):
        with pytest.raises(RulesError, match=r"r\.toml: holidays must be a list of days"):
            rules_file.build({"category": categories, "holidays": wrong}, "r.toml")
