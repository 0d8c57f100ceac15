"""What stands in a socket's address is heard first, once, and kept nowhere."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode

import pytest

from rxportal.api.greeting import CONNECT, LONGEST, greeted

HELLO = CONNECT + '{"event":{"router_data":{"asPath":"/results?for=grant"}}}'
SENT = [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": "2"}]


def heard(query: str) -> tuple[bytes, list[Any]]:
    """The address that is passed on, and what is heard on a socket that sends `SENT`."""
    waiting = [*SENT]

    async def receive() -> Any:
        return waiting.pop(0)

    async def run() -> tuple[bytes, list[Any]]:
        scope, hear = greeted({"type": "websocket", "query_string": query.encode()}, receive)
        messages = [await hear()]
        while waiting:
            messages.append(await hear())
        return scope["query_string"], messages

    return asyncio.run(run())


def test_it_is_heard_after_the_socket_opened_and_before_all_else() -> None:
    query, messages = heard(urlencode({"token": "t-1", "EIO": "4", "transport": "websocket", "first": HELLO}))
    assert messages == [SENT[0], {"type": "websocket.receive", "text": HELLO}, SENT[1]]
    assert query == b"token=t-1&EIO=4&transport=websocket"


@pytest.mark.parametrize("first", [None, "", "2", "41/_event,", "42/_event,[]", "451-x", CONNECT + "x" * LONGEST])
def test_nothing_but_a_short_connect_is_heard(first: str | None) -> None:
    query, messages = heard("token=t-1" if first is None else urlencode({"token": "t-1", "first": first}))
    assert messages == SENT
    assert query == b"token=t-1"


def test_only_one_is_heard() -> None:
    query, messages = heard(urlencode([("token", "t-1"), ("first", HELLO), ("token", "t-2"), ("first", CONNECT)]))
    assert [message.get("text") for message in messages] == [None, HELLO, "2"]
    assert query == b"token=t-1&token=t-2"
