"""The same promises on PostgreSQL and Redis with two workers: tokens, states and ends of sessions cross between them."""

from __future__ import annotations

import time
from contextlib import ExitStack
from uuid import uuid4

import httpx
import pytest

from rxportal.state.results import ResultsState
from rxportal.state.session import SessionState
from tests.security.pipeline import framework, name_of
from tests.security.talk import ask, closed_within, page, settle
from tests.serving import Served

pytestmark = [pytest.mark.postgresql, pytest.mark.redis]
TABS = 12


def test_a_stolen_token_gives_nothing_on_any_worker(served_wide: Served) -> None:
    mine, hers = served_wide.cookie("maya"), served_wide.cookie("lena")
    token = str(uuid4())
    with page(served_wide, mine, token=token) as owner:
        assert "Samplewood" in ask(owner, name_of(SessionState.load_alone), gap=0.6)
    time.sleep(0.5)
    for thief in ["", hers, "__Host-rxportal=made-up"] * 3:
        with page(served_wide, thief, "/home", token=token) as socket:
            ask(socket, framework("hydrate"), gap=0.3)
            ask(socket, name_of(ResultsState.refresh), gap=0.3)
            assert "Samplewood" not in socket.text
        time.sleep(0.2)


@pytest.mark.alone
def test_signing_out_empties_and_closes_the_tabs_of_both_workers(served_wide: Served) -> None:
    mine = served_wide.cookie("maya")
    with ExitStack() as stack:
        sockets = [stack.enter_context(page(served_wide, mine, "/home")) for _ in range(TABS)]
        for socket in sockets:
            settle(socket, 0.2)
            socket.heard.clear()
        begun = time.monotonic()
        answer = httpx.post(f"{served_wide.url}/session/end", headers={"origin": served_wide.url, "cookie": mine})
        assert answer.status_code == 303
        for socket in sockets:
            assert closed_within(socket, max(0.1, begun + 4 - time.monotonic()))
            assert "/sign-in" in socket.text
            assert "Samplewood" not in socket.text


def test_another_person_in_the_same_tab_finds_it_empty_on_any_worker(served_wide: Served) -> None:
    mine, his = served_wide.cookie("maya"), served_wide.cookie("noah")
    token = str(uuid4())
    for _ in range(3):
        with page(served_wide, mine, token=token) as socket:
            assert "Samplewood" in ask(socket, name_of(SessionState.load_alone), gap=0.5)
        time.sleep(0.4)
        with page(served_wide, his, "/home", token=token) as socket:
            text = ask(socket, framework("hydrate"), gap=0.5)
            assert "Samplewood" not in text + socket.text
            assert "Noah Exampleton" in socket.text
        time.sleep(0.4)
