"""The chat page: two phones side by side, a resident's and an officer's. Files are in templates/playground/line.

Strict by CSP: scripts and styles only from this server, no inline code; pictures only from this machine.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, send_from_directory
from werkzeug.exceptions import NotFound

if TYPE_CHECKING:
    from bot.playground.line import LocalLine

FILES = Path(__file__).parents[2] / "templates" / "playground" / "line"
POLICY = (
    "default-src 'self'; img-src 'self' blob: http://127.0.0.1:* http://localhost:*; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def create_page(line: "LocalLine") -> Blueprint:
    """The page at / and what it is made of at /playground/line."""
    page = Blueprint("line_page", __name__)

    @page.get("/")
    def index() -> Response:
        return _safe(send_from_directory(FILES, "index.html"))

    @page.get("/playground/line/<path:name>")
    def file(name: str) -> Response:
        return _safe(send_from_directory(FILES, name))

    @page.get("/playground/content/<message_id>")
    def content(message_id: str) -> Response:
        """A picture or voice message a person sent in a chat."""
        return _shown(line.world.content.get(message_id))

    @page.get("/playground/menu/<menu_id>")
    def menu(menu_id: str) -> Response:
        """The picture of a rich menu."""
        held = (channel.menus.images.get(menu_id) for channel in line.world.channels.values())
        return _shown(next((image for image in held if image), None))

    return page


def _shown(held: tuple[bytes, str] | None) -> Response:
    if held is None or not held[1].startswith(("image/", "audio/")):
        raise NotFound
    return _safe(Response(held[0], content_type=held[1]))


def _safe(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
