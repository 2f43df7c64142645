"""Where weak questions are read from: the last official result before a fiscal year, or the office's own survey."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from analysis import figures, findings, measures_library, measures_suggest, official_store, tally
from analysis.findings import Rule
from analysis.frame import Frame
from analysis.measures_suggest import Weak
from survey import thai
from survey.library import Library
from survey.settings import Agency


@dataclass(frozen=True, slots=True)
class Source:
    """``fiscal_year``: of the result, or of the survey where not ``official``. ``frame``: which numbers the codes."""

    official: bool
    fiscal_year: int
    frame: Frame
    weak: tuple[Weak, ...]


def target_year(conn: Connection, agency_id: str, today: date) -> int:
    """In which year measures are due when nobody says so: after the last official result, but not in the past."""
    known = [one.fiscal_year + 1 for one in official_store.imports(conn, agency_id)]
    return max([thai.fiscal_year(today), *known])


def of_result(conn: Connection, agency_id: str, year: int, rule: Rule, count: int | None) -> Source | None:
    """The newest official result from before ``year``, or of that year itself; None when there is neither."""
    known = [one.fiscal_year for one in official_store.imports(conn, agency_id)]
    chosen = max((one for one in known if one < year), default=year)
    result = official_store.read(conn, agency_id, chosen)
    if result is None:
        return None
    weak = measures_suggest.of_findings(findings.findings(result, rule), count)
    return Source(True, chosen, result.frame, weak)


def of_survey(
    conn: Connection, library: Library, agency: Agency, year: int, today: date, count: int | None
) -> Source | None:
    """The own survey of ``year`` or of the one before; None when in neither enough people answered."""
    for one in (year, year - 1):
        period = thai.fiscal_period(one)
        counted = tally.count(conn, library, agency.id, "eit", tally.span(period))
        [scores] = figures.figures(counted, period, agency.office, today)
        frame = measures_library.frame(one)
        weak = measures_suggest.of_survey(scores, frame, count)
        if weak:
            return Source(False, one, frame, weak)
    return None
