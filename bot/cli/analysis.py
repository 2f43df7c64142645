"""``siang analysis``: our own survey's year from all sides, how many more answers it takes, what the EIT may become."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy import Connection

from analysis import advice as sample
from analysis import estimate as guess
from analysis import figures, frame_library, internal_read, official_store, rule_library, scores
from analysis.display import UNOFFICIAL
from analysis.frame import FrameError
from analysis.internal import EIT
from analysis.rule_file import RuleError
from bot.cli import analysis_show, analysis_staff, context, output, pages
from bot.cli.context import Deployment
from bot.cli.errors import ToldError
from bot.cli.pages import Page
from survey import db, thai
from survey.settings import Agency
from survey.thai import Period

Json = dict[str, Any]
Rows = tuple[list[str], Iterable[Json]]
F = TypeVar("F", bound=Callable[..., object])


class _Asked:
    """What was asked for: which deployment, agency and year, and where the answer goes in which form."""

    def __init__(self, year: str | None, form: str, out: Path | None, force: bool, agency_id: str | None) -> None:
        self.period: Period = context.fiscal_year(year) if year else _this_year()
        self.work: Deployment = context.deployment()
        self.agency: Agency = self.work.agency(agency_id)
        self._form, self._out, self._force = form, out, force

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with db.read(self.work.engine) as conn:
            yield conn
        self.work.engine.dispose()

    def give(self, name: str, notice: str, said: Sequence[Page], public: Json, rows: Rows) -> None:
        """Print it, or write it to a file; a workbook always goes to a file."""
        if self._form == "xlsx":
            target = self._out or Path(f"{name}-{self.period.key}.xlsx")
            output.write(target, pages.xlsx(said, notice), self._force)
            return
        if self._form == "json":
            told = json.dumps(public, ensure_ascii=False, indent=2) + "\n"
        else:
            told = _csv(*rows) if self._form == "csv" else pages.text(said, notice) + "\n"
        if self._out:
            output.write(self._out, told.encode("utf-8-sig" if self._form == "csv" else "utf-8"), self._force)
        else:
            click.echo(told, nl=False)


def _this_year() -> Period:
    return thai.fiscal_period(thai.fiscal_year(context.today()))


def _csv(columns: Sequence[str], rows: Iterable[Json]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@click.group(short_help="Look at our own survey's year; advice and estimate for staff.")
def command() -> None:
    """Analyse our own survey: never the official ITA, and every output says so."""


def _options(function: F) -> F:
    """What the three commands have in common."""
    forms = click.Choice(["table", "json", "xlsx", "csv"])
    for option in (
        context.agency_option,
        click.option("--force", is_flag=True, help="Write over a file that is there."),
        click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file."),
        click.option("--format", "form", type=forms, default="table", show_default=True),
        click.option("--fiscal-year", "year", metavar="YYYY", help="Like 2570 or 2027 (default: the current one)."),
    ):
        function = option(function)
    return function


@command.command(short_help="A fiscal year by month, mode, department, service point; comments.")
@_options
def show(year: str | None, form: str, out: Path | None, force: bool, agency_id: str | None) -> None:
    """Show a fiscal year of our own survey: scores with changes, months, groups, comments to read.

    The display rule holds: under 5 answers nothing, under 30 whole numbers and no comparison; json and csv always have
    two decimals, null (empty) where a score is withheld or unavailable, and csv leaves the comments out.

    \b
    Examples:  siang analysis show
               siang analysis show --fiscal-year 2570 --format xlsx --out year.xlsx
    """
    asked = _Asked(year, form, out, force, agency_id)
    with asked.reading() as conn:
        found = internal_read.read(conn, asked.work.library, asked.agency, asked.period, context.today())
    asked.give(
        "analysis",
        UNOFFICIAL,
        analysis_show.pages(found, asked.agency),
        analysis_show.public(found, asked.agency),
        (analysis_show.CSV_COLUMNS, analysis_show.flat(found)),
    )


@command.command(short_help="How many more answers until scores are known to within 2 points.")
@_options
def advice(year: str | None, form: str, out: Path | None, force: bool, agency_id: str | None) -> None:
    """Say how many more answers it takes until the EIT score and its indicators are known to within 2 points.

    For staff: from the answers of those who answered themselves, and the interval that is shown.

    \b
    Example:  siang analysis advice
    """
    asked = _Asked(year, form, out, force, agency_id)
    with asked.reading() as conn:
        counted = internal_read.count(conn, asked.work.library, asked.agency, EIT, asked.period)
    users = asked.agency.office.service_users
    tally, hidden = figures.settled(counted, asked.period, asked.agency.office, figures.MODE)[figures.SELF]
    found = sample.advise(tally, scores.measure(tally, hidden, users), users)
    asked.give(
        "advice",
        analysis_staff.STAFF,
        [analysis_staff.advice_page(found, asked.period.label)],
        analysis_staff.advice_public(found, asked.agency.id, asked.period.fiscal_year),
        (analysis_staff.ADVICE_COLUMNS, analysis_staff.advice_flat(found)),
    )


@command.command(short_help="What the EIT to come may be, and which items would raise it most.")
@_options
def estimate(year: str | None, form: str, out: Path | None, force: bool, agency_id: str | None) -> None:
    """Estimate the EIT to come from our own answers, with its interval and what biases it, and rank the items.

    For staff: it is not the official result, and no document or LINE card shows it.

    \b
    Example:  siang analysis estimate --format xlsx --out estimate-2570.xlsx
    """
    asked = _Asked(year, form, out, force, agency_id)
    try:
        frame, rule = frame_library.load(asked.period.fiscal_year), rule_library.of(asked.agency.office)
        with asked.reading() as conn:
            counted = internal_read.count(conn, asked.work.library, asked.agency, EIT, asked.period)
            last = official_store.read(conn, asked.agency.id, frame.fiscal_year - 1)
    except (FrameError, RuleError) as exc:
        raise ToldError(str(exc)) from None
    periods = (asked.period, asked.period.previous())
    now, then = (figures.figures(counted, p, asked.agency.office, context.today())[0] for p in periods)
    found = guess.estimate(frame, now, rule, guess.gap(last, then))
    asked.give(
        "estimate",
        analysis_staff.STAFF,
        analysis_staff.estimate_pages(found, rule.keep_from),
        analysis_staff.estimate_public(found, asked.agency.id),
        (analysis_staff.ESTIMATE_COLUMNS, analysis_staff.estimate_flat(found)),
    )
