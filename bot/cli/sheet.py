"""``siang sheet``: does the Google Sheet hold what the store holds, and a fresh tab when it does not."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import click

from bot.cli import context
from bot.cli.errors import FindingError, ToldError
from survey.sheets import Mirror
from survey.sheets_check import TabCheck
from survey.sheets_client import CredentialsError

TABS = ("eit", "satisfaction", "comments", "history")
SHOWN = 5


@click.group(short_help="Compare the Google Sheet with the store, or write it anew.")
def command() -> None:
    """Compare the Google Sheet with the store, or write it anew.

    The store is the truth and the sheet a copy of it: staff may sort, filter, rename and add columns. What they delete
    is never put back silently; `check` tells, `rebuild` makes a fresh tab.
    """


@command.command()
@context.agency_option
def check(agency_id: str | None) -> None:
    """Compare the sheet with the store, row by row and cell by cell. Only reads.

    Exit code 0: the same; 1: something differs, or the sheet cannot be read.

    \b
    Example:  siang sheet check
    """
    with _mirror(agency_id) as mirror:
        report = mirror.check()
    for tab in report.tabs:
        click.echo(f"{tab.title}: {tab.stored} in the store, {tab.in_sheet} in the sheet, {tab.waiting} on their way")
        for line in _differences(tab):
            click.echo(f"  - {line}")
    if report.problem:
        raise FindingError(f"The sheet cannot be read ({report.problem}). Run: siang doctor")
    if not report.ok:
        raise FindingError("The sheet differs from the store. `siang sheet rebuild` makes fresh tabs.")
    click.echo("The sheet holds what the store holds." if report.tabs else "No tabs yet; the worker makes them.")


@command.command()
@click.option("--tab", "tabs", type=click.Choice(TABS), multiple=True, help="Only this one; may be given again.")
@context.agency_option
def rebuild(tabs: tuple[str, ...], agency_id: str | None) -> None:
    """Write fresh tabs from the store.

    The old tabs stay as they are, with what staff wrote beside the rows; the new ones carry the date and get all rows,
    and from now on the new ones. Takes about a minute for 8,000 rows, because Google limits writing.

    \b
    Examples:  siang sheet rebuild
               siang sheet rebuild --tab eit
    """
    with _mirror(agency_id) as mirror:
        report = mirror.rebuild(tabs or TABS)
    for tab in report.tabs:
        state = "complete" if not tab.waiting else f"{tab.waiting} rows are on their way"
        click.echo(f"{tab.title}: {state}")
    if report.problem:
        raise FindingError(f"Not finished: {report.problem} The worker goes on when it is mended.")
    if not report.finished:
        click.echo("Not finished yet; the worker goes on with it.")


@contextmanager
def _mirror(agency_id: str | None) -> Iterator[Mirror]:
    work = context.deployment(context.SHEETS)
    agency = work.agency(agency_id)
    if not agency.spreadsheet_id:
        raise ToldError("No sheet is named, so there is no mirror. Set SPREADSHEET_ID, or use: siang export")
    try:
        mirror = Mirror(
            work.engine,
            agency,
            work.settings,
            work.library.surveys,
            clock=context.now,
            worker_id=f"cli:{os.getpid()}:{secrets.token_hex(4)}",
            alert=lambda _, text: click.echo(text, err=True),
        )
    except CredentialsError as exc:
        raise ToldError(f"{exc}.") from None
    try:
        yield mirror
    finally:
        mirror.close()
        work.engine.dispose()


def _differences(tab: TabCheck) -> Iterator[str]:
    if tab.gone:
        yield "staff deleted this tab"
    if tab.moved:
        yield "a column of ours is not in its place; move it back, or new rows land in wrong columns"
    for ids, words in (
        (tab.missing, "rows are in the store and not in the sheet"),
        (tab.repeated, "row ids are in the sheet more than once"),
        (tab.changed, "rows were changed by hand"),
        (tab.parked, "rows are refused by Google"),
    ):
        if ids:
            more = ", ..." if len(ids) > SHOWN else ""
            yield f"{len(ids)} {words}: {', '.join(ids[:SHOWN])}{more}"
    if tab.unknown:
        yield f"{tab.unknown} rows in the sheet are not ours (notes of staff, or another database)"
