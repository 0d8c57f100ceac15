"""A file that is on its way ends with the access, or the session, of whoever asked for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from rxportal.api.while_open import PART, while_open
from rxportal.core.cookies import SESSION
from rxportal.core.identity import SessionToken
from rxportal.core.runtime import Runtime
from rxportal.services.documents import open_document
from rxportal.services.grants import revoke_grant
from rxportal.services.sessions import end_session
from tests.factories import World

LENGTH = 20 * PART


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rxportal.api.while_open.EVERY", 0.01)


def request_of(token: SessionToken, grant: str) -> Request:
    cookie = f"{SESSION}={token.value}".encode()
    return Request({"type": "http", "headers": [(b"cookie", cookie)], "query_string": f"for={grant}".encode()})


def took(request: Request, ending: Callable[[], Any] | None) -> list[dict[str, Any]]:
    """What arrives over a line that stands still after five parts, until `ending` happened and was noticed."""
    came: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        came.append(message)
        if len(came) == 6:
            await asyncio.sleep(0.05)  # some looks go by: nothing has ended yet
            if ending is not None:
                await asyncio.to_thread(ending)
                await asyncio.sleep(30)

    answer = while_open(request, open_document, Response(b"x" * LENGTH, media_type="application/pdf"))
    asyncio.run(asyncio.wait_for(answer(request.scope, None, send), 10))  # type: ignore[arg-type]
    return came


def sent(came: list[dict[str, Any]]) -> int:
    return sum(len(message.get("body", b"")) for message in came)


def test_it_comes_whole_while_the_access_lasts(running: Runtime, people: World) -> None:
    proxy, grant = people.proxy(people.patient())
    came = took(request_of(people.sign_in(proxy), str(grant.id)), None)
    assert sent(came) == LENGTH
    assert not came[-1].get("more_body")
    assert dict(came[0]["headers"])[b"content-length"] == str(LENGTH).encode()


@pytest.mark.parametrize("what", ["the access", "the session"])
def test_it_is_cut_off_when_the_access_or_the_session_ends(running: Runtime, people: World, what: str) -> None:
    owner, patient = people.owner()
    proxy, grant = people.proxy(patient)
    theirs, mine = people.sign_in(proxy), people.sign_in(owner)

    def ending() -> None:
        if what == "the access":
            running.kernel.perform(revoke_grant, mine, grant_id=str(grant.id))
        else:
            running.kernel.perform(end_session, theirs)

    came = took(request_of(theirs, str(grant.id)), ending)
    assert sent(came) == 5 * PART
    assert came[-1]["more_body"], "it must not look complete"
