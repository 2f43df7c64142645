"""``siang instrument check FILE``: is this file of questions one that the program would take?"""

import tomllib
from pathlib import Path

import click

from bot.cli.errors import FindingError, ToldError
from survey import library
from survey.instrument import Instrument, InstrumentError


@click.group(short_help="Check a file of questions.")
def command() -> None:
    """Check a file of questions (an instrument). Its format: docs/instruments.md."""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
def check(file: Path) -> None:
    """Check FILE and say what is in it, or what is wrong with which question.

    Exit code 0: it can be used; 1: it has a fault, which is named; 2: it cannot be read as TOML at all.

    \b
    Example:  siang instrument check survey/instruments/satisfaction-1.toml
    """
    try:
        tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise ToldError(f"{file} cannot be read as TOML: {exc}") from None
    try:
        found = library.check_file(file)
    except InstrumentError as exc:
        raise FindingError(str(exc)) from None
    click.echo(_summary(found))


def _summary(found: Instrument) -> str:
    items = ", ".join(f"{q.item_code}" for q in found.items) or "none"
    return (
        f"{found.id} version {found.version} ({found.kind}, {found.language}): {found.title}\n"
        f"{len(found.questions)} questions; scored items: {items}\nNo faults."
    )
