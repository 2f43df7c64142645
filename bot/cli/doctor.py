"""``siang doctor``: is everything as it must be, and if not, how to mend it?"""

import click

from bot import doctor
from bot.cli import context
from bot.cli.errors import FindingError
from bot.doctor_report import Level, Line
from survey import db, settings_load
from survey.schema import SchemaError
from survey.settings_read import SettingsError

COLOURS = {Level.OK: "green", Level.NOTE: "cyan", Level.FINDING: "red"}


@click.command(short_help="Check settings, database, LINE and Google Sheets; say how to mend.")
def command() -> None:
    """Check settings, database, clock, LINE, Google Sheets, officers and rounds; say how to mend what is wrong.

    Changes nothing. Exit code 1 when there is a finding; notes are worth knowing and no fault.

    \b
    Example:  siang doctor
    """
    found = 0
    problems = _settings_problems()
    for problem in problems:
        found += _tell(Line(Level.FINDING, problem))
    if not problems:
        _tell(Line(Level.OK, "All settings are there and well formed."))
    settings = settings_load.load(context.DATABASE)
    engine = None
    try:
        context.check_there(settings.database_url)
        engine = db.connect(settings.database_url)
    except SchemaError as exc:
        found += _tell(Line(Level.FINDING, str(exc)))
    for line in doctor.examine(settings, engine, context.now):
        found += _tell(line)
    if engine is not None:
        engine.dispose()
    if found:
        raise FindingError("one finding." if found == 1 else f"{found} findings.")


def _settings_problems() -> list[str]:
    try:
        settings_load.load(context.ALL)
    except SettingsError as exc:
        return exc.problems
    return []


def _tell(line: Line) -> bool:
    click.echo(f"{click.style(f'{line.level:<8}', fg=COLOURS[line.level])} {line.text}")
    if line.mend:
        click.echo(f"{'':<8} -> {line.mend}")
    return line.level is Level.FINDING
