"""Snapshots: the scores as the worker last computed them, for those who may not compute: web process, card, sheet.

The months of this fiscal year and the last, and both years as a whole; recomputed only when what was counted, or how
it is counted, has changed. Filed responses never change, so their number on each day is all the fingerprint needs.
"""

import hashlib
import json
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, select

from analysis import figures, stored, tally
from analysis.scores import Scores
from survey import db, thai
from survey.library import Library
from survey.settings import Agency
from survey.tables import snapshots
from survey.thai import Period

RULES = 1
"""Raise it when the same answers would give other scores; all snapshots are then made anew."""

NAMES: dict[str, tuple[str, str | None]] = {
    "eit": ("eit", None),
    "eit:mode": ("eit", figures.MODE),
    "satisfaction": ("satisfaction", None),
    "satisfaction:service_point": ("satisfaction", figures.POINT),
    "satisfaction:department": ("satisfaction", figures.DEPARTMENT),
}


def refresh(engine: Engine, library: Library, agency: Agency, today: date) -> int:
    """Bring an agency's snapshots up to date; how many were written (0: nothing has changed)."""
    written = 0
    for kind in dict.fromkeys(kind for kind, _ in NAMES.values()):
        with db.read(engine) as conn:
            key = _fingerprint(conn, library, agency, kind, today)
            if key == _current(conn, agency.id, kind, today):
                continue
            rows = _compute(conn, library, agency, kind, today)
        with db.write(engine) as conn:
            for row in rows:
                _put(conn, {**row, "agency_id": agency.id, "as_of": today, "tally_key": key})
        written += len(rows)
    return written


def read(conn: Connection, agency_id: str, name: str, period: Period) -> list[Scores] | None:
    """The groups of a snapshot (one of ``NAMES``), in order; None when there is none for this period."""
    where = (snapshots.c.agency_id == agency_id, snapshots.c.name == name, snapshots.c.period == period.key)
    body = conn.scalar(select(snapshots.c.body).where(*where))
    return None if body is None else [stored.load(one) for one in body["scores"]]


def periods(today: date) -> list[Period]:
    """What snapshots are kept of: the months begun of this fiscal year and the last, and both years."""
    year = thai.fiscal_year(today)
    months = [month for y in (year - 1, year) for month in thai.months_of(y) if month.start <= today]
    return [*months, thai.fiscal_period(year - 1), thai.fiscal_period(year)]


def _compute(conn: Connection, library: Library, agency: Agency, kind: str, today: date) -> list[dict[str, Any]]:
    counted = tally.count(conn, library, agency.id, kind, _counted(today))
    return [
        {
            "name": name,
            "period": period.key,
            "body": {"scores": [stored.dump(s) for s in figures.figures(counted, period, agency.office, today, by)]},
        }
        for name, (of_kind, by) in NAMES.items()
        if of_kind == kind
        for period in periods(today)
    ]


def _counted(today: date) -> Period:
    year = thai.fiscal_year(today)
    return Period(thai.fiscal_period(year - 2).start, thai.fiscal_period(year).end)


def _fingerprint(conn: Connection, library: Library, agency: Agency, kind: str, today: date) -> str:
    days = [(day.isoformat(), n) for day, n in tally.by_day(conn, agency.id, kind, _counted(today))]
    points = [(p.id, p.department) for p in agency.office.points]
    versions = sorted(instrument.key for instrument in library.of_kind(kind))
    facts = [RULES, thai.month_of(today).key, days, versions, points, agency.office.service_users]
    facts.append([d.id for d in agency.office.departments])
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _current(conn: Connection, agency_id: str, kind: str, today: date) -> str | None:
    """The fingerprint of the snapshots that are there; all names of a kind are written together."""
    where = (snapshots.c.agency_id == agency_id, snapshots.c.name == kind)
    this_month = snapshots.c.period == thai.month_of(today).key
    found: str | None = conn.scalar(select(snapshots.c.tally_key).where(*where, this_month))
    return found


def _put(conn: Connection, row: dict[str, Any]) -> None:
    stmt = db.insert(conn, snapshots).values(row)
    changed = {name: row[name] for name in ("as_of", "tally_key", "body")}
    conn.execute(stmt.on_conflict_do_update(index_elements=["agency_id", "name", "period"], set_=changed))
