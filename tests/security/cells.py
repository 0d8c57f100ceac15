"""The cells of the matrix as a browser reaches them: every handler of every state, on its page, with any address and id."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, get_type_hints
from uuid import uuid4

from reflex_base.registry import RegistrationContext
from websockets.exceptions import ConnectionClosed

from rxportal.commands.registry import use_cases
from rxportal.core.access import Permission
from tests.security.pipeline import name_of, portal
from tests.security.socket_client import NAMESPACE, Socket, router_data

portal()

from rxportal.pages.routes import PAGES  # noqa: E402
from rxportal.state.faults import FaultState  # noqa: E402
from rxportal.state.guard import PUBLIC, is_framework, policy_of  # noqa: E402

CASES = use_cases()
WRITES = {case.permission for case in CASES if case.kind == "write"}
FENCE = name_of(FaultState.show)
FENCE_AT = router_data("/")


@dataclass(frozen=True)
class Handler:
    """One event handler of ours that asks for a permission. `page`: the route that its state belongs to."""

    name: str
    permission: Permission
    page: str
    arguments: tuple[str, ...]
    loads: bool

    @property
    def short(self) -> str:
        """State and method."""
        return ".".join(self.name.split("____")[-1].split("."))

    @property
    def writes(self) -> bool:
        """Whether something is written by whoever has this permission."""
        return self.permission in WRITES

    def payload(self, key: str) -> dict[str, Any]:
        """Arguments of the right types, with this id wherever one may be."""
        hints = get_type_hints(RegistrationContext.get().event_handlers[self.name].handler.fn)
        return {one: _fitting(str(hints.get(one, "")), key) for one in self.arguments}

    def address(self, grant: str, key: str) -> dict[str, Any]:
        """Router data of its page."""
        return router_data(self.page.replace("[id]", key or "x"), {"for": grant} if grant else None)


def _fitting(hint: str, key: str) -> Any:
    if "dict" in hint:
        names = (
            "record",
            "record_id",
            "result_id",
            "grant",
            "grant_id",
            "session",
            "session_id",
            "patient",
            "patient_id",
        )
        return {**dict.fromkeys((*names, "id", "key", "who"), key), "query": "glyph", "kind": "", "reason": "x"}
    if "bool" in hint:
        return False
    if "int" in hint:
        return 1
    return [key] if "list" in hint else key


def handlers() -> list[Handler]:
    """Every handler of ours that is not for everybody, read off the registry that Reflex itself uses."""
    pages: dict[str, str] = {}
    loading = set()
    for page in PAGES:
        for load in page.on_load:
            name = name_of(load)
            loading.add(name)
            if not page.open:
                pages.setdefault(name.rpartition(".")[0], page.route)
    found = []
    for name, entry in sorted(RegistrationContext.get().event_handlers.items()):
        wanted = policy_of(name)
        if is_framework(name) or wanted in (None, PUBLIC):
            continue
        code = entry.handler.fn.__code__
        arguments = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
        state = name.rpartition(".")[0]
        home = next(
            (route for one, route in pages.items() if state.rpartition("____")[2] == one.rpartition("____")[2]), ""
        )
        found.append(Handler(name, Permission(wanted), home or "/record", tuple(arguments), name in loading))
    return found


Event = tuple[str, dict[str, Any], dict[str, Any]]


def converse(socket: Socket, events: list[Event], seconds: float = 20) -> list[str]:
    """Fire events, each with a fence behind it; what came back for each, raw. A socket that was cut gives ""."""
    marks = [f"fence-{uuid4()}" for _ in events]
    heard: list[str] = []
    for start in range(0, len(events), 20):
        try:
            for (name, payload, where), mark in zip(events[start : start + 20], marks[start : start + 20], strict=True):
                socket.send(name, payload, where)
                for fence in (f"{mark}-1", mark):  # what an event starts by itself comes between the two
                    socket.send(FENCE, {"text": fence, "reference": ""}, FENCE_AT)
            heard += [_until(socket, mark, seconds) for mark in marks[start : start + 20]]
        except ConnectionClosed:
            break
    return heard + [""] * (len(events) - len(heard))


def state_in(answer: str) -> dict[str, str]:
    """What an answer says of each field of our own states; what the framework echoes of the address is left out."""
    found: dict[str, str] = {}
    decoder, at = json.JSONDecoder(), 0
    while at < len(answer):
        said, at = decoder.raw_decode(answer, at)
        delta = (
            said[1].get("delta") or {} if isinstance(said, list) and len(said) > 1 and isinstance(said[1], dict) else {}
        )
        for state, fields in delta.items():
            for name, value in fields.items():
                if "rxportal" in state:
                    found[f"{state.rpartition('____')[2]}.{name}"] = json.dumps(value, sort_keys=True)

    return found


def _until(socket: Socket, mark: str, seconds: float) -> str:
    text = ""
    while True:
        frame = socket.raw_receive(seconds)
        if frame == "2":
            socket.raw_send("3")
        elif mark in frame:
            if f"{mark}-1" not in frame:
                return text
        else:
            text += frame.removeprefix(f"42{NAMESPACE},")
