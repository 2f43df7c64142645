"""``siang playground``: the local LINE or the local Google Sheets alone, to write software against."""

from pathlib import Path

import click

from bot.cli.errors import ToldError
from bot.playground import serve, sheets, sheets_auth, sheets_http
from bot.playground.line import LocalLine
from bot.playground.line_app import create_app as create_line

Port = click.IntRange(1, 65535)


@click.group(short_help="Start the local LINE or the local Google Sheets alone.")
def command() -> None:
    """Start the local LINE or the local Google Sheets alone.

    They behave like the real ones, limits and errors included, and listen on 127.0.0.1 only. `siang demo` starts both
    with everything else.
    """


@command.command()
@click.option("--port", type=Port, default=8001, show_default=True)
@click.option("--secret", envvar="LINE_CHANNEL_SECRET", default="local-secret", help="Channel secret; signs webhooks.")
@click.option("--token", envvar="LINE_CHANNEL_ACCESS_TOKEN", default="local-token", help="Channel access token.")
@click.option("--webhook", default="http://127.0.0.1:8000/callback", show_default=True, help="Where the bot listens.")
@click.option("--name", envvar="AGENCY_NAME", default="เทศบาลตัวอย่าง", help="The account's name in the chat.")
def line(port: int, secret: str, token: str, webhook: str, name: str) -> None:
    """A local LINE: chat page at /, Messaging API at /v2/bot, controls at /playground/api.

    \b
    Example:  siang playground line --port 8001 --webhook http://127.0.0.1:8000/callback
              then set LINE_API_BASE=http://127.0.0.1:8001 for the bot
    """
    local = LocalLine(secret, token, webhook, display_name=name, redelivery=(1.0, 5.0, 20.0))
    local.url = f"http://127.0.0.1:{port}"
    click.echo(f"Local LINE on http://127.0.0.1:{port}/, webhooks to {webhook}")
    try:
        serve.serve(create_line(local), port=port)
    except OSError as exc:
        raise ToldError(f"Cannot listen on 127.0.0.1 port {port}: {exc.strerror}.") from None
    finally:
        local.close()


@command.command("sheets")
@click.option("--port", type=Port, default=8002, show_default=True)
@click.option("--spreadsheet", default="demo", show_default=True, help="Id of the spreadsheet to have.")
@click.option("--title", default="แบบสอบถาม", show_default=True, help="Its title.")
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), help="A file to keep the sheets in.")
@click.option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    default="var/playground/service-account.json",
    show_default=True,
    help="Where to write the service account's key file.",
)
@click.option("--fast", is_flag=True, help="Allow 6,000 writes and reads a minute; Google allows 60.")
def local_sheets(port: int, spreadsheet: str, title: str, state: Path | None, key: Path, fast: bool) -> None:
    """A local Google Sheets: the grid at /, Google's API at /v4, controls at /playground/api.

    \b
    Example:  siang playground sheets --port 8002
              then set SHEETS_API_BASE=http://127.0.0.1:8002, SPREADSHEET_ID=demo and
              GOOGLE_APPLICATION_CREDENTIALS=var/playground/service-account.json for the bot
    """
    base = f"http://127.0.0.1:{port}"
    pem = sheets_auth.write_service_account(key, base)
    try:
        quota = 6000 if fast else 60
        local = sheets.LocalSheets(writes_per_minute=quota, reads_per_minute=quota, key_pem=pem, state_file=state)
    except ValueError as exc:
        raise ToldError(str(exc)) from None
    local.create_spreadsheet(spreadsheet, title)
    click.echo(f"Local Google Sheets on {base}/ (spreadsheet {spreadsheet}, key file {key})")
    try:
        serve.serve(sheets_http.create_app(local), port=port)
    except OSError as exc:
        raise ToldError(f"Cannot listen on 127.0.0.1 port {port}: {exc.strerror}.") from None
    finally:
        local.close()
