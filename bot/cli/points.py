"""``siang points``: the service points of an office, their deep links and QR codes to print and put up."""

from pathlib import Path
from urllib.parse import quote

import click
import segno
from sqlalchemy import select

from bot.cli import context
from bot.cli.errors import ToldError
from survey import db
from survey.settings import ServicePoint
from survey.tables import channels

WORD = "ประเมิน"
SCALE = 10


@click.command(short_help="List service points with their links and make their QR codes.")
@click.option(
    "--qr",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a QR code for each point into this folder, as SVG (print) and PNG (screen).",
)
@click.option("--basic-id", help="The account's basic id, like @123abcde (default: what LINE told the bot).")
@context.agency_option
def command(folder: Path | None, basic_id: str | None, agency_id: str | None) -> None:
    """List the service points of AGENCY_FILE with their links.

    Opening a link, or scanning its QR code, opens the chat with the words "ประเมิน ..." ready to send: that starts the
    one-minute survey for this point.

    \b
    Example:  siang points --qr qr-codes
    """
    work = context.deployment(context.AGENCY)
    agency = work.agency(agency_id)
    if not agency.office.points:
        raise ToldError("No service points yet. Write them into AGENCY_FILE as [[point]] tables.")
    if basic_id is None:
        with db.read(work.engine) as conn:
            basic_id = conn.scalar(select(channels.c.basic_id).where(channels.c.agency_id == agency.id))
    work.engine.dispose()
    if not basic_id:
        raise ToldError("The account's basic id is not known yet. Start `siang worker` once, or give --basic-id.")
    for point in agency.office.points:
        link = deep_link(basic_id, point)
        click.echo(f"{point.title} ({point.kind})\n  {link}")
        if folder is not None:
            _write_codes(folder, point, link)


def deep_link(basic_id: str, point: ServicePoint) -> str:
    """The link that opens the chat with ``ประเมิน <point>`` typed and not yet sent."""
    account = basic_id if basic_id.startswith("@") else f"@{basic_id}"
    return f"https://line.me/R/oaMessage/{quote(account)}/?{quote(f'{WORD} {point.title}')}"


def _write_codes(folder: Path, point: ServicePoint, link: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    code = segno.make(link, micro=False, error="m")
    for kind in ("svg", "png"):
        file = folder / f"{point.id}.{kind}"
        code.save(str(file), scale=SCALE, border=4)
        click.echo(f"  {file}")
