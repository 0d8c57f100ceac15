"""Passkeys and the second step over HTTP: who gets in, and what is no answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from starlette.testclient import TestClient

from rxportal.core.cookies import HALF, PASSKEY, SESSION
from rxportal.core.runtime import Runtime
from rxportal.core.sealing import sealing_key
from rxportal.models.accounts import Account, Session
from rxportal.models.audit import AuditEntry
from rxportal.models.credentials import Passkey
from rxportal.services.factors import begin_authenticator, confirm_authenticator, new_recovery_codes
from tests.factories import World
from tests.soft_passkey import PRESENT, SoftPasskey

Browser = Callable[..., TestClient]
PASSWORD = "a sentence only I would say"


@pytest.fixture
def ann(people: World) -> Account:
    """Somebody with a password."""
    return people.account("Ann Testerson", email="ann@tests.example", password_hash=f"quick:{PASSWORD}")


def signed_in(people: World, client: TestClient, account: Account, *, fresh: bool = True) -> None:
    """The browser has a session of this account."""
    client.cookies.set(SESSION, people.sign_in(account, fresh=fresh).value)


def options(client: TestClient, act: str) -> dict[str, Any]:
    """What the browser's authenticator is asked."""
    answer = client.post(f"/passkeys/{act}/options", json={})
    assert answer.status_code == 200, answer.text
    asked: dict[str, Any] = answer.json()["publicKey"]
    return asked


def with_passkey(people: World, running: Runtime, browser: Browser, account: Account) -> SoftPasskey:
    """A device on which this account has added a passkey."""
    client, device = browser(), SoftPasskey(running.settings.origin)
    signed_in(people, client, account)
    answer = client.post("/passkeys/new", json={"credential": device.create(options(client, "new"))})
    assert (answer.status_code, answer.json()) == (200, {})
    return device


def come_in(client: TestClient, device: SoftPasskey, **more: Any) -> Any:
    return client.post("/passkeys/sign-in", json={"credential": device.get(options(client, "sign-in")), **more})


def test_a_passkey_signs_in_without_a_name_or_a_password(
    people: World, running: Runtime, browser: Browser, ann: Account
) -> None:
    device, client = with_passkey(people, running, browser, ann), browser()
    answer = come_in(client, device, next="/results")
    assert answer.json() == {"to": "/results"}
    assert client.cookies.get(SESSION)
    assert PASSKEY not in client.cookies
    assert [one.account_id for one in people.rows(Session) if one.way == "passkey"] == [ann.id]
    assert come_in(browser(), device, next="https://evil.example").json() == {"to": "/home"}


def test_an_answer_that_was_given_before_opens_nothing(
    people: World, running: Runtime, browser: Browser, ann: Account
) -> None:
    device, client = with_passkey(people, running, browser, ann), browser()
    given = device.get(options(client, "sign-in"))
    mark = client.cookies.get(PASSKEY)
    assert client.post("/passkeys/sign-in", json={"credential": given}).status_code == 200
    client.cookies.set(PASSKEY, str(mark))
    assert client.post("/passkeys/sign-in", json={"credential": given}).status_code == 422
    # another browser's challenge, however fresh
    other = device.get(options(browser(), "sign-in"))
    assert client.post("/passkeys/sign-in", json={"credential": other}).status_code == 422


def lie_about(device: SoftPasskey, lie: dict[str, Any]) -> SoftPasskey:
    for name, value in lie.items():
        setattr(device, name, value)
    return device


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost.evil.example"},
        {"host": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"count": -1},
        {"key": SoftPasskey("x").key},
        {"id": b"another passkey"},
        {"user": b"another account"},
    ],
    ids=lambda lie: next(iter(lie)),
)
def test_a_forged_answer_opens_nothing(
    people: World, running: Runtime, browser: Browser, ann: Account, lie: dict[str, Any]
) -> None:
    device, client = with_passkey(people, running, browser, ann), browser()
    assert come_in(browser(), device).status_code == 200
    answer = come_in(client, lie_about(device, lie))
    assert answer.status_code == 422, answer.text
    assert "did not work" in answer.json()["problem"] or "find that" in answer.json()["problem"]
    assert SESSION not in client.cookies


@pytest.mark.parametrize("lie", [{"origin": "https://evil.example"}, {"host": "evil.example"}, {"flags": PRESENT}])
def test_a_forged_new_passkey_is_not_kept(
    people: World, running: Runtime, browser: Browser, ann: Account, lie: dict[str, Any]
) -> None:
    client, device = browser(), lie_about(SoftPasskey(running.settings.origin), lie)
    signed_in(people, client, ann)
    answer = client.post("/passkeys/new", json={"credential": device.create(options(client, "new"))})
    assert answer.status_code == 422
    assert people.rows(Passkey) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b'{"credential": 1}', b'{"credential": {"id": []}}', b"\xff", b"[" * 9_000]
    + [b'{"credential": {"id": "x", "response": %s}}' % each for each in (b"1", b"[]", b"{}", b'{"clientDataJSON": 1}')]
    + [b'{"credential": {"id": "x", "response": {"clientDataJSON": "e30"}}}', b'"' + b"a" * 40_000 + b'"'],
)
def test_odd_bodies_get_a_plain_answer(browser: Browser, people: World, ann: Account, body: bytes) -> None:
    client = browser()
    signed_in(people, client, ann)
    for act in ("sign-in", "new", "proof"):
        answer = client.post(f"/passkeys/{act}", content=body)
        assert answer.status_code == 422, (act, answer.text)
        assert answer.json()["problem"]


