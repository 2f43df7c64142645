"""What the sealed pages carry in the browser: proof that a form came from us, and who is inside. No row is left of it.

A form holds a random nonce, its last moment, and our proof over both and a cookie, so that no other site can send it;
the nonce makes a form sent twice one thing. Sessions are encrypted cookies that run out. Every cookie is HttpOnly,
SameSite=Strict, bound to the agency's pages, and Secure wherever the page is.
"""

import hmac
import ipaddress
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from flask import Response, request

from survey.privacy import Keys
from survey.settings import Settings

Clock = Callable[[], datetime]
FORM = "siang_form"
FORM_LIVES = timedelta(hours=12)  # somebody may think for long over what to write


@dataclass(frozen=True)
class Session:
    """One kind of session: its cookie, and how long it lives after it was last used."""

    cookie: str
    lives: timedelta


REPORTER = Session("siang_report", timedelta(minutes=15))
RECEIPT = Session("siang_receipt", timedelta(minutes=10))
DESK = Session("siang_desk", timedelta(minutes=30))


@dataclass(frozen=True)
class Browser:
    """The forms and cookies of the request at hand."""

    settings: Settings
    clock: Clock

    def form(self, agency_id: str) -> tuple[str, str]:
        """The hidden field of a new form, and the cookie to send with it."""
        cookie = request.cookies.get(FORM) or secrets.token_urlsafe(16)
        until = int((self.clock() + FORM_LIVES).timestamp())
        said = f"{secrets.token_urlsafe(16)}.{until}"
        return f"{said}.{self._proof(agency_id, said, cookie)}", cookie

    def nonce(self, agency_id: str, field: str) -> str | None:
        """The nonce of a form that was sent; None: not made here for this browser, or too old."""
        said, _, proof = field.rpartition(".")
        nonce, _, until = said.partition(".")
        right = self._proof(agency_id, said, request.cookies.get(FORM, ""))
        if not hmac.compare_digest(proof.encode(), right.encode()):
            return None
        return nonce if self.clock().timestamp() < int(until) else None

    def inside(self, session: Session, agency_id: str) -> dict[str, Any] | None:
        """What the session's cookie holds; None: there is none, or its time is over."""
        token, now = request.cookies.get(session.cookie, ""), int(self.clock().timestamp())
        try:
            plain = self._box(session, agency_id).decrypt_at_time(
                token.encode(), int(session.lives.total_seconds()), now
            )
        except InvalidToken:
            return None
        found: dict[str, Any] = json.loads(plain)
        return found

    def enter(self, response: Response, session: Session, agency_id: str, values: dict[str, Any]) -> Response:
        """Begin a session, or go on with it."""
        token = self._box(session, agency_id).encrypt_at_time(
            json.dumps(values).encode(), int(self.clock().timestamp())
        )
        return self.remember(response, agency_id, session.cookie, token.decode(), session.lives)

    def leave(self, response: Response, agency_id: str, *sessions: Session) -> Response:
        for session in sessions:
            response.delete_cookie(session.cookie, **self._where(agency_id))
        return response

    def remember(self, response: Response, agency_id: str, name: str, value: str, lives: timedelta) -> Response:
        response.set_cookie(name, value, max_age=lives, **self._where(agency_id))
        return response

    def _where(self, agency_id: str) -> dict[str, Any]:
        path = f"/sealed/{agency_id}"
        return {"path": path, "secure": not self._local(), "httponly": True, "samesite": "Strict"}

    def _local(self) -> bool:
        """A demo or a test: plain http on this machine."""
        if self.settings.public_url:
            return self.settings.public_url.startswith("http://")
        return urlsplit(request.host_url).hostname in ("127.0.0.1", "localhost")

    def _proof(self, agency_id: str, said: str, cookie: str) -> str:
        return self._keys.mac("sealed-form", agency_id, said, cookie)

    def _box(self, session: Session, agency_id: str) -> Any:
        return self._keys.box(f"{session.cookie}:{agency_id}")

    @property
    def _keys(self) -> Keys:
        return self.settings.keys


def source() -> str:
    """The visitor's address, to be counted under a hash of the day; empty when only our own proxy is known."""
    peer, told = request.remote_addr or "", request.headers.get("X-Forwarded-For", "")
    if not _ours(peer):
        return peer
    last = told.rpartition(",")[2].strip()  # what the proxy beside us has added itself
    return "" if _ours(last) else last


def _ours(address: str) -> bool:
    try:
        return not ipaddress.ip_address(address).is_global
    except ValueError:
        return True
