"""The whole event pipeline without a server: queue, guard, state, use case, delta. What a browser would get is kept."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from typing import Any

from reflex.istate.manager.memory import StateManagerMemory
from reflex.state import State
from reflex_base.event import Event
from reflex_base.event.processor.base_state_processor import BaseStateEventProcessor
from reflex_base.registry import RegistrationContext
from reflex_base.utils import format as names

from rxportal.core import runtime
from rxportal.core.cookies import SESSION
from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.core.runtime import Runtime
from rxportal.settings import Settings
from rxportal.state.tabs import TABS

HIDDEN_ARGUMENTS = 1  # `self`


@cache
def portal() -> Any:
    """The module that assembles the app: importing it registers every page, state and handler."""
    os.environ.setdefault("RXPORTAL_VAR", tempfile.mkdtemp(prefix="rxportal-tests-"))
    os.environ.setdefault("RXPORTAL_ENV", "test")
    os.environ.setdefault("RXPORTAL_STAFF_FACTOR", "optional")
    from rxportal import rxportal

    return rxportal


def name_of(handler: Any) -> str:
    """The full name of an event handler, as the browser sends it."""
    return str(names.format_event_handler(handler))


def framework(name: str) -> str:
    """The full name of one of Reflex's own events."""
    found = [full for full in RegistrationContext.get().event_handlers if full.rpartition(".")[2] == name]
    return next(full for full in sorted(found, key=len) if "rxportal" not in full)


def place(path: str = "/results", query: Mapping[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """Router data as our pages send it."""
    search = "&".join(f"{name}={value}" for name, value in (query or {}).items())
    return {"pathname": path, "query": dict(query or {}), "asPath": path + (f"?{search}" if search else ""), **more}


class Pipeline:
    """One worker's pipeline. `sent` holds every delta and client event by token."""

    def __init__(self, processor: BaseStateEventProcessor, states: StateManagerMemory) -> None:
        self.processor = processor
        self.states = states
        self.sent: dict[str, list[Any]] = {}
        self.faults: list[BaseException] = []

    async def send(
        self,
        token: str,
        name: str | Any,
        payload: Mapping[str, Any] | None = None,
        *,
        cookie: SessionToken | str | None = None,
        at: Mapping[str, Any] | None = None,
        sid: str = "",
    ) -> list[Any]:
        """Send one event as the socket's namespace does after the door, and wait for all that follows from it."""
        header = f"{SESSION}={cookie.value}" if isinstance(cookie, SessionToken) else (cookie or "")
        event = Event(
            name=name if isinstance(name, str) else name_of(name),
            payload=dict(payload or {}),
            router_data={
                **(at if at is not None else place()),
                "headers": {"cookie": header, "origin": "http://localhost:8000"},
                "ip": "127.0.0.1",
                "sid": sid or f"sid-{token}",
                "token": token,
            },
        )
        before = len(self.sent.setdefault(token, []))
        future = await self.processor.enqueue(token, event)
        try:
            await asyncio.wait_for(future.wait_all(), 20)
        except (asyncio.CancelledError, TimeoutError):
            raise
        except Exception as fault:  # noqa: BLE001  (kept for the test to judge)
            self.faults.append(fault)
        return self.sent[token][before:]

    async def text(self, token: str) -> str:
        """All that this tab's state holds, whether it was sent or not."""
        from reflex.istate.manager.token import BaseStateToken
        from reflex_base.registry import RegistrationContext as _  # noqa: F401

        async with self.states.modify_state(BaseStateToken(ident=token, cls=State)) as root:
            return plain(root._get_root_state().dict()) + plain(
                {state.get_full_name(): state._backend_vars for state in walk(root._get_root_state())}
            )

    def heard(self, token: str) -> str:
        """All that was sent to this tab, as one text."""
        return plain(self.sent.get(token, []))


def walk(state: Any) -> Iterator[Any]:
    """A state and everything below it."""
    yield state
    for child in state.substates.values():
        yield from walk(child)


def plain(value: Any) -> str:
    """JSON, whatever is in it."""
    return json.dumps(value, default=lambda one: getattr(one, "__dict__", str(one)), ensure_ascii=False)


@asynccontextmanager
async def pipeline(kernel: Kernel, settings: Settings | None = None) -> AsyncIterator[Pipeline]:
    """The app's own guard and exception handler on a kernel of the test's."""
    module = portal()
    app = module.app
    installed = Runtime(kernel, settings or Settings(env="test", secret_key="s" * 48))
    runtime.install(installed)
    states = StateManagerMemory()
    processor = BaseStateEventProcessor(
        middleware=app, backend_exception_handler=app.backend_exception_handler, graceful_shutdown_timeout=1
    ).configure(state_manager=states)
    made = Pipeline(processor, states)

    async def emit_delta(token: str, delta: Mapping[str, Mapping[str, Any]], **_: Any) -> None:
        made.sent.setdefault(token, []).append({"delta": delta})

    async def emit_event(token: str, *events: Event) -> None:
        made.sent.setdefault(token, []).extend({"event": event.name, "payload": event.payload} for event in events)

    processor._root_context = dataclasses.replace(
        processor._root_context, emit_delta_impl=emit_delta, emit_event_impl=emit_event
    )
    TABS._tabs.clear()
    try:
        async with processor:
            yield made
    finally:
        TABS._tabs.clear()
        runtime._installed.clear()
        installed.threads.shutdown()
        await states.close()


@contextmanager
def logged() -> Iterator[list[str]]:
    """Every log line of the block as the portal would write it: redacted."""
    from rxportal.core.logs import Redaction

    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            copy = logging.makeLogRecord(record.__dict__)
            Redaction().filter(copy)
            lines.append(copy.getMessage())

    keep = Keep()
    logging.getLogger().addHandler(keep)
    try:
        yield lines
    finally:
        logging.getLogger().removeHandler(keep)


def run(work: Callable[[], Any]) -> Any:
    """Run a coroutine function on a loop of its own."""
    return asyncio.run(work())


def redirects(heard: Sequence[Any]) -> list[str]:
    """Where the browser was sent."""
    return [
        str(one["payload"].get("path", ""))
        for one in heard
        if isinstance(one, dict) and one.get("event") == "_redirect"
    ]
