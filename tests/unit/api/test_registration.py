"""Registering: one answer for every address, an account only after the link, never with somebody else's password."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from rxportal.core.cookies import REGISTERING, SESSION, TYPED, typed_in
from rxportal.core.runtime import Runtime
from rxportal.models.accounts import Account, Session
from rxportal.models.audit import AuditEntry
from rxportal.models.credentials import Registration
from rxportal.models.mail import Letter
from rxportal.services.registration import MOST_PASSWORDS, MOST_PER_ADDRESS, MOST_PER_MAILBOX
from tests.factories import World
from tests.unit.api.conftest import Browser
from tests.unit.api.test_session import cookies_of, where

PASSWORD = "seven green boats at noon"
EMAIL = "lee@mail.example"


def register(client: TestClient, email: str = EMAIL, name: str = "Lee Newcomer", password: str = PASSWORD) -> Any:
    return client.post("/registration", data={"email": email, "name": name, "password": password})


def link_to(people: World, email: str = EMAIL, what: str = "confirm") -> str:
    """The path of the newest link of this sort that was sent to an address."""
    letters = [one for one in people.rows(Letter) if one.to == email and f"/{what}/" in one.text]
    found = re.findall(rf"/{what}/[\w-]+", max(letters, key=lambda one: one.created_at).text)
    return str(found[0])


def said(people: World, email: str = EMAIL) -> list[str]:
    return [one.subject for one in people.rows(Letter) if one.to == email]


# --- from the form to the first sign-in


def test_an_account_is_made_by_the_link_and_not_before(browser: Browser, people: World) -> None:
    client = browser()
    assert where(register(client)) == "/sign-up?sent=1"
    assert people.rows(Account) == []
    link = link_to(people)
    for _ in range(3):  # a mail scanner, a preview, a curious glance
        shown = client.get(link)
        assert shown.status_code == 200
        assert EMAIL in shown.text
    assert people.rows(Account) == []
    answer = client.post(link)
    assert where(answer) == "/home"
    (account,) = people.rows(Account)
    assert (account.email, account.name, account.password_long) == (EMAIL, "Lee Newcomer", True)
    assert account.email_confirmed_at == people.now
    assert SESSION in cookies_of(answer)
    (session,) = people.rows(Session)
    assert (session.account_id, session.way, session.fresh_at) == (account.id, "password", people.now)
    assert where(browser().post("/session", data={"email": EMAIL, "password": PASSWORD})) == "/home"


def test_the_link_works_once(browser: Browser, people: World) -> None:
    client = browser()
    register(client)
    link = link_to(people)
    assert where(client.post(link)) == "/home"
    for answer in (client.post(link), client.get(link), browser().get(link)):
        assert answer.status_code == 410
        assert "This link was used" in answer.text
    assert len(people.rows(Account)) == 1


@pytest.mark.parametrize(("hours", "works"), [(23.99, True), (24, False), (300, False)])
def test_the_link_lives_for_a_day(browser: Browser, people: World, running: Runtime, hours: float, works: bool) -> None:
    client = browser()
    register(client)
    running.kernel.clock.advance(hours=hours)
    assert client.post(link_to(people)).status_code == (303 if works else 410)
    assert len(people.rows(Account)) == works


def test_the_wanted_page_survives_the_way_through_the_mailbox(browser: Browser, people: World) -> None:
    client = browser()
    wanted = "/invitations/abc-DEF_1"
    answer = client.post("/registration", data={"email": EMAIL, "name": "Lee", "password": PASSWORD, "next": wanted})
    assert where(answer) == f"/sign-up?sent=1&next={wanted}"
    assert where(client.post(link_to(people))) == wanted


def test_the_wanted_page_stands_in_the_link_for_another_browser(browser: Browser, people: World) -> None:
    """The letter is often read on another device; whoever knows the address already is led on, too."""
    wanted = "/invitations/abc-DEF_1"
    typed = {"email": EMAIL, "name": "Lee", "password": PASSWORD, "next": wanted}
    browser().post("/registration", data=typed)
    link, there = f"{link_to(people)}?next={wanted}", browser("192.0.2.77")
    assert link in people.rows(Letter)[-1].text
    assert where(there.post(link, data={"password": PASSWORD})) == wanted
    browser().post("/registration", data=typed)
    assert any(f"/sign-in?next={wanted}" in letter.text for letter in people.rows(Letter))


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/results?for=x", "/x" * 4_000])
def test_a_wanted_page_that_is_not_ours_stands_nowhere(browser: Browser, people: World, wanted: str) -> None:
    client = browser()
    answer = client.post("/registration", data={"email": EMAIL, "name": "Lee", "password": PASSWORD, "next": wanted})
    assert where(answer) == "/sign-up?sent=1"
    (letter,) = people.rows(Letter)
    assert "next=" not in letter.text + letter.html
    assert where(client.post(f"{link_to(people)}?next={wanted[:300]}")) == "/home"


# --- nobody's account with somebody else's password


def test_in_another_browser_the_password_is_typed_again(browser: Browser, people: World) -> None:
    register(browser())
    link, there = link_to(people), browser("192.0.2.77")
    assert 'name="password"' in there.get(link).text
    for typed in ({}, {"password": "a wrong one of some length"}):
        refused = there.post(link, data=typed)
        assert refused.status_code == 422
        assert "That is not the password you chose" in refused.text
    assert people.rows(Account) == []
    assert where(there.post(link, data={"password": PASSWORD})) == "/home"


def test_who_did_not_register_cannot_be_given_an_account_with_a_strangers_password(
    browser: Browser, people: World
) -> None:
    """The holder of the mailbox follows the stranger's link: nothing opens without the stranger's password."""
    register(browser("198.51.100.66"), password="the strangers own words")
    strangers_link = link_to(people)
    mine = browser()
    register(mine)
    assert mine.post(strangers_link).status_code == 422
    own = next(one for one in re.findall(r"/confirm/[\w-]+", everything(people)) if one != strangers_link)
    assert where(mine.post(own)) == "/home"
    assert mine.get(strangers_link).status_code == 410
    (account,) = people.rows(Account)
    assert account.password_hash == f"quick:{PASSWORD}"


def everything(people: World) -> str:
    return "\n".join(one.text for one in people.rows(Letter))


def test_a_password_behind_a_link_is_tried_five_times(browser: Browser, people: World) -> None:
    register(browser())
    link = link_to(people)
    codes = [browser(f"198.51.100.{n}").post(link, data={"password": f"guess {n}"}).status_code for n in range(8)]
    assert codes == [422] * MOST_PASSWORDS + [410] * (8 - MOST_PASSWORDS)
    assert browser().post(link, data={"password": PASSWORD}).status_code == 410


def test_an_outside_registration_is_confirmed_where_it_began(browser: Browser, people: World) -> None:
    people.store(
        Registration(
            email=EMAIL, issuer="https://outside.example", subject="s1", provider="google", token_hash=hash_of("t" * 43),
            browser_hash=hash_of("m" * 32), created_at=people.now, expires_at=people.now.replace(year=2027),
        )
    )  # fmt: skip
    link = f"/confirm/{'t' * 43}"
    assert "in the browser in which you registered" in browser().post(link).text
    assert people.rows(Account) == []
    client = browser()
    client.cookies.set(REGISTERING, "m" * 32)
    assert where(client.post(link)) == "/home"
    assert len(people.rows(Account)) == 1


def hash_of(token: str) -> str:
    from rxportal.core.identity import token_hash

    return token_hash(token)


# --- what the form takes and gives back


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": ""}, "name"),
        ({"name": " \u202e\u0007 "}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"email": "nobody"}, "email"),
        ({"email": "a b@mail.example"}, "email"),
        ({"email": "lee@localhost"}, "email"),
        ({"email": "lee@mail.example\r\nBcc: all@mail.example"}, "email"),
        ({"email": "x" * 65 + "@mail.example"}, "email"),
        ({"password": "fourteen chars"}, "too_short"),
        ({"password": "x1" * 513}, "too_long"),
        ({"password": "passwordpassword"}, "guessable"),
        ({"password": "lee newcomer 1"}, "too_short"),
        ({"password": "Lee Newcomer 12"}, "about_you"),
        ({"password": "Fairhaven Clinic 7"}, "about_you"),
    ],
)
def test_a_mistake_is_named_and_what_was_typed_comes_back(
    browser: Browser, people: World, fields: dict[str, str], problem: str
) -> None:
    given = {"email": EMAIL, "name": "Lee Newcomer", "password": PASSWORD, **fields}
    answer = browser().post("/registration", data=given)
    assert where(answer) == f"/sign-up?problem={problem}"
    typed = typed_in(f"{TYPED}={cookies_of(answer)[TYPED].value}")
    assert typed == {"name": given["name"][:300], "email": given["email"].strip()}
    assert given["password"] not in str(answer.headers)
    assert people.rows(Letter) == people.rows(Registration) == []


@pytest.mark.parametrize(
    "name",
    ["يوسف بن إبراهيم", "李小龙", "Ñandú O’Brien-Þórsdóttir", "אברהם", "नरेन्द्र", "x" * 300, "Σ" * 300, "👩‍👩‍👧 Fam"],
)
def test_names_in_any_script_are_kept_as_they_are(browser: Browser, people: World, name: str) -> None:
    client = browser()
    assert where(register(client, name=name)) == "/sign-up?sent=1"
    client.post(link_to(people))
    assert [one.name for one in people.rows(Account)] == [name]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Lee+portal@Mail.Example", "lee+portal@mail.example"),
        ('"lee new"@mail.example', '"lee new"@mail.example'),
        ("lee@bücher.example", "lee@bücher.example"),
        ("lee@xn--bcher-kva.example", "lee@bücher.example"),
        ("lee@straße.example", "lee@straße.example"),
        ("jérôme@mail.example", "jérôme@mail.example"),
        ("o'brien@mail.example", "o'brien@mail.example"),
    ],
)
def test_addresses_as_people_have_them_register_and_sign_in(
    browser: Browser, people: World, typed: str, kept: str
) -> None:
    client = browser()
    answer = register(client, typed)
    assert where(answer) == "/sign-up?sent=1"
    assert typed_in(f"{TYPED}={cookies_of(answer)[TYPED].value}")["email"] == typed
    client.post(link_to(people, kept))
    assert [one.email for one in people.rows(Account)] == [kept]
    assert where(browser().post("/session", data={"email": typed, "password": PASSWORD})) == "/home"


@pytest.mark.parametrize("length", [15, 64, 128, 1024])
def test_passwords_of_any_signs_count_to_the_last(browser: Browser, people: World, length: int) -> None:
    password = ("one day: " + "ß pä‰👍 w" * 200)[:length]
    client = browser()
    assert where(register(client, password=password)) == "/sign-up?sent=1"
    client.post(link_to(people))
    sign_in = {"email": EMAIL, "password": password[:-1]}
    assert where(browser().post("/session", data=sign_in)) == "/sign-in?problem=wrong"
    assert where(browser().post("/session", data={**sign_in, "password": password})) == "/home"


# --- limits


def test_a_mailbox_is_not_flooded_whoever_asks(browser: Browser, people: World, running: Runtime) -> None:
    answers = [where(register(browser(f"198.51.100.{n}"))) for n in range(6)]
    assert answers == ["/sign-up?sent=1"] * MOST_PER_MAILBOX + ["/sign-up?problem=slow"] * (6 - MOST_PER_MAILBOX)
    assert len(people.rows(Letter)) == MOST_PER_MAILBOX
    running.kernel.clock.advance(minutes=15, seconds=1)
    assert where(register(browser())) == "/sign-up?sent=1"


def test_one_address_cannot_write_to_everybody(browser: Browser, people: World) -> None:
    client = browser("198.51.100.9")
    answers = [where(register(client, f"person{n}@mail.example")) for n in range(MOST_PER_ADDRESS + 5)]
    assert answers.count("/sign-up?sent=1") == MOST_PER_ADDRESS
    assert where(register(browser("198.51.100.10"))) == "/sign-up?sent=1"


# --- what the letters and the log say


def test_whoever_has_an_account_is_told_in_the_letter_alone(browser: Browser, people: World) -> None:
    people.account("Lee", email=EMAIL, password_hash="quick:old")
    assert where(register(browser())) == "/sign-up?sent=1"
    assert said(people) == ["You have an account already"]
    assert people.rows(Registration) == []
    assert [one.password_hash for one in people.rows(Account)] == ["quick:old"]


def test_two_browsers_at_once_make_one_account(browser: Browser, people: World) -> None:
    one, two = browser(), browser("192.0.2.2")
    register(one)
    first = link_to(people)
    register(two)
    second = next(link for link in re.findall(r"/confirm/[\w-]+", everything(people)) if link != first)
    assert where(one.post(first)) == "/home"
    assert two.post(second).status_code == 410
    assert len(people.rows(Account)) == 1


def test_no_letter_repeats_what_a_stranger_typed(browser: Browser, people: World) -> None:
    register(browser(), name="Visit https://evil.example now")
    assert "evil" not in everything(people)


def test_neither_token_nor_password_nor_address_stands_in_the_log(browser: Browser, people: World) -> None:
    client = browser()
    register(client)
    link = link_to(people)
    client.post(link)
    lines = " ".join(str(one.model_dump()) for one in people.rows(AuditEntry))
    stored = " ".join(str(one.model_dump()) for one in people.rows(Registration))
    assert "confirm_registration" in lines
    for secret in (link.rpartition("/")[2], PASSWORD, EMAIL):
        assert secret not in lines
    assert link.rpartition("/")[2] not in stored
