"""A mail server that somebody else wrote (aiosmtpd), on a port of its own: away, dying in the middle, busy, or there."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import Enum
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.ports import free_port


class Mood(Enum):
    """What the server does with a letter."""

    TAKES = "takes it"
    DIES = "hangs up after all of it was sent, and before it says a word"
    BUSY = "says 451, try again later"
    CURT = "takes it, and says 421 to the good-bye"


class Taken:
    """Keeps what it took, in order."""

    def __init__(self) -> None:
        self.mood = Mood.TAKES
        self.letters: list[EmailMessage] = []
        self.senders: list[Session] = []
        self.tried = 0
        self.offered: set[str] = set()
        self.at_good_bye: Callable[[], None] = lambda: None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The whole letter is here."""
        self.tried += 1
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content, policy=policy.default)
        self.offered.add(str(letter["Message-ID"]))
        if self.mood is Mood.DIES and server.transport:
            server.transport.close()
        if self.mood in {Mood.DIES, Mood.BUSY}:
            return "451 4.3.0 Try again later"
        self.letters.append(letter)  # type: ignore[arg-type]
        self.senders.append(session)
        return "250 2.0.0 It is ours now"

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        """The other side says good-bye: it heard the 250 and has written nothing down yet."""
        self.at_good_bye()
        return "421 4.3.2 Out of order" if self.mood is Mood.CURT else "221 2.0.0 Bye"


class MailServer:
    """Listens between `start` and `stop`, always on the same port. `options`: of aiosmtpd."""

    def __init__(self, **options: Any) -> None:
        self.taken, self.port, self._options = Taken(), free_port(), options
        self._controller: Controller | None = None

    def address(self, user: str = "", scheme: str = "smtp") -> str:
        """Its address as a setting. `user`: "name:password"."""
        return f"{scheme}://{user}{'@' if user else ''}127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen."""
        self._controller = Controller(self.taken, hostname="127.0.0.1", port=self.port, **self._options)
        self._controller.start()

    def stop(self) -> None:
        """Be away: connections are refused."""
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None


def only(name: str, password: str) -> Callable[..., AuthResult]:
    """Takes one name with one password."""

    def check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (name.encode(), password.encode())
        return AuthResult(success=good, handled=good)

    return check


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS with a certificate of its own, and the file of whoever should trust it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of the tests")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    signed = made.sign(key, hashes.SHA256())
    secret = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    trusted, both = folder / "trusted.pem", folder / "server.pem"
    pem = signed.public_bytes(serialization.Encoding.PEM)
    trusted.write_bytes(pem)
    both.write_bytes(key.private_bytes(serialization.Encoding.PEM, *secret) + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, trusted
