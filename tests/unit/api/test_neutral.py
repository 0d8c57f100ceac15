"""Nobody learns whether an account exists: sign-in, registering, resetting and inviting answer alike, in words and in time.

60 known and 60 unknown addresses each, from as many client addresses; `make test-neutral` takes 200 and real hashes.
They are asked in pairs, known and unknown in turn first, and times are compared within the pairs: what else the machine
does meanwhile concerns both alike.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rxportal.adapters.passwords import Argon2Passwords
from rxportal.api.registration import registration_routes
from rxportal.api.reset import reset_routes
from rxportal.api.session import session_routes
from rxportal.core.cookies import REGISTERING, TYPED, typed_in
from rxportal.core.runtime import Runtime
from rxportal.services.connections import connections
from rxportal.services.invitations import send_invitation, withdraw_invitation
from tests.counts import proved
from tests.factories import World
from tests.unit.services.inviting import SEAL, inviting

TRIES = int(os.environ.get("NEUTRAL_TRIES", "60"))
REAL = TRIES > 60
MOST_SECONDS = 0.010
Ask = Callable[[TestClient, str], Any]

ASKS: dict[str, Ask] = {
    "sign-in": lambda client, email: client.post("/session", data={"email": email, "password": "not the right one"}),
    "register": lambda client, email: client.post(
        "/registration", data={"email": email, "name": "Some Body", "password": "seven green boats at noon"}
    ),
    "reset": lambda client, email: client.post("/reset", data={"email": email}),
}


@pytest.fixture(scope="module")
def passwords() -> Argon2Passwords:
    return Argon2Passwords() if REAL else Argon2Passwords(rounds=1, memory_kib=8192)


def masked(cookie: str, email: str) -> str:
    """A cookie without its random part; what it keeps of what was typed must be the address."""
    name, _, rest = cookie.partition("=")
    value, _, facts = rest.partition(";")
    if name == TYPED:
        assert typed_in(f"{name}={value}").get("email") == email
        return f"{name}=typed;{facts}"
    return f"{name}={len(value)};{facts}" if name == REGISTERING else cookie


def told(answer: Any, email: str) -> tuple[Any, ...]:
    """Everything that an asker sees of an answer, the typed address and the browser's own mark taken out."""
    headers = [
        (name, masked(value, email) if name == "set-cookie" else value) for name, value in answer.headers.multi_items()
    ]
    return answer.status_code, tuple(headers), answer.content.replace(email.encode(), b"...")


@pytest.mark.alone
@pytest.mark.parametrize("what", ASKS)
def test_an_answer_tells_nobody_whether_there_is_an_account(
    running: Runtime, people: World, passwords: Argon2Passwords, what: str
) -> None:
    hashed = passwords.hash("the right one, which nobody types")
    known = [f"known{n:03}@tests.example" for n in range(TRIES)]
    for email in known:
        people.account(email=email, password_hash=hashed)
    routes = [*session_routes(passwords), *registration_routes(passwords), *reset_routes(passwords)]
    app, answers, times = Starlette(routes=routes), set(), dict[str, float]()
    with TestClient(app, "https://portal.example", follow_redirects=False) as warm:  # one loop for all of them
        for n in range(4):
            ASKS[what](warm, f"warm{n}@tests.example")
        for n, email in enumerate(in_turn(known)):
            warm.cookies.clear()
            warm._transport.client = (f"198.51.{n // 200}.{n % 200}", 40_000)  # type: ignore[attr-defined]
            begun = perf_counter()
            answer = ASKS[what](warm, email)
            times[email] = perf_counter() - begun
            answers.add(told(answer, email))
    assert len(answers) == 1, answers
    assert "slow" not in str(answers)
    alike(what, known, times)


@pytest.mark.alone
def test_an_invitation_tells_its_sender_nothing_of_whether_there_is_an_account(people: World) -> None:
    kernel, answers, times = people.kernel, set(), dict[str, float]()
    known = [f"known{n:03}@tests.example" for n in range(TRIES)]
    for email in known:
        people.account(email=email)
    owners = [inviting(kernel, people) for _ in range(TRIES)]  # few letters each: a day has its limit
    for n, email in enumerate(in_turn(known)):
        owner = owners[n % len(owners)]
        begun = perf_counter()
        draft = owner.prepare(email)
        sent = kernel.perform(send_invitation, owner.session, invitation_id=draft.id, seal=SEAL)
        page = kernel.perform(connections, owner.session)
        times[email] = perf_counter() - begun
        answers.add(repr((draft, sent, page)).replace(email, "...").replace(draft.id, "id"))
        kernel.perform(withdraw_invitation, owner.session, invitation_id=draft.id)
    assert len(answers) == 1, answers
    alike("invite", known, times)


def unknown_beside(email: str) -> str:
    """The address that is asked beside a known one; nobody has it."""
    return email.replace("known", "nobod")


def in_turn(known: list[str]) -> list[str]:
    """Pair after pair, in any order; within a pair the known address is asked first every other time."""
    mixed = random.Random(4).sample(known, len(known))
    pairs = [(email, unknown_beside(email)) for email in mixed]
    return [email for n, pair in enumerate(pairs) for email in (pair if n % 2 else pair[::-1])]


def alike(what: str, known: list[str], times: dict[str, float]) -> None:
    """The median of what a known address takes longer than the unknown one beside it."""
    gap = abs(median(times[email] - times[unknown_beside(email)] for email in known))
    assert gap < MOST_SECONDS, f"{gap * 1000:.1f} ms"
    proved(f"pairs of a known and an unknown address that {what} answered alike, {gap * 1000:.1f} ms apart", len(known))
