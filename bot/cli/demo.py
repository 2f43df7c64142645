"""``siang demo``: try everything on this machine, without any account."""

import threading
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import select

from bot import demo, demo_people, rich_menu, simulate, simulate_cases
from bot.cli.errors import FindingError, ToldError
from bot.line import LineClient, LineError
from survey import db, library, thai
from survey.settings import Settings
from survey.tables import complaints

WELCOME = """
Siang is running on this machine only, with a local LINE and a local Google Sheets:

  Chat       {line}/   a resident's phone and an officer's phone, side by side
  Sheet      {sheets}/   fills while you chat
  Documents  {documents}/   every report, made from what is in the demo when you open it
  Health     {web}/healthz

Try, on the two phones:

  Left       a resident: answer the officer's question; "แจ้งเรื่อง" files a complaint, "ติดตามเรื่อง" follows it
  Right      an officer: send "เรื่องใหม่" for new complaints; send "สรุป" for the month's scores

Corruption reports have a page of their own: {web}/sealed/{agency}
Who may read them is at {reader_phone} ({reader}): send "เรื่องลับ" there.

Everything is kept in {folder} (logs in {folder}/logs). Ctrl-C stops everything.
"""
NOT_JOINED = "{name} is not registered yet. Send this code from that phone: {code}\n"


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
                _play(place, settings, stopping)
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
    codes = demo_people.register(place, settings)
    reader = demo_people.INTEGRITY[0]
    click.echo(
        WELCOME.format(
            line=place.line,
            sheets=place.sheets,
            documents=place.documents,
            web=place.web,
            agency=settings.default_agency.id,
            reader=reader,
            reader_phone=f"{place.line}/?officer={reader}",
            folder=place.folder,
        )
        + "".join(NOT_JOINED.format(name=name, code=code) for name, code in codes.items())
    )


def _play(place: demo.Place, settings: Settings, stopping: threading.Event) -> None:
    """A complaint on the two phones, once: in a folder that has complaints the phones begin empty."""
    engine = db.connect(settings.database_url)
    with db.read(engine) as conn:
        there = conn.scalar(select(complaints.c.id).limit(1))
    engine.dispose()
    if there is None:
        people = (demo.OFFICER, demo_people.RESIDENT, demo_people.NEIGHBOUR)
        _tell(simulate_cases.play(place.line, *people, stopping).problems, stopping)


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
    _tell(outcome.problems, stopping)
    names = [simulate.name_of(number, seed) for number in range(0, residents, simulate_cases.ONE_IN)]
    cases = simulate_cases.fill(place.line, demo.OFFICER, names, seed, stopping)
    if not stopping.is_set():
        click.echo(f"Complaints filed: {cases.filed}; the officer has worked on: {cases.worked_on}.")
    _tell(cases.problems, stopping)


def _tell(problems: list[str], stopping: threading.Event) -> None:
    for problem in sorted(set(problems)) if not stopping.is_set() else ():
        click.echo(f"siang: {problems.count(problem)} could not finish: {problem}", err=True)