def test_adding_asks_for_a_session_and_a_fresh_proof(people: World, browser: Browser, ann: Account) -> None:
    client = browser()
    assert client.post("/passkeys/new/options", json={}).status_code == 401
    signed_in(people, client, ann, fresh=False)
    assert client.post("/passkeys/new/options", json={}).status_code == 409


def test_a_passkey_proves_afresh_who_one_is(people: World, running: Runtime, browser: Browser, ann: Account) -> None:
    device, client = with_passkey(people, running, browser, ann), browser()
    signed_in(people, client, ann, fresh=False)
    asked = options(client, "proof")
    assert [one["id"] for one in asked["allowCredentials"]] == [people.rows(Passkey)[0].credential_id]
    given = device.get(asked)
    stranger = browser()
    signed_in(people, stranger, people.account())
    assert stranger.post("/passkeys/proof", json={"credential": given}).status_code == 422
    assert client.post("/passkeys/proof", json={"credential": given}).status_code == 200
    assert client.post("/passkeys/new/options", json={}).status_code == 200


def first_step(client: TestClient) -> Any:
    return client.post("/session", data={"email": "ann@tests.example", "password": PASSWORD, "next": "/results"})


def with_app(people: World, running: Runtime, account: Account) -> tuple[str, list[str]]:
    """The account has an authenticator app; its secret and the recovery codes."""
    kernel, me, key = running.kernel, people.sign_in(account), sealing_key(running.settings.secret_key)
    secret = kernel.perform(begin_authenticator, me, key=key)
    assert kernel.perform(confirm_authenticator, me, key=key, code=pyotp.TOTP(secret).at(people.now))
    return secret, kernel.perform(new_recovery_codes, me)


def test_a_password_alone_opens_half_a_door(people: World, running: Runtime, browser: Browser, ann: Account) -> None:
    secret, _codes = with_app(people, running, ann)
    client = browser()
    answer = first_step(client)
    assert answer.headers["location"] == "/sign-in/second"
    assert SESSION not in client.cookies
    assert client.cookies.get(HALF)
    wrong = client.post("/session/second", data={"code": "000000"})
    assert wrong.headers["location"] == "/sign-in/second?problem=wrong"
    running.kernel.clock.advance(seconds=30)  # type: ignore[attr-defined]
    done = client.post("/session/second", data={"code": pyotp.TOTP(secret).at(people.now)})
    assert done.headers["location"] == "/results"
    assert client.cookies.get(SESSION)
    assert HALF not in client.cookies


def test_a_recovery_code_is_the_second_step_once(
    people: World, running: Runtime, browser: Browser, ann: Account
) -> None:
    _secret, codes = with_app(people, running, ann)
    for wanted in ("/results", "/sign-in/second?problem=wrong"):
        client = browser()
        first_step(client)
        assert client.post("/session/second", data={"code": codes[0]}).headers["location"] == wanted


def test_five_wrong_codes_send_back_to_the_first_step(
    people: World, running: Runtime, browser: Browser, ann: Account
) -> None:
    with_app(people, running, ann)
    client = browser()
    first_step(client)
    told = [client.post("/session/second", data={"code": "nothing"}).headers["location"] for _each in range(5)]
    assert told == ["/sign-in/second?problem=wrong"] * 4 + ["/sign-in?problem=second"]
    assert browser().post("/session/second", data={"code": "000000"}).headers["location"] == "/sign-in?problem=second"


def test_a_passkey_is_the_second_step_too(people: World, running: Runtime, browser: Browser, ann: Account) -> None:
    device, client = with_passkey(people, running, browser, ann), browser()
    assert first_step(client).headers["location"] == "/sign-in/second"
    half = client.cookies.get(HALF)
    assert come_in(client, device).json() == {"to": "/results"}
    assert HALF not in client.cookies
    client.cookies.set(HALF, str(half))
    assert client.post("/session/second", data={"code": "000000"}).headers["location"] == "/sign-in?problem=second"


def test_staff_without_a_second_step_are_led_to_set_one_up(people: World, browser: Browser) -> None:
    staff = people.staff()
    row = next(one for one in people.rows(Account) if one.id == staff.id)
    row.email, row.password_hash = "ann@tests.example", f"quick:{PASSWORD}"
    people.store(row)
    assert first_step(browser()).headers["location"] == "/account/security"


def test_every_wrong_answer_leaves_its_line_in_the_log(
    people: World, running: Runtime, browser: Browser, ann: Account
) -> None:
    device, client = with_passkey(people, running, browser, ann), browser()
    device.flags = PRESENT
    assert come_in(client, device).status_code == 422
    signed_in(people, client, ann)
    answer = client.post("/passkeys/proof", json={"credential": device.get(options(client, "proof"))})
    assert answer.status_code == 422
    lines = [(one.use_case, str(ann.id) in str(one.detail)) for one in people.rows(AuditEntry)]
    assert ("refuse_sign_in", True) in lines
    assert "take_proof_passkey" in dict(lines)
