"""Which LINE account belongs to which agency: a body meant for another agency's account is refused."""

import threading

import structlog
from sqlalchemy import Engine, select

from bot.line import LineClient, LineError
from survey import db
from survey.settings import Agency, Settings
from survey.tables import channels

log = structlog.get_logger(__name__)
ASK_AT_MOST = 5  # accounts in one request; the worker learns all of them at its start


class Destinations:
    """``accepts`` answers from memory once an account is known."""

    def __init__(self, engine: Engine, settings: Settings, line: LineClient) -> None:
        self._engine, self._settings, self._line = engine, settings, line
        self._owners: dict[str, str] = {}  # bot user id -> agency id
        self._asked: set[str] = set()
        self._guard = threading.Lock()

    def accepts(self, agency: Agency, destination: str) -> bool:
        """False when the account is known to be another agency's."""
        if len(self._settings.agencies) == 1 or not destination:
            return True
        if destination not in self._owners:
            self._look_up(agency, destination)
        return self._owners.get(destination, agency.id) == agency.id

    def _look_up(self, agency: Agency, destination: str) -> None:
        """Ask the agency's own channel first: nearly always it is the one that is meant."""
        with self._guard:
            self._owners = stored(self._engine)
            others = [a for a in self._settings.agencies if a.id != agency.id]
            known = set(self._owners.values()) | self._asked
            for unknown in [a for a in (agency, *others) if a.id not in known][:ASK_AT_MOST]:
                if destination in self._owners:
                    return
                self._asked.add(unknown.id)
                learn(self._engine, self._line, unknown)
                self._owners = stored(self._engine)


def stored(engine: Engine) -> dict[str, str]:
    """Bot user id -> agency id, as far as known."""
    with db.read(engine) as conn:
        rows = conn.execute(select(channels.c.bot_user_id, channels.c.agency_id)).all()
    return {row.bot_user_id: row.agency_id for row in rows}


def learn(engine: Engine, line: LineClient, agency: Agency) -> bool:
    """Ask LINE who the channel is and keep it; False when LINE did not say."""
    try:
        info = line.bot_info(agency)
    except LineError as exc:
        log.warning("channel.unknown", agency=agency.id, status=exc.status)
        return False
    values = {
        "bot_user_id": str(info.get("userId", "")),
        "basic_id": str(info.get("basicId", "")),
        "chat_mode": str(info.get("chatMode", "bot")),
    }
    owner = stored(engine).get(values["bot_user_id"], agency.id)
    if not values["bot_user_id"] or owner != agency.id:
        log.error("channel.shared", agency=agency.id, with_agency=owner)
        return False
    with db.write(engine) as conn:
        stmt = db.insert(conn, channels).values(agency_id=agency.id, **values)
        conn.execute(stmt.on_conflict_do_update(index_elements=["agency_id"], set_=values))
    return True
