"""Forgotten passwords and new addresses: one answer for everybody, links that work once, and who is told."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from rxportal.core.cookies import SESSION
from rxportal.core.identity import SessionToken
from rxportal.core.runtime import Runtime
from rxportal.models.accounts import Account, Session
from rxportal.models.audit import AuditEntry
from rxportal.models.credentials import AccountLink, Authenticator
from rxportal.models.mail import Letter
from rxportal.services.credentials import ask_new_email
from rxportal.services.recovery import MOST_PER_MAILBOX
from tests.factories import World, lives
from tests.unit.api.conftest import Browser
from tests.unit.api.test_registration import everything, link_to, said
from tests.unit.api.test_session import sign_in, where

EMAIL = "ann@tests.example"
OLD, NEW = "a sentence only I would say", "another one that nobody says"


@pytest.fixture
def ann(people: World) -> Account:
    return people.account("Ann Testerson", email=EMAIL, password_hash=f"quick:{OLD}")


def forgot(client: TestClient, email: str = EMAIL) -> Any:
    return client.post("/reset", data={"email": email})


def test_a_forgotten_password_is_set_anew_by_the_letter(
    browser: Browser, people: World, ann: Account, running: Runtime
) -> None:
    elsewhere = people.sign_in(ann)
    client = browser()
    assert where(forgot(client)) == "/forgot-password?sent=1"
    link = link_to(people, EMAIL, "reset")
    for _ in range(2):
        assert 'autocomplete="new-password"' in client.get(link).text
    assert people.rows(Account)[0].password_hash == f"quick:{OLD}"
    assert where(client.post(link, data={"password": NEW})) == "/sign-in?changed=1"
    assert not lives(running.kernel, elsewhere)
    assert where(sign_in(browser(), EMAIL, OLD)) == "/sign-in?problem=wrong"
    assert where(sign_in(browser(), EMAIL, NEW)) == "/home"
    assert said(people, EMAIL) == ["Set a new password", "Your sign-in was changed"]
    assert client.post(link, data={"password": OLD}).status_code == 410
    assert client.get(link).status_code == 410


def test_whoever_was_on_the_way_somewhere_gets_there_by_the_letter(
    browser: Browser, people: World, ann: Account, running: Runtime
) -> None:
    wanted = "/invitations/Ab3_-x"
    asked = browser().post("/reset", data={"email": EMAIL, "next": wanted})
    assert where(asked) == f"/forgot-password?sent=1&next={wanted}"
    link = link_to(people, EMAIL, "reset") + f"?next={wanted}"
    assert any(link in letter.text for letter in people.rows(Letter)), "the letter may be opened in another browser"
    weak = browser().post(link, data={"password": "short"})
    assert weak.status_code == 422
    assert where(browser().post(link, data={"password": NEW})) == f"/sign-in?changed=1&next={wanted}"


@pytest.mark.parametrize("foreign", ["https://evil.example", "//evil.example", "/\\evil", "/results?for=1", "/a" * 101])
def test_nobody_is_sent_elsewhere_by_a_forgotten_password(
    browser: Browser, people: World, ann: Account, running: Runtime, foreign: str
) -> None:
    asked = browser().post("/reset", data={"email": EMAIL, "next": foreign})
    assert where(asked) == "/forgot-password?sent=1"
    assert not any("next=" in letter.text for letter in people.rows(Letter))
    link = link_to(people, EMAIL, "reset")
    answer = browser().post(link, params={"next": foreign}, data={"password": NEW})
    assert where(answer) == "/sign-in?changed=1"


@pytest.mark.parametrize(("minutes", "status"), [(29.9, 303), (30, 410)])
def test_the_link_lives_for_half_an_hour(
    browser: Browser, people: World, ann: Account, running: Runtime, minutes: float, status: int
) -> None:
    forgot(browser())
    running.kernel.clock.advance(minutes=minutes)
    assert browser().post(link_to(people, EMAIL, "reset"), data={"password": NEW}).status_code == status


def test_a_weak_password_is_refused_and_the_link_still_works(browser: Browser, people: World, ann: Account) -> None:
    forgot(browser())
    link = link_to(people, EMAIL, "reset")
    for password, words in (
        ("fourteen chars", "Use at least 15 characters"),
        ("passwordpassword", "too easy to guess"),
        ("", "Use at least 15"),
        ("x1" * 513, "at most 1,024"),
    ):
        answer = browser().post(link, data={"password": password})
        assert answer.status_code == 422
        assert words in answer.text
        assert not password or password not in answer.text
    assert browser().post(link, data={"password": NEW}).status_code == 303


def test_the_second_factor_stays_and_lets_a_password_be_shorter(browser: Browser, people: World, ann: Account) -> None:
    factor = people.store(Authenticator(account_id=ann.id, secret="s", created_at=people.now, confirmed_at=people.now))
    forgot(browser())
    link = link_to(people, EMAIL, "reset")
    assert "At least 8 characters" in browser().get(link).text
    assert browser().post(link, data={"password": "seven77"}).status_code == 422
    assert browser().post(link, data={"password": "zebra-91"}).status_code == 303
    assert [one.id for one in people.rows(Authenticator)] == [factor.id]
    assert [one.password_long for one in people.rows(Account)] == [False]


def test_a_new_password_forgives_the_wrong_ones_before_it(browser: Browser, people: World, ann: Account) -> None:
    for n in range(12):
        sign_in(browser(f"198.51.100.{n}"), EMAIL, "was it this?")
    assert where(sign_in(browser(), EMAIL, OLD)) == "/sign-in?problem=slow"
    forgot(browser())
    browser().post(link_to(people, EMAIL, "reset"), data={"password": NEW})
    assert where(sign_in(browser(), EMAIL, NEW)) == "/home"


def test_all_links_of_an_account_end_with_the_first_that_is_used(browser: Browser, people: World, ann: Account) -> None:
    forgot(browser())
    forgot(browser())
    first, second = {path for path in everything(people).split() if "/reset/" in path}
    paths = [one[one.index("/reset/") :] for one in (first, second)]
    assert browser().post(paths[0], data={"password": NEW}).status_code == 303
    assert browser().post(paths[1], data={"password": OLD}).status_code == 410


def test_an_address_without_an_account_gets_a_letter_that_says_so(browser: Browser, people: World) -> None:
    assert where(forgot(browser(), "nobody@tests.example")) == "/forgot-password?sent=1"
    assert said(people, "nobody@tests.example") == ["No account with this address"]
    assert people.rows(AccountLink) == []


def test_an_account_that_is_closed_cannot_be_opened_by_a_letter(browser: Browser, people: World, ann: Account) -> None:
    forgot(browser())
    link = link_to(people, EMAIL, "reset")
    ann.disabled_at = people.now
    people.store(ann)
    assert browser().post(link, data={"password": NEW}).status_code == 410
    assert where(forgot(browser())) == "/forgot-password?sent=1"
    assert said(people, EMAIL)[-1:] != ["Set a new password"] or len(people.rows(AccountLink)) == 1


def test_a_mailbox_is_not_flooded(browser: Browser, people: World, ann: Account) -> None:
    answers = [where(forgot(browser(f"198.51.100.{n}"))) for n in range(5)]
    assert answers.count("/forgot-password?sent=1") == MOST_PER_MAILBOX
    assert answers[-1] == "/forgot-password?problem=slow"
    assert browser().get(link_to(people, EMAIL, "reset")).status_code == 200, "what was sent still works"


def test_a_made_up_link_opens_nothing_and_looks_like_an_old_one(browser: Browser, people: World, ann: Account) -> None:
    forgot(browser())
    used = link_to(people, EMAIL, "reset")
    browser().post(used, data={"password": NEW})
    for path in (used, f"/reset/{'A' * 43}", "/reset/x"):
        assert browser().get(path).content == browser().get(used).content
        assert browser().post(path, data={"password": NEW}).status_code == 410


def test_the_page_behind_a_link_tells_no_other_of_its_address(browser: Browser, people: World, ann: Account) -> None:
    forgot(browser())
    link = link_to(people, EMAIL, "reset")
    page = browser().get(link)
    assert '<meta name="referrer" content="origin">' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert link.rpartition("/")[2] not in page.text
    lines = " ".join(str(one.model_dump()) for one in people.rows(AuditEntry))
    stored = " ".join(str(one.model_dump()) for one in people.rows(AccountLink))
    assert link.rpartition("/")[2] not in lines + stored


# --- another address


def signed_in(people: World, ann: Account, browser: Browser) -> tuple[SessionToken, TestClient]:
    cookie, client = people.sign_in(ann), browser()
    client.cookies.set(SESSION, cookie.value)
    return cookie, client


def test_a_new_address_counts_when_its_link_is_opened_signed_in(
    browser: Browser, people: World, ann: Account, running: Runtime
) -> None:
    cookie, client = signed_in(people, ann, browser)
    running.kernel.perform(ask_new_email, cookie, email="Ann@New.example")
    link = link_to(people, "ann@new.example", "new-email")
    assert client.get(link).status_code == 200
    assert browser().post(link).status_code == 401
    assert [one.email for one in people.rows(Account)] == [EMAIL]
    assert "ann@new.example" in client.post(link).text
    assert [one.email for one in people.rows(Account)] == ["ann@new.example"]
    assert said(people, EMAIL) == ["Your sign-in was changed"]
    assert client.post(link).status_code == 410
    assert where(sign_in(browser(), "ann@new.example", OLD)) == "/home"


def test_somebody_else_signed_in_cannot_use_the_link(
    browser: Browser, people: World, ann: Account, running: Runtime
) -> None:
    cookie, _client = signed_in(people, ann, browser)
    running.kernel.perform(ask_new_email, cookie, email="ann@new.example")
    _other, client = signed_in(people, people.account(), browser)
    assert client.post(link_to(people, "ann@new.example", "new-email")).status_code == 410
    assert EMAIL in {one.email for one in people.rows(Account)}


def test_an_address_that_got_an_account_meanwhile_stays_its_own(
    browser: Browser, people: World, ann: Account, running: Runtime
) -> None:
    cookie, client = signed_in(people, ann, browser)
    running.kernel.perform(ask_new_email, cookie, email="ann@new.example")
    people.account(email="ann@new.example")
    answer = client.post(link_to(people, "ann@new.example", "new-email"))
    assert answer.status_code == 410
    assert "Nothing was changed" in answer.text


def test_a_link_to_the_old_mailbox_opens_nothing_after_the_change(
    browser: Browser, people: World, ann: Account, running: Runtime
) -> None:
    forgot(browser())
    cookie, client = signed_in(people, ann, browser)
    running.kernel.perform(ask_new_email, cookie, email="ann@new.example")
    client.post(link_to(people, "ann@new.example", "new-email"))
    assert browser().post(link_to(people, EMAIL, "reset"), data={"password": NEW}).status_code == 410


def test_no_letter_of_all_these_tells_a_health_fact_or_leaves_a_word_open(
    browser: Browser, people: World, ann: Account
) -> None:
    forgot(browser())
    browser().post(link_to(people, EMAIL, "reset"), data={"password": NEW})
    for one in people.rows(Letter):
        assert "$phone" in one.text
        assert "$$" not in one.text
        assert "Ann" not in one.text + one.html
    assert len(people.rows(Session)) == 0
