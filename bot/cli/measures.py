"""``siang measures``: choose measures for what is weak, keep them in a register, edit that in a spreadsheet."""

import json
from pathlib import Path

import click
from sqlalchemy import Connection

from analysis import (
    measures,
    measures_file,
    measures_library,
    measures_source,
    measures_suggest,
    rule_library,
)
from analysis.measures_bank import BankError, Entry
from analysis.measures_plan import Plan
from analysis.measures_sheet import SheetError
from analysis.measures_source import Source
from analysis.measures_suggest import Wanted
from analysis.rule_file import RuleError
from bot.cli import context, measures_book, measures_table, output
from bot.cli.errors import FindingError, ToldError
from survey import db, thai
from survey.settings import Agency

MOST = 40  # faults or conflicts told one by one
YEAR = click.option("--fiscal-year", "year", metavar="YYYY", help="Like 2570 or 2027 (default: the current one).")
FORM = click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)


@click.group(short_help="Choose improvement measures and keep their register.")
def command() -> None:
    """Choose improvement measures for weak questions, and keep a register of their progress.

    \b
    The way:  siang measures suggest --add
              siang measures export --out measures.xlsx   (edit it)
              siang measures import measures.xlsx
    """


@command.command(short_help="Suggest measures for the weak questions of the last official result.")
@click.option("--fiscal-year", "year", metavar="YYYY", help="When they are due (default: after the result, or now).")
@click.option("--count", type=click.IntRange(1, 50), help="For how many weak questions (default: all to improve).")
@click.option("--each", type=click.IntRange(1, 5), default=1, show_default=True, help="Measures for a question.")
@click.option("--add", is_flag=True, help="Put them in the register; those already there stay as they are.")
@FORM
@context.agency_option
def suggest(year: str | None, count: int | None, each: int, add: bool, form: str, agency_id: str | None) -> None:
    """Suggest measures for the weak questions, by the seven issues.

    Weak is what the last imported official result before that year shows to be improved. Without an imported result it
    is the office's own survey, from 30 answers to a question; that is never official, and the output says so.

    \b
    Examples:  siang measures suggest
               siang measures suggest --fiscal-year 2570 --count 5 --each 2
               siang measures suggest --add
    """
    work = context.deployment()
    agency = work.agency(agency_id)
    entries = _bank(agency)
    with db.write(work.engine) if add else db.read(work.engine) as conn:
        target = _year(year) if year else measures_source.target_year(conn, agency.id, context.today())
        source = _source(conn, work, agency, target, count)
        wanted = Wanted(target, agency.office, each)
        found = measures_suggest.suggest(source.weak, entries, source.frame, measures_library.frames(), wanted)
        chosen = [one.measure for one in found.chosen]
        added = measures.add(conn, agency.id, chosen, context.today()) if add else ()
        register = {one.id: one for one in measures.of_year(conn, agency.id, target)}
    work.engine.dispose()
    if form == "json":
        body = measures_table.suggested_json(source, found, agency.id, target, register)
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(measures_table.suggested(source, found, target, register)))
    if add:
        click.echo(f"Added {len(added)} to the register of {target}; {len(chosen) - len(added)} were there.", err=True)


@command.command("list", short_help="List the register of a fiscal year.")
@YEAR
@FORM
@context.agency_option
def listing(year: str | None, form: str, agency_id: str | None) -> None:
    """List the measures of a fiscal year with status and progress, by the seven issues.

    \b
    Example:  siang measures list --fiscal-year 2570
    """
    work = context.deployment()
    target = _year(year)
    with db.read(work.engine) as conn:
        found = measures.of_year(conn, work.agency(agency_id).id, target)
    work.engine.dispose()
    if form == "json":
        click.echo(json.dumps([measures_table.as_json(one) for one in found], ensure_ascii=False, indent=2))
    elif found:
        click.echo("\n".join(measures_table.register(found, target, measures_library.frame(target))))
    else:
        click.echo(f"No measures of fiscal year {target} yet. Run: siang measures suggest --add")


