"""LINE's webhook: raw bytes, signature, each event in a transaction of its own, 200; the reply goes out afterwards.

403 bad or missing signature, or another agency's account; 404 unknown agency; 413 over 1 MiB; 503 when a commit failed,
so that LINE delivers again (what was stored is recognised by its event id); else 200.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import structlog
from flask import Blueprint, Response, abort, request

from bot import answering, incoming
from bot.incoming import Incoming
from bot.site import Site
from survey import db, service
from survey.events import Attached, Say, Unsend
from survey.settings import Agency
from survey.visitor import Inbound

log = structlog.get_logger(__name__)
BODY_LIMIT = 1024 * 1024
_BATCH = 8  # characters of the hash are enough to tell the batches of one answer apart

Clock = Callable[[], datetime]


def make_blueprint(site: Site, clock: Clock = lambda: datetime.now(UTC)) -> Blueprint:
    """The routes ``/callback`` (the only or default agency) and ``/callback/<agency>``."""
    blueprint = Blueprint("webhook", __name__)

    @blueprint.post("/callback")
    @blueprint.post("/callback/<agency_id>")
    def callback(agency_id: str = "") -> Response:
        settings = site.settings
        agency = settings.agency(agency_id) if agency_id else settings.default_agency
        if agency is None:
            abort(404)
        request.max_content_length = BODY_LIMIT
        raw = request.get_data(cache=False)
        if not signed(agency.channel_secret, raw, request.headers.get("X-Line-Signature", "")):
            log.warning("webhook.refused", agency=agency.id, reason="signature")
            abort(403)
        body = _parsed(raw, agency)
        if not site.destinations.accepts(agency, str(body.get("destination", ""))):
            log.warning("webhook.refused", agency=agency.id, reason="destination of another agency")
            abort(403)
        stored = [_take(site, agency, event, clock()) for event in incoming.read(body)]
        return Response("" if all(stored) else "try again", 200 if all(stored) else 503, mimetype="text/plain")

    return blueprint


def signed(secret: str, raw: bytes, signature: str) -> bool:
    """Is this LINE's signature of these bytes? Compared in constant time."""
    digest = hmac.digest(secret.encode(), raw, hashlib.sha256)
    return hmac.compare_digest(base64.b64encode(digest), signature.encode("latin-1", "replace"))


def _parsed(raw: bytes, agency: Agency) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    log.warning("webhook.body_unreadable", agency=agency.id, size=len(raw))
    return {}


def _take(site: Site, agency: Agency, event: Incoming, now: datetime) -> bool:
    """Handle and commit one event, then queue its reply; False when it could not be stored."""
    inbound = _inbound(site, agency, event)
    try:
        with db.write(site.engine) as conn:
            prompts = service.handle(conn, inbound, site.world, now)
    except Exception as exc:  # noqa: BLE001 - one of the product's two: an event must not lose its neighbours
        log.error("webhook.not_stored", agency=agency.id, error=type(exc).__name__)
        return False
    answering.answer(site, inbound, event, prompts, now)
    return True


def _inbound(site: Site, agency: Agency, event: Incoming) -> Inbound:
    keys, said = site.settings.keys, event.event
    if isinstance(said, Say):
        said = Say(said.text, keys.event(agency.id, event.message_id))
    elif isinstance(said, Unsend):
        said = Unsend(keys.event(agency.id, event.message_id))
    elif isinstance(said, Attached):
        batch = keys.event(agency.id, said.batch)[:_BATCH] if said.batch else ""
        said = replace(said, message_id=keys.event(agency.id, event.message_id), batch=batch)
    return Inbound(
        agency=agency,
        respondent=keys.respondent(agency.id, event.user_id),
        event_key=keys.event(agency.id, event.id),
        event=said,
        contact=lambda: keys.seal_contact(event.chat or event.user_id),
        group=event.group,
        chat=keys.respondent(agency.id, event.chat) if event.chat else "",
    )
