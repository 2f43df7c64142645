"""The picture of a month's scores that follows the card: at a signed address that ends after three days.

It is drawn when LINE fetches it, from the snapshot that the worker made, and kept as long as the snapshot is the same.
What is on it stands in the card too, so an officer who looks later has lost nothing.
"""

from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection

from analysis import charts, snapshots
from analysis.scores import Scores
from bot import files
from bot.messages import Message
from bot.site import Site
from survey import db, thai
from survey.settings import Agency
from survey.thai import Period

KIND = "score"
OPEN_FOR = timedelta(days=3)  # over a weekend
KEPT = 16  # pictures of 150 KB


def message(site: Site, conn: Connection, agency: Agency, period: Period, now: datetime) -> Message | None:
    """The image message of a month; None when there is no score to draw or no address that LINE would take."""
    month = snapshots.read(conn, agency.id, "eit", period)
    address = files.address(site.settings, KIND, agency.id, period.key, now + OPEN_FOR)
    if not month or not address or not charts.worth_drawing(month[0]):
        return None
    return {"type": "image", "originalContentUrl": address, "previewImageUrl": address}


def load(site: Site, agency: Agency, name: str) -> tuple[bytes, str] | None:
    """The picture of the month ``name`` (2570-02); None: there is nothing to draw any more."""
    period = thai.parse_month(name)
    months = [month for month in thai.months_of(period.fiscal_year) if month <= period]
    with db.read(site.engine) as conn:
        found = [(month, snapshots.read(conn, agency.id, "eit", month)) for month in months]
    known = [(month, scores[0]) for month, scores in found if scores]
    if not known or known[-1][0] != period or not charts.worth_drawing(known[-1][1]):
        return None
    return _drawn(agency.name, known[-1][1], tuple(known[:-1]), period), "image/png"


@lru_cache(maxsize=KEPT)
def _drawn(agency: str, month: Scores, earlier: tuple[tuple[Period, Scores], ...], period: Period) -> bytes:
    return charts.score_card_png(agency, month, earlier, period)
