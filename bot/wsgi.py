"""What the web server's worker processes load: ``bot.wsgi:create``, one application a process.

A worker reads its settings from the environment itself, so that nothing secret travels between processes.
"""

import multiprocessing

from flask import Flask

from bot import family, logs
from bot.app import create_app
from survey import settings_load


def create() -> Flask:
    """The application of this worker process. Raises SettingsError."""
    server = multiprocessing.parent_process()
    if server is not None and server.pid is not None:
        family.die_with_parent(server.pid)
    logs.configure()
    return create_app(settings_load.load())
