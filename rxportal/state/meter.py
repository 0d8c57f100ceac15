"""How much may come over a socket: every message counts, whatever it is, and coming back buys nothing."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from rxportal.api.sockets import address_of
from rxportal.core.cookies import credentials_of
from rxportal.core.errors import TooMany
from rxportal.core.identity import SessionToken, token_hash
from rxportal.settings import Settings
from rxportal.state.tabs import TABS

log = logging.getLogger(__name__)
OUT_OF_BUDGET_CLOSES = 200
# Whoever was cut for flooding stays outside for so long: a new socket would begin with a full budget
OUTSIDE_SECONDS = 10.0
# What sockets without a session may send in all from one address, as so many times the budget of one socket
STRANGERS_TIMES = 10
# Engine.IO text that our pages send: CONNECT, DISCONNECT, EVENT, ACK. Binary packets (5, 6) collect attachments unseen.
PACKETS = ("0", "1", "2", "3")
UNREADABLE = "unreadable"


@dataclass
class Budget:
    """A token bucket: `rate` messages a second, at most `burst` at once."""

    rate: float
    burst: float
    left: float
    at: float
    refused: int = 0

    def take(self, now: float) -> bool:
        """Whether one more message is within the budget."""
        self.left = min(self.burst, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            self.refused += 1
            return False
        self.left -= 1
        return True


@dataclass(frozen=True)
class Sender:
    """Who is behind a wire: the hash of its cookie, its tab, its address."""

    session: str
    token: str
    address: str


@dataclass
class Senders:
    """Who is behind each wire, and who is kept outside for now."""

    settings: Settings
    _of: dict[str, Sender] = field(default_factory=dict)
    _budgets: dict[str, Budget] = field(default_factory=dict)
    _outside: dict[str, float] = field(default_factory=dict)
    _strangers: dict[str, Budget] = field(default_factory=dict)

    def welcome(self, wire: str, environ: dict[str, Any], now: float) -> bool:
        """Whether this one may connect now."""
        who = credentials_of(environ.get("HTTP_COOKIE", ""))
        session = token_hash(who.value) if isinstance(who, SessionToken) else ""
        self._outside = {key: until for key, until in self._outside.items() if until > now}
        if session in self._outside:
            return False
        scope, token = environ.get("asgi.scope"), parse_qs(environ.get("QUERY_STRING", "")).get("token", [""])[0]
        address = address_of(scope, self.settings.trusted_proxy_hops) if scope else ""
        self._of[wire] = Sender(session, token, address)
        return True

    def takes(self, wire: str, now: float) -> bool:
        """Whether one more message is within the budget of this wire, and of the strangers at its address."""
        rate, burst = float(self.settings.events_per_second), float(self.settings.events_burst)
        return self._budgets.setdefault(wire, Budget(rate, burst, burst, now)).take(now) and self.may_send(wire, now)

    def floods(self, wire: str) -> bool:
        """Whether this wire was told so often enough that it must be cut."""
        return self._budgets[wire].refused > OUT_OF_BUDGET_CLOSES

    def bar(self, wire: str, now: float) -> None:
        """Keep the session behind this wire outside for a while; an address is shared by many and is not barred."""
        sender = self._of.get(wire)
        if sender and sender.session:
            self._outside[sender.session] = now + OUTSIDE_SECONDS

    def may_send(self, wire: str, now: float) -> bool:
        """Whether there is room for one more message of all at this address who have not shown to be signed in."""
        sender = self._of.get(wire)
        tab = TABS.known(sender.token) if sender else None
        if sender is None or (tab is not None and tab.session_id):
            return True
        rate = float(self.settings.events_per_second * STRANGERS_TIMES)
        burst = float(self.settings.events_burst * STRANGERS_TIMES)
        self._strangers = {at: each for at, each in self._strangers.items() if now - each.at < burst / rate}
        return self._strangers.setdefault(sender.address, Budget(rate, burst, burst, now)).take(now)

    def gone(self, wire: str) -> None:
        """Forget a wire; what its address has sent is remembered until its budget is full again."""
        self._of.pop(wire, None)
        self._budgets.pop(wire, None)


async def hang_up(sio: Any, wire: str, why: str) -> None:
    """Close a connection. Engine.IO's own CLOSE only asks the browser to; the end of its queue does it."""
    log.warning("a socket was closed: %s", why)
    socket = sio.eio.sockets.get(wire)
    if socket is not None:
        await socket.queue.put(None)


def meter_the_wire(sio: Any, settings: Settings) -> None:
    """Every message of a connection counts, whatever it is, and only plain packets come in."""
    connect, take_in, gone = (sio.eio.handlers[name] for name in ("connect", "message", "disconnect"))
    senders, leaving = Senders(settings), set[str]()

    async def cut(wire: str, why: str) -> None:
        leaving.add(wire)
        await hang_up(sio, wire, why)

    async def on_connect(wire: str, environ: dict[str, Any]) -> Any:
        return await connect(wire, environ) if senders.welcome(wire, environ, time.monotonic()) else False

    async def on_message(wire: str, data: Any) -> None:
        now = time.monotonic()
        if wire in leaving:
            return
        if not settings.budget_off and not senders.takes(wire, now):
            if senders.floods(wire):
                senders.bar(wire, now)
                await cut(wire, TooMany.code)
            return
        if not isinstance(data, str) or not data.startswith(PACKETS):
            await cut(wire, UNREADABLE)
            return
        try:
            await take_in(wire, data)
        except Exception:  # noqa: BLE001  (a broken packet breaks the parser in many ways; its text stays out of the log)
            await cut(wire, UNREADABLE)

    async def on_gone(wire: str, *reason: Any) -> Any:
        leaving.discard(wire)
        senders.gone(wire)
        return await gone(wire, *reason)

    sio.eio.on("connect", on_connect)
    sio.eio.on("message", on_message)
    sio.eio.on("disconnect", on_gone)
