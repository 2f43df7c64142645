"""The local LINE as one Flask application: Messaging API, control interface, chat page.

``create_app(LocalLine(...))`` for the command and the demo, ``running_line(...)`` for tests and the bench.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from bot.playground.line import LocalLine
from bot.playground.line_api import create_api, refuse
from bot.playground.line_content import add_content
from bot.playground.line_control import create_control
from bot.playground.line_menu_api import add_menus
from bot.playground.line_messages import RefusedError
from bot.playground.line_page import create_page
from bot.playground.serve import running


def create_app(line: LocalLine) -> Flask:
    """The whole local LINE over HTTP."""
    app = Flask("siang_local_line", static_folder=None)
    api = create_api(line)
    add_menus(api, line)
    add_content(api, line)
    app.register_blueprint(api)
    app.register_blueprint(create_control(line))
    app.register_blueprint(create_page(line))
    app.register_error_handler(RefusedError, refuse)
    app.register_error_handler(HTTPException, refuse)
    return app


@contextmanager
def running_line(*args: Any, port: int = 0, **options: Any) -> Iterator[LocalLine]:
    """A LocalLine (same arguments) served on a free port of this machine; its address is ``line.url``."""
    line = LocalLine(*args, **options)
    with running(create_app(line), port=port) as url:
        line.url = url
        try:
            yield line
        finally:
            line.close()  # before the server, which waits for its long polls to end
