"""One event, one transaction: dedupe, lock the respondent, decide in the core, store the facts, return the prompts.

The caller owns the transaction and says the prompts after the commit. No network call happens here. LINE user ids do
not come in here: a person is a pseudonym, and a sealed contact only when an officer registers.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Row, update

from survey import (
    agenda,
    attachments,
    conversation,
    db,
    desk,
    drafts,
    group_chat,
    officers,
    prompts,
    reception,
    retraction,
    rounds,
    task_drafts,
    thai,
)
from survey.events import (
    Begun,
    Dropped,
    Erased,
    Expected,
    Fact,
    Known,
    Ordered,
    Prompt,
    Redeemed,
    Saved,
    TakenBack,
    Turn,
    Wanted,
)
from survey.state import Availability
from survey.tables import respondents, seen_events
from survey.visitor import Inbound, Visitor, World


def handle(conn: Connection, inbound: Inbound, world: World, now: datetime) -> tuple[Prompt, ...]:
    """Store what the event leads to; returns what to say. A duplicate says and stores nothing."""
    agency = inbound.agency
    if not first_sight(conn, agency.id, inbound.event_key, now):
        return ()
    if inbound.group:
        return group_chat.handle(conn, inbound, world, now)
    _lock(conn, inbound, now)
    return _Visit(conn, inbound, world, now).turn()


def first_sight(conn: Connection, agency_id: str, event_key: str, now: datetime) -> bool:
    """Record the event; False if it was here before."""
    values = {"agency_id": agency_id, "key": event_key, "seen_on": thai.bangkok_date(now)}
    return conn.execute(_see(db.is_sqlite(conn)), values).first() is not None


@cache
def _see(on_sqlite: bool) -> Insert:
    stmt = db.insert_for(on_sqlite, seen_events).on_conflict_do_nothing()
    return stmt.returning(seen_events.c.key)


def _lock(conn: Connection, inbound: Inbound, now: datetime) -> None:
    """Find, create and lock the respondent in one statement; afterwards everything is single-threaded per person."""
    today = thai.bangkok_date(now)
    values = {"agency_id": inbound.agency.id, "key": inbound.respondent, "last_seen_on": today}
    conn.execute(_find_and_lock(db.is_sqlite(conn)), values)


@cache
def _find_and_lock(on_sqlite: bool) -> Insert:
    stmt = db.insert_for(on_sqlite, respondents)
    last_seen = {"last_seen_on": stmt.excluded.last_seen_on}
    return stmt.on_conflict_do_update(index_elements=["agency_id", "key"], set_=last_seen)


class _Visit:
    """One event of one locked respondent: what is known, what is decided, what is stored."""

    def __init__(self, conn: Connection, inbound: Inbound, world: World, now: datetime) -> None:
        self.conn, self.inbound, self.world, self.now = conn, inbound, world, now
        self.agency, self.respondent = inbound.agency, inbound.respondent
        self.visitor = Visitor(conn, inbound, world, now)
        self.today, self.draft, self.here = self.visitor.today, self.visitor.draft, self.visitor.situation()

    def turn(self) -> tuple[Prompt, ...]:
        turn = reception.respond(self.here, self.inbound.event)
        said = turn.prompts
        for fact in turn.facts:
            said += self._store(fact)
        return said

    def _store(self, fact: Fact) -> tuple[Prompt, ...]:
        """Write one fact; what only the store knows is said from here."""
        match fact:
            case Saved() if self.draft is not None:
                return self._save(self.draft, fact)
            case Dropped() if self.draft is not None:
                drafts.drop(self.conn, self.world.keys, self.draft)
            case Begun() if self.draft is not None:
                drafts.take_part(self.conn, self.world.keys, self.draft)
            case Known():
                return self._remember(fact)
            case Wanted() if fact.kind in agenda.TASKS:
                return task_drafts.begin(self, self.visitor, fact)
            case Wanted():
                return self._begin(fact)
            case Ordered() if fact.command in agenda.ORDERS:
                return agenda.ORDERS[fact.command](self, fact.argument)
            case Redeemed():
                return self._redeem(fact)
            case Expected() if self.draft is not None:
                return (attachments.expect(self.conn, self.draft, fact.file, self.now),)
            case TakenBack():
                retraction.take_back(self, fact.message_id)
            case Erased():
                return retraction.erase(self)
        return ()

    @property
    def officer(self) -> str | None:
        return self.visitor.row.officer_id  # type: ignore[no-any-return]

    def _save(self, draft: Row[Any], fact: Saved) -> tuple[Prompt, ...]:
        task = task_drafts.task_of(self.world.library, draft) if fact.status == "closed" else None
        if task is not None:
            return task_drafts.finish(self, task, draft, fact.answers)
        attachments.let_go(self.conn, draft, fact.answers)
        drafts.save(self.conn, draft, fact.answers, fact.status, self.now)
        return ()

    def _remember(self, fact: Known) -> tuple[Prompt, ...]:
        values: dict[str, Any] = {
            name: value for name in ("greeted", "following", "language") if (value := getattr(fact, name)) is not None
        }
        if fact.quiet_hours is not None:
            values["quiet_until"] = self.now + timedelta(hours=fact.quiet_hours) if fact.quiet_hours else None
        mine = (respondents.c.agency_id == self.agency.id, respondents.c.key == self.respondent)
        self.conn.execute(update(respondents).where(*mine).values(**values))
        return self._in_new_language(fact.language) if fact.language else ()

    def _in_new_language(self, language: str) -> tuple[Prompt, ...]:
        self.visitor.language = language
        here = self.visitor.situation()
        said = prompts.say(here.texts, "language_set")
        if here.draft is None or here.draft.status != "open" or here.idle or here.paused:
            return (said, desk.menu(here))
        return conversation.ask(here.draft, said)

    def _begin(self, wanted: Wanted) -> tuple[Prompt, ...]:
        if refused := reception.refused(self.here, wanted):
            return refused
        round_ = rounds.current(self.conn, self.agency.id, wanted.kind, self.today)
        earlier = self._earlier(wanted, round_) if round_ is not None else None
        found, seat = self._availability(wanted, round_, earlier)
        turn = reception.begin(self.here, wanted, found)
        if turn is not None or round_ is None:
            return self._not_begun(turn, earlier)
        values = {
            "agency_id": self.agency.id,
            "id": drafts.new_id(),
            "respondent": self.respondent,
            "round_id": round_.id,
            "instrument_id": round_.instrument_id,
            "instrument_version": round_.instrument_version,
            "mode": "assisted" if wanted.assisted else "self",
            "service_point": wanted.point if wanted.kind == "satisfaction" else None,
            "assisted_by": self.visitor.row.officer_id if wanted.assisted else None,
            "seat": seat,
            "answers": {},
            "status": "open",
            "begun_on": self.today,
            "touched_at": self.now,
        }
        drafts.begin(self.conn, values)
        begun = drafts.unfinished(self.conn, self.agency.id, self.respondent, round_.id)
        return conversation.ask(self.visitor.state(begun)) if begun is not None else ()

    def _not_begun(self, turn: Turn | None, earlier: Row[Any] | None) -> tuple[Prompt, ...]:
        for fact in turn.facts if turn else ():
            if isinstance(fact, Saved) and earlier is not None:
                drafts.save(self.conn, earlier, fact.answers, fact.status, self.now)
        return turn.prompts if turn else ()

    def _earlier(self, wanted: Wanted, round_: Row[Any]) -> Row[Any] | None:
        """The unfinished draft that is meant; one that cannot be meant makes room."""
        earlier = drafts.unfinished(self.conn, self.agency.id, self.respondent, round_.id)
        if earlier is None or self._meant(earlier, wanted):
            return earlier
        drafts.settle(self.conn, self.world.library, self.world.keys, earlier, self.now)
        return None

    def _availability(
        self, wanted: Wanted, round_: Row[Any] | None, earlier: Row[Any] | None
    ) -> tuple[Availability, int]:
        """What stands in the way, and the free seat."""
        if round_ is None:
            return Availability(open=False), 0
        if earlier is not None:
            return Availability(open=True, draft=replace(self.visitor.state(earlier), status="open")), earlier.seat
        if wanted.assisted:
            return Availability(open=True), 0
        seats = self._seats(wanted)
        free = next((n for n, seat in enumerate(seats) if not self._took_part(round_, seat)), len(seats))
        return Availability(open=True, taken=free), free

    def _meant(self, earlier: Row[Any], wanted: Wanted) -> bool:
        """Is the unfinished draft the one that is asked for now? Not another point, another day, another neighbour."""
        if wanted.assisted or earlier.assisted_by:
            return False
        if wanted.kind != "satisfaction":
            return True
        return bool(earlier.service_point == wanted.point and earlier.begun_on == self.today)

    def _took_part(self, round_: Row[Any], seat: list[str]) -> bool:
        return drafts.took_part(self.conn, self.world.keys, self.agency.id, round_.id, seat, self.respondent)

    def _seats(self, wanted: Wanted) -> list[list[str]]:
        if wanted.kind == "satisfaction":
            return [["point", wanted.point, self.today.isoformat()]]
        return [["seat", str(seat)] for seat in range(reception.HOUSEHOLD)]

    def _redeem(self, fact: Redeemed) -> tuple[Prompt, ...]:
        texts = self.here.texts
        if self.here.role is not None:
            return (prompts.say(texts, "invite_known"),)
        sealed = self.inbound.contact()
        keys, agency = self.world.keys, self.agency
        role = officers.redeem(self.conn, keys, agency.id, fact.code, self.respondent, sealed, self.now)
        if role is None:
            return (prompts.say(texts, "invite_wrong"),)
        drafts.erase(self.conn, keys, agency.id, self.respondent, unfinished_only=True)  # not asked as a resident
        here = replace(self.here, role=role)
        done = texts("invite_done", role=texts(f"role_{role}"), agency=agency.name)
        return (desk.menu(here, done),)
