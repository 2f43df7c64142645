"""``siang group``: LINE groups in which departments hear of their complaints."""

import click

from bot.cli import columns, context
from bot.cli.errors import ToldError
from survey import budget, db, groups

HOW = """\
Invite the account {agency} into the LINE group (in LINE Official Account Manager, allow it to join groups)
and type this code in the group:

    {code}

What it costs is said there first, and nothing is linked before somebody confirms. The code works once, for a day.
"""


@click.group(short_help="Link LINE groups to departments, list and unlink them.")
def command() -> None:
    """LINE groups that are told of a department's complaints: category, place and number only.

    A message to a group costs one paid message for each member.
    """


@command.command()
@click.option("--department", required=True, metavar="ID", help="Whose complaints the group is told of.")
@context.agency_option
def code(department: str, agency_id: str | None) -> None:
    """Make a one-time code that links the group in which it is typed.

    \b
    Example:  siang group code --department works
    """
    work = context.deployment(context.KEYS)
    agency = work.agency(agency_id)
    if agency.office.department(department) is None:
        known = ", ".join(d.id for d in agency.office.departments) or "none; write them into AGENCY_FILE"
        raise click.BadParameter(f"there is no department {department!r}; known are {known}", param_hint="--department")
    with db.write(work.engine) as conn:
        made = groups.new_code(conn, work.settings.keys, agency.id, department, context.now())
    work.engine.dispose()
    click.echo(HOW.format(code=made, agency=agency.name or agency.id), nl=False)


@command.command("list")
@context.agency_option
def list_groups(agency_id: str | None) -> None:
    """List the linked groups: id, department, day, members, and what a digest each morning costs in a month."""
    work = context.deployment()
    with db.read(work.engine) as conn:
        rows = groups.linked(conn, work.agency(agency_id).id)
    work.engine.dispose()
    if not rows:
        click.echo("No groups are linked. Run: siang group code --department ID")
        return
    lines = [("id", "department", "linked", "members", "a month")]
    for row in rows:
        month = f"{budget.a_month(row.members)}" if row.members else "?"  # counted with the first message
        lines.append((row.id, row.department, f"{row.linked_on}", f"{row.members or '?'}", month))
    click.echo("\n".join(columns.lines(lines, right=[3, 4])))


@command.command()
@click.argument("group_id")
@context.agency_option
def unlink(group_id: str, agency_id: str | None) -> None:
    """Tell GROUP_ID (from `siang group list`) nothing more, and forget how to reach it."""
    work = context.deployment()
    with db.write(work.engine) as conn:
        known = groups.remove(conn, work.agency(agency_id).id, group_id, context.now())
    work.engine.dispose()
    if not known:
        raise ToldError(f"There is no linked group {group_id!r}. See: siang group list")
    click.echo(f"Unlinked group {group_id}.")
