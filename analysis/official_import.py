"""Takes an official result from a file into the store: the only way in, for all years of the file or for none.

Whether the published numbers fit each other is said, not demanded: they are what was published, misprints and all, and
an office must be able to hold, explain and appeal exactly those.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from analysis import frame_library, official, official_store, reconcile, reconcile_file
from analysis.reconcile import Result, Verdict
from analysis.reconcile_tree import Cell

GRADE = Cell("level", "ITA", "level")
Value = int | str
"""Hundredths of a score, or the stated grade."""


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it was read, each year with its verdict. ``name``, ``digest``: the file's, SHA-256."""

    name: str
    digest: str
    years: tuple[tuple[Result, Verdict], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What an import changes in one cell (``GRADE``: the stated grade); None: nothing stood, or stands, there."""

    cell: Cell
    before: Value | None
    now: Value | None


@dataclass(frozen=True, slots=True)
class Taken:
    """One year taken in. ``replaced``: it had been imported before; then ``differences`` are what changed."""

    fiscal_year: int
    count: int
    verdict: Verdict
    replaced: bool
    differences: tuple[Difference, ...]


def read(path: Path) -> Given:
    """Read and check a file. Raises ResultFileError about all faults, FrameError when a year's frame has one."""
    found = reconcile_file.read(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    checked = ((result, reconcile.check(frame_library.load(result.fiscal_year), result)) for result in found)
    return Given(path.name[:200], digest, tuple(checked))


def take(conn: Connection, agency_id: str, given: Given, at: datetime) -> list[Taken]:
    """Store every year of it, replacing what was imported of that year before. The caller owns the transaction."""
    before = {one.fiscal_year: one for one in official_store.results(conn, agency_id)}
    taken = []
    for result, verdict in given.years:
        old = before.get(result.fiscal_year)
        official_store.put(conn, agency_id, result, verdict, (given.name, given.digest, at))
        changes = _differences(old, result) if old else ()
        taken.append(Taken(result.fiscal_year, len(result.printed), verdict, old is not None, changes))
    return taken


def _differences(before: Result, now: Result) -> tuple[Difference, ...]:
    """In the order of the year's frame, the grade first; what the frame no longer knows last."""
    old, new = _values(before), _values(now)
    order = dict.fromkeys((GRADE, *official.places(frame_library.load(now.fiscal_year)), *old))
    changes = (Difference(cell, old.get(cell), new.get(cell)) for cell in order)
    return tuple(one for one in changes if one.before != one.now)


def _values(result: Result) -> dict[Cell, Value]:
    return {**result.printed} | ({GRADE: result.stated} if result.stated else {})
