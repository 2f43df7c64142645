"""The events of a LINE group: it is linked by code and unlinked; everything else belongs into the private chat.

Whoever brings a code that an admin asked for may link. What it costs is said first, which the shell does after the
commit, because LINE counts the members; the code is used up by the confirmation. Groups are spoken to in Thai.
"""

import re
from datetime import datetime

from sqlalchemy import Connection

from survey import groups, officers, permits, prompts, reception
from survey.events import Do, Follow, Prompt, Say, Unfollow
from survey.state import Situation
from survey.tasks import Prompts
from survey.texts import Texts, normal
from survey.visitor import Inbound, World

_CONFIRMED = re.compile(rf"(?:ยืนยัน|CONFIRM)\s*({reception.INVITE.pattern})")
_UNLINK = ("เลิกเชื่อมกลุ่ม", "ยกเลิกเชื่อมกลุ่ม", "ยกเลิกการเชื่อมกลุ่ม", "unlink group")
_OF_RESIDENTS = ("report", "track", "sealed")
_WORDS = frozenset(map(normal, _UNLINK))


def handle(conn: Connection, inbound: Inbound, world: World, now: datetime) -> Prompts:
    """Store what the event leads to; returns what to say in the group."""
    texts, event = world.library.words("th"), inbound.event
    if isinstance(event, Follow):
        return (prompts.say(texts, "group_hello"),)
    if isinstance(event, Unfollow):
        groups.unlink(conn, inbound.agency.id, inbound.chat, now)
        return ()
    if isinstance(event, Do) and event.command == "link_group":
        return _link(conn, inbound, world, event.argument, now)
    if isinstance(event, Say):
        said = event.text.strip().upper()
        if (confirmed := _CONFIRMED.fullmatch(said)) is not None:
            return _link(conn, inbound, world, confirmed[1], now)
        if reception.INVITE.fullmatch(said):
            return _cost(conn, inbound, world, said, now)
        if normal(event.text) in _WORDS:
            return _unlink(conn, inbound, texts, now)
        if texts.command(event.text) in _OF_RESIDENTS:
            return (prompts.say(texts, "privately"),)
    return reception.respond(Situation(texts, inbound.agency.name, group=True), event).prompts


def _cost(conn: Connection, inbound: Inbound, world: World, code: str, now: datetime) -> Prompts:
    """The shell says what linking costs: ``text`` is the code, ``title`` the department."""
    department = groups.meant(conn, world.keys, inbound.agency.id, code, now)
    if department is None or not inbound.chat:
        return (prompts.say(world.library.words("th"), "group_wrong"),)
    return (Prompt("group", code, title=_title(inbound, department)),)


def _link(conn: Connection, inbound: Inbound, world: World, code: str, now: datetime) -> Prompts:
    texts, agency = world.library.words("th"), inbound.agency
    department = (
        groups.link(conn, world.keys, agency.id, code, inbound.chat, inbound.contact(), now) if inbound.chat else None
    )
    if department is None:
        return (prompts.say(texts, "group_wrong"),)
    return (prompts.say(texts, "group_linked", department=_title(inbound, department)),)


def _unlink(conn: Connection, inbound: Inbound, texts: Texts, now: datetime) -> Prompts:
    """By anybody who works on complaints: it is their chat."""
    officer = officers.of(conn, inbound.agency.id, inbound.respondent)
    if officer is None or not permits.may(officer.role, "cases"):
        return (prompts.say(texts, "group_not_officer"),)
    known = groups.unlink(conn, inbound.agency.id, inbound.chat, now)
    return (prompts.say(texts, "group_unlinked" if known else "group_none"),)


def _title(inbound: Inbound, department: str) -> str:
    found = inbound.agency.office.department(department)
    return found.title if found else inbound.agency.name
