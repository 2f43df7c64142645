"""Reads from the store what documents need beyond the figures: who answered, the rounds, the official results around.

Everything else has its own reader: analysis/tally.py, internal_read.py, official_store.py, measures.py, complaints.py.
"""

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, func, or_, select

from analysis import (
    change,
    figures,
    findings,
    frame_library,
    measures,
    official_store,
    report_levels,
    report_survey,
    rule_library,
    tally,
)
from analysis.figures import MODE
from analysis.frame import Frame, FrameError
from analysis.internal import Comment
from analysis.report import ReportError
from analysis.report_analysis import Result
from analysis.report_levels import Levels, LevelsError
from analysis.report_participation import Participation, Round
from analysis.report_people import UNTOLD, Profile
from analysis.report_survey import Survey
from survey import thai
from survey.library import Library
from survey.settings import Agency
from survey.tables import responses, rounds
from survey.thai import Period

KINDS = ("eit", "satisfaction")
FOLLOWING = 5
"""So many years after a result, or until the next one, its measures are looked for."""
LEVELS = Path(__file__).parent / "report_data" / "levels.toml"


def survey(conn: Connection, library: Library, agency: Agency, asked: tuple[str, Period], as_of: date) -> Survey:
    """``asked``: kind and period. Counted from the fiscal year before on, so that every month has one before it."""
    kind, period = asked
    year = period.fiscal_year
    span = Period(thai.fiscal_period(year - 1).start, thai.fiscal_period(year).end)
    counted = tally.count(conn, library, agency.id, kind, span)
    instrument = library.newest(kind, year if kind == "eit" else None)
    return report_survey.of_period(counted, instrument, period, agency.office, as_of)


def participation(
    conn: Connection, surveys: dict[str, Survey], comments: tuple[Comment, ...], agency: Agency, as_of: date
) -> Participation:
    """Who took part in the fiscal year of these surveys."""
    period = surveys["eit"].period
    monthly = {
        kind: {
            (month, scores.group): scores.measured.n
            for month in thai.months_of(period.fiscal_year)
            if month.start <= as_of
            for scores in figures.figures(one.counted, month, agency.office, as_of, MODE)
        }
        for kind, one in surveys.items()
    }
    return Participation(period, surveys, monthly, _rounds(conn, agency.id, period), comments)


def profiles(conn: Connection, library: Library, agency_id: str, period: Period) -> tuple[Profile, ...]:
    """How the respondents of the EIT described themselves; who did not say so is counted as that."""
    instrument = library.newest("eit", period.fiscal_year)
    mine = (responses.c.agency_id == agency_id, responses.c.kind == "eit")
    when = (responses.c.completed_on >= period.start, responses.c.completed_on < period.end)
    found = []
    for question in instrument.questions:
        if question.personal:
            answer = responses.c.answers[question.id].as_string()
            stmt = select(answer.label("answer"), func.count()).where(*mine, *when).group_by("answer")
            counts: Counter[str] = Counter({option.label: 0 for option in question.options if not option.missing})
            for value, n in conn.execute(stmt):
                option = question.option(value)
                counts[UNTOLD if option is None or option.missing else option.label] += n
            counts.setdefault(UNTOLD, 0)
            found.append(Profile(question.text, dict(counts)))
    return tuple(found)


def result(conn: Connection, agency: Agency, year: int) -> Result:
    """The official result of a year with what came before it. Raises ReportError when it was not imported."""
    known = {one.fiscal_year: one for one in official_store.read_all(conn, agency.id)}
    if year not in known:
        others = ", ".join(map(str, sorted(known))) or "none"
        raise ReportError(
            f"There is no official result of fiscal year {year} (imported: {others}). "
            f"Import it: siang ita import FILE; or name another year with --fiscal-year"
        )
    official = known[year]
    past = [one for one in known.values() if one.fiscal_year <= year]
    later = min((one for one in known if one > year), default=year + FOLLOWING)
    due = next((one for one in range(year + 1, later + 1) if measures.of_year(conn, agency.id, one)), year + 1)
    before = max((one for one in past if one.fiscal_year < year), key=lambda one: one.fiscal_year, default=None)
    return Result(
        findings.findings(official, rule_library.of(agency.office)),
        change.change(official, before) if before else None,
        change.through(past),
        measures.of_year(conn, agency.id, due),
        frame_of(due),
        due,
    )


def frame_of(year: int) -> Frame | None:
    """The frame of a fiscal year; None when there is none."""
    try:
        return frame_library.load(year)
    except FrameError:
        return None


def levels(path: Path | None = None) -> Levels:
    """The cut-offs in a file, or those that come with the program. Raises LevelsError."""
    file = path or LEVELS
    try:
        return report_levels.build(tomllib.loads(file.read_text(encoding="utf-8-sig")), file.name)
    except OSError as exc:
        raise LevelsError(f"{file} cannot be read: {exc.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise LevelsError(f"{file.name} is not TOML in UTF-8: {exc}") from None


def _rounds(conn: Connection, agency_id: str, period: Period) -> tuple[Round, ...]:
    """What stood open on any day of the period, the first opened first."""
    c = rounds.c
    overlaps = (c.opens_on < period.end, or_(c.closes_on.is_(None), c.closes_on > period.start))
    stmt = select(c.kind, c.opens_on, c.closes_on).where(c.agency_id == agency_id, c.kind.in_(KINDS), *overlaps)
    return tuple(Round(*row) for row in conn.execute(stmt.order_by(c.opens_on, c.id)))
