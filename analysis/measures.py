"""The register of measures in the store: read it, add to it, change a row. The values are in analysis/measure.py."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update

from analysis.measure import STATUS_WORDS, Measure, Summary, by_issue, ordered, summary
from survey import db
from survey.tables import measures as table

__all__ = ["STATUS_WORDS", "Measure", "Summary", "by_issue", "ordered", "summary"]
"""With these, whoever reads the register has what can be said of it."""


def of_year(conn: Connection, agency_id: str, fiscal_year: int) -> tuple[Measure, ...]:
    """The measures of a fiscal year, by issue and item."""
    mine = select(table).where(table.c.agency_id == agency_id, table.c.fiscal_year == fiscal_year)
    return ordered(_measure(row) for row in conn.execute(mine).mappings())


def hold(conn: Connection, agency_id: str) -> dict[str, Measure]:
    """Every measure of an agency by its id; none changes until the transaction ends."""
    mine = select(table).where(table.c.agency_id == agency_id).order_by(table.c.id).with_for_update()
    return {row["id"]: _measure(row) for row in conn.execute(mine).mappings()}


def add(conn: Connection, agency_id: str, measures: Iterable[Measure], today: date) -> tuple[Measure, ...]:
    """Put measures into the register; those really added. One whose id is there already is left as it is."""
    added = []
    for one in measures:
        row = {**_row(one), "agency_id": agency_id, "id": one.id, "revision": one.revision, "updated_on": today}
        stmt = db.insert(conn, table).values(**row).on_conflict_do_nothing().returning(table.c.id)
        if conn.execute(stmt).first() is not None:
            added.append(one)
    return tuple(added)


def change(conn: Connection, agency_id: str, measure: Measure, today: date) -> bool:
    """Write a measure over the revision it names and raise that; False when the row is no longer of that revision."""
    where = (table.c.agency_id == agency_id, table.c.id == measure.id, table.c.revision == measure.revision)
    values = {**_row(measure), "revision": measure.revision + 1, "updated_on": today}
    return conn.execute(update(table).where(*where).values(**values).returning(table.c.id)).first() is not None


_TEXTS = "title responsible period output outcome status result budget".split()
_NUMBERS = "fiscal_year issue progress".split()


def _row(measure: Measure) -> dict[str, Any]:
    plain = {name: getattr(measure, name) for name in (*_TEXTS, *_NUMBERS, "item_code")}
    return {**plain, "steps": list(measure.steps), "evidence": list(measure.evidence)}


def _measure(row: Any) -> Measure:
    plain = {name: row[name] for name in (*_TEXTS, *_NUMBERS, "item_code", "id", "revision")}
    return Measure(**plain, steps=tuple(row["steps"]), evidence=tuple(row["evidence"]))
