"""Whoever was cut for flooding comes back in vain, also with a first word in the address: nothing of it is heard."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode

import socketio

from rxportal.api.greeting import greeted
from rxportal.core.cookies import SESSION
from rxportal.settings import Settings
from rxportal.state.meter import OUT_OF_BUDGET_CLOSES, meter_the_wire

FIRST = '40/_event,{"event":{}}'


async def heard(app: Any, asked: list[str], cookie: str, *messages: str) -> int:
    """How many messages of one socket came as far as Socket.IO, which reads them and asks the database."""
    query = urlencode({"EIO": "4", "transport": "websocket", "token": "t", "first": FIRST})
    scope = {
        "type": "websocket", "path": "/socket.io/", "raw_path": b"/socket.io/", "root_path": "", "scheme": "ws",
        "query_string": query.encode(), "headers": [(b"cookie", f"{SESSION}={cookie}".encode()), (b"connection", b"upgrade"), (b"upgrade", b"websocket")],
        "client": ("192.0.2.7", 5), "server": ("portal.test", 80), "http_version": "1.1", "subprotocols": [],
    }  # fmt: skip
    waiting = [{"type": "websocket.connect"}, *({"type": "websocket.receive", "text": each} for each in messages)]

    async def receive() -> dict[str, Any]:
        for _ in range(10):  # what came before is a task of its own: it has its turn
            await asyncio.sleep(0)
        return waiting.pop(0) if waiting else {"type": "websocket.disconnect", "code": 1000}

    async def send(_message: dict[str, Any]) -> None:
        """A browser that only listens."""

    before = len(asked)
    await app(*greeted(scope, receive), send)
    return len(asked) - before


def test_the_first_word_of_whoever_is_kept_outside_is_not_heard() -> None:
    async def run() -> list[int]:
        sio, asked = socketio.AsyncServer(async_mode="asgi", async_handlers=False), []

        async def take(_wire: str, data: str) -> None:
            asked.append(data)

        sio.eio.on("message", take)
        meter_the_wire(sio, Settings(env="test", events_burst=5, events_per_second=1))
        app = socketio.ASGIApp(sio)
        flood = ["42x"] * (5 + OUT_OF_BUDGET_CLOSES + 50)
        return [
            await heard(app, asked, "mine", *flood),
            await heard(app, asked, "mine"),
            await heard(app, asked, "hers"),
        ]

    assert asyncio.run(run()) == [5, 0, 1]
