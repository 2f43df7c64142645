"""``siang officer``: who may read scores and complaints. They join by sending a one-time code in the chat."""

import click

from bot.cli import context
from survey import db, leaving, officers

INVITATION = """\
Send this code to the person, by voice or on paper:

    {code}

They open the LINE chat of {agency} and send the code as a message. It works once, for {days} days.
"""


@click.group(short_help="Invite, list and remove those who may read scores.")
def command() -> None:
    """Invite, list and remove officers: those who may read scores in LINE.

    \b
    Roles:  viewer     reads scores and statistics
            officer    works on complaints of the departments given, of all if none is given
            integrity  the only ones who may open corruption reports
            admin      works on every complaint, and is told when something stops

    Complaints about staff are open only to admins and to officers who were given that department by name.
    """


@command.command()
@click.option("--role", type=click.Choice(officers.ROLES), default="viewer", show_default=True)
@click.option("--name", default="", help="Whose code this is, for the list.")
@click.option("--department", "departments", multiple=True, metavar="ID", help="Department; may be given again.")
@context.agency_option
def invite(role: str, name: str, departments: tuple[str, ...], agency_id: str | None) -> None:
    """Make a one-time code for a new officer.

    \b
    Examples:  siang officer invite --role viewer --name "นายกสมชาย"
               siang officer invite --role officer --department works --name "ช่างวิชัย"
    """
    work = context.deployment(context.KEYS)
    agency = work.agency(agency_id)
    unknown = [d for d in departments if agency.office.department(d) is None]
    if unknown:
        known = ", ".join(d.id for d in agency.office.departments) or "none; write them into AGENCY_FILE"
        raise click.BadParameter(f"there is no department {unknown[0]!r}; known are {known}", param_hint="--department")
    with db.write(work.engine) as conn:
        code = officers.invite(conn, work.settings.keys, agency.id, role, name, departments, context.now())
    work.engine.dispose()
    click.echo(INVITATION.format(code=code, agency=agency.name or agency.id, days=officers.INVITE_DAYS), nl=False)


@command.command("list")
@context.agency_option
def list_officers(agency_id: str | None) -> None:
    """List the officers of now: id, role, day of joining, departments, name."""
    work = context.deployment()
    with db.read(work.engine) as conn:
        rows = officers.listing(conn, work.agency(agency_id).id)
    work.engine.dispose()
    if not rows:
        click.echo("No officers yet. Run: siang officer invite")
    for row in rows:
        click.echo(f"{row.id:<13} {row.role:<10} {row.joined_on}  {','.join(row.departments) or '-':<20} {row.name}")


@command.command()
@click.argument("officer_id")
@context.agency_option
def remove(officer_id: str, agency_id: str | None) -> None:
    """End the rights of OFFICER_ID (from `siang officer list`) at once; the stored contact is deleted.

    Complaints that the officer had taken on wait in their departments for somebody else.

    \b
    Example:  siang officer remove 3f2a9c0b11de
    """
    work = context.deployment()
    with db.write(work.engine) as conn:
        back = leaving.leave(conn, work.agency(agency_id), officer_id, context.now())
    work.engine.dispose()
    click.echo(f"Removed officer {officer_id}." + (f" Cases that wait for somebody else: {back}." if back else ""))
