"""Our mail speaks with a server that somebody else wrote: encrypted, signed in, and taken once whatever the good-bye is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rxportal.adapters.mail import Letter, MailFailed, SmtpMail
from tests.mail_server import MailServer, Mood, certified, only

LETTER = Letter("l-1", "maya@tests.example", "Something new", "Sign in to read it.\n", "<p>Sign in to read it.</p>")
SENDER = "clinic@tests.example"
USER = "clinic:s3cret%20word"


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., MailServer]]:
    """Starts a mail server. `tls`: "starttls", "smtps" or none; `trusted`: whether we trust its certificate."""
    made: list[MailServer] = []
    context, trust = certified(tmp_path)

    def start(tls: str = "", *, trusted: bool = True) -> MailServer:
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(trust))
        known = {"authenticator": only("clinic", "s3cret word")}
        options = {
            "starttls": {"tls_context": context, "require_starttls": True, "auth_required": True, **known},
            "smtps": {"ssl_context": context, "auth_require_tls": False, **known},
        }
        made.append(MailServer(**options.get(tls, {})))
        made[-1].start()
        return made[-1]

    yield start
    for one in made:
        one.stop()


@pytest.mark.parametrize(("tls", "scheme"), [("starttls", "smtp"), ("smtps", "smtps")])
def test_a_letter_arrives_encrypted_and_signed_in(started: Callable[..., MailServer], tls: str, scheme: str) -> None:
    server = started(tls)
    SmtpMail(server.address(USER, scheme), SENDER).send(LETTER)
    [letter], [session] = server.taken.letters, server.taken.senders
    assert session.ssl is not None or scheme == "smtps"
    assert session.authenticated
    assert letter["Message-ID"] == "<l-1@tests.example>"
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None and html is not None
    assert text.get_content().strip() == LETTER.text.strip()
    assert html.get_content().strip() == LETTER.html


@pytest.mark.parametrize(("tls", "scheme"), [("starttls", "smtp"), ("smtps", "smtps")])
def test_a_wrong_password_or_an_unknown_certificate_sends_nothing(
    started: Callable[..., MailServer], tls: str, scheme: str
) -> None:
    strange = started(tls, trusted=False)
    with pytest.raises(MailFailed):
        SmtpMail(strange.address(USER, scheme), SENDER).send(LETTER)
    server = started(tls)
    with pytest.raises(MailFailed):
        SmtpMail(server.address("clinic:guessed", scheme), SENDER).send(LETTER)
    assert strange.taken.letters == server.taken.letters == []


def test_what_was_taken_counts_as_taken_whatever_the_good_bye_is(started: Callable[..., MailServer]) -> None:
    server = started()
    server.taken.mood = Mood.CURT
    SmtpMail(server.address(), SENDER).send(LETTER)
    assert len(server.taken.letters) == 1


@pytest.mark.parametrize("mood", [Mood.DIES, Mood.BUSY])
def test_a_server_that_dies_or_is_busy_is_told_as_failed(started: Callable[..., MailServer], mood: Mood) -> None:
    server = started()
    server.taken.mood = mood
    with pytest.raises(MailFailed):
        SmtpMail(server.address(), SENDER).send(LETTER)
    assert (server.taken.tried, server.taken.letters) == (1, [])


@pytest.mark.parametrize(
    "to", ['"o\\"brien, x"@tests.example', "zoë@tests.example", "maya+a@bücher.example", "a\nb@x.y", '"']
)
def test_an_odd_address_is_written_or_told_as_failed(started: Callable[..., MailServer], to: str) -> None:
    server = started()
    try:
        SmtpMail(server.address(), SENDER).send(Letter("l-2", to, "Odd", "Words"))
    except MailFailed:
        assert server.taken.letters == []
    else:
        assert len(server.taken.letters) == 1
