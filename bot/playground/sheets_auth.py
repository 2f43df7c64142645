"""Service accounts for the local Sheets service: the key file, and the OAuth token endpoint that honours it.

``service_account_info(base_url)`` is what a Google key file holds, with ``token_uri`` pointing here. The token endpoint
verifies the RS256 signature of the JWT assertion against that very key, so a wrong or revoked key fails as at Google
(``invalid_grant``, which google-auth raises as ``RefreshError``).
"""

import base64
import binascii
import json
import secrets
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from bot.playground.sheets_errors import Json, unauthenticated

EMAIL = "siang-mirror@siang-playground.iam.gserviceaccount.com"
LIFETIME_S = 3600
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SCOPES = {"https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"}


@lru_cache(maxsize=1)
def shared_key() -> str:
    """This process's RSA key as PEM; made once, because making one takes a good part of a second."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoding, shape = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, shape, serialization.NoEncryption()).decode()


def service_account_info(base_url: str, email: str = EMAIL, key_pem: str | None = None) -> Json:
    """The content of a service-account key file that works against the local service at ``base_url``."""
    return {
        "type": "service_account",
        "project_id": "siang-playground",
        "private_key_id": "playground",
        "private_key": key_pem or shared_key(),
        "client_email": email,
        "client_id": "100000000000000000000",
        "auth_uri": f"{base_url}/auth",
        "token_uri": f"{base_url}/token",
        "universe_domain": "googleapis.com",
    }


def write_service_account(path: Path, base_url: str) -> str:
    """Write the key file (mode 600), keeping the key that is already in it. Returns the key as PEM for ``Tokens``."""
    key_pem = shared_key()
    if path.exists():
        key_pem = json.loads(path.read_text(encoding="utf-8")).get("private_key") or key_pem
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(service_account_info(base_url, key_pem=key_pem), indent=2), encoding="utf-8")
    return str(key_pem)


class Tokens:
    """Access tokens that this service gave out. ``revoked`` emails get no new token and lose those they have."""

    def __init__(self, key_pem: str | None = None, clock: Callable[[], float] = time.time) -> None:
        self._key_pem = key_pem
        self._clock = clock
        self._given: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()
        self.revoked: set[str] = set()

    def grant(self, form: dict[str, str]) -> tuple[int, Json]:
        """Answer ``POST /token``: (HTTP status, body)."""
        if form.get("grant_type") != _GRANT:
            return 400, {"error": "unsupported_grant_type", "error_description": "Invalid grant_type"}
        try:
            claims = self._verified(form.get("assertion", ""))
        except (ValueError, KeyError, binascii.Error, InvalidSignature):
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        if claims.get("exp", 0) < self._clock():
            return 400, {
                "error": "invalid_grant",
                "error_description": "Invalid JWT: Token must be a short-lived token",
            }
        if not _SCOPES & set(str(claims.get("scope", "")).split()):
            return 400, {
                "error": "invalid_scope",
                "error_description": "Invalid OAuth scope or ID token audience provided.",
            }
        if claims["iss"] in self.revoked:
            return 400, {"error": "invalid_grant", "error_description": "Invalid grant: account not found"}
        token = "ya29.local-" + secrets.token_urlsafe(24)
        with self._lock:
            now = self._clock()
            self._given = {key: given for key, given in self._given.items() if given[1] > now}
            self._given[token] = (str(claims["iss"]), now + LIFETIME_S)
        return 200, {"access_token": token, "expires_in": LIFETIME_S - 1, "token_type": "Bearer"}

    def account(self, authorization: str | None) -> str:
        """The service account behind an ``Authorization`` header. Raises 401."""
        kind, _, token = (authorization or "").partition(" ")
        email, expiry = self._given.get(token, ("", 0.0))
        if kind != "Bearer" or expiry < self._clock() or email in self.revoked:
            raise unauthenticated()
        return email

    def _verified(self, assertion: str) -> dict[str, Any]:
        head, claims, signature = assertion.split(".")
        if json.loads(_decoded(head))["alg"] != "RS256":
            raise ValueError("alg")
        private = serialization.load_pem_private_key((self._key_pem or shared_key()).encode(), password=None)
        public = private.public_key()
        if not isinstance(public, rsa.RSAPublicKey):
            raise ValueError("key")
        public.verify(_decoded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
        content = json.loads(_decoded(claims))
        if not isinstance(content, dict) or "iss" not in content:
            raise ValueError("claims")
        return content


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
