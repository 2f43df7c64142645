"""The numbers of the complaint register in a period. Pure.

Counted are the tickets *received* in the period, as they stand on the day of counting; a ticket merged into another is
counted once, as that other. So received = in progress + resolved + rejected + cancelled, in every total and cell.
``closed`` is resolved and rejected; within the limit means closed no later than the day the agency's rules allow.

Totals are always published. In a breakdown, cells of 1-4 are withheld, and when only one is, the next smallest with it,
for otherwise the total would tell it. Sealed reports are counted and nothing else is said of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from survey import complaint
from survey.thai import Period, month_of

FEWEST = 5
ENOUGH_DAYS = 20
"""From this many closed cases the days are told as median and 90th percentile, below as a list."""

NOT_CONFIRMED = "ไม่มีเรื่องร้องเรียนผ่าน LINE (ยังไม่ยืนยันช่องทางอื่น)"
NONE_AT_ALL = "ไม่มีเรื่องร้องเรียน"
PROVISIONAL = "ตัวเลขยังไม่เป็นที่สุด (ยังไม่ยืนยันช่องทางอื่น)"

Cells = Mapping[str, int | None]
"""Name -> how many; None: withheld."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is counted of one ticket."""

    category: str
    department: str
    channel: str
    status: str
    received_on: date
    due_on: date
    closed_on: date | None = None
    reopened: int = 0
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """Days from receiving to closing: ``each`` in ascending order under 20 cases, else median and 90th percentile."""

    n: int
    each: tuple[int, ...] = ()
    median: Fraction | None = None
    ninetieth: int | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """The ordinary track in a period. ``rating``: exact mean of 1-5; None when fewer than five of them (``rated``)."""

    received: int
    in_progress: int
    resolved: int
    rejected: int
    cancelled: int
    within: int  # of the closed
    overdue: int  # still in progress after the last day allowed
    reopened: int
    rated: int
    rating: Fraction | None
    days: Days
    categories: Cells
    departments: Cells
    channels: Cells
    months: Cells  # month key 2570-02 -> received

    @property
    def closed(self) -> int:
        return self.resolved + self.rejected


@dataclass(frozen=True, slots=True)
class Sealed:
    """Official statistics only: how many came in and were closed."""

    received: int
    closed: int


@dataclass(frozen=True, slots=True)
class ComplaintStatistics:
    """Both tracks of one period. ``final``: an officer has confirmed every month that is over, for every channel."""

    period: Period
    as_of: date
    final: bool
    unconfirmed: tuple[str, ...]  # labels of the months that nobody confirmed
    ordinary: Track
    sealed: Sealed

    @property
    def sentence(self) -> str:
        """What must be published even when there is nothing, or while it may change; empty: nothing to add."""
        if self.ordinary.received == 0:
            return NONE_AT_ALL if self.final else NOT_CONFIRMED
        return "" if self.final else PROVISIONAL


def count(tickets: Iterable[Ticket], months: Sequence[Period], as_of: date) -> Track:
    """The numbers of these tickets, all received within ``months``; merged ones are passed over."""
    counted = [t for t in tickets if t.status != complaint.MERGED]
    closed = [t for t in counted if t.status in (complaint.RESOLVED, complaint.REJECTED)]
    going = [t for t in counted if t.status in complaint.OPEN]
    ratings = [t.rating for t in counted if t.rating is not None]
    statuses = Counter(t.status for t in counted)
    by_month = Counter(month_of(t.received_on).key for t in counted)
    return Track(
        received=len(counted),
        in_progress=len(going),
        resolved=statuses[complaint.RESOLVED],
        rejected=statuses[complaint.REJECTED],
        cancelled=statuses[complaint.CANCELLED],
        within=sum(t.closed_on is not None and t.closed_on <= t.due_on for t in closed),
        overdue=sum(t.due_on < as_of for t in going),
        reopened=sum(t.reopened > 0 for t in counted),
        rated=len(ratings),
        rating=Fraction(sum(ratings), len(ratings)) if len(ratings) >= FEWEST else None,
        days=_days([(t.closed_on - t.received_on).days for t in closed if t.closed_on is not None]),
        categories=withheld(Counter(t.category for t in counted)),
        departments=withheld(Counter(t.department for t in counted)),
        channels=withheld(Counter(t.channel for t in counted)),
        months=withheld({month.key: by_month[month.key] for month in months}),
    )


def withheld(cells: Mapping[str, int]) -> Cells:
    """The cells, those of 1-4 as None, and one more when it would be the only one: the smallest of the others."""
    hidden = {name for name, n in cells.items() if 0 < n < FEWEST}
    others = [name for name, n in cells.items() if n >= FEWEST]
    if len(hidden) == 1 and others:
        hidden.add(min(others, key=lambda name: cells[name]))
    return {name: None if name in hidden else n for name, n in cells.items()}


def _days(days: Sequence[int]) -> Days:
    ordered = sorted(days)
    n = len(ordered)
    if n < ENOUGH_DAYS:
        return Days(n, tuple(ordered))
    median = Fraction(ordered[(n - 1) // 2] + ordered[n // 2], 2)
    return Days(n, median=median, ninetieth=ordered[(9 * n + 9) // 10 - 1])  # nearest rank, rounded up
