"""``siang migrate``: the database to this version, the current rounds open. Run it at every release, first."""

import click

from bot.cli import context
from survey import db, rounds, schema


@click.command(short_help="Bring the database to this version and open the current rounds.")
def command() -> None:
    """Bring the database to this program's version and open the current rounds.

    Makes the database when there is none, opens this half-year's EIT round and the standing satisfaction round of each
    agency. Running it again changes nothing. `web` and `worker` never migrate; they refuse another version.

    \b
    Example:  siang migrate
    """
    work = context.deployment(context.KEYS, migrated=False)
    version = schema.upgrade(work.engine)
    click.echo(f"The database is at version {version}.")
    for agency in work.settings.agencies:
        with db.write(work.engine) as conn:
            opened = rounds.ensure(conn, work.library, work.settings.keys, agency.id, context.today())
        for round_id in opened:
            click.echo(f"Opened round {round_id} for {agency.name or agency.id}.")
    work.engine.dispose()
