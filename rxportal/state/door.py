"""In front of Reflex's socket: shapes, known names and a budget, before anything is queued, logged or remembered."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

import reflex as rx

from rxportal.core.errors import TooMany
from rxportal.settings import Settings
from rxportal.state.guard import is_framework, policy_of
from rxportal.state.tabs import TABS

log = logging.getLogger(__name__)
OUT_OF_BUDGET_CLOSES = 200
LONGEST_PAYLOAD_KEYS = 32
DEEPEST = 40


@dataclass
class Budget:
    """A token bucket per socket: `rate` events a second, at most `burst` at once."""

    rate: float
    burst: float
    left: float
    at: float
    refused: int = 0

    def take(self, now: float) -> bool:
        """Whether one more event is within the budget."""
        self.left = min(self.burst, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            self.refused += 1
            return False
        self.left -= 1
        return True


def well_formed(data: Any) -> bool:
    """An event as our own pages send it: a known name, a flat payload, plain router data."""
    if not isinstance(data, dict):
        return False
    name, payload, router = data.get("name"), data.get("payload", {}), data.get("router_data", {})
    if not isinstance(name, str) or not isinstance(payload, dict) or not isinstance(router, dict):
        return False
    if len(payload) > LONGEST_PAYLOAD_KEYS or not shallow(payload) or not shallow(router):
        return False
    if not all(isinstance(router.get(key, ""), str) for key in ("pathname", "asPath", "path", "token")):
        return False
    if not isinstance(router.get("query", {}), dict):
        return False
    return is_framework(name) or policy_of(name) is not None


def shallow(value: Any) -> bool:
    """Not nested deeper than any page of ours nests (walked without recursion)."""
    level = [value]
    for _ in range(DEEPEST):
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                deeper += item.values()
            elif isinstance(item, list):
                deeper += item
        if not deeper:
            return True
        level = deeper
    return False


def guard_the_door(app: rx.App, settings: Settings) -> None:
    """Wrap the socket's `event`, `client_error` and disconnect handlers of this app."""
    namespace = app.event_namespace
    if namespace is None:
        return
    pass_on, gone = namespace.on_event, namespace.on_disconnect
    budgets: dict[str, Budget] = {}

    async def on_event(sid: str, data: Any) -> None:
        budget = budgets.get(sid)
        if budget is None:
            burst = float(settings.events_burst)
            budget = budgets[sid] = Budget(settings.events_per_second, burst, burst, time.monotonic())
        if not settings.budget_off and not budget.take(time.monotonic()):
            if budget.refused > OUT_OF_BUDGET_CLOSES:
                log.warning("a socket was closed: it went on over its budget (%s)", TooMany.code)
                await app.sio.disconnect(sid, namespace=namespace.namespace)
            return
        if not well_formed(data):
            return
        token = namespace.sid_to_token.get(sid)
        if token is not None:
            tab = TABS.of(token)
            tab.sid = sid
        await pass_on(sid, data)
        if token is not None and isinstance(data.get("router_data"), dict):
            TABS.of(token).router_data = dict(data["router_data"])

    def on_disconnect(sid: str) -> Any:
        budgets.pop(sid, None)
        TABS.close(sid)
        return gone(sid)

    async def on_client_error(sid: str, data: Any = None) -> None:
        """What a browser reports of itself may carry patient data: it is counted, not written down."""
        log.warning("a page reported a fault in the browser")

    namespace.on_event = on_event
    namespace.on_disconnect = on_disconnect
    namespace.on_client_error = on_client_error
