"""``siang complaints``: the register of ordinary complaints on the command line, and its statistics."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Row, select

from analysis import complaints as counting
from bot.cli import columns, complaints_table, context, output
from bot.cli.errors import ToldError
from survey import complaint, confirmations, db, thai, tickets
from survey.settings import Office
from survey.tables import complaints
from survey.thai import Period

FORMS = ["table", "csv", "json", "xlsx"]
LISTED = "ticket received channel category department urgent status due closed reopened rating delivery".split()
ROOM = 100


@click.group(short_help="List complaints, show one, count them, confirm a month.")
def command() -> None:
    """Ordinary complaints. Sealed reports are never shown here; of them only the number is counted.

    \b
    Examples:  siang complaints list --late
               siang complaints show 482-9151
               siang complaints stats --quarter 2570-q1 --format xlsx --out stats.xlsx
    """


def period_options(function: Any) -> Any:
    """``--month``, ``--quarter``, ``--half``, ``--fiscal-year``: at most one."""
    for name, like in (("fiscal-year", "2570"), ("half", "2570-h1"), ("quarter", "2570-q1"), ("month", "2570-02")):
        function = click.option(f"--{name}", name.replace("-", "_"), metavar="PERIOD", help=f"Like {like}.")(function)
    return function


@command.command("list")
@period_options
@click.option("--status", type=click.Choice(complaint.STATUSES), help="Only these.")
@click.option("--department", metavar="ID", help="Only of this department.")
@click.option("--late", is_flag=True, help="Only those over the limit and still open.")
@context.agency_option
def listing(
    month: str | None,
    quarter: str | None,
    half: str | None,
    fiscal_year: str | None,
    status: str | None,
    department: str | None,
    late: bool,
    agency_id: str | None,
) -> None:
    """List tickets, the newest first (default: those of this fiscal year). Nobody's words or numbers are shown."""
    period = period_of(month, quarter, half, fiscal_year) or thai.fiscal_period(thai.fiscal_year(context.today()))
    work = context.deployment()
    agency = work.agency(agency_id)
    c = complaints.c
    where = [c.agency_id == agency.id, c.received_on >= period.start, c.received_on < period.end]
    where += [c.status == status] if status else []
    where += [c.department == department] if department else []
    where += [c.status.in_(complaint.OPEN), c.due_on < context.today()] if late else []
    with db.read(work.engine) as conn:
        found = conn.execute(select(complaints).where(*where).order_by(c.received_at.desc())).all()
    work.engine.dispose()
    if not found:
        click.echo(f"No complaints {'over the limit ' if late else ''}in {period.label}.")
        return
    click.echo("\n".join(columns.lines([LISTED, *(_line(row, agency.office) for row in found)])))


@command.command()
@click.argument("ticket")
@context.agency_option
def show(ticket: str, agency_id: str | None) -> None:
    """Show one ticket with its history; personal data is masked, contacts are never shown."""
    number = complaint.read_ticket(thai.arabic_digits(ticket))
    if number is None:
        raise ToldError(
            f"{ticket!r} is no ticket: seven digits like 482-9151, whose last is a check digit. Read it again."
        )
    work = context.deployment()
    agency = work.agency(agency_id)
    with db.read(work.engine) as conn:
        row = tickets.by_number(conn, agency.id, number)
        history = tickets.history(conn, agency.id, row.id) if row else []
    work.engine.dispose()
    if row is None:
        raise ToldError(f"There is no ticket {complaint.shown(number)} of {agency.id}. See: siang complaints list")
    office = agency.office
    for name, value in zip(LISTED, _line(row, office), strict=True):
        click.echo(f"{name:<12}{value}")
    click.echo(
        f"{'words':<12}{'-' if office.rules.category(row.category).restricted else columns.cut(row.masked, 400)}"
    )
    click.echo()
    head = ("at", "by", "action", "status", "department")
    lines = [
        (f"{h.at.astimezone(thai.BANGKOK):%Y-%m-%d %H:%M}", h.officer or h.by, h.action, h.status, h.department)
        for h in history
    ]
    click.echo("\n".join(columns.lines([head, *lines])))


