"""One place where errors become sentences: what an operator can mend is told without a stack trace.

Anything else is a fault of the program and keeps its trace.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click
from sqlalchemy.exc import DBAPIError

from survey.db import DatabaseUrlError
from survey.instrument import InstrumentError
from survey.officers import OfficerError
from survey.privacy import SecretKeyError
from survey.rounds import RoundError
from survey.schema import SchemaError
from survey.settings_read import SettingsError


class ToldError(click.ClickException):
    """Wrong use, settings, or an unreadable file: ends the command with a sentence for the operator."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"siang: {self.message}", file=file or sys.stderr)


class FindingError(ToldError):
    """The command worked and found something wrong."""

    exit_code = 1


@contextmanager
def told() -> Iterator[None]:
    """Turn our own errors, and a database that cannot be reached, into ToldError."""
    try:
        yield
    except SettingsError as exc:
        count = "One setting needs" if len(exc.problems) == 1 else f"{len(exc.problems)} settings need"
        raise ToldError("\n  - ".join([f"{count} mending:", *exc.problems])) from None
    except (DatabaseUrlError, SchemaError, SecretKeyError, InstrumentError, OfficerError, RoundError) as exc:
        raise ToldError(str(exc)) from None
    except DBAPIError as exc:
        reason = str(exc.orig).strip().splitlines()[0] if str(exc.orig).strip() else type(exc.orig).__name__
        raise ToldError(f"The database refused: {reason}. Check DATABASE_URL and that it is running.") from None
