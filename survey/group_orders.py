"""Linking and unlinking LINE groups from the private chat: the codes and the list, for admins."""

from survey import case_rights, groups, prompts, thai
from survey.events import Button, Do
from survey.tasks import Prompts, Visit

RIGHT = "link_group"


def link(visit: Visit, wanted: str) -> Prompts:
    """A code for the department with this id; without one, which department?"""
    texts, office = visit.here.texts, visit.agency.office
    if case_rights.at_work(visit, RIGHT, lock=True) is None:
        return (prompts.say(texts, "group_no_right"),)
    if not office.departments:
        return (prompts.say(texts, "group_no_departments"),)
    department = office.department(wanted)
    if department is None:
        buttons = [Button(d.title, Do("link_group", d.id)) for d in office.departments]
        return (prompts.say(texts, "group_which", *buttons, *_ways(visit)),)
    code = groups.new_code(visit.conn, visit.world.keys, visit.agency.id, department.id, visit.now)
    return (prompts.say(texts, "group_code", department=department.title, code=code),)


def unlink(visit: Visit, wanted: str) -> Prompts:
    """End the group with this id of ours; without one, which of those that are linked?"""
    conn, texts, agency = visit.conn, visit.here.texts, visit.agency
    if case_rights.at_work(visit, RIGHT, lock=True) is None:
        return (prompts.say(texts, "group_no_right"),)
    if wanted and groups.remove(conn, agency.id, wanted, visit.now):
        return (prompts.say(texts, "group_unlinked"),)
    linked = groups.linked(conn, agency.id)
    if not linked:
        return (prompts.say(texts, "group_none"),)
    titles = {d.id: d.title for d in agency.office.departments}
    buttons = []
    for row in linked:
        day = thai.long_date(row.linked_on) if texts.buddhist else f"{row.linked_on:%d/%m/%Y}"
        named = texts(
            "group_named", department=titles.get(row.department, agency.name), members=row.members or "?", day=day
        )
        buttons.append(Button(named, Do("unlink_group", row.id)))
    return (prompts.say(texts, "group_which_unlink", *buttons),)


def _ways(visit: Visit) -> list[Button]:
    """The way to end a link, when there is one."""
    if not groups.linked(visit.conn, visit.agency.id):
        return []
    return [Button(visit.here.texts("group_unlink"), Do("unlink_group"))]
