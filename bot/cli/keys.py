"""``siang keys``: a new key for sealed reports or contacts, and everything stored brought under it."""

import sys
from collections.abc import Mapping

import click
from cryptography.fernet import Fernet
from sqlalchemy import Table

from bot.cli import context
from bot.cli.errors import FindingError, ToldError
from survey import audit, db, sealed_rotate
from survey.sealed_rotate import CONTACTS, SEALED, Outcome, Renew

HOW = """\
This is a new key; it is stored nowhere. To change SEALED_KEYS (or CONTACT_KEYS) without losing anything:
  1. Put it in front of the keys that are there, with a comma between: SEALED_KEYS=new,old
  2. Restart `siang web` and `siang worker` on every machine, so that nothing is encrypted with the old key any more.
  3. Run: siang keys rotate
  4. When that says so, take the old key away and restart again.
"""
FINISH = """\
{name}: the first key opens everything now. To finish, leave only the first key in {name} and restart `siang web` and
`siang worker` on every machine. A backup made before today still needs the old key: keep that for as long as the
backup, apart from it.
"""


@click.group(short_help="Make a new key, and bring what is encrypted under it.")
def command() -> None:
    """Make a new key, and bring what is encrypted under it.

    SEALED_KEYS encrypt corruption reports, CONTACT_KEYS the LINE accounts of officers and complainants. They stand in
    the settings, never in the database: keep a copy of them apart from its backups.
    """


@command.command()
def new() -> None:
    """Print a new key; how to change to it stands on the screen beside it.

    \b
    Example:  siang keys new
    """
    click.echo(Fernet.generate_key().decode())
    click.echo(HOW, err=True, nl=False)


@command.command()
def rotate() -> None:
    """Encrypt everything again with the first key, row by row, while the office goes on working.

    May be stopped at any moment and run again: it goes on. Exit code 1: some rows are opened by no key that is set.

    \b
    Example:  siang keys rotate
    """
    work = context.deployment(context.KEYS)
    keys = work.settings.keys
    if not (keys.sealed_keys or keys.contact_keys):
        raise ToldError("Neither SEALED_KEYS nor CONTACT_KEYS is set, so there is nothing to rotate.")
    lost = 0
    if keys.sealed_keys:
        outcome = _renew(work, "SEALED_KEYS", keys.sealed_keys, sealed_rotate.sealed_renewer(keys), SEALED)
        _note(work, outcome)
        lost += outcome.lost
    if keys.contact_keys:
        lost += _renew(work, "CONTACT_KEYS", keys.contact_keys, sealed_rotate.contact_renewer(keys), CONTACTS).lost
    db.scrub(work.engine)  # what the old key opens lives on in SQLite's log
    work.engine.dispose()
    if lost:
        raise FindingError(
            f"{lost} {'row is' if lost == 1 else 'rows are'} opened by no key that is set. Put the older key back "
            "behind the first, and run this again; take no key away until then."
        )


def _renew(
    work: context.Deployment, name: str, keys: tuple[str, ...], renew: Renew, places: Mapping[Table, tuple[str, ...]]
) -> Outcome:
    length = sealed_rotate.total(work.engine, places)
    with click.progressbar(length=length, label=name, file=sys.stderr, show_pos=True) as bar:
        outcome = sealed_rotate.rotate(work.engine, renew, places, lambda: bar.update(1))
    click.echo(f"{name}: rows looked at {outcome.seen}, encrypted again {outcome.renewed}.")
    if not outcome.lost and len(keys) > 1:
        click.echo(FINISH.format(name=name), nl=False)
    return outcome


def _note(work: context.Deployment, outcome: Outcome) -> None:
    """Say in every agency's audit log that its reports were touched."""
    if outcome.renewed:
        with db.write(work.engine) as conn:
            for agency in work.settings.agencies:
                audit.write(conn, work.settings.keys, agency.id, audit.SYSTEM, "rotate", "", context.now())
