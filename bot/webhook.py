"""LINE's webhook: raw bytes, signature, each event in a transaction of its own, 200; the reply goes out afterwards.

403 bad or missing signature, or another agency's account; 404 unknown agency; 413 over 1 MiB; 503 when a commit failed,
so that LINE delivers again (what was stored is recognised by its event id); else 200.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from flask import Blueprint, Response, abort, request

from bot import case_files, incoming, messages, score_reply
from bot.incoming import Incoming
from bot.site import Site
from survey import db, service
from survey.events import Prompt, Say, Unsend
from survey.settings import Agency
from survey.visitor import Inbound

log = structlog.get_logger(__name__)
BODY_LIMIT = 1024 * 1024

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
    if prompts and event.reply_token:
        site.replies.submit(lambda: _reply(site, agency, event.reply_token, prompts, now))
    return True


def _inbound(site: Site, agency: Agency, event: Incoming) -> Inbound:
    keys, said = site.settings.keys, event.event
    if isinstance(said, Say):
        said = Say(said.text, keys.event(agency.id, event.message_id))
    elif isinstance(said, Unsend):
        said = Unsend(keys.event(agency.id, event.message_id))
    return Inbound(
        agency=agency,
        respondent=keys.respondent(agency.id, event.user_id),
        event_key=keys.event(agency.id, event.id),
        event=said,
        contact=lambda: keys.seal_contact(event.user_id),
        group=event.group,
    )


def _reply(site: Site, agency: Agency, reply_token: str, prompts: tuple[Prompt, ...], now: datetime) -> None:
    if prompts[0].kind == "scores":
        sent = score_reply.answer(site, agency, prompts[0], now)
    else:
        sent = messages.to_line(prompts, case_files.addresses(site.settings, agency, now))
    site.line.reply(agency, reply_token, sent)
