"""Working days, office hours and the hour of the morning digest of a Thai local government. Pure.

Public holidays come from the ``holidays`` library, the cabinet's special ones as far as it knows them; an agency adds
its own in its rules. Labour Day is a day off for private employees (Labour Protection Act), not for offices.
"""

from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

from survey import thai
from survey.rules import Rules

_LABOUR = "แรงงาน"
_DAY = timedelta(days=1)


def is_working(day: date, rules: Rules) -> bool:
    """Does the office work on this day?"""
    return day.weekday() < 5 and day not in rules.holidays and day not in _holidays(day.year)


def before(day: date, rules: Rules) -> date:
    """The last working day before ``day``."""
    day -= _DAY
    while not is_working(day, rules):
        day -= _DAY
    return day


def after(day: date, rules: Rules) -> date:
    """The first working day after ``day``."""
    day += _DAY
    while not is_working(day, rules):
        day += _DAY
    return day


def is_open(moment: datetime, rules: Rules) -> bool:
    """Is it within office hours of a working day?"""
    here = moment.astimezone(thai.BANGKOK)
    opens, closes = rules.office_hours
    return is_working(here.date(), rules) and opens <= here.hour * 60 + here.minute < closes


def digest_on(day: date, rules: Rules) -> datetime:
    """The moment of the digest on a day."""
    return datetime.combine(day, time(*divmod(rules.digest_at, 60)), thai.BANGKOK)


def next_digest(moment: datetime, rules: Rules) -> datetime:
    """The first digest after ``moment``: this morning's when it is still to come, or the next working day's."""
    today = thai.bangkok_date(moment)
    if is_working(today, rules) and moment < digest_on(today, rules):
        return digest_on(today, rules)
    return digest_on(after(today, rules), rules)


@cache
def _holidays(year: int) -> frozenset[date]:
    days = holidays.country_holidays("TH", years=year, categories=("public", "government"), language="th")
    return frozenset(day for day, name in days.items() if not all(_LABOUR in part for part in name.split(";")))
