"""Signing in with an outside provider: who gets in, what is asked first, what nobody else can finish."""

from __future__ import annotations

import pytest

from rxportal.models.accounts import Account, Session
from rxportal.models.credentials import Identity
from tests.factories import World
from tests.outside.conftest import Browser, Person

NIA = {"person": "10001"}
OMAR = {"person": "10002"}
PAZ = {"person": "10003"}
OVER = "/sign-in?problem=outside"


def registered(person: Person, provider: str = "google", **who: str) -> str:
    page = person.land(person.sign_in(provider, **(who or NIA)))
    assert page.startswith("/auth/new/")
    assert person.land(person.post(page)) == "/home"
    return page


@pytest.mark.parametrize("provider", ["google", "microsoft", "yahoo"])
def test_a_newcomer_is_asked_first_and_then_is_in(browser: Browser, people: World, provider: str) -> None:
    nia = browser()
    page = nia.land(nia.sign_in(provider, **NIA))
    assert people.rows(Account) == []
    shown = nia.get(page).text
    for fact in ("Nia Newcomer", "nia.newcomer@mail.example", "10001", f"/dev/outside/{provider}"):
        assert fact in shown
    assert nia.land(nia.post(page)) == "/home"
    (account,), (identity,), (session,) = people.rows(Account), people.rows(Identity), people.rows(Session)
    assert (account.email, account.name, account.password_hash) == ("nia.newcomer@mail.example", "Nia Newcomer", "")
    assert account.email_confirmed_at is not None
    assert (identity.account_id, identity.provider, identity.subject) == (account.id, provider, "10001")
    assert (session.account_id, session.way) == (account.id, provider)
    assert nia.session


def test_the_second_time_the_identity_opens_the_account_at_once(browser: Browser, people: World) -> None:
    registered(browser())
    again = browser()
    assert again.land(again.sign_in(**NIA)) == "/home"
    assert len(people.rows(Account)) == 1
    assert again.session
