"""The scores of a month or a fiscal year, as a whole or by mode, department or service point. Pure.

Here meet the counted answers (``Counted``), what must be withheld (``withholding``) and the arithmetic (``scores``).
The command line, the snapshots and everything built on them ask this one function, so they cannot disagree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analysis import counts, scores, withholding
from analysis.counts import Tally
from analysis.scores import Measured, Scores
from analysis.withholding import Breakdown, Hidden
from survey import thai
from survey.settings import Office
from survey.thai import Period

SELF, ASSISTED = "self", "assisted"
MODE, POINT, DEPARTMENT = "mode", "service_point", "department"
NOWHERE = "-"
"""The group of responses without a service point, and of points without a department."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """What one tally counts: the responses of one month, mode and service point ("-": none)."""

    month: Period
    mode: str
    point: str = NOWHERE


@dataclass(frozen=True, slots=True)
class Counted:
    """All counted answers to one kind of instrument. ``blank``: the tally of a cell with no responses."""

    kind: str
    cells: Mapping[Cell, Tally]
    blank: Tally


def figures(counted: Counted, period: Period, office: Office, as_of: date, by: str | None = None) -> list[Scores]:
    """One ``Scores`` for the whole (``by`` None: those who answered themselves) or for each group, with changes.

    ``counted`` must cover the period and the one before it. ``by``: mode, service_point or department; the latter two
    are of those who answered themselves. Groups come in the office's order, "-" last, and only when it has answers.
    """
    population = office.service_users if counted.kind == "eit" else None
    overall = {mode: _measured(counted, period, office, MODE, population)[mode] for mode in (SELF, ASSISTED)}
    groups = {SELF: overall[SELF]} if by is None else overall
    if by in (POINT, DEPARTMENT):
        groups = _measured(counted, period, office, by, None)
    headline, assisted = overall[SELF].overall, overall[ASSISTED].overall
    return [
        Scores(counted.kind, period.key, as_of, group, measured, headline, assisted)
        for group, measured in groups.items()
        if measured.n != 0 or group != NOWHERE or len(groups) == 1
    ]


Settled = dict[str, tuple[Tally, Hidden]]
"""Group -> its tally and what of it is withheld."""


def _measured(counted: Counted, period: Period, office: Office, by: str, population: int | None) -> dict[str, Measured]:
    now, before = (_settle(counted, p, office, by) for p in (period, period.previous()))
    return {
        group: scores.compare(scores.measure(*settled, population), scores.measure(*before[group], population))
        for group, settled in now.items()
    }


def _settle(counted: Counted, period: Period, office: Office, by: str) -> Settled:
    if by == MODE:
        return {mode: _settle_mode(counted, period, mode) for mode in (SELF, ASSISTED)}
    points, departments = _settle_points(counted, period, office)
    return points if by == POINT else departments


def _settle_mode(counted: Counted, period: Period, mode: str) -> tuple[Tally, Hidden]:
    if period.is_month:
        tally = _sum(counted, [c for c in counted.cells if c.month == period and c.mode == mode])
    else:
        tally = withholding.year([_settle_mode(counted, month, mode) for month in _months(period)])
    return tally, withholding.of_one(tally)


def _settle_points(counted: Counted, period: Period, office: Office) -> tuple[Settled, Settled]:
    parents = _parents(counted, office)
    groups = [*(d.id for d in office.departments), NOWHERE]
    if period.is_month:
        own = [c for c in counted.cells if c.month == period and c.mode == SELF]
        cells = {point: _sum(counted, [c for c in own if c.point == point]) for point in parents}
        sums = {group: _sum(counted, [c for c in own if parents[c.point] == group]) for group in groups}
    else:
        months = [_settle_points(counted, month, office) for month in _months(period)]
        cells = {point: withholding.year([m[0][point] for m in months]) for point in parents}
        sums = {group: withholding.year([m[1][group] for m in months]) for group in groups}
    hidden = withholding.of_breakdown(Breakdown(cells, sums, parents))
    settled = (
        {name: (tally, hidden[0][name]) for name, tally in cells.items()},
        {name: (tally, hidden[1][name]) for name, tally in sums.items()},
    )
    return settled[0], settled[1]


def _parents(counted: Counted, office: Office) -> dict[str, str]:
    """Every point, the office's own and any other that was counted, with its department."""
    known = {d.id for d in office.departments}
    parents = {p.id: p.department if p.department in known else NOWHERE for p in office.points}
    others = {c.point for c in counted.cells} - set(parents) - {NOWHERE}
    return parents | dict.fromkeys(sorted(others), NOWHERE) | {NOWHERE: NOWHERE}


def _months(year: Period) -> list[Period]:
    return thai.months_of(year.fiscal_year)


def _sum(counted: Counted, cells: Sequence[Cell]) -> Tally:
    return counts.total(counted.cells[c] for c in cells) if cells else counted.blank
