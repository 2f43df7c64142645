"""A real SMTP server on this machine: with STARTTLS or TLS and a login, and switches to refuse."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "siang", "open sesame"


@dataclass
class Postbox:
    """``refusals``: answers to the next mails instead of taking them; "drop" takes one and says nothing."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        refusal = self.refusals.pop(0) if self.refusals else ""
        if refusal in ("", "drop"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            assert list(envelope.rcpt_tos) == [mail["To"]]
            self.mails.append(mail)
            self.arrived.set()
        if refusal == "drop":
            server.transport.abort()
        return refusal or "250 taken"


class _Controller(Controller):
    """On a free port, which aiosmtpd would knock at as port 0."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def smtp_server(folder: Path, security: str = "starttls") -> Iterator[Postbox]:
    """A server that wants a login; its certificate is in ``folder``/cert.pem (SSL_CERT_FILE makes it trusted)."""
    box = Postbox()
    context = _certificate(folder)
    options: dict[str, Any] = {"ssl_context": context} if security == "tls" else {}
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    options |= {"auth_required": security == "starttls", "auth_require_tls": security == "starttls"}  # or it warns
    options["authenticator"] = _known
    controller = _Controller(box, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        box.port = controller.port
        yield box
    finally:
        controller.stop()


def _known(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and data == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def _certificate(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
