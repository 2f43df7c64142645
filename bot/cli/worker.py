"""``siang worker``: everything that does not answer a webhook."""

import signal
import threading

import click

from bot import logs
from bot.cli import context
from bot.worker import run


@click.command(short_help="File answers, fill the sheet, alert officers, compute scores.")
def command() -> None:
    """File answers, fill the sheet, alert officers, compute scores: everything that does not answer a webhook.

    Run at least one beside `siang web`; with PostgreSQL there may be several, on several machines. Ends on SIGTERM or
    Ctrl-C after the work at hand; killed, it leaves nothing half done.

    \b
    Example:  siang worker
    """
    logs.configure()
    work = context.deployment(context.ALL)
    stopping = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopping.set())
    run(work.engine, work.settings, work.library, stopping)
    work.engine.dispose()
