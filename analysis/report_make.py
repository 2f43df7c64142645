"""Makes a finished document from the store: reads what its builder needs, builds it, checks that it is complete."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import Connection

from analysis import (
    complaints,
    dataset,
    internal_read,
    measures,
    official_store,
    report_analysis,
    report_check,
    report_complaints,
    report_facts,
    report_implementation,
    report_memo,
    report_monthly,
    report_participation,
    report_satisfaction,
    report_survey,
)
from analysis.internal import Comment
from analysis.report import Block, Report
from analysis.report_analysis import Result
from analysis.report_facts import Facts
from analysis.report_implementation import Carried
from analysis.report_levels import Levels
from analysis.report_survey import Survey
from survey import thai
from survey.library import Library
from survey.settings import Agency
from survey.thai import Period


@dataclass(frozen=True)
class Asked:
    """``year``: Buddhist era. ``month``: of ``monthly``. ``period``: of ``complaints``; None: the whole year."""

    year: int
    month: Period
    period: Period | None = None
    cover: bool = False
    annex: bool = False
    thai_digits: bool = False


@dataclass
class Maker:
    """Makes documents of one agency from one view of the store, reading what several of them need only once."""

    conn: Connection
    library: Library
    agency: Agency
    facts: Facts
    asked: Asked
    levels: Levels
    _surveys: dict[tuple[str, Period], Survey] = field(default_factory=dict)

    def make(self, kind: str) -> list[Report]:
        """The document, and its cover where one is asked for.

        Raises MissingFactsError, ReportError (no data, not complete), FrameError, RuleError, InstrumentError.
        """
        cover = self.asked.cover and kind != "memo"
        report_facts.check(self.facts, [kind], cover=cover)
        report = _BUILDERS[kind](self)
        both = [report, report_memo.cover(report, self.facts)] if cover else [report]
        found = [report_facts.marked(one, self.facts) for one in both]
        for one in found:
            report_check.check(one)
        return found

    @property
    def as_of(self) -> date:
        return self.facts.as_of

    @property
    def year(self) -> Period:
        return thai.fiscal_period(self.asked.year)

    def survey(self, kind: str, period: Period) -> Survey:
        key = (kind, period)
        if key not in self._surveys:
            self._surveys[key] = dataset.survey(self.conn, self.library, self.agency, key, self.as_of)
        return self._surveys[key]

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        return internal_read.read(self.conn, self.library, self.agency, self.year, self.as_of).comments

    @cached_property
    def result(self) -> Result:
        return dataset.result(self.conn, self.agency, self.asked.year)

    def annex(self) -> tuple[Block, ...]:
        """Our own survey, for the annex and nothing else."""
        return report_survey.annex(self.survey("eit", self.year)) if self.asked.annex else ()


def _monthly(maker: Maker) -> Report:
    survey = maker.survey("eit", maker.asked.month)
    return report_monthly.build(survey, maker.facts, thai_digits=maker.asked.thai_digits)


def _memo(maker: Maker) -> Report:
    return report_memo.build(maker.result, maker.facts, maker.annex(), thai_digits=maker.asked.thai_digits)


def _analysis(maker: Maker) -> Report:
    return report_analysis.build(maker.result, maker.facts, maker.annex(), thai_digits=maker.asked.thai_digits)


def _implementation(maker: Maker) -> Report:
    year, agency = maker.asked.year, maker.agency.id
    before, after = (official_store.read(maker.conn, agency, one) for one in (year - 1, year))
    chosen = measures.of_year(maker.conn, agency, year)
    given = Carried(year, chosen, dataset.frame_of(year), before, after)
    return report_implementation.build(given, maker.facts, maker.annex(), thai_digits=maker.asked.thai_digits)


def _complaints(maker: Maker) -> Report:
    period = maker.asked.period or maker.year
    found = complaints.statistics(maker.conn, maker.agency.id, period, maker.as_of)
    office, digits = maker.agency.office, maker.asked.thai_digits
    frame = dataset.frame_of(period.fiscal_year)
    return report_complaints.build(found, frame, office, maker.facts, thai_digits=digits)


def _participation(maker: Maker) -> Report:
    surveys = {kind: maker.survey(kind, maker.year) for kind in dataset.KINDS}
    given = dataset.participation(maker.conn, surveys, maker.comments, maker.agency, maker.as_of)
    chosen = measures.of_year(maker.conn, maker.agency.id, maker.asked.year)
    frame = dataset.frame_of(maker.asked.year)
    office, digits = maker.agency.office, maker.asked.thai_digits
    return report_participation.build(given, chosen, frame, office, maker.facts, thai_digits=digits)


def _satisfaction(maker: Maker) -> Report:
    profiles = dataset.profiles(maker.conn, maker.library, maker.agency.id, maker.year)
    comments = tuple(one for one in maker.comments if one.kind == "satisfaction")
    survey = maker.survey("satisfaction", maker.year)
    digits = maker.asked.thai_digits
    return report_satisfaction.build(survey, maker.levels, (profiles, comments), maker.facts, thai_digits=digits)


_BUILDERS: dict[str, Callable[[Maker], Report]] = {
    "monthly": _monthly,
    "memo": _memo,
    "analysis": _analysis,
    "implementation": _implementation,
    "complaints": _complaints,
    "participation": _participation,
    "satisfaction": _satisfaction,
}
