"""Browsers without a screen: many tabs on one event loop, each a socket that answers pings and times its events."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

NAMESPACE = "/_event"
ROOT = "reflex___state____state"
BOOT = f"{ROOT}.hydrate_and_load"
NAVIGATE = f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal"
HYDRATED = '"is_hydrated_rx_state_":true'
FAILED = '"phase_rx_state_":"failed"'
PATIENCE = 15.0


def state(module: str, name: str) -> str:
    """The full name of one of our states: state("rxportal.state.results", "results_state")."""
    return f"{ROOT}.{module.replace('.', '___')}____{name}"


class EventFailed(Exception):
    """An event was not answered as it should be."""


def place(path: str, **query: str) -> dict[str, Any]:
    """Where a page is, as it says it with every event."""
    search = "&".join(f"{name}={value}" for name, value in query.items())
    return {"pathname": path, "query": query, "asPath": path + (f"?{search}" if search else "")}


@dataclass
class Tab:
    """One open tab."""

    wire: ClientConnection
    at: dict[str, Any]
    _mark: str = ""
    _answer: asyncio.Future[float] | None = None
    _reader: asyncio.Task[None] | None = field(default=None)

    @classmethod
    async def open(cls, url: str, path: str, cookie: str = "", **query: str) -> Self:
        """Connect, hydrate and load a page as a browser does; done when the page says that it is live."""
        address = url.replace("http", "ws", 1) + f"{NAMESPACE}/?EIO=4&transport=websocket&token={uuid4()}"
        headers = {"Cookie": cookie} if cookie else {}
        wire = await connect(
            address, origin=url, additional_headers=headers, max_size=None,
            ping_interval=None, compression=None, proxy=None, open_timeout=30,
        )  # fmt: skip
        tab = cls(wire, place(path, **query))
        tab._reader = asyncio.create_task(tab._read())
        boot = {"name": BOOT, "payload": {}, "router_data": tab.at}
        await tab._sent(f"40{NAMESPACE}," + json.dumps({"event": boot}), HYDRATED)
        return tab

    async def ask(self, event: str, payload: Mapping[str, Any] | None = None, mark: str = "") -> float:
        """Fire an event; milliseconds until the update that brings what `mark` names (default: of its own state).

        Raises:
            EventFailed: no answer, a page that says it failed, a socket that was closed.
        """
        body = {"name": event, "payload": dict(payload or {}), "router_data": self.at}
        packed = f"42{NAMESPACE}," + json.dumps(["event", body])
        return await self._sent(packed, mark or f'"{event.rpartition(".")[0]}"')

    async def go(self, path: str, mark: str, **query: str) -> float:
        """Follow a link to another page of the portal; milliseconds until that page's state arrives."""
        self.at = place(path, **query)
        return await self.ask(NAVIGATE, mark=f'"{mark}"')

    async def _sent(self, packed: str, mark: str) -> float:
        self._mark, self._answer = mark, asyncio.get_running_loop().create_future()
        begun = time.perf_counter()
        try:
            await self.wire.send(packed)
            return (await asyncio.wait_for(self._answer, PATIENCE) - begun) * 1000
        except (TimeoutError, ConnectionClosed) as fault:
            raise EventFailed(type(fault).__name__) from fault
        finally:
            self._answer = None

    async def _read(self) -> None:
        try:
            async for frame in self.wire:
                text = frame if isinstance(frame, str) else frame.decode()
                if text == "2":
                    await self.wire.send("3")
                elif self._answer and not self._answer.done():
                    self._judge(text)
        except ConnectionClosed:
            pass
        if self._answer and not self._answer.done():
            self._answer.set_exception(EventFailed("closed"))

    def _judge(self, frame: str) -> None:
        if FAILED in frame or '"/sign-in' in frame:
            self._answer.set_exception(EventFailed("refused"))  # type: ignore[union-attr]
        elif self._mark in frame:
            self._answer.set_result(time.perf_counter())  # type: ignore[union-attr]

    async def close(self) -> None:
        """Hang up."""
        await self.wire.close()
        if self._reader:
            await self._reader
