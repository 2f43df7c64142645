"""The mail server, for alerts that LINE has no quota left for: read from SMTP_*, all of it optional."""

import re
from dataclasses import dataclass, field

from survey.settings_names import BY_NAME
from survey.settings_read import Source

PART = "mail"
SECURITIES = ("starttls", "tls", "none")
_ADDRESS = re.compile(r"[\w.+'=-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Smtp:
    """Where mail is handed in. ``security``: starttls | tls | none (this machine or network only)."""

    host: str
    sender: str
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)


def is_address(text: str) -> bool:
    """Is it a plain e-mail address, one, without a name?"""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def read_smtp(source: Source) -> Smtp | None:
    """The server; None when SMTP_HOST is empty. What is faulty is told in ``source.faults``."""
    host = source.text("SMTP_HOST", PART)
    if not host:
        return None
    sender = source.text("SMTP_FROM", PART, required=True)
    if sender and not is_address(sender):
        source.fault("SMTP_FROM", PART, f"is {sender!r}, which is no e-mail address")
    security = source.text("SMTP_SECURITY", PART) or BY_NAME["SMTP_SECURITY"].default
    if security not in SECURITIES:
        source.fault("SMTP_SECURITY", PART, f"is {security!r}")
    user, password = source.text("SMTP_USER", PART), source.text("SMTP_PASSWORD", PART)
    if bool(user) != bool(password):
        source.fault("SMTP_PASSWORD" if user else "SMTP_USER", PART, "is missing; the two belong together")
    if password and security == "none" and host not in ("localhost", "127.0.0.1", "::1"):
        source.fault("SMTP_SECURITY", PART, "is none, and the password would cross the network unprotected")
    return Smtp(host, sender, source.whole("SMTP_PORT", PART, 1, 65535), security, user, password)
