"""In front of Reflex's socket: shapes, known names and a budget, before anything is queued, logged or remembered."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Any, get_type_hints
from urllib.parse import parse_qs, urlsplit

import reflex as rx
from pydantic import BaseModel, ConfigDict, StrictBool, ValidationError, create_model
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex_base.registry import RegistrationContext

from rxportal.settings import Settings
from rxportal.state.guard import is_framework, policy_of
from rxportal.state.meter import meter_the_wire
from rxportal.state.tabs import TABS
from rxportal.state.wire import write_fast

log = logging.getLogger(__name__)
LONGEST_PAYLOAD_KEYS = 32
LONGEST_ADDRESS = 2_048
MOST_TEXT = 200_000
DEEPEST = 40
TOKEN = re.compile(r"[0-9A-Za-z-]{1,64}")
FROM_BROWSER = frozenset({"event", "ping", "client_error"})
STRANGERS_SECONDS = 5.0
CONNECT = ".hydrate_and_load"
ADDRESSES = ("pathname", "asPath", "path", "token")


def well_formed(data: Any) -> bool:
    """An event as our own pages send it: a known name, the arguments of its handler, plain router data."""
    if not isinstance(data, dict):
        return False
    name, payload, router = data.get("name"), data.get("payload", {}), data.get("router_data", {})
    if not isinstance(name, str) or not isinstance(payload, dict) or not isinstance(router, dict):
        return False
    if not (is_framework(name) or policy_of(name) is not None):
        return False
    if len(payload) > LONGEST_PAYLOAD_KEYS or not plain(payload) or not plain(router):
        return False
    if is_framework(name) and payload.get("vars"):
        return False  # values that a browser claims to have stored: we keep none there
    return all(plain_address(router.get(key, "")) for key in ADDRESSES) and (
        isinstance(router.get("query", {}), dict) and fits(name, payload)
    )


def plain(value: Any) -> bool:
    """Not nested deeper and not longer than anything our pages send (walked without recursion)."""
    level, text = [value], 0
    for _ in range(DEEPEST):
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                deeper += [*item.keys(), *item.values()]
            elif isinstance(item, list):
                deeper += item
            elif isinstance(item, str):
                text += len(item)
            elif isinstance(item, bytes):
                return False
        if text > MOST_TEXT:
            return False
        if not deeper:
            return True
        level = deeper
    return False


def plain_address(value: Any) -> bool:
    """A short text that can be read as an address: Reflex reads it before any handler of ours runs."""
    if not isinstance(value, str) or len(value) > LONGEST_ADDRESS or not value.isprintable():
        return False
    try:
        urlsplit(value)
        parse_qs(urlsplit(f"http://localhost{value}").query, max_num_fields=LONGEST_PAYLOAD_KEYS)
    except ValueError:
        return False
    return True


def fits(name: str, payload: dict[str, Any]) -> bool:
    """Whether a handler can be called with this: its arguments, each of its type or readable as it."""
    model = MODELS.get(name)
    if model is None:
        model = MODELS[name] = arguments_of(RegistrationContext.get().event_handlers[name].handler)
    try:
        model.model_validate(payload)
    except (ValidationError, RecursionError):
        return False
    return True


def arguments_of(handler: Any) -> type[BaseModel]:
    """A model of a handler's arguments; one without a type hint may be anything."""
    names = handler.fn.__code__.co_varnames[1 : handler.fn.__code__.co_argcount + handler.fn.__code__.co_kwonlyargcount]
    defaults = dict(zip(reversed(names), reversed(handler.fn.__defaults__ or ()), strict=False))
    hints = get_type_hints(handler.fn)
    strict = {one: StrictBool if hint is bool else hint for one, hint in hints.items()}
    fields: dict[str, Any] = {f"a{at}": (strict.get(one, Any), defaults.get(one, ...)) for at, one in enumerate(names)}
    aliases = {f"a{at}": one for at, one in enumerate(names)}
    config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, alias_generator=lambda field: aliases[field])
    return create_model("Arguments", __config__=config, **fields)


MODELS: dict[str, type[BaseModel]] = {}


def guard_the_door(app: rx.App, settings: Settings) -> None:
    """Wrap the wire and the socket's handlers of this app."""
    if app.event_namespace is None or app.sio is None:
        return
    write_fast(app.sio)
    meter_the_wire(app.sio, settings)
    close_the_hatches(app.sio, app.event_namespace)
    screen_the_events(app.event_namespace)
    forget_strangers(app)


def close_the_hatches(sio: Any, namespace: Any) -> None:
    """A browser may name any handler of the namespace; `connect` and `disconnect` are the server's own.

    With a forged `connect` one socket could take any number of tokens, each with a state of its own, and any headers.
    """
    dispatch: Callable[..., Any] = namespace.trigger_event
    connect = namespace.on_connect

    async def trigger_event(name: str, *arguments: Any) -> Any:
        from_browser = bool(arguments) and sio.manager.is_connected(arguments[0], namespace.namespace)
        if from_browser and (name not in FROM_BROWSER or len(arguments) > 2):
            return None
        return await dispatch(name, *arguments)

    async def on_connect(sid: str, environ: dict[str, Any], auth: Any = None) -> Any:
        tokens = parse_qs(environ.get("QUERY_STRING", "")).get("token", [])
        if len(tokens) != 1 or not TOKEN.fullmatch(tokens[0]):
            return False
        return await connect(sid, environ, auth)

    namespace.trigger_event = trigger_event
    namespace.on_connect = on_connect


def screen_the_events(namespace: Any) -> None:
    """Only well-formed events pass; the tab is remembered for what the server starts by itself."""
    pass_on, gone = namespace.on_event, namespace.on_disconnect

    async def on_event(sid: str, data: Any = None) -> None:
        token = namespace.sid_to_token.get(sid)
        if token is None or not well_formed(data):
            return
        tab = TABS.of(token)
        tab.sid, tab.connecting = sid, data["name"].endswith(CONNECT)
        await pass_on(sid, data)
        tab = TABS.known(token)
        if tab is not None and isinstance(data.get("router_data"), dict):
            tab.router_data = dict(data["router_data"])

    def on_disconnect(sid: str, *_reason: Any) -> Any:
        TABS.close(sid)
        return gone(sid)

    async def on_ping(sid: str, *_anything: Any) -> None:
        await namespace.emit("ping", "pong", to=sid)

    async def on_client_error(_sid: str, *_anything: Any) -> None:
        """What a browser reports of itself may carry patient data: it is counted, not written down."""
        log.warning("a page reported a fault in the browser")

    namespace.on_event = on_event
    namespace.on_disconnect = on_disconnect
    namespace.on_ping = on_ping
    namespace.on_client_error = on_client_error


def forget_strangers(app: Any) -> None:
    """Whoever leaves without having signed in leaves no state: else every new token costs memory for half an hour."""
    namespace, gone = app.event_namespace, app.event_namespace.on_disconnect

    def forget(token: str) -> None:
        states = app.state_manager
        if isinstance(states, StateManagerMemory) and token not in namespace.token_to_sid:
            states._purge_token(BaseStateToken(ident=token, cls=app._state))  # noqa: SLF001  (there is no other way)

    def on_disconnect(sid: str, *reason: Any) -> Any:
        token = namespace.sid_to_token.get(sid, "")
        tab = TABS.known(token)
        if token and (tab is None or not tab.session_id):
            asyncio.get_running_loop().call_later(STRANGERS_SECONDS, forget, token)
        return gone(sid, *reason)

    namespace.on_disconnect = on_disconnect
