"""Re-encrypt what is stored under the first key, row by row: stop it anywhere, run it again, it goes on.

Each row is a transaction of its own, so that nobody waits; a row under the first key already is left as it is. What is
decrypted on the way stays in memory.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Engine, Table, func, select, update

from survey import db
from survey.privacy import Keys
from survey.sealed_keys import SealedError, Sealer
from survey.tables import complaint_groups, complaints, officers, sealed_files, sealed_messages, sealed_reports

Renew = Callable[[bytes], bytes | None]
"""The same under the first key; None: it is. Raises SealedError."""

SEALED: Mapping[Table, tuple[str, ...]] = {
    sealed_reports: ("content", "excluded"),
    sealed_messages: ("content",),
    sealed_files: ("label", "content"),
}
CONTACTS: Mapping[Table, tuple[str, ...]] = {
    officers: ("contact",),
    complaints: ("contact", "phone"),
    complaint_groups: ("contact",),
}
"""Which columns hold what is encrypted with SEALED_KEYS, and with CONTACT_KEYS."""


@dataclass
class Outcome:
    """``renewed`` rows came under the first key; ``lost`` are opened by no key that is set."""

    seen: int = 0
    renewed: int = 0
    lost: int = 0


def total(engine: Engine, places: Mapping[Table, tuple[str, ...]]) -> int:
    """How many rows there are to look at."""
    with db.read(engine) as conn:
        return sum(conn.scalar(select(func.count()).select_from(table)) or 0 for table in places)


def rotate(
    engine: Engine, renew: Renew, places: Mapping[Table, tuple[str, ...]], step: Callable[[], None] = lambda: None
) -> Outcome:
    """Bring every row under the first key; ``step`` after each."""
    outcome = Outcome()
    for table, columns in places.items():
        for key in _keys(engine, table):
            outcome.seen += 1
            _renew_row(engine, table, columns, key, renew, outcome)
            step()
    return outcome


def sealed_renewer(keys: Keys) -> Renew:
    """Raises SealedError without SEALED_KEYS."""
    return Sealer(keys.sealed_keys).renewed


def contact_renewer(keys: Keys) -> Renew:
    return Sealer(keys.contact_keys).renewed


def _renew_row(
    engine: Engine, table: Table, columns: tuple[str, ...], key: tuple[Any, ...], renew: Renew, outcome: Outcome
) -> None:
    this = [column == value for column, value in zip(_primary(table), key, strict=True)]
    with db.write(engine) as conn:
        row = conn.execute(select(*(table.c[name] for name in columns)).where(*this).with_for_update()).first()
        if row is None:
            return
        try:
            fresh = {name: new for name, old in zip(columns, row, strict=True) if old and (new := renew(bytes(old)))}
        except SealedError:
            outcome.lost += 1
            return
        if fresh:
            conn.execute(update(table).where(*this).values(**fresh))
            outcome.renewed += 1


def _keys(engine: Engine, table: Table) -> Iterator[tuple[Any, ...]]:
    with db.read(engine) as conn:
        return iter([tuple(row) for row in conn.execute(select(*_primary(table)))])


def _primary(table: Table) -> list[Column[Any]]:
    return list(table.primary_key.columns)
