"""``siang web``: granian with our WSGI application.

One worker process on SQLite, so that its write lock is one queue; more on PostgreSQL. This process itself opens no
port before settings, schema and instruments are known to be right, and no database connection stays open in it,
because the workers are forked from it.
"""

import socket

import click
from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from bot.cli import context
from bot.cli.errors import ToldError
from survey import db

THREADS = 16
BACKLOG = 1024
STOP_S = 10


@click.command(short_help="Serve the webhook and the pages.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, envvar="PORT", help="Default: $PORT or 8000.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    envvar="WEB_CONCURRENCY",
    help="Processes, on PostgreSQL only. Default: $WEB_CONCURRENCY or 2.",
)
def command(host: str, port: int, workers: int) -> None:
    """Serve the webhook (POST /callback), the pages, /healthz and /readyz.

    Put a reverse proxy with HTTPS in front of it: LINE sends webhooks to https addresses only. Beside it
    `siang worker` must run. Ends on SIGTERM or Ctrl-C after the requests at hand.

    \b
    Example:  siang web --host 0.0.0.0 --port 8000
    """
    work = context.deployment(context.ALL)
    sqlite = work.engine.dialect.name == "sqlite"
    work.engine.dispose()
    warning = db.sqlite_warning(work.settings.database_url)
    if warning:
        click.echo(f"siang: warning: {warning}", err=True)
    _check_free(host, port)
    click.echo(f"Serving on http://{host}:{port}")
    Granian(
        "bot.wsgi:create",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1 if sqlite else workers,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        websockets=False,
        log_level=LogLevels.error,  # its notes about threads and processes tell an operator nothing
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_S,
    ).serve()


def _check_free(host: str, port: int) -> None:
    """Raises ToldError when nothing can listen there; the server itself would end in a trace."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as exc:
        raise ToldError(f"Cannot listen on {host} port {port}: {exc.strerror}. Choose another with --port.") from None
