"""What most commands begin with: the settings they need, the database at the right version, the instruments."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import click
from sqlalchemy import Engine, make_url

from survey import db, library, rounds, schema, settings_load, thai
from survey.library import Library
from survey.settings import Agency, Settings
from survey.thai import Period

DATABASE: frozenset[str] = frozenset()
"""Only the database, as for scores: neither LINE nor Google nor the secret key have to be set."""

KEYS = frozenset({"keys"})
AGENCY = frozenset({"agency"})
SHEETS = frozenset({"sheets"})
ALL = settings_load.ALL

F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True)
class Deployment:
    """A deployment to work on."""

    settings: Settings
    engine: Engine
    library: Library

    def agency(self, agency_id: str | None) -> Agency:
        """The agency with this id, or the default one. Raises click.BadParameter naming those that exist."""
        found = self.settings.agency(agency_id) if agency_id else self.settings.default_agency
        if found is None:
            known = ", ".join(a.id for a in self.settings.agencies)
            raise click.BadParameter(f"there is no agency {agency_id!r}; known are {known}", param_hint="--agency")
        return found


def deployment(need: frozenset[str] = DATABASE, *, migrated: bool = True) -> Deployment:
    """Read what ``need`` names and connect; ``migrated``: refuse another schema version.

    Raises SettingsError, DatabaseUrlError, SchemaError, SecretKeyError, InstrumentError; ``siang`` tells them in words.
    """
    settings = settings_load.load(need)
    if migrated:
        check_there(settings.database_url)
    engine = db.connect(settings.database_url)
    if migrated:
        schema.check(engine)
        if need >= KEYS:
            with db.read(engine) as conn:
                rounds.check_secrets(conn, settings.keys, [agency.id for agency in settings.agencies])
    return Deployment(settings, engine, library.load())


def check_there(database_url: str) -> None:
    """Raises SchemaError when the SQLite file does not exist: asking it would make an empty one."""
    address = make_url(database_url)
    file = address.database or ""
    if address.get_backend_name() == "sqlite" and not file.startswith("file:") and not Path(file).exists():
        raise schema.SchemaError(f"There is no database {file} yet. Run: siang migrate")


def agency_option(function: F) -> F:
    """``--agency ID`` for a command; gives ``agency_id: str | None``."""
    return click.option("--agency", "agency_id", metavar="ID", help="Which agency, when there are several.")(function)


def fiscal_year(text: str, hint: str = "--fiscal-year") -> Period:
    """``2570``, ``2027`` or ``๒๕๗๐``. Raises click.BadParameter on anything else."""
    plain = thai.arabic_digits(text).strip()
    if re.fullmatch(r"\d{4}", plain):
        number = int(plain) if int(plain) > 2400 else int(plain) + 543
        if 2560 <= number <= 2640:
            return thai.fiscal_period(number)
    raise click.BadParameter(f"not a fiscal year: {text!r}; write it like 2570 or 2027", param_hint=hint)


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The day in Bangkok."""
    return thai.bangkok_date(now())
