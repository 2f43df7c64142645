"""The scores of a month or a fiscal year, as a whole or by mode, department or service point. Pure.

Here meet the counted answers (``Counted``), what must be withheld (``withholding``) and the arithmetic (``scores``).
The command line, the snapshots and everything built on them ask this one function, so they cannot disagree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analysis import audit, counts, scores, withholding
from analysis.audit import Month, Part, Settled
from analysis.counts import Tally
from analysis.scores import Measured, Scores
from analysis.withholding import Breakdown, Hidden, Year
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


def _measured(counted: Counted, period: Period, office: Office, by: str, population: int | None) -> dict[str, Measured]:
    now, before = (settled(counted, p, office, by) for p in (period, period.previous()))
    return {
        group: scores.compare(scores.measure(*found, population), scores.measure(*before[group], population))
        for group, found in now.items()
    }


def settled(counted: Counted, period: Period, office: Office, by: str) -> Settled:
    """The tally of each group with what of it is withheld: what its scores are made of."""
    if by == MODE:
        return {mode: _settle_mode(counted, period, mode) for mode in (SELF, ASSISTED)}
    points, departments = _settle_points(counted, period, office)
    return points if by == POINT else departments


def _settle_mode(counted: Counted, period: Period, mode: str) -> tuple[Tally, Hidden]:
    if period.is_month:
        tally = _sum(counted, [c for c in counted.cells if c.month == period and c.mode == mode])
    else:
        tally = withholding.year([_settle_mode(counted, month, mode) for month in _months(period)]).tally
    return tally, withholding.of_one(tally)


def _settle_points(counted: Counted, period: Period, office: Office) -> tuple[Settled, Settled]:
    """(service points, departments)"""
    parents = _parents(counted, office)
    if period.is_month:
        month = _settle_month(counted, period, office, parents)
        return month.cells, month.groups
    months = [_settle_month(counted, month, office, parents) for month in _months(period)]
    whole = withholding.year([month.whole for month in months])
    points = {point: withholding.year([month.cells[point] for month in months]) for point in parents}
    groups = {group: withholding.year([month.groups[group] for month in months]) for group in months[0].groups}
    hidden = withholding.of_breakdown(Breakdown(_tallies(points), _tallies(groups), parents))
    parts = {"": Part(tuple(parents), whole, withholding.of_one(whole.tally))}
    for group in sorted(groups, key=lambda name: -groups[name].tally.n):
        inside = tuple(point for point, parent in parents.items() if parent == group)
        parts[f"group {group}"] = Part(inside, groups[group], hidden[1][group])
    for point in sorted(points, key=lambda name: -points[name].tally.n):
        parts[f"point {point}"] = Part((point,), points[point], hidden[0][point])
    final = audit.of_year(months, parents, parts)
    return (
        {point: (points[point].tally, final[f"point {point}"]) for point in parents},
        {group: (groups[group].tally, final[f"group {group}"]) for group in groups},
    )


def _settle_month(counted: Counted, period: Period, office: Office, parents: Mapping[str, str]) -> Month:
    own = [c for c in counted.cells if c.month == period and c.mode == SELF]
    points = {point: _sum(counted, [c for c in own if c.point == point]) for point in parents}
    groups = {
        group: _sum(counted, [c for c in own if parents[c.point] == group])
        for group in (*(d.id for d in office.departments), NOWHERE)
    }
    hidden = withholding.of_breakdown(Breakdown(points, groups, parents))
    return Month(
        _settle_mode(counted, period, SELF),
        {name: (tally, hidden[1][name]) for name, tally in groups.items()},
        {name: (tally, hidden[0][name]) for name, tally in points.items()},
    )


def _tallies(years: Mapping[str, Year]) -> dict[str, Tally]:
    return {name: year.tally for name, year in years.items()}


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
