"""A fiscal year of our own survey looked at from all sides: by month, mode, department, service point. Pure.

All of it comes from ``figures``, so it is withheld and compared as everywhere else. Comments say their month and
service point only where that month, that point, shows a score; so nobody stands alone beside their own words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from analysis import figures
from analysis.counts import FEWEST
from analysis.figures import DEPARTMENT, MODE, POINT, Counted
from analysis.scores import Scores
from survey import thai
from survey.masking import mask
from survey.settings import Office
from survey.thai import Period

EIT, SATISFACTION = "eit", "satisfaction"


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote, masked. ``month``: 2570-02, ``point``: an id; empty where it could point at the writer."""

    kind: str
    month: str
    point: str
    text: str


@dataclass(frozen=True, slots=True)
class Survey:
    """One kind of survey. ``whole``: the year, those who answered themselves; ``months``: those begun, October first.

    Each carries its changes since the year, the month before. ``by_mode``: always; ``by_department`` and ``by_point``:
    of the satisfaction survey, which alone carries points.
    """

    kind: str
    whole: Scores
    months: tuple[tuple[Period, Scores], ...]
    by_mode: tuple[Scores, ...]
    by_department: tuple[Scores, ...] = ()
    by_point: tuple[Scores, ...] = ()


@dataclass(frozen=True, slots=True)
class Internal:
    """``period``: the fiscal year."""

    period: Period
    eit: Survey
    satisfaction: Survey
    comments: tuple[Comment, ...]


def build(counted: Mapping[str, Counted], period: Period, office: Office, as_of: date) -> Internal:
    """The year from the counted answers of both kinds (each over the year and the one before), without comments."""
    eit = _survey(counted[EIT], period, office, as_of)
    return Internal(period, eit, _survey(counted[SATISFACTION], period, office, as_of), ())


def comments(found: Internal, written: Iterable[Comment]) -> tuple[Comment, ...]:
    """What may be read of the year's comments, masked once more, for rules get better; sorted, so no order tells."""
    kept = []
    for one in written:
        survey = found.eit if one.kind == EIT else found.satisfaction
        if _visible(survey.whole):
            months = {period.key for period, scores in survey.months if _visible(scores)}
            points = {scores.group for scores in survey.by_point if _visible(scores)}
            month, point = (one.month if one.month in months else ""), (one.point if one.point in points else "")
            kept.append(Comment(one.kind, month, point, mask(one.text)))
    return tuple(sorted(kept, key=lambda c: (c.kind, c.month, c.point, c.text)))


def _survey(counted: Counted, period: Period, office: Office, as_of: date) -> Survey:
    def groups(by: str) -> tuple[Scores, ...]:
        return tuple(figures.figures(counted, period, office, as_of, by))

    [whole] = figures.figures(counted, period, office, as_of)
    begun = [month for month in thai.months_of(period.fiscal_year) if month.start <= as_of]
    months = [(month, figures.figures(counted, month, office, as_of)[0]) for month in begun]
    if counted.kind == EIT:
        return Survey(counted.kind, whole, tuple(months), groups(MODE))
    return Survey(counted.kind, whole, tuple(months), groups(MODE), groups(DEPARTMENT), groups(POINT))


def _visible(scores: Scores) -> bool:
    return (scores.measured.n or 0) >= FEWEST