@command.command(short_help="Write the register to an Excel file to edit.")
@YEAR
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to (default: measures-YYYY.xlsx).")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@context.agency_option
def export(year: str | None, out: Path | None, force: bool, agency_id: str | None) -> None:
    """Write the measures of a fiscal year to an Excel file: a row for each, to edit and to add to.

    \b
    Example:  siang measures export --fiscal-year 2570 --out measures.xlsx
    """
    work = context.deployment()
    target = _year(year)
    with db.read(work.engine) as conn:
        found = measures.of_year(conn, work.agency(agency_id).id, target)
    work.engine.dispose()
    output.write(
        out or Path(f"measures-{target}.xlsx"), measures_book.workbook(found, measures_library.frame(target)), force
    )


@command.command("import", short_help="Take an edited Excel file back into the register.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@context.agency_option
def take(file: Path, agency_id: str | None) -> None:
    """Take FILE, which `siang measures export` wrote and people edited, back into the register.

    Edited rows are changed, rows without the hidden id are added, measures that are not in FILE stay. When a cell
    cannot be used, all faults are told and nothing is taken (exit code 2). A row that was changed in the register too
    since the export is a conflict: it is told cell by cell and left as the register has it (exit code 1).

    \b
    Example:  siang measures import measures.xlsx
    """
    work = context.deployment()
    agency = work.agency(agency_id)
    try:
        given = measures_file.read(file)
        with db.write(work.engine) as conn:
            plan = measures_file.take(conn, agency.id, given, context.today())
    except SheetError as exc:
        raise ToldError(_told(file, exc.faults)) from None
    work.engine.dispose()
    click.echo(_taken(file, plan))
    if plan.conflicts:
        raise FindingError(_told(file, plan.conflicts))


@command.command(short_help="List the measures that can be suggested, and check the agency's own file.")
@click.option("--item", metavar="CODE", help="Only those for this item, like e4.")
@context.agency_option
def bank(item: str | None, agency_id: str | None) -> None:
    """List the measures to choose from: id, items, title. The agency's own replace ours of the same id.

    \b
    Example:  siang measures bank --item e4
    """
    entries = _bank(context.deployment(migrated=False).agency(agency_id))
    found = [one for one in entries if item is None or item.lower() in one.items]
    if not found:
        raise click.BadParameter(
            f"there is no measure for {item!r}; write a code like e4, i12, o20", param_hint="--item"
        )
    click.echo("\n".join(measures_table.bank(found)))


def _bank(agency: Agency) -> tuple[Entry, ...]:
    try:
        return measures_library.load(agency.office.measures)
    except BankError as exc:
        raise ToldError(f"{exc}.") from None


def _source(conn: Connection, work: context.Deployment, agency: Agency, year: int, count: int | None) -> Source:
    try:
        rule = rule_library.of(agency.office)
    except RuleError as exc:
        raise ToldError(f"{exc}.") from None
    source = measures_source.of_result(conn, agency.id, year, rule, count) or measures_source.of_survey(
        conn, work.library, agency, year, context.today(), count
    )
    if source is None:
        raise FindingError(
            f"There is nothing to suggest from: no official result of {year} or before was imported (siang ita import "
            f"FILE), and no question of the own survey in {year - 1} or {year} has 30 answers and less than 100."
        )
    return source


def _year(text: str | None) -> int:
    return context.fiscal_year(text).fiscal_year if text else thai.fiscal_year(context.today())


def _taken(file: Path, plan: Plan) -> str:
    said = f"{file}: {len(plan.changed)} changed, {len(plan.added)} added, {plan.kept} as they were"
    if plan.conflicts:
        said += f", {len(plan.conflicts)} in conflict"
    if plan.absent:
        said += f"; {plan.absent} of the register are not in the file and stay"
    return f"{said}."


def _told(file: Path, sentences: tuple[str, ...]) -> str:
    told = [f"{file.name}: {one}." for one in sentences[:MOST]]
    return "\n".join([*told, *([f"And {len(sentences) - MOST} more."] if len(sentences) > MOST else [])])
