"""Reads a fiscal year of our own survey from the store: counted answers and the comments people wrote."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, select

from analysis import internal, tally
from analysis.figures import Counted
from analysis.internal import Comment, Internal
from survey import thai
from survey.library import Library
from survey.settings import Agency
from survey.tables import comments
from survey.thai import Period


def read(conn: Connection, library: Library, agency: Agency, period: Period, as_of: date) -> Internal:
    """The whole year. Raises InstrumentError when responses belong to a version whose file is gone."""
    counted = {kind: count(conn, library, agency, kind, period) for kind in (internal.EIT, internal.SATISFACTION)}
    found = internal.build(counted, period, agency.office, as_of)
    return replace(found, comments=internal.comments(found, _written(conn, agency, period)))


def count(conn: Connection, library: Library, agency: Agency, kind: str, period: Period) -> Counted:
    """The counted answers of a year and the one before it."""
    return tally.count(conn, library, agency.id, kind, tally.span(period))


def _written(conn: Connection, agency: Agency, period: Period) -> Iterator[Comment]:
    months = {f"{month.start:%Y-%m}": month.key for month in thai.months_of(period.fiscal_year)}
    columns = (comments.c.kind, comments.c.month, comments.c.service_point, comments.c.text)
    mine = (comments.c.agency_id == agency.id, comments.c.month.in_(months))
    for kind, month, point, text in conn.execute(select(*columns).where(*mine)):
        yield Comment(kind, months[month], point or "", text)
