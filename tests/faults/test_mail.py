"""The mail server goes away, dies in the middle, is busy, and comes back: no letter is lost, each arrives once."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest

from rxportal.compose import compose
from rxportal.core.identity import Anonymous
from rxportal.models.audit import OutboxMessage
from rxportal.models.live import Lease
from rxportal.models.mail import Letter
from rxportal.services.recovery import ask_reset
from rxportal.settings import load_settings
from tests.counts import proved
from tests.faults.reading import LINK, acts, heard, markup_of, sentences, shown, telling_words, text_of, words_of
from tests.faults.writing import Day
from tests.mail_server import MailServer, Mood
from tests.postgres import Postgres
from tests.redis_server import RedisServer
from tests.serving import Served, postgres_settings, serving

pytestmark = [pytest.mark.postgresql, pytest.mark.redis]
ORIGIN = "https://portal.fairhaven.example"
PHONE = "1-888-555-0142"
SECONDS = 90


@pytest.fixture(scope="module")
def post() -> Iterator[MailServer]:
    """The mail server; away at first."""
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def portal(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, redis_server: RedisServer, demo_wide: Served,
    post: MailServer,
) -> Iterator[Served]:  # fmt: skip
    """Two workers on PostgreSQL and Redis that send through it, and try again soon."""
    postgres.create("mail", template="demo")
    settings = {
        **postgres_settings(postgres, "mail"),
        "RXPORTAL_REDIS_URL": redis_server.url,
        "RXPORTAL_SMTP_URL": post.address(),
        "RXPORTAL_SMTP_RETRY_SECONDS": "0.1",
        "RXPORTAL_PUBLIC_URL": ORIGIN,
    }
    with serving(Served(tmp_path_factory.mktemp("mail"), workers=2, settings=settings), demo_wide) as made:
        yield made


@pytest.fixture(scope="module")
def day(portal: Served) -> Day:
    """People who act in the same database."""
    return Day(compose(load_settings(portal.environment, None)).kernel)


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for it."""
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def waiting(day: Day) -> list[Letter | OutboxMessage]:
    """Letters and notices that were not taken yet, and are still tried."""
    since = day.world.now - timedelta(days=7)
    letters = [one for one in day.world.rows(Letter) if one.sent_at is None]
    notices = [one for one in day.world.rows(OutboxMessage) if one.delivered_at is None]
    return [one for one in (*letters, *notices) if one.created_at > since]


def ids(post: MailServer) -> Counter[str]:
    """How often each Message-ID was taken."""
    return Counter(str(one["Message-ID"]) for one in post.taken.letters)


def asks_over_http(portal: Served, path: str, form: dict[str, str]) -> None:
    """A page's form, posted while no letter can leave: its answer does not wait for that."""
    headers = {"host": ORIGIN.partition("://")[2], "origin": ORIGIN}
    answer = httpx.post(f"{portal.url}{path}", data=form, headers=headers, timeout=10)
    assert "sent=1" in answer.headers["location"], answer.headers["location"]


def test_the_server_goes_and_comes_back_and_every_letter_arrives_once(
    portal: Served, post: MailServer, day: Day
) -> None:
    words = {"email": "http@mail.example", "name": "Some Body", "password": "seven green boats at noon"}
    asks_over_http(portal, "/registration", words)
    asks_over_http(portal, "/reset", {"email": "http@mail.example"})
    day.live()
    assert acts() <= day.done, f"nobody here does what writes a letter: {sorted(acts() - day.done)}"
    expected = {str(one.id) for one in waiting(day)}
    until(lambda: all(one.tries > 0 for one in waiting(day)), "not everything was tried while the server was away")
    for mood in (Mood.DIES, Mood.BUSY):
        post.taken.mood = mood
        post.stop()
        post.start()
        tried = post.taken.tried
        until(lambda tried=tried: post.taken.tried >= tried + len(expected), f"the server {mood.value}: too few tries")
    assert post.taken.letters == []
    post.taken.mood = Mood.TAKES
    until(lambda: not waiting(day), "not everything was taken")
    taken = ids(post)
    assert set(taken.values()) == {1}
    assert {one.strip("<>").partition("@")[0].partition(".")[0] for one in taken} == expected - unread(day)
    assert set(taken) <= post.taken.offered, "a Message-ID changed between two tries"
    assert len(post.taken.offered) == len(taken)
    proved("letters that a mail server took once each after being away, dying and being busy", len(taken))