@command.command()
@period_options
@click.option("--format", "form", type=click.Choice(FORMS), default="table", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file (xlsx needs it).")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@context.agency_option
def stats(
    month: str | None,
    quarter: str | None,
    half: str | None,
    fiscal_year: str | None,
    form: str,
    out: Path | None,
    force: bool,
    agency_id: str | None,
) -> None:
    """Count the complaints received in a period (default: this month), both tracks apart.

    Totals are always shown; cells of 1-4 in a breakdown are withheld, and when it is only one the next smallest too.
    The numbers are final once every month is confirmed: siang complaints confirm.
    """
    if form == "xlsx" and out is None:
        raise click.UsageError("An Excel file needs a name: give --out FILE.")
    period = period_of(month, quarter, half, fiscal_year) or thai.month_of(context.today())
    work = context.deployment()
    agency = work.agency(agency_id)
    with db.read(work.engine) as conn:
        found = counting.statistics(conn, agency.id, period, context.today())
    work.engine.dispose()
    rows = complaints_table.rows(found, agency.office)
    if form == "xlsx" and out is not None:
        output.write(out, complaints_table.as_xlsx(found.period.key, complaints_table.HEADER, rows), force)
        return
    text = {
        "table": lambda: "\n".join(complaints_table.table(found, agency.office, agency.name)) + "\n",
        "csv": lambda: complaints_table.as_csv(complaints_table.HEADER, rows),
        "json": lambda: complaints_table.as_json(found, agency.office, agency.id) + "\n",
    }[form]()
    if out is None:
        click.echo(text, nl=False)
    else:
        output.write(out, text.encode("utf-8-sig" if form == "csv" else "utf-8"), force)  # Excel looks for the mark


@command.command()
@click.option("--month", required=True, metavar="YYYY-MM", help="A month that is over, like 2570-02.")
@click.option("--by", "officer", required=True, metavar="NAME", help="Who says so; kept with it.")
@context.agency_option
def confirm(month: str, officer: str, agency_id: str | None) -> None:
    """Confirm that the register holds every channel's complaints of a month: phone, walk-in, letter, Facebook, 1567."""
    work = context.deployment()
    agency = work.agency(agency_id)
    period = _month(month)
    try:
        with db.write(work.engine) as conn:
            counts = confirmations.confirm(conn, agency.id, period, officer[:32], context.now())
    except confirmations.ConfirmationError as exc:
        raise ToldError(f"{exc}.") from None
    work.engine.dispose()
    shown = ", ".join(f"{complaint.CHANNELS.get(name, name)} {n}" for name, n in counts.items())
    click.echo(f"Confirmed {period.key}: {shown}.")


def _line(row: Row[Any], office: Office) -> Sequence[str]:
    department = office.department(row.department)
    return (
        complaint.shown(row.ticket),
        _day(row.received_on),
        complaint.CHANNELS.get(row.channel, row.channel),
        office.rules.category(row.category).title,
        department.title if department else row.department or "-",
        "!" if row.urgent else "",
        complaint.STATUS_TITLES[row.status],
        _day(row.due_on),
        _day(row.closed_on),
        str(row.reopened or ""),
        str(row.rating or ""),
        row.delivery,
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def period_of(month: str | None, quarter: str | None, half: str | None, year: str | None) -> Period | None:
    """The one period that was given; None: none. Raises click.UsageError, click.BadParameter."""
    given = [name for name in (month, quarter, half, year) if name]
    if len(given) > 1:
        raise click.UsageError("Give one of --month, --quarter, --half and --fiscal-year.")
    if month:
        return _month(month)
    if quarter:
        return _part(quarter, "q", 4, "--quarter")
    if half:
        return _part(half, "h", 2, "--half")
    return context.fiscal_year(year) if year else None


def _month(text: str) -> Period:
    try:
        return thai.parse_month(text)
    except ValueError as exc:
        raise click.BadParameter(str(exc), param_hint="--month") from None


def _part(text: str, letter: str, most: int, hint: str) -> Period:
    """``2570-q1``, ``2570-1``, ``2027-Q1``."""
    year, _, number = thai.arabic_digits(text).lower().replace(letter, "").partition("-")
    if not (number.isdecimal() and 1 <= int(number) <= most):
        raise click.BadParameter(f"{text!r}: write it like 2570-{letter}1", param_hint=hint)
    return thai.part_of(context.fiscal_year(year, hint).fiscal_year, letter, int(number))
