"""The open sockets of a worker: so many an address, and each forgotten when it closes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from rxportal.api.front import Front
from rxportal.api.sockets import OpenSockets, address_of
from rxportal.settings import load_settings


def scope(client: str = "192.0.2.1", **headers: str) -> dict[str, Any]:
    """A socket that a page of ours opens."""
    sent = {"host": "localhost:8000", "origin": "http://localhost:8000", **headers}
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()]
    return {"type": "websocket", "path": "/_event", "headers": named, "client": (client, 40_000)}


@pytest.mark.parametrize(
    ("hops", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_only_our_own_proxies_name_the_address(hops: int, forwarded: str, address: str) -> None:
    assert address_of(scope(x_forwarded_for=forwarded), hops) == address


def test_one_address_may_open_so_many_and_one_more_when_one_closes(tmp_path: Path) -> None:
    opened: list[str] = []
    closed: list[int] = []

    async def inner(_scope: Any, _receive: Any, _send: Any) -> None:
        opened.append("")
        await asyncio.sleep(3600)

    async def send(message: Any) -> None:
        closed.append(message["code"])

    settings = {"RXPORTAL_VAR": str(tmp_path), "RXPORTAL_SOCKETS_PER_ADDRESS": "2"}
    front = Front(inner, load_settings(settings, None))

    async def run() -> None:
        def one(client: str = "192.0.2.1") -> asyncio.Task[None]:
            return asyncio.create_task(front(scope(client), None, send))  # type: ignore[arg-type]

        first, *_others = [one(), one(), one(), one("192.0.2.2")]
        await asyncio.sleep(0)
        assert (len(opened), closed) == (3, [1013])
        first.cancel()
        await asyncio.sleep(0.01)
        closed.clear()
        one()
        await asyncio.sleep(0)
        assert (len(opened), closed) == (4, [])
        front.close_sockets()
        await asyncio.sleep(0.01)
        assert closed == [1012, 1012, 1012]

    asyncio.run(run())


def test_an_address_without_a_socket_is_forgotten() -> None:
    sockets = OpenSockets(most=1)

    async def run() -> None:
        with sockets.kept("192.0.2.1"):
            assert not sockets.room_for("192.0.2.1")
        assert sockets.room_for("192.0.2.1")
        assert not sockets._of

    asyncio.run(run())
