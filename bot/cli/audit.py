"""``siang audit``: is the log of the sealed track whole, and what does it say. Never a word of a report."""

from typing import Any

import click
from sqlalchemy import Connection, Row

from bot.cli import context
from bot.cli.errors import FindingError
from survey import audit, db, sealed_case, thai
from survey.audit_chain import START

REPORTS = frozenset({"open", "answer", "note", "status", "reclassify"})
"""Actions whose subject is a report; of the others it is a file, or nothing."""


@click.group(short_help="Check and read the log of who opened sealed reports.")
def command() -> None:
    """Check and read the log of who opened sealed reports, when and why.

    Entries are never changed or deleted: the database refuses it, and each entry holds the hash of the one before, so
    that a change behind its back is noticed.
    """


@command.command()
@click.option("--noted", metavar="NUMBER:HASH", help="A head noted earlier: it must still stand in the log.")
@context.agency_option
def verify(noted: str | None, agency_id: str | None) -> None:
    """Check every entry, from the first to the last. Exit code 1: something is wrong, and the entry is named.

    Note the head it prints, on paper or in a letter: whoever rewrites the whole log cannot bring that hash back.

    \b
    Examples:  siang audit verify
               siang audit verify --noted 12:0f3a...
    """
    work = context.deployment(context.KEYS)
    agencies = [work.agency(agency_id)] if agency_id or noted else work.settings.agencies
    faults = []
    with db.read(work.engine) as conn:
        for agency in agencies:
            fault = audit.fault(conn, work.settings.keys, agency.id) or _unlike(conn, agency.id, noted)
            head = audit.head_of(conn, agency.id)
            if fault:
                faults.append(f"{agency.id}: the audit log is broken: {fault}.")
            elif head is None:
                click.echo(f"{agency.id}: the audit log is empty.")
            else:
                click.echo(
                    f"{agency.id}: {head.number} entries, each as it was written. Head: {head.number}:{head.hash}"
                )
    work.engine.dispose()
    if faults:
        raise FindingError(
            "\n".join(faults) + "\nSomebody has changed the database by hand, or an older backup was put back. "
            "Compare with a backup and with heads noted earlier (docs/sealed.md)."
        )


def _unlike(conn: Connection, agency_id: str, noted: str | None) -> str:
    """What is wrong with a head that was noted; empty: nothing, or none was."""
    if noted is None:
        return ""
    number, _, noted_hash = noted.partition(":")
    if not number.isdecimal() or len(noted_hash) != len(START):
        raise click.BadParameter("write it as verify printed it, NUMBER:HASH", param_hint="--noted")
    entry = audit.entry(conn, agency_id, int(number))
    if entry is None:
        return f"entry {number} is missing, though its hash was noted"
    return "" if entry.hash == noted_hash else f"entry {number} is not the one whose hash was noted"


@command.command("list")
@click.option("--last", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many entries.")
@context.agency_option
def list_entries(last: int, agency_id: str | None) -> None:
    """Show the last entries: number, time in Bangkok, action, report, who, reason.

    \b
    Example:  siang audit list --last 20
    """
    work = context.deployment()
    agency = work.agency(agency_id)
    with db.read(work.engine) as conn:
        rows, names = audit.newest(conn, agency.id, last), audit.names(conn, agency.id)
    work.engine.dispose()
    if not rows:
        click.echo("The audit log is empty.")
    for row in rows:
        click.echo(_line(row, names))


def _line(row: Row[Any], names: dict[str, str]) -> str:
    report = sealed_case.number(row.subject) if row.action in REPORTS else "-"
    who = f"{names[row.actor]} ({row.actor})" if names.get(row.actor) else row.actor
    why = sealed_case.REASONS.get(row.reason) or sealed_case.STATUSES.get(row.reason, row.reason)
    when = f"{row.at.astimezone(thai.BANGKOK):%Y-%m-%d %H:%M}"
    return f"{row.number:>6}  {when}  {row.action:<10}  {report:<7}  {who}{'  ' + why if why else ''}"
