"""Signing in with an outside provider: who gets in, what is asked first, what nobody else can finish."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from rxportal.core.cookies import SESSION
from rxportal.core.errors import Conflict, NotFound, NotFresh
from rxportal.core.identity import SessionToken
from rxportal.models.accounts import Account, Session
from rxportal.models.audit import AuditEntry
from rxportal.models.credentials import Identity, OutsideFlow, Registration
from rxportal.models.mail import Letter
from rxportal.services.identities import may_link, unlink_identity
from tests.factories import World, lives
from tests.outside.conftest import ORIGIN, Browser, Person, query_of

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


def test_an_address_nobody_vouches_for_is_confirmed_by_our_own_link(browser: Browser, people: World) -> None:
    omar = browser()
    page = omar.land(omar.sign_in(**OMAR))
    sent = omar.post(page, {"email": "omar@elsewhere.example"})
    assert "We sent a letter to omar@elsewhere.example" in sent.text
    assert people.rows(Account) == []
    assert omar.session == ""
    (letter,), (wish,) = people.rows(Letter), people.rows(Registration)
    assert (letter.to, wish.subject, wish.password_hash) == ("omar@elsewhere.example", "10002", "")
    link = re.search(r"/confirm/\S+", letter.text)[0]
    stranger = browser()
    assert stranger.get(link).status_code == 410, "a link taken out of the mailbox makes no account elsewhere"
    assert omar.land(omar.post(link)) == "/home"
    (account,), (identity,) = people.rows(Account), people.rows(Identity)
    assert (account.email, identity.account_id, identity.subject) == ("omar@elsewhere.example", account.id, "10002")
    again = browser()
    assert again.land(again.sign_in(**OMAR)) == "/home"


def test_facebook_gives_no_id_token_and_perhaps_no_address(browser: Browser, people: World) -> None:
    paz = browser()
    page = paz.land(paz.sign_in("facebook", **PAZ))
    assert 'value=""' in paz.get(page).text
    refused = paz.post(page, {"email": "no address"})
    assert refused.status_code == 422
    assert 'value="no address"' in refused.text, "what was typed is kept"
    assert paz.post(page, {"email": "paz@mail.example"}).status_code == 200
    nia = browser()
    asked = nia.get(nia.land(nia.sign_in("facebook", **NIA))).text
    assert 'value="nia.newcomer@mail.example"' in asked, "Facebook’s address counts as unconfirmed: we ask"
    assert people.rows(Account) == []


def test_a_known_address_links_nothing_and_its_holder_gets_a_letter(browser: Browser, people: World) -> None:
    ann = people.account("Ann Testerson", email="nia.newcomer@mail.example", password_hash="quick:x")
    nia = browser()
    page = nia.land(nia.sign_in(**NIA))
    answer = nia.post(page)
    assert "We sent a letter to nia.newcomer@mail.example" in answer.text
    assert (people.rows(Identity), people.rows(Session), nia.session) == ([], [], "")
    (letter,) = people.rows(Letter)
    assert (letter.to, letter.account_id) == (ann.email, ann.id)
    assert "nothing was linked" in letter.text


def test_a_typed_address_tells_nothing_of_who_has_an_account(browser: Browser, people: World) -> None:
    people.account(email="known@tests.example")
    said = []
    for number, email in enumerate(("known@tests.example", "nobody@tests.example")):
        omar = browser(f"192.0.2.{number + 10}")
        page = omar.land(omar.sign_in(person="new", email="", name=f"Omar {number}"))
        answer = omar.post(page, {"email": email})
        names = sorted(line.partition("=")[0] for line in answer.headers.get_list("set-cookie"))
        said.append((answer.status_code, answer.text.replace(email, "…"), names))
    assert said[0] == said[1]


# --- whose trip it is


def callback(person: Person, provider: str = "google", **who: str) -> str:
    return person.choose(person.out(provider), **(who or NIA))


def test_a_state_is_used_once(browser: Browser, people: World) -> None:
    nia = browser()
    back = callback(nia)
    assert nia.land(nia.get(back)).startswith("/auth/new/")
    assert nia.land(nia.get(back)) == OVER
    assert len(people.rows(OutsideFlow)) == 1


def test_another_browser_cannot_finish_it_and_does_not_use_it_up(browser: Browser) -> None:
    nia, mallory = browser(), browser()
    back = callback(nia)
    assert mallory.land(mallory.get(back)) == OVER
    mallory.out("google")  # now with a cookie of its own
    assert mallory.land(mallory.get(back)) == OVER
    assert nia.land(nia.get(back)).startswith("/auth/new/")


def test_two_tabs_each_finish_their_own(browser: Browser) -> None:
    nia = browser()
    first, second = nia.out("google"), nia.out("microsoft")
    assert query_of(first)["state"] != query_of(second)["state"]
    assert nia.land(nia.get(nia.choose(first, **NIA))).startswith("/auth/new/")
    assert nia.land(nia.get(nia.choose(second, **NIA))).startswith("/auth/new/")


def test_the_callback_of_another_provider_takes_nothing_up(browser: Browser) -> None:
    nia = browser()
    back = callback(nia)
    assert nia.land(nia.get(back.replace("/google/", "/yahoo/"))) == OVER
    assert nia.land(nia.get(back)).startswith("/auth/new/")
    assert nia.get(back.replace("/google/", "/nobody/")).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        lambda back: back + "&state=other", lambda back: re.sub(r"state=[^&]+", "state=", back),
        lambda back: re.sub(r"state=[^&]+", "state=forged", back), lambda back: re.sub(r"code=[^&]+", "code=forged", back),
        lambda back: re.sub(r"code=[^&]+", "code=" + "x" * 5000, back), lambda back: back + "&iss=https://evil.example",
        lambda back: re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Fevil.example", back), lambda back: re.sub(r"&iss=[^&]+", "", back),
        lambda back: re.sub(r"code=[^&]+", "error=access_denied", back), lambda back: back.partition("?")[0],
    ],
)  # fmt: skip
def test_an_odd_answer_ends_in_one_sentence(browser: Browser, people: World, change: Callable[[str], str]) -> None:
    nia = browser()
    assert nia.land(nia.get(change(callback(nia)))) == OVER
    assert (people.rows(Account), people.rows(Identity), people.rows(Session)) == ([], [], [])


def test_a_trip_is_over_after_ten_minutes(browser: Browser, people: World, monkeypatch: pytest.MonkeyPatch) -> None:
    nia = browser()
    back = callback(nia)
    later = people.now + timedelta(minutes=10)
    monkeypatch.setattr(people.kernel, "clock", lambda: later)
    assert nia.land(nia.get(back)) == OVER


def test_the_page_for_a_newcomer_belongs_to_the_browser(browser: Browser, people: World) -> None:
    nia, mallory = browser(), browser()
    page = nia.land(nia.sign_in(**NIA))
    mallory.out("google")
    assert mallory.land(mallory.get(page)) == OVER
    assert mallory.land(mallory.post(page)) == OVER
    assert people.rows(Account) == []
    assert nia.land(nia.post(page)) == "/home"
    assert nia.land(nia.post(page)) == OVER, "pressed twice: one account"
    assert len(people.rows(Account)) == 1


def test_two_tabs_of_a_newcomer_make_one_account(browser: Browser, people: World) -> None:
    nia = browser()
    first, second = nia.land(nia.sign_in(**NIA)), nia.land(nia.sign_in(**NIA))
    assert nia.land(nia.post(first)) == "/home"
    assert nia.land(nia.post(second)) == OVER
    assert len(people.rows(Identity)) == 1


def test_a_disabled_account_is_not_opened(browser: Browser, people: World) -> None:
    registered(browser())
    (account,) = people.rows(Account)
    account.disabled_at = people.now
    people.store(account)
    again = browser()
    assert again.land(again.sign_in(**NIA)) == OVER
    assert again.session == ""


def test_the_callback_is_built_from_our_public_address_whatever_the_host_header_says(browser: Browser) -> None:
    answer = browser().client.get("/auth/google/start", headers={"host": "evil.example"})
    assert query_of(answer.headers["location"])["redirect_uri"] == f"{ORIGIN}/auth/google/callback"


def test_where_to_go_afterwards_is_a_page_of_ours(browser: Browser) -> None:
    registered(browser())
    for wanted, lands in (("/results", "/results"), ("//evil.example", "/home"), ("https://evil.example", "/home")):
        nia = browser()
        assert nia.land(nia.sign_in(start={"next": wanted}, **NIA)) == lands


# --- who may begin what


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_begins_nothing(browser: Browser, people: World, site: str) -> None:
    nia = browser()
    nia.hold(people.sign_in(people.account()))
    assert nia.land(nia.get("/auth/google/start", site=site)) == "/sign-in"
    for purpose in ("link", "fresh"):
        assert nia.land(nia.get(f"/auth/google/start?for={purpose}", site=site)) == "/account/security"
        assert nia.land(nia.get(f"/auth/google/start?for={purpose}", site="none")) == "/account/security"
    assert people.rows(OutsideFlow) == []


def test_an_old_browser_says_by_its_referer_where_it_comes_from(browser: Browser, people: World) -> None:
    nia = browser()
    nia.hold(people.sign_in(people.account()))
    link = "/auth/google/start?for=link"
    for referer, begins in ((f"{ORIGIN}/account/security", True), ("https://evil.example/", False), ("", False)):
        answer = nia.client.get(link, headers={"referer": referer} if referer else {})
        assert ("/authorize" in answer.headers["location"]) is begins


def test_a_flood_of_beginnings_is_stopped(browser: Browser, people: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rxportal.services.outside.MOST_FROM_ADDRESS", 3)
    nia = browser()
    for _each in range(3):
        nia.out("google")
    assert nia.land(nia.get("/auth/google/start")) == "/sign-in?problem=slow"
    assert "/authorize" in browser("192.0.2.77").out("google")


def test_linking_asks_for_a_fresh_proof_and_proving_for_an_identity_of_ones_own(
    browser: Browser, people: World
) -> None:
    account = people.account()
    nia = browser()
    assert nia.land(nia.get("/auth/google/start?for=link")) == "/sign-in"
    nia.hold(people.sign_in(account, fresh=False))
    assert nia.land(nia.get("/auth/google/start?for=link")) == "/account/security?outside=stale"
    assert nia.land(nia.get("/auth/google/start?for=fresh")) == "/account/security?outside=failed"
    assert nia.get("/auth/google/start?for=anything").status_code == 404


# --- linking, unlinking, proving


def holder(people: World, browser: Browser, **facts: str) -> tuple[Account, Person]:
    account, person = people.account("Ann Testerson", **facts), browser()
    person.hold(people.sign_in(account))
    return account, person


def test_a_second_identity_opens_the_same_account_and_a_letter_tells_of_it(browser: Browser, people: World) -> None:
    ann, person = holder(people, browser, password_hash="quick:x")
    done = person.sign_in("yahoo", start={"for": "link"}, **OMAR)
    assert person.land(done) == "/account/security?outside=linked"
    (identity,), (letter,) = people.rows(Identity), people.rows(Letter)
    assert (identity.account_id, letter.to) == (ann.id, ann.email)
    assert "Yahoo" in letter.text
    elsewhere = browser()
    assert elsewhere.land(elsewhere.sign_in("yahoo", **OMAR)) == "/home"
    again = person.sign_in("yahoo", start={"for": "link"}, **OMAR)
    assert person.land(again) == "/account/security?outside=same"


def test_an_identity_of_another_account_is_not_taken_over(browser: Browser, people: World) -> None:
    registered(browser())
    _, person = holder(people, browser)
    assert person.land(person.sign_in(start={"for": "link"}, **NIA)) == "/account/security?outside=taken"
    assert len(people.rows(Identity)) == 1


def test_linking_belongs_to_the_session_that_began_it(browser: Browser, people: World) -> None:
    _, person = holder(people, browser)
    back = person.choose(person.out("google", **{"for": "link"}), **NIA)
    person.hold(people.sign_in(people.account()))  # somebody else signed in to this browser meanwhile
    assert person.land(person.get(back)) == "/account/security?outside=failed"
    assert people.rows(Identity) == []
    person.client.cookies.delete(SESSION)
    back = person.choose(person.out("google"), **NIA)
    assert person.land(person.get(back)).startswith("/auth/new/"), "a trip for signing in links nothing by itself"


def identities(people: World, account: Account, *subjects: str) -> list[Identity]:
    return [
        people.store(
            Identity(
                account_id=account.id, provider="google", issuer=f"{ORIGIN}/dev/outside/google", subject=subject,
                linked_at=people.now,
            )
        )
        for subject in subjects
    ]  # fmt: skip


def test_the_last_way_in_stays(browser: Browser, people: World) -> None:
    account = people.account()
    one, two = identities(people, account, "1", "2")
    token = people.sign_in(account)
    assert people.kernel.perform(unlink_identity, token, identity_id=str(one.id)) == "google"
    with pytest.raises(Conflict, match="only way"):
        people.kernel.perform(unlink_identity, token, identity_id=str(two.id))
    account.password_hash = "quick:x"
    people.store(account)
    people.kernel.perform(unlink_identity, token, identity_id=str(two.id))
    assert people.rows(Identity) == []
    assert len(people.rows(Letter)) == 2


def test_unlinking_needs_a_fresh_proof_and_ones_own_identity(people: World) -> None:
    account, other = people.account(password_hash="x"), people.account(password_hash="x")
    (mine,) = identities(people, account, "1")
    with pytest.raises(NotFresh):
        people.kernel.perform(unlink_identity, people.sign_in(account, fresh=False), identity_id=str(mine.id))
    with pytest.raises(NotFound):
        people.kernel.perform(unlink_identity, people.sign_in(other), identity_id=str(mine.id))
    assert len(people.rows(Identity)) == 1


def test_unlinking_ends_what_was_begun_with_it_elsewhere(browser: Browser, people: World) -> None:
    person = browser()
    registered(person)
    (account,), (identity,) = people.rows(Account), people.rows(Identity)
    account.password_hash = "quick:x"
    people.store(account)
    here = people.sign_in(account)
    people.kernel.perform(unlink_identity, here, identity_id=str(identity.id))
    assert not lives(people.kernel, SessionToken(person.session))
    assert lives(people.kernel, here)


def test_two_unlinkings_at_once_leave_a_way_in(people: World) -> None:
    account = people.account()
    rows = identities(people, account, "1", "2")
    tokens = [people.sign_in(account) for _each in rows]

    def unlink(at: int) -> str:
        try:
            return people.kernel.perform(unlink_identity, tokens[at], identity_id=str(rows[at].id))
        except Conflict:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(unlink, range(2))) == ["google", "refused"]
    assert len(people.rows(Identity)) == 1


def test_an_account_with_identities_only_proves_itself_by_a_new_round_trip(browser: Browser, people: World) -> None:
    account, person = people.account(), browser()
    identities(people, account, "10001")
    token = people.sign_in(account, fresh=False)
    person.hold(token)
    address = person.out("google", **{"for": "fresh"})
    assert (query_of(address)["max_age"], "prompt" in query_of(address)) == ("0", True)
    assert person.land(person.get(person.choose(address, **NIA))) == "/auth/proved"
    assert "Close this tab" in person.get("/auth/proved").text
    assert people.kernel.perform(may_link, token)


def test_somebody_else_out_there_proves_nothing(browser: Browser, people: World) -> None:
    account, person = people.account(), browser()
    identities(people, account, "10001")
    token = people.sign_in(account, fresh=False)
    person.hold(token)
    assert person.land(person.sign_in(start={"for": "fresh"}, **OMAR)) == "/account/security?outside=taken"
    with pytest.raises(NotFresh):
        people.kernel.perform(may_link, token)


def test_whoever_has_a_password_proves_it_with_that(browser: Browser, people: World) -> None:
    account, person = people.account(password_hash="quick:x"), browser()
    identities(people, account, "10001")
    person.hold(people.sign_in(account, fresh=False))
    assert person.land(person.get("/auth/google/start?for=fresh")) == "/account/security?outside=failed"


def test_no_token_code_or_verifier_is_kept_or_told(browser: Browser, people: World) -> None:
    nia = browser()
    back = callback(nia)
    code, state = query_of(back)["code"], query_of(back)["state"]
    nia.get(back)
    kept = "".join(str(row.model_dump()) for model in (OutsideFlow, Identity, AuditEntry) for row in people.rows(model))
    assert code not in kept
    assert state not in kept
