"""What one reader is told on a working morning, and whether it is worth a message. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from survey.complaint import OPEN, RECEIVED


@dataclass(frozen=True, slots=True)
class Work:
    """One open ticket. ``asked``: the complainant has not answered yet. ``heard``: wrote since the last digest."""

    ticket: str
    category: str
    status: str
    received_on: date
    due_on: date
    asked: bool = False
    heard: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """``last``: the working day before ``today``. ``next``: the one after. ``near``: days before a limit to remind."""

    last: date
    today: date
    next: date
    near: int


@dataclass(frozen=True, slots=True)
class Morning:
    """A digest: each ticket stands where it is most pressing. ``reminds``: a limit has come near or passed since the
    last working morning."""

    over: tuple[Work, ...] = ()
    near: tuple[Work, ...] = ()
    new: tuple[Work, ...] = ()
    heard: tuple[Work, ...] = ()
    asked: tuple[Work, ...] = ()
    reminds: bool = False

    @property
    def says_something(self) -> bool:
        """Waiting for somebody else's answer is no news."""
        return bool(self.over or self.near or self.new or self.heard)


def digest(work: Iterable[Work], days: Days) -> Morning:
    """The morning of somebody with this work."""
    mine = sorted((one for one in work if one.status in OPEN), key=lambda one: (one.due_on, one.ticket))
    over = [one for one in mine if one.due_on < days.today]
    near = [one for one in mine if one not in over and _near(one, days.today, days.next, days.near)]
    rest = [one for one in mine if one not in over and one not in near]
    new = [one for one in rest if one.status == RECEIVED]
    heard = [one for one in rest if one not in new and one.heard]
    asked = [one for one in rest if one not in new and not one.heard and one.asked]
    passed = any(one.due_on >= days.last for one in over)
    come = any(_was_not_near(one, days) for one in near)
    return Morning(tuple(over), tuple(near), tuple(new), tuple(heard), tuple(asked), reminds=passed or come)


def _near(one: Work, today: date, following: date, near: int) -> bool:
    """Within so many days, or before another working day is over: a long weekend leaves no day to act."""
    return one.due_on <= max(today + timedelta(days=near), following - timedelta(days=0 if near else 1))


def _was_not_near(one: Work, days: Days) -> bool:
    return one.received_on >= days.last or not _near(one, days.last, days.today, days.near)
