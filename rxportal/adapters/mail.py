"""Outgoing mail: SMTP where a server is set, else the development mailbox."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from rxportal.rules.addresses import wire_address

CONNECT_SECONDS = 3
# Whoever gives up while a server looks through a letter sends it twice.
ANSWER_SECONDS = 60


class MailFailed(Exception):
    """The server did not take the message; it is tried again later."""


@dataclass(frozen=True)
class Letter:
    """One e-mail. `id` makes a repeated delivery recognisable. Never carries health facts."""

    id: str
    to: str
    subject: str
    text: str
    html: str = ""


class Mail(Protocol):
    """Sends one letter, or raises MailFailed."""

    def send(self, letter: Letter) -> None:
        """Hand the letter over."""


@dataclass(frozen=True)
class SmtpMail:
    """`smtp://user:password@host:587` (STARTTLS where offered; always with a user) or `smtps://…`."""

    url: str
    sender: str

    def send(self, letter: Letter) -> None:
        """Hand the letter to the server.

        Raises:
            MailFailed: no connection, no encryption for the password, or a refusal.
        """
        try:
            message = self._message(letter)
            with closing(_reach(urlsplit(self.url))) as server:
                server.send_message(message)
                # it is theirs now: whatever becomes of the good-bye, it is not sent again
                with suppress(OSError, smtplib.SMTPException):
                    _wait(server, CONNECT_SECONDS)
                    server.quit()
        # an address that can't be written stops this letter alone
        except (OSError, smtplib.SMTPException, MessageError, ValueError, LookupError) as fault:
            raise MailFailed(type(fault).__name__) from None

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, wire_address(letter.to), letter.subject
        message["Message-ID"] = f"<{letter.id}@{self.sender.partition('@')[2] or 'localhost'}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        if letter.html:
            message.add_alternative(letter.html, subtype="html")
        return message


def _reach(address: SplitResult) -> smtplib.SMTP:
    """A server that may be given a letter: encrypted where it can be, and signed in to where there is a user."""
    host, port = address.hostname or "localhost", address.port or (465 if address.scheme == "smtps" else 587)
    secure = ssl.create_default_context()
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=CONNECT_SECONDS, context=secure)
    else:
        server = smtplib.SMTP(host, port, timeout=CONNECT_SECONDS)
    try:
        _wait(server, ANSWER_SECONDS)
        server.ehlo()
        if address.scheme != "smtps" and (server.has_extn("starttls") or address.username):
            server.starttls(context=secure)
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _wait(server: smtplib.SMTP, seconds: float) -> None:
    """From now on, wait so long for each answer."""
    if server.sock is not None:
        server.sock.settimeout(seconds)


@dataclass(frozen=True)
class MailboxMail:
    """Development: the letter lands in the mailbox shown at /dev/mailbox."""

    keep: Callable[[Letter], None]

    def send(self, letter: Letter) -> None:
        """Keep the letter."""
        self.keep(letter)
