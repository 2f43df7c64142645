"""Files we serve for a while: pictures that LINE shows and photos of complaints, at signed addresses that run out.

An address says what it leads to and until when, under a key of its own made from SECRET_KEY; nothing about it is
stored. Who has it may open it, so ``name`` is never anything personal and what it leads to is for people who were
sent it. Forged, expired and gone are one and the same 404.
"""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, abort

from bot.site import Site
from survey.privacy import Keys
from survey.settings import Agency, Settings

Clock = Callable[[], datetime]
Loader = Callable[[Site, Agency, str], tuple[bytes, str] | None]
"""(site, agency, name) -> (bytes, content type); None: there is no such file any more."""


@dataclass(frozen=True, slots=True)
class Named:
    """What an address leads to."""

    kind: str
    agency_id: str
    name: str
    expires: datetime


def make_blueprint(site: Site, loaders: Mapping[str, Loader], clock: Clock = lambda: datetime.now(UTC)) -> Blueprint:
    """The route ``/files/<token>``. ``loaders``: who gives the bytes of each kind."""
    blueprint = Blueprint("files", __name__)

    @blueprint.get("/files/<token>")
    def file(token: str) -> Response:
        now = clock()
        named = verify(site.settings.keys, token, now)
        agency = site.settings.agency(named.agency_id) if named else None
        if named is None or agency is None or named.kind not in loaders:
            abort(404)
        found = loaders[named.kind](site, agency, named.name)
        if found is None:
            abort(404)
        response = Response(found[0], mimetype=found[1])
        response.headers["Cache-Control"] = f"private, max-age={int((named.expires - now).total_seconds())}"
        return response

    return blueprint


def address(settings: Settings, kind: str, agency_id: str, name: str, expires: datetime) -> str:
    """The whole address of a file; empty when this deployment has none that LINE would take.

    LINE takes https only. Plain http is for the local LINE, which ``line_api_base`` names.
    """
    base = settings.public_url
    if not base.startswith("https://") and not (base and settings.line_api_base):
        return ""
    return f"{base}/files/{sign(settings.keys, kind, agency_id, name, expires)}"


def sign(keys: Keys, kind: str, agency_id: str, name: str, expires: datetime) -> str:
    """The token of an address: what it leads to, until when, and the proof that we said so."""
    body = json.dumps([kind, agency_id, name, int(expires.timestamp())], ensure_ascii=False, separators=(",", ":"))
    said = base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")
    return f"{said}.{keys.file(said)}"


def verify(keys: Keys, token: str, now: datetime) -> Named | None:
    """What a token leads to; None when we did not make it or its time is over. Compares in constant time."""
    said, _, proof = token.partition(".")
    if not hmac.compare_digest(proof.encode(), keys.file(said).encode()):
        return None
    kind, agency_id, name, until = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    expires = datetime.fromtimestamp(until, UTC)
    return Named(kind, agency_id, name, expires) if now < expires else None
