"""What every mail does: SMTP, the development mailbox, and the box of the tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rxportal.adapters.mail import Letter, Mail, MailboxMail, MailFailed, SmtpMail
from tests.fakes import Postbox
from tests.ports import free_port
from tests.smtp_server import SmtpServer

LETTER = Letter("n-1", "maya@tests.example", "Something new", "There is something new for you.\nSign in to read it.\n")


@pytest.fixture(params=["smtp", "mailbox", "postbox"])
def mail(request: pytest.FixtureRequest) -> tuple[Mail, Callable[[], list[tuple[str, str, str]]]]:
    if request.param == "smtp":
        server = SmtpServer()
        request.addfinalizer(server.stop)
        return SmtpMail(server.url, "clinic@tests.example"), lambda: [
            (str(one["To"]), str(one["Subject"]), one.get_content().replace("\r\n", "\n"))
            for one in server.sink.letters
        ]
    kept: list[Letter] = []
    box = Postbox()
    made: Mail = MailboxMail(kept.append) if request.param == "mailbox" else box
    return made, lambda: [(one.to, one.subject, one.text) for one in (*kept, *box.letters)]


def test_a_letter_arrives_as_it_was_written(mail: tuple[Mail, Callable[[], list[tuple[str, str, str]]]]) -> None:
    sender, arrived = mail
    sender.send(LETTER)
    assert arrived() == [(LETTER.to, LETTER.subject, LETTER.text)]


def test_a_server_that_is_away_or_refuses_is_told_as_failed() -> None:
    with pytest.raises(MailFailed):
        SmtpMail(f"smtp://127.0.0.1:{free_port()}", "clinic@tests.example").send(LETTER)
    server = SmtpServer()
    server.sink.refusing = True
    with pytest.raises(MailFailed):
        SmtpMail(server.url, "clinic@tests.example").send(LETTER)
    server.stop()
    closed = Postbox()
    closed.closed = True
    with pytest.raises(MailFailed):
        closed.send(LETTER)


def test_a_password_is_never_sent_without_encryption() -> None:
    server = SmtpServer()
    with pytest.raises(MailFailed):
        SmtpMail(server.url.replace("://", "://user:secret@"), "clinic@tests.example").send(LETTER)
    assert server.sink.letters == []
    server.stop()
