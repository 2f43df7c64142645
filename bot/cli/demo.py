"""``siang demo``: try everything on this machine, without any account."""

import threading
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import click
import urllib3

from bot import demo, rich_menu, simulate
from bot.cli.errors import FindingError, ToldError
from bot.line import LineClient, LineError
from survey import db, library, officers, thai
from survey.settings import Settings

WELCOME = """
Siang is running on this machine only, with a local LINE and a local Google Sheets:

  Chat       {line}/   a resident's phone and an officer's phone, side by side
  Sheet      {sheets}/   fills while you chat
  Documents  {documents}/   every report, made from what is in the demo when you open it
  Health     {web}/healthz

Try: on the resident's phone tap the menu. {officer}
Everything is kept in {folder} (logs in {folder}/logs). Ctrl-C stops everything.
"""
JOINED = "The officer's phone is registered: send \"สรุป\" there for the month's scores."
NOT_JOINED = "On the officer's phone send this code to register it: {code}"


@click.command(short_help="Try everything on this machine, without any account.")
@click.option("--port", type=click.IntRange(1, 65532), default=8000, envvar="PORT", help="Web; the next three too.")
@click.option("--fill", type=click.IntRange(0, 100_000), default=0, help="So many simulated residents answer first.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="var/demo",
    show_default=True,
    help="Where settings, database, sheet and logs are kept.",
)
def command(port: int, fill: int, folder: Path) -> None:
    """Try everything on this machine, without any account.

    Starts web, worker, a local LINE and a local Google Sheets, all on 127.0.0.1, and prints the addresses to open in a
    browser. The finished documents are there too, with a made-up official result. Ctrl-C stops everything. Delete the
    folder to start anew.

    \b
    Examples:  siang demo
               siang demo --port 8100 --fill 300
    """
    place, stopping = demo.Place(folder.resolve(), port), threading.Event()
    tree = demo.Tree(place)
    demo.on_stop_signals(stopping.set)
    try:
        demo.check_ports(place)
        settings = demo.prepare(place)
        tree.start(settings.default_agency)
        with _documents(place, settings):
            tree.wait_until_up(stopping)
            if not stopping.is_set():
                _show_menu(place, settings)
                _welcome(place, settings)
                _fill(place, settings, fill, stopping)
            while not stopping.wait(0.3):
                tree.check()
    except demo.DemoError as exc:
        raise (FindingError if tree.children else ToldError)(str(exc)) from None
    finally:
        tree.stop()
    click.echo("Stopped.")


def _documents(place: demo.Place, settings: Settings) -> AbstractContextManager[str]:
    from bot import demo_documents  # noqa: PLC0415 - a second of imports, while the other processes start

    return demo_documents.serving(settings, place.port + 3)


def _show_menu(place: demo.Place, settings: Settings) -> None:
    try:
        rich_menu.install(LineClient(place.line), settings.default_agency)
    except LineError as exc:
        raise demo.DemoError(f"The menu could not be put on the local LINE: {exc}. See {place.folder}/logs") from None


def _welcome(place: demo.Place, settings: Settings) -> None:
    code = _register_officer(place, settings)
    click.echo(
        WELCOME.format(
            line=place.line,
            sheets=place.sheets,
            documents=place.documents,
            web=place.web,
            officer=NOT_JOINED.format(code=code) if code else JOINED,
            folder=place.folder,
        )
    )


def _register_officer(place: demo.Place, settings: Settings) -> str:
    """Invite an officer and send the code from the officer's phone, as a person would; the code when that failed."""
    engine, agency = db.connect(settings.database_url), settings.default_agency
    with db.write(engine) as conn:
        there = any(row.name == demo.OFFICER for row in officers.listing(conn, agency.id))
        now = datetime.now(UTC)
        code = "" if there else officers.invite(conn, settings.keys, agency.id, "admin", demo.OFFICER, [], now)
    engine.dispose()
    said = {"user": demo.OFFICER, "text": code or "สวัสดีค่ะ"}
    try:
        answer = urllib3.request("POST", f"{place.line}/playground/api/say", json=said, timeout=10, retries=False)
        joined = answer.status == 200 and answer.json().get("status") == 200
        if joined and code:  # the bot's welcome comes a moment later
            welcome = f"{place.line}/playground/api/inbox?count=1&user={quote(demo.OFFICER)}"
            joined = urllib3.request("GET", welcome, timeout=30, retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        joined = False
    return "" if joined else code


def _fill(place: demo.Place, settings: Settings, residents: int, stopping: threading.Event) -> None:
    if not residents:
        return
    known, today = library.load(), thai.bangkok_date(datetime.now(UTC))
    eit, point = known.newest("eit", thai.fiscal_year(today)), known.newest("satisfaction")
    town = simulate.Town(place.line, settings.default_agency, eit, point, demo.OFFICER)
    seed = int(datetime.now(UTC).timestamp())  # other people in every run
    with click.progressbar(length=residents, label=f"{residents} residents answer", show_pos=True) as bar:
        outcome = simulate.fill(town, residents, seed, lambda: bar.update(1), stopping)
    if not stopping.is_set():
        click.echo(f"{outcome.completed} residents have answered. The sheet follows within seconds.")
    for problem in sorted(set(outcome.problems)):
        click.echo(f"siang: {outcome.problems.count(problem)} could not finish: {problem}", err=True)
