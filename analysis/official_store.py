"""The official results of an agency in the database. ``put`` is the one way in, and only
analysis/official_import.py calls it, with what a person copied from a published result.

The caller owns the transaction. Scores are read as whole hundredths, so they are exact on SQLite too, which keeps
numbers as floating point.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Integer, Row, cast, delete, func, select

from analysis import frame_library, official
from analysis.official import Official
from analysis.reconcile import Result, Verdict
from analysis.reconcile_tree import Cell
from survey import thai
from survey.tables import official_imports, official_scores


@dataclass(frozen=True, slots=True)
class Import:
    """One year's import. ``grade``: as stated in the file, or "". ``agrees``, ``mismatches``: the check's word then."""

    fiscal_year: int
    at: datetime
    file: str
    digest: str
    grade: str
    agrees: bool
    mismatches: int


def put(conn: Connection, agency_id: str, result: Result, verdict: Verdict, source: tuple[str, str, datetime]) -> None:
    """Replace the agency's result of one year by this one. ``source``: the file's name, its SHA-256, the moment."""
    mine = {"agency_id": agency_id, "fiscal_year": result.fiscal_year}
    for table in (official_scores, official_imports):
        conn.execute(delete(table).where(*(table.c[name] == value for name, value in mine.items())))
    rows = [
        {**mine, **cell._asdict(), "title": result.titles.get(cell, ""), "score": Decimal(number).scaleb(-2)}
        for cell, number in result.printed.items()
    ]
    conn.execute(official_scores.insert(), rows)
    file, digest, at = source
    agrees = {"agrees": verdict.agrees, "mismatches": len(verdict.mismatches)}
    row = {**mine, "imported_at": at, "file": file, "digest": digest, "grade": result.stated or "", "agrees": agrees}
    conn.execute(official_imports.insert(), row)


def imports(conn: Connection, agency_id: str) -> list[Import]:
    """What was imported, oldest fiscal year first."""
    stmt = select(official_imports).where(official_imports.c.agency_id == agency_id)
    return [_import(row) for row in conn.execute(stmt.order_by(official_imports.c.fiscal_year))]


def results(conn: Connection, agency_id: str) -> list[Result]:
    """The numbers of every imported year as they were published, oldest first."""
    return [_result(conn, agency_id, one) for one in imports(conn, agency_id)]


def read(conn: Connection, agency_id: str, year: int) -> Official | None:
    """The official result of a year; None when it was not imported. Raises FrameError when its frame is gone."""
    return next(
        iter(_read(conn, agency_id, [one for one in imports(conn, agency_id) if one.fiscal_year == year])), None
    )


def read_all(conn: Connection, agency_id: str) -> tuple[Official, ...]:
    """Every imported year, oldest first. Raises FrameError."""
    return tuple(_read(conn, agency_id, imports(conn, agency_id)))


def _read(conn: Connection, agency_id: str, known: Iterable[Import]) -> Iterator[Official]:
    for one in known:
        frame, result = frame_library.load(one.fiscal_year), _result(conn, agency_id, one)
        yield official.build(frame, result, thai.bangkok_date(one.at), one.file)


def _result(conn: Connection, agency_id: str, one: Import) -> Result:
    hundredths = cast(func.round(official_scores.c.score * 100), Integer)
    names = (official_scores.c[name] for name in ("level", "instrument", "code", "title"))
    where = (official_scores.c.agency_id == agency_id, official_scores.c.fiscal_year == one.fiscal_year)
    rows = conn.execute(select(*names, hundredths.label("hundredths")).where(*where)).all()
    printed = {Cell(*row[:3]): row.hundredths for row in rows}
    return Result(one.fiscal_year, printed, one.grade or None, {Cell(*row[:3]): row.title for row in rows if row.title})


def _import(row: Row[Any]) -> Import:
    agrees = row.agrees
    return Import(
        row.fiscal_year, row.imported_at, row.file, row.digest, row.grade, agrees["agrees"], agrees["mismatches"]
    )
