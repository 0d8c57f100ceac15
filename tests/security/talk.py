"""Talking to the served portal over the raw socket: open a page as a browser does, hear everything, read the log."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed

from tests.security.pipeline import framework, portal
from tests.security.socket_client import Socket, _decoded, router_data
from tests.serving import Served

portal()
HYDRATE = framework("hydrate_and_load")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def settle(socket: Socket, gap: float = 0.3, most: float = 6.0) -> list[Any]:
    """Everything that comes until nothing comes for `gap` seconds, or the socket is closed."""
    got: list[Any] = []
    end = time.monotonic() + most
    while time.monotonic() < end:
        try:
            frame = socket.raw_receive(gap)
        except (TimeoutError, ConnectionClosed):
            break
        if frame == "2":
            socket.raw_send("3")
            continue
        got.append(_decoded(frame))
    socket.heard += got
    return got


def ask(socket: Socket, name: str, payload: Any = None, at: Any = None, gap: float = 0.3) -> str:
    """Fire one event and give all that comes back, as text."""
    socket.send(name, payload, at if at is not None else router_data("/results"))
    return json.dumps(settle(socket, gap), ensure_ascii=False)


@contextmanager
def page(
    served: Served,
    cookie: str = "",
    path: str = "/results",
    query: dict[str, str] | None = None,
    token: str | None = None,
) -> Iterator[Socket]:
    """A page that is open in a tab: connected, hydrated, loaded."""
    boot = {"name": HYDRATE, "payload": {}, "router_data": router_data(path, query)}
    with Socket(served.url, cookie=cookie, token=token, boot=boot) as socket:
        settle(socket)
        yield socket


def closed_within(socket: Socket, seconds: float) -> bool:
    """Whether the server hangs up, or ends the namespace, in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            frame = socket.raw_receive(0.1)
        except TimeoutError:
            continue
        except ConnectionClosed:
            return True
        socket.heard.append(_decoded(frame))
        if frame.startswith("41"):
            return True
    return False


def log_of(served: Served, since: int = 0) -> str:
    """What the server printed after a place in its log."""
    return served.printed()[since:]
