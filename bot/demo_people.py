"""Who works in the demo: an officer whose phone the chat page shows, and two who may read corruption reports."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import urllib3

from bot.demo import OFFICER, Place
from survey import db, officers
from survey.settings import Settings

INTEGRITY = ("ปลัดวันชัย", "นิติกรอรุณ")
STAFF = {OFFICER: "admin", **dict.fromkeys(INTEGRITY, "integrity")}
RESIDENT, NEIGHBOUR = "คุณสมศรี", "คุณประยูร"  # the first two of the chat page


def register(place: Place, settings: Settings) -> dict[str, str]:
    """Invite everybody who works here; each sends the code from the own phone, as a person would.

    Returns the codes that could not be sent, by name.
    """
    codes = _invited(settings)
    return {name: code for name, code in codes.items() if not _says(place, name, code or "สวัสดีค่ะ", bool(code)) and code}


def _invited(settings: Settings) -> dict[str, str]:
    """Name -> code; empty for whoever joined in an earlier run."""
    engine, agency, now = db.connect(settings.database_url), settings.default_agency, datetime.now(UTC)
    with db.write(engine) as conn:
        there = {row.name for row in officers.listing(conn, agency.id)}
        codes = {
            name: "" if name in there else officers.invite(conn, settings.keys, agency.id, role, name, [], now)
            for name, role in STAFF.items()
        }
    engine.dispose()
    return codes


def _says(place: Place, name: str, text: str, wait: bool) -> bool:
    """Has it arrived and, to ``wait`` for, been answered? The bot's welcome comes a moment later."""
    api = f"{place.line}/playground/api"
    try:
        answer = urllib3.request("POST", f"{api}/say", json={"user": name, "text": text}, timeout=10, retries=False)
        if answer.status != 200 or answer.json().get("status") != 200:
            return False
        inbox = f"{api}/inbox?{urlencode({'user': name, 'count': 1})}"
        return not wait or urllib3.request("GET", inbox, timeout=30, retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False
