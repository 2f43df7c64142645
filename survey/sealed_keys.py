"""Encryption of sealed reports: Fernet under ``SEALED_KEYS``, which are never in the database nor in a backup of it.

What is encrypted names the report and the place it belongs to, and is opened only there, so that nobody with the
database can put one report's content into another. The time in a Fernet token is always zero, and the text is padded,
so that a token tells neither when it was made nor how much was written.
"""

import struct
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from survey.privacy import Keys

LEAST = 4096  # what people type in one go is this long for everybody
_LENGTHS = struct.Struct(">HQ")


class SealedError(Exception):
    """No key of SEALED_KEYS opens it, or it is not what was stored at this place."""


class Sealer:
    """Encrypts with the first key, opens with any. Raises SealedError without keys, when it is made."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise SealedError("there are no SEALED_KEYS")
        self._all = MultiFernet([Fernet(key) for key in keys])
        self._first = Fernet(keys[0])

    def seal(self, report: str, place: str, body: bytes) -> bytes:
        """Encrypt what belongs to one place (``report``, ``message/<id>`` ...) of one report."""
        name = f"{report}/{place}".encode()
        plain = _LENGTHS.pack(len(name), len(body)) + name + body
        return self._all.encrypt_at_time(plain.ljust(padded(len(plain)), b"\0"), 0)

    def open(self, report: str, place: str, token: bytes) -> bytes:
        """What was sealed for this place of this report. Raises SealedError."""
        try:
            plain = self._all.decrypt(token)
        except InvalidToken:
            raise SealedError("no key of SEALED_KEYS opens it") from None
        names, bodies = _LENGTHS.unpack_from(plain)
        name, body = plain[_LENGTHS.size :][:names], plain[_LENGTHS.size + names :][:bodies]
        if name != f"{report}/{place}".encode():
            raise SealedError("it belongs to another place")
        return body

    def renewed(self, token: bytes) -> bytes | None:
        """The same under the first key; None when it is already. Raises SealedError."""
        try:
            self._first.decrypt(token)
        except InvalidToken:
            pass
        else:
            return None
        try:
            return self._all.rotate(token)
        except InvalidToken:
            raise SealedError("no key of SEALED_KEYS opens it") from None


def sealer(keys: Keys) -> Sealer | None:
    """The deployment's; None when it has no SEALED_KEYS, and so no sealed track."""
    return Sealer(keys.sealed_keys) if keys.sealed_keys else None


def padded(length: int) -> int:
    """The length to pad to: one for all that is short, then steps of at most an eighth (Padmé, PURBs 2019)."""
    if length <= LEAST:
        return LEAST
    exponent = length.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return -(-length // step) * step