def unread(day: Day) -> set[str]:
    """Notices of which nobody is told: they may not see it, or chose not to be told."""
    return {str(one.id) for one in day.world.rows(OutboxMessage) if "told" not in one.payload}


def test_what_a_crash_repeats_is_one_letter_with_the_same_message_id(
    portal: Served, post: MailServer, day: Day
) -> None:
    before, crashes = len(post.taken.letters), 2
    for crash in range(crashes):
        post.taken.at_good_bye = kill_once(portal, post)
        for name in "abc":
            mailbox = f"{name}{crash}"
            asked = {"email": f"{mailbox}@mail.example", "mailbox": mailbox, "address": mailbox}
            day.kernel.perform(ask_reset, Anonymous(), **asked)
        until(lambda: portal.process is not None and portal.process.poll() is not None, "nobody was killed")
        assert len(waiting(day)) == 3, "a letter counts as sent before it was written down"
        with day.world.database() as database:
            for lease in day.world.rows(Lease):  # the dead worker's runs out in half a minute: here at once
                database.delete(database.merge(lease))
        portal.start()
        until(lambda: not waiting(day), "not everything was taken after the crash")
    taken = Counter(str(one["Message-ID"]) for one in post.taken.letters[before:])
    assert len(taken) == 3 * crashes
    assert sorted(taken.values()) == [1] * (2 * crashes) + [2] * crashes
    proved("crashes between the server's 250 and our commit, each with one letter twice", crashes)


def kill_once(portal: Served, post: MailServer) -> Callable[[], None]:
    """Kill the portal with all its workers after it heard the 250, before it can write that down; once."""

    def kill() -> None:
        post.taken.at_good_bye = lambda: None
        portal.kill()

    return kill


def test_everything_that_letters_can_say_was_said(post: MailServer) -> None:
    mail = "\n".join(f"{one['Subject']}\n{text_of(one)}" for one in post.taken.letters)
    assert len(sentences()) > 60
    assert [said for said in sentences() if not heard(said, mail)] == []
    proved("sentences of letters that were read in a mailbox", len(sentences()))


def test_every_letter_is_text_and_html_with_the_practice_and_our_links(post: MailServer) -> None:
    for letter in post.taken.letters:
        text, markup = text_of(letter), markup_of(letter)
        seen = shown(markup)
        assert words_of(seen) == words_of(text), letter["Subject"]
        for said in (text, seen):
            assert "Fairhaven Clinic, patient portal" in said
            assert PHONE in said
        links, hrefs = LINK.findall(text), re.findall(r'href="([^"]*)"', markup)
        assert links == hrefs
        assert all(link.startswith(f"{ORIGIN}/") for link in links), links
        assert "http" not in LINK.sub("", text) + seen
        for link in links:
            for token in re.findall(r"[\w-]{30,}", link):
                assert text.count(token) == markup.count(token) == 1
                assert token not in str(letter["Subject"])


def test_no_letter_tells_anything_of_health_or_of_whose_it_is(post: MailServer, day: Day) -> None:
    telling = telling_words(day.world)
    assert {"potassium", "metformin", "samplewood", "quagga"} <= telling
    found = []
    for letter in post.taken.letters:
        said = LINK.sub(
            " ", f"{letter['Subject']} {letter['From']} {text_of(letter)} {shown(markup_of(letter))}"
        ).lower()
        words = set(re.findall(r"[\w-]+", said)) | set(re.findall(r"[a-z]+|\d[\d-]+\d", said))
        found += [(str(letter["Subject"]), word) for word in sorted(words & telling)]
    assert found == []
    proved("letters searched for words of records and of people", len(post.taken.letters))
    proved("words that stand in no letter", len(telling))
