"""What integrity officers, and those who find corruption in a case, do from LINE. Nothing sealed is shown."""

from typing import Any

from sqlalchemy import Row

from survey import case_rights, prompts, scrubbing, sealed, sealed_alert, sealed_desk, sealed_move, tickets
from survey.case_rights import Officer
from survey.case_steps import on_ticket, refused, unknown
from survey.complaint import shown
from survey.events import Button, Do, Link
from survey.sealed_keys import sealer
from survey.tasks import Prompts, Visit

YES = "yes"


def enter(visit: Visit, _: str) -> Prompts:
    """The one-time link to the desk, in the reply."""
    texts, keys = visit.here.texts, visit.world.keys
    officer = case_rights.at_work(visit, "sealed", lock=True)
    if officer is None:
        return (prompts.say(texts, "sealed_desk_no_right"),)
    page = visit.world.sealed_url(visit.agency)
    if not (page and keys.sealed_keys):
        return (prompts.say(texts, "sealed_desk_off"),)
    token = sealed_desk.new_link(visit.conn, keys, visit.agency.id, officer.id, officer.role, visit.now)
    return (prompts.say(texts, "sealed_desk", Button(texts("sealed_desk_open"), Link(f"{page}/enter/{token}"))),)


def reclassify(visit: Visit, argument: str) -> Prompts:
    """``id`` asks who may read it, ``id:yes`` and ``id:yes:<excluded officer>`` move it."""
    wanted, sure, without = (*argument.split(":"), "", "")[:3]

    def move(officer: Officer, ticket: Row[Any]) -> Prompts:
        main = tickets.get(visit.conn, visit.agency.id, ticket.merged_into or ticket.id, lock=True)
        if main is None or not officer.may_see(visit.agency, main):
            return unknown(visit)
        readers = {row.id: row.name for row in sealed.readers(visit.conn, visit.agency.id)}
        if len(readers) < sealed.READERS or not visit.world.keys.sealed_keys:
            return (prompts.say(visit.here.texts, "sealed_move_off"),)
        if sure != YES or (without and without not in readers):
            return (_ask(visit, main, readers),)
        if _on_its_way(visit, main):
            return (prompts.say(visit.here.texts, "sealed_move_wait", ticket=shown(main.ticket)),)
        return _move(visit, officer, main, without)

    if case_rights.at_work(visit, "reclassify") is None:
        return refused(visit)
    return on_ticket(visit, wanted, move)


def _on_its_way(visit: Visit, ticket: Row[Any]) -> bool:
    """Is a photo or voice message still being fetched? It would be lost."""
    conn, agency_id = visit.conn, visit.agency.id
    group = tickets.followers(conn, agency_id, ticket.id)
    return any(file.status == "waiting" for one in group for file in tickets.files(conn, agency_id, one.id))


def _ask(visit: Visit, ticket: Row[Any], readers: dict[str, str]) -> Any:
    texts = visit.here.texts
    buttons = [Button(texts("sealed_move_all"), Do("reclassify", f"{ticket.id}:{YES}"))]
    for officer, name in readers.items():
        label = texts("sealed_move_without", name=name or texts("case_somebody"))
        buttons.append(Button(label, Do("reclassify", f"{ticket.id}:{YES}:{officer}")))
    buttons.append(Button(texts("sealed_move_no"), Do("case", ticket.id)))
    return prompts.say(texts, "sealed_move_sure", *buttons, ticket=shown(ticket.ticket))


def _move(visit: Visit, officer: Officer, ticket: Row[Any], without: str) -> Prompts:
    conn, keys, agency, now = visit.conn, visit.world.keys, visit.agency, visit.now
    by = sealer(keys)
    if by is None:
        return (prompts.say(visit.here.texts, "sealed_move_off"),)
    excluded = [without] if without else []
    moved = sealed_move.reclassify(conn, keys, by, agency, ticket.id, officer.id, excluded, now)
    words = visit.world.library.words("th")
    for row in moved:
        if row.tell_by == "line" and row.contact:
            said = words("sealed_move_farewell", ticket=shown(row.ticket))
            sealed_alert.say_farewell(conn, agency.id, row.contact, said, now)
    scrubbing.ask(conn, agency.id, now)
    return (prompts.say(visit.here.texts, "sealed_moved", ticket=shown(ticket.ticket)),)
