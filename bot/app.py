"""The web application: webhook, pages for people, health for machines."""

from datetime import UTC, datetime
from pathlib import Path

import structlog
from flask import Flask, Response
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from bot import case_files, files, health, pages, score_picture, sealed, sealed_staff, webhook
from bot.line import LineClient
from bot.site import Site
from survey import db, library
from survey.settings import Settings
from survey.visitor import World

log = structlog.get_logger(__name__)
TEMPLATES = Path(__file__).parents[1] / "templates" / "pages"
FILES: dict[str, files.Loader] = {case_files.KIND: case_files.load, score_picture.KIND: score_picture.load}


def create_app(settings: Settings, clock: webhook.Clock | None = None) -> Flask:
    """The application of one process. Opens no connection and starts no thread. Raises InstrumentError."""
    world = World(library.load(), settings.keys, settings.public_url)
    site = Site(settings, db.connect(settings.database_url), world, LineClient(settings.line_api_base))
    app = Flask("siang", template_folder=str(TEMPLATES), static_folder=str(TEMPLATES / "static"))
    app.extensions["siang"] = site
    ticking = clock or _utc_now
    app.register_blueprint(webhook.make_blueprint(site, ticking))
    app.register_blueprint(pages.make_blueprint(site))
    app.register_blueprint(health.make_blueprint(site))
    app.register_blueprint(files.make_blueprint(site, FILES, ticking))
    app.register_blueprint(sealed.make_blueprint(site, ticking))
    app.register_blueprint(sealed_staff.make_blueprint(site, ticking))
    app.register_error_handler(HTTPException, _plain)
    app.register_error_handler(SQLAlchemyError, _unavailable)
    app.after_request(_guarded)
    return app


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _plain(error: HTTPException) -> Response:
    return Response(f"{error.name}\n", error.code or 500, mimetype="text/plain")


def _unavailable(error: SQLAlchemyError) -> Response:
    """The database is away: LINE delivers again, people come back."""
    log.error("web.database", error=type(error).__name__)
    return Response("The database does not answer; try again.\n", 503, mimetype="text/plain")


def _guarded(response: Response) -> Response:
    """No scripts, no frames, nothing from elsewhere, and no address of a page of ours told to others."""
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
