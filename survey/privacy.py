"""Keys and pseudonyms: what stands where a LINE user id must not.

Everything is derived from ``SECRET_KEY`` with a label, so that one key never serves two purposes. A respondent is
``HMAC(k1, agency, user id)``; participation in a round is ``HMAC(round secret, respondent, ...)`` where the round
secret is random, kept wrapped, and destroyed when the round closes: after that not even the key holder can say who
took part.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import cached_property

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SecretKeyError(ValueError):
    """A key cannot be used, or does not open what it should. The message is for an operator."""


@dataclass(frozen=True)
class Keys:
    """The keys of a deployment: ``secret_key`` any long text; the others Fernet keys, of which the first encrypts.

    ``sealed_keys`` open sealed reports (``survey.sealed_keys``); without any there is no sealed track.
    """

    secret_key: str
    contact_keys: tuple[str, ...] = ()
    sealed_keys: tuple[str, ...] = ()

    def respondent(self, agency_id: str, user_id: str) -> str:
        """The pseudonym under which a LINE account is known outside ``bot/``."""
        return _mac(self._for_respondents, agency_id, user_id)

    def event(self, agency_id: str, event_id: str) -> str:
        return _mac(self._for_events, agency_id, event_id)

    def invite(self, agency_id: str, code: str) -> str:
        return _mac(self._derive("invite"), agency_id, code)

    def file(self, said: str) -> str:
        """The proof that an address of a file was made here."""
        return _mac(self._derive("file"), said)

    def mac(self, label: str, *parts: str) -> str:
        """A keyed hash for one purpose, named by ``label``."""
        return _mac(self._derive(label), *parts)

    def box(self, label: str) -> Fernet:
        """Encryption for one purpose, of what people's browsers carry for us."""
        return Fernet(base64.urlsafe_b64encode(self._derive(label)))

    def new_round_secret(self) -> bytes:
        """A fresh round secret, wrapped for storing."""
        return self._wrap().encrypt(secrets.token_bytes(32))

    def participation(self, wrapped: bytes, respondent: str, *parts: str) -> str:
        """The key under which a respondent's part in a round is remembered. Raises SecretKeyError."""
        return _mac(self._open(wrapped), respondent, *parts)

    def seal_contact(self, user_id: str) -> bytes:
        """Encrypt a LINE user id that must be reachable later (officers, complainants)."""
        return self._contacts().encrypt(user_id.encode())

    def open_contact(self, sealed: bytes) -> str:
        """The LINE user id again. Raises SecretKeyError when no key in CONTACT_KEYS fits."""
        try:
            return self._contacts().decrypt(sealed).decode()
        except InvalidToken:
            raise SecretKeyError("no key in CONTACT_KEYS opens a stored contact; put the older key back") from None

    @cached_property
    def _for_respondents(self) -> bytes:
        return self._derive("respondent")

    @cached_property
    def _for_events(self) -> bytes:
        return self._derive("event")

    def _derive(self, label: str) -> bytes:
        return hmac.digest(self.secret_key.encode(), f"siang:{label}".encode(), "sha256")

    def _wrap(self) -> Fernet:
        return self.box("round")

    def _open(self, wrapped: bytes) -> bytes:
        try:
            return self._wrap().decrypt(wrapped)
        except InvalidToken:
            raise SecretKeyError("SECRET_KEY is not the one this database was made with") from None

    def _contacts(self) -> MultiFernet:
        keys = self.contact_keys or (base64.urlsafe_b64encode(self._derive("contact")).decode(),)
        return MultiFernet([Fernet(key) for key in keys])


def check_contact_key(key: str) -> None:
    """Raises SecretKeyError unless ``key`` is a Fernet key."""
    try:
        Fernet(key)
    except ValueError:
        raise SecretKeyError("must be 32 bytes in base64; `siang init` writes one") from None


def random_id() -> str:
    """A new id that says nothing: not who, not when, not in which order."""
    return secrets.token_urlsafe(16)


def _mac(key: bytes, *parts: str) -> str:
    # Each part with its length, so that ("a", "bc") and ("ab", "c") differ.
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    digest = hmac.digest(key, message, hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
