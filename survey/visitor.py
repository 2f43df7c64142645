"""Who an event is from and where they stand: loaded in one statement, told to the core as values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, select

from survey import agenda, drafts, thai
from survey.events import Do, Event, Tap, Unsend
from survey.instrument import Answers, Instrument
from survey.library import Library
from survey.privacy import Keys
from survey.reception import HOUSEHOLD
from survey.settings import Agency
from survey.state import Situation, State
from survey.tables import channels, respondents
from survey.tables import drafts as drafts_table
from survey.tables import officers as officers_table

IDLE = timedelta(hours=1)  # after that, what is typed may be meant for the office


@dataclass(frozen=True)
class Inbound:
    """One event of one person. ``event_key`` is a keyed hash; ``contact`` seals the account, called on registering.

    Of a group: ``chat`` is its keyed hash, and ``contact`` seals the group.
    """

    agency: Agency
    respondent: str
    event_key: str
    event: Event
    contact: Callable[[], bytes]
    group: bool = False
    chat: str = ""


@dataclass(frozen=True)
class World:
    """What does not change between events."""

    library: Library
    keys: Keys
    public_url: str = ""

    def privacy_url(self, agency: Agency) -> str:
        return f"{self.public_url}/privacy/{agency.id}" if self.public_url else ""

    def sealed_url(self, agency: Agency) -> str:
        return f"{self.public_url}/sealed/{agency.id}" if self.public_url else ""


class Visitor:
    """One locked respondent and one event: the stored row, the draft that is meant, and the Situation for the core."""

    def __init__(self, conn: Connection, inbound: Inbound, world: World, now: datetime) -> None:
        self.conn, self.inbound, self.world, self.now = conn, inbound, world, now
        self.agency = inbound.agency
        self.today = thai.bangkok_date(now)
        self.row = self._known()
        self.language: str = self.row.language
        self.draft = self._meant()

    def situation(self) -> Situation:
        row, agency, draft = self.row, self.agency, self.draft
        window = agency.office.official_window
        return Situation(
            texts=self.world.library.words(self.language),
            agency=agency.name,
            office=agency.office,
            greeted=row.greeted,
            quiet=row.quiet_until is not None and row.quiet_until > self.now,
            role=row.role,
            departments=tuple(row.departments or ()),
            draft=self.state(draft) if draft is not None else None,
            idle=draft is not None and self.now - draft.touched_at > IDLE,
            official=window is not None and window.covers(self.today),
            languages=self.world.library.languages,
            privacy_url=self.world.privacy_url(agency),
            sealed_url=self.world.sealed_url(agency),
        )

    def state(self, draft: Row[Any]) -> State:
        library, agency = self.world.library, self.agency
        texts = library.words(self.language)
        instrument = library.get(draft.instrument_id, draft.instrument_version, self.language)
        fit = self._fit(instrument)
        year = thai.fiscal_year(draft.begun_on)
        point = agency.office.point(draft.service_point) if draft.service_point else None
        return State(
            instrument=fit(draft.answers) if fit else instrument,
            texts=texts,
            draft=draft.id,
            answers=draft.answers,
            status=draft.status,
            agency=agency.name,
            since=texts("since", year=year - (1 if texts.buddhist else 544)),
            point=point.title if point else "",
            privacy_url=self.world.privacy_url(agency),
            assisted=draft.mode == "assisted",
            chat_is_read=self.row.chat_mode != "bot",  # not known yet: better said once too often
            last_seat=draft.seat >= HOUSEHOLD - 1,
            sealed_url=self.world.sealed_url(agency),
            fit=fit,
        )

    def _fit(self, instrument: Instrument) -> Callable[[Answers], Instrument] | None:
        """The instrument of a task as this agency and the answers need it."""
        task = agenda.TASKS.get(instrument.kind)
        return None if task is None else lambda answers: task.fit(instrument, self.agency, answers)

    def _known(self) -> Row[Any]:
        """The respondent, the officer behind it, the account's chat mode and the draft meant: one statement."""
        event = self.inbound.event
        wanted = event.draft if isinstance(event, Tap | Do) else ""
        who = {"agency": self.agency.id, "respondent": self.inbound.respondent, "wanted": wanted}
        return self.conn.execute(_KNOWN, who).one()

    def _meant(self) -> Row[Any] | None:
        event = self.inbound.event
        if isinstance(event, Unsend):
            return drafts.holding(self.conn, self.agency.id, self.inbound.respondent, event.message_id)
        return self.row if self.row.id is not None else None


def _known() -> Select[Any]:
    mine = and_(
        drafts_table.c.agency_id == respondents.c.agency_id,
        drafts_table.c.respondent == respondents.c.key,
        drafts_table.c.status != "closed",
    )
    officer = and_(
        officers_table.c.agency_id == respondents.c.agency_id,
        officers_table.c.respondent == respondents.c.key,
        officers_table.c.removed_on.is_(None),
    )
    joined = (
        respondents.outerjoin(drafts_table, mine)
        .outerjoin(officers_table, officer)
        .outerjoin(channels, channels.c.agency_id == respondents.c.agency_id)
    )
    return (
        select(
            drafts_table,
            respondents.c.language,
            respondents.c.greeted,
            respondents.c.quiet_until,
            officers_table.c.role,
            officers_table.c.id.label("officer_id"),
            officers_table.c.departments,
            channels.c.chat_mode,
        )
        .select_from(joined)
        .where(respondents.c.agency_id == bindparam("agency"), respondents.c.key == bindparam("respondent"))
        .order_by((drafts_table.c.id == bindparam("wanted")).desc(), drafts_table.c.touched_at.desc())
        .limit(1)
    )


_KNOWN = _known()  # built once: building it took a fifth of the whole event
