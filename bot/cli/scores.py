"""``siang scores``: the indicator scores of a month or a fiscal year, for people (table) and programs (csv, json)."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

import click

from analysis import figures, stored, tally
from analysis.scores import Scores
from analysis.tally import OfficerCount
from bot.cli import context, scores_table
from survey import db, officers, thai
from survey.settings import Agency
from survey.thai import Period

CSV_COLUMNS = "period group level code title score n missing low high change withheld".split()


@click.command(short_help="Show indicator scores of a month or a fiscal year.")
@click.option("--month", metavar="YYYY-MM", help="A month, like 2570-02 or 2027-02 (default: this month).")
@click.option("--fiscal-year", "year", metavar="YYYY", help="A whole fiscal year, October to September, like 2570.")
@click.option("--by", type=click.Choice([figures.MODE, figures.DEPARTMENT, figures.POINT]), help="Break it down.")
@click.option(
    "--instrument",
    "kind",
    type=click.Choice(["eit", "satisfaction"]),
    help="Which survey (default: eit; by department or service_point: satisfaction, which alone carries points).",
)
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@context.agency_option
def command(
    month: str | None, year: str | None, by: str | None, kind: str | None, form: str, agency_id: str | None
) -> None:
    """Show our own survey's scores, which are never the official ITA.

    \b
    Fewer than 5 answers: withheld. 5-29: a whole number with its range. From 30: two decimals.
    csv and json always carry two decimals; null (empty) where a score is withheld or unavailable.

    \b
    Examples:  siang scores
               siang scores --month 2570-02 --format json
               siang scores --fiscal-year 2570 --by department
    """
    period = _period(month, year)
    work = context.deployment()
    wanted = kind or ("satisfaction" if by in (figures.POINT, figures.DEPARTMENT) else "eit")
    asked = _Asked(work.agency(agency_id), wanted, period, by)
    found, helpers = _compute(work, asked)
    work.engine.dispose()
    if form == "json":
        bodies = [stored.public(s, asked.agency.id) for s in found]
        click.echo(json.dumps(bodies if by else bodies[0], ensure_ascii=False, indent=2))
    elif form == "csv":
        click.echo(_csv(found), nl=False)
    else:
        click.echo("\n".join(scores_table.table(found, asked.agency, period, by, helpers)))


@dataclass(frozen=True)
class _Asked:
    agency: Agency
    kind: str
    period: Period
    by: str | None


def _compute(work: context.Deployment, asked: _Asked) -> tuple[list[Scores], list[tuple[str, OfficerCount]]]:
    with db.read(work.engine) as conn:
        counted = tally.count(conn, work.library, asked.agency.id, asked.kind, tally.span(asked.period))
        helpers = []
        if asked.by == figures.MODE:
            names = {row.id: row.name or row.id for row in officers.listing(conn, asked.agency.id)}
            found = tally.assisted(conn, work.library, asked.agency.id, asked.kind, asked.period)
            helpers = [(names.get(one.officer_id, one.officer_id), one) for one in found]
    day = context.today()
    return figures.figures(counted, asked.period, asked.agency.office, day, asked.by), helpers


def _period(month: str | None, year: str | None) -> Period:
    if month and year:
        raise click.UsageError("Give --month or --fiscal-year, not both.")
    if year:
        return context.fiscal_year(year)
    if not month:
        return thai.month_of(context.today())
    try:
        return thai.parse_month(month)
    except ValueError as exc:
        raise click.BadParameter(str(exc), param_hint="--month") from None


def _csv(found: Sequence[Scores]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for scores in found:
        writer.writerows({"period": scores.period, "group": scores.group, **row} for row in stored.flat(scores))
    return out.getvalue()
