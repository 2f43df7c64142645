"""``siang menu``: the tiles under the chat, put on the agency's LINE channel."""

import click

from bot import rich_menu
from bot.cli import context
from bot.cli.errors import FindingError
from bot.line import LineClient, LineError
from survey import settings_load
from survey.settings import Agency, Settings

REASONS = {
    401: "LINE does not know the access token. Check LINE_CHANNEL_ACCESS_TOKEN.",
    403: "This channel may not have rich menus. Check that the Messaging API is switched on for the account.",
    429: "LINE asks to slow down. Try again in a minute.",
}


@click.command(short_help="Put the menu for residents on the LINE channel.")
@click.option("--remove", is_flag=True, help="Take the menu off again.")
@context.agency_option
def command(remove: bool, agency_id: str | None) -> None:
    """Put the menu for residents (six tiles under the chat) on the LINE channel; an earlier one of ours is replaced.

    Menus that were made by hand in LINE Official Account Manager stay, and LINE shows those first: switch them off
    there. Phones show a new menu when the chat is opened again.

    \b
    Examples:  siang menu
               siang menu --remove
    """
    settings = settings_load.load(frozenset({"agency", "line"}))
    agency = _agency(settings, agency_id)
    line = LineClient(settings.line_api_base)
    try:
        if remove:
            count = rich_menu.remove(line, agency)
            click.echo(f"Removed {count} menu(s) of ours." if count else "There was no menu of ours.")
        else:
            rich_menu.install(line, agency)
            click.echo(f"{agency.name or agency.id} shows the menu now. Open the chat anew to see it.")
    except LineError as exc:
        raise FindingError(REASONS.get(exc.status or 0, f"{exc}. Try again; siang doctor tells more.")) from None


def _agency(settings: Settings, agency_id: str | None) -> Agency:
    found = settings.agency(agency_id) if agency_id else settings.default_agency
    if found is None:
        known = ", ".join(a.id for a in settings.agencies)
        raise click.BadParameter(f"there is no agency {agency_id!r}; known are {known}", param_hint="--agency")
    return found
