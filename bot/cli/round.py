"""``siang round``: open, close and list rounds. Ordinary ones open and close by themselves."""

from datetime import date, datetime

import click

from bot.cli import context
from survey import db, rounds, thai
from survey.instrument import Instrument
from survey.library import Library
from survey.settings_read import read_date


class _Day(click.ParamType[date]):
    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        day = value.date() if isinstance(value, datetime) else read_date(value)
        if day is None:
            self.fail(f"{value!r} is not a day; write 2027-02-01 or 2570-02-01", param, ctx)
        return day


@click.group(short_help="Open, close and list rounds.")
def command() -> None:
    """Open, close and list rounds.

    A round is one survey in one window of time. `siang migrate` and the worker open the EIT rounds (October-March,
    April-September) and the standing satisfaction round by themselves; these commands are for everything else.
    """


@command.command("list")
@context.agency_option
def list_rounds(agency_id: str | None) -> None:
    """List all rounds, the newest first.

    \b
    Example:  siang round list
    """
    work = context.deployment()
    agency, day = work.agency(agency_id), context.today()
    with db.read(work.engine) as conn:
        rows = rounds.listing(conn, agency.id)
    work.engine.dispose()
    if not rows:
        click.echo("No rounds yet. Run: siang migrate")
    for row in rows:
        state = "closed" if row.closed else "waits" if row.opens_on > day else "open"
        until = f"until {row.closes_on}" if row.closes_on else "" if row.closed else "stands open"
        click.echo(f"{row.id:<28} {state:<7} {row.opens_on} {until:<17} {row.instrument_id} v{row.instrument_version}")


@command.command("open")
@click.argument("instrument")
@click.option("--id", "round_id", help="Its name; made from the instrument and the first day when left out.")
@click.option("--from", "opens", type=_Day(), help="The first day (default: today).")
@click.option("--to", "closes", type=_Day(), help="The first day on which it is closed; left out, it stands open.")
@context.agency_option
def open_round(
    instrument: str, round_id: str | None, opens: date | None, closes: date | None, agency_id: str | None
) -> None:
    """Open a round of INSTRUMENT: its kind (eit, satisfaction: the newest version) or the id of one.

    \b
    Examples:  siang round open eit --from 2027-02-01 --to 2027-03-01
               siang round open satisfaction
    """
    work = context.deployment(context.KEYS)
    agency, first = work.agency(agency_id), opens or context.today()
    chosen = _instrument(work.library, instrument, first)
    name = round_id or f"{chosen.id}.{chosen.version}-{first:%Y%m%d}"
    with db.write(work.engine) as conn:
        rounds.open_round(conn, work.settings.keys, agency.id, name, chosen, first, closes)
    work.engine.dispose()
    click.echo(f"Opened round {name}: " + chosen.title.replace("{agency}", agency.name))


@command.command("close")
@click.argument("round_id")
@context.agency_option
def close_round(round_id: str, agency_id: str | None) -> None:
    """Close ROUND_ID now.

    Complete answers count as sent, unfinished ones are deleted, and the round's secret is destroyed: after that nobody
    can find out who took part. It cannot be opened again.

    \b
    Example:  siang round close eit-2570-1
    """
    work = context.deployment()
    with db.write(work.engine) as conn:
        rounds.close(conn, work.library, work.agency(agency_id).id, round_id, context.today())
    work.engine.dispose()
    click.echo(f"Closed round {round_id}. Its secret is destroyed.")


def _instrument(library: Library, wanted: str, day: date) -> Instrument:
    fitting = [i for i in {i.key: i for i in library.instruments.values()}.values() if i.id == wanted]
    if fitting:
        newest = max(fitting, key=lambda i: i.version)
        return library.get(newest.id, newest.version)
    try:
        return library.newest(wanted, thai.fiscal_year(day))
    except KeyError:
        known = sorted({i.kind for i in library.instruments.values()} | {i.id for i in library.instruments.values()})
        raise click.BadParameter(f"there is no {wanted!r}; known are {', '.join(known)}") from None
