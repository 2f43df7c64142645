"""The worker's part in scores: snapshots for those who may not compute, and the sheet's summary made from them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Engine

from analysis import snapshots, summary
from survey import complaint_rows, db, thai
from survey.library import Library
from survey.settings import Agency, Settings
from survey.sheets import Mirror
from survey.sheets_rows import REGISTER

log = structlog.get_logger(__name__)
REFRESH_S = 1.0


@dataclass
class Scoring:
    """One agency's scores. ``mirror`` None: the agency has no sheet."""

    engine: Engine
    library: Library
    agency: Agency
    clock: Callable[[], datetime]
    mirror: Mirror | None
    changed: bool = True  # since the summary was written last

    def refresh(self) -> bool:
        """Compute what has changed."""
        written = snapshots.refresh(self.engine, self.library, self.agency, thai.bangkok_date(self.clock()))
        if written:
            self.changed = True
            log.info("scores.refreshed", agency=self.agency.id, snapshots=written)
        return False

    def summarise(self) -> bool:
        """Let the summary tab say what the snapshots say."""
        if self.mirror is None or not self.changed:
            return False
        self.changed = False
        with db.read(self.engine) as conn:
            rows = summary.summary_rows(conn, self.agency.id, thai.bangkok_date(self.clock()))
        if rows:
            self.mirror.write_summary(rows)
        return False

    def register(self) -> bool:
        """Let the register of complaints say what the store says; written again only when it differs."""
        if self.mirror is not None:
            with db.read(self.engine) as conn:
                rows = complaint_rows.register(conn, self.agency, thai.bangkok_date(self.clock()))
            if len(rows) > complaint_rows.FRAME or self.mirror.has(REGISTER):  # also when the last ticket has gone
                self.mirror.write_snapshot(REGISTER, rows)
        return False


def summary_pause_s(settings: Settings) -> float:
    """Seconds between two summaries of an agency, so that all of them take a quarter of the write budget at most."""
    pause = 4 * len(settings.agencies) * settings.sheets_quota_window_s / settings.sheets_writes_per_minute
    return max(REFRESH_S, pause)
