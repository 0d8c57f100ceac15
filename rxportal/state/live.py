"""Live updates inside Reflex: each worker tells its own tabs, which read again with their own rights."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import reflex as rx
from reflex_base.event import Event

from rxportal.core.errors import PortalError
from rxportal.core.identity import Operator
from rxportal.core.live import GRANTS, Change
from rxportal.core.runtime import Runtime, current
from rxportal.services.sessions import SessionTime, session_times
from rxportal.state.base import report
from rxportal.state.faults import FaultState
from rxportal.state.idle import IdleState
from rxportal.state.session import SessionState
from rxportal.state.tabs import TABS, Tab

log = logging.getLogger(__name__)
SETTLE = 0.02
EVERY = 1.0
GOODBYE = 0.5


async def call(app: rx.App, tab: Tab, handler: Any, *arguments: Any) -> None:
    """Queue one of our own events for a tab: guarded like any other, with the router data of its last own event."""
    namespace, processor = app.event_namespace, app.event_processor
    if namespace is None or not tab.router_data:
        return
    if tab.token not in namespace._token_manager.token_to_socket:
        return
    made = handler(*arguments) if arguments else handler
    with app.set_contexts():
        for event in Event.from_event_type(made):
            await processor.enqueue(
                tab.token, Event(name=event.name, payload=event.payload, router_data=dict(tab.router_data))
            )


async def relay(app: rx.App, runtime: Runtime) -> None:
    """Every change to the tabs that it concerns; changes that come together make one reading."""
    waiting: dict[str, Tab] = {}
    task: asyncio.Task[None] | None = None

    async def deliver() -> None:
        while waiting:  # a change that comes while others are told must not wait for the next one
            await asyncio.sleep(SETTLE)
            tabs = list(waiting.values())
            waiting.clear()
            for tab in tabs:
                if tab.refresh is not None:
                    await call(app, tab, tab.refresh)

    async for change in runtime.kernel.bus.listen():
        if change.scope == "session":
            await tell_session(app, change)
            continue
        if change.scope == "account" and change.topic == GRANTS:
            await tell_grants(app, change)
            continue
        if change.scope == "all":
            await take_back(app)
        waiting.update({tab.token: tab for tab in TABS if tab.refresh is not None and tab.concerns(change)})
        if waiting and (task is None or task.done()):
            task = asyncio.create_task(deliver())


async def tell_grants(app: rx.App, change: Change) -> None:
    """What this account may open changed: its tabs read frame and page again, and close what is not theirs now."""
    for tab in TABS:
        if tab.account_id == change.id:
            await call(app, tab, SessionState.refresh)
            if tab.refresh is not None:
                await call(app, tab, tab.refresh)


async def take_back(app: rx.App) -> None:
    """What was away is back: pages that were told so stop saying it."""
    for tab in TABS:
        if tab.told:
            tab.told = False
            await call(app, tab, FaultState.dismiss)


async def tell_session(app: rx.App, change: Change) -> None:
    """A session ended or was extended: all its tabs here."""
    for tab in TABS:
        if tab.session_id != change.id:
            continue
        if change.topic == "ended":
            await say_goodbye(app, tab)
        else:
            tab.warned = False
            await call(app, tab, IdleState.calm)


async def say_goodbye(app: rx.App, tab: Tab) -> None:
    """Empty the tab's screen, then close its socket."""
    await call(app, tab, IdleState.ended)
    asyncio.get_running_loop().call_later(GOODBYE, lambda sid=tab.sid: asyncio.ensure_future(hang_up(app, sid)))


async def hang_up(app: rx.App, sid: str) -> None:
    """Close one socket."""
    if app.event_namespace is not None and app.sio is not None and sid:
        await app.sio.disconnect(sid, namespace=app.event_namespace.namespace)


async def watch_sessions(app: rx.App, runtime: Runtime) -> None:
    """Warn before a session ends by itself, and end it on the screen when it does."""
    limits, warn = runtime.kernel.limits, runtime.settings.warn_seconds
    while True:
        await asyncio.sleep(EVERY)
        ids = sorted({tab.session_id for tab in TABS if tab.session_id})
        if not ids:
            continue
        try:
            times: list[SessionTime] = await runtime.off_loop(
                runtime.kernel.perform,
                session_times,
                Operator("session watch"),
                live=True,
                session_ids=ids,
                idle_seconds=int(limits.idle.total_seconds()),
                absolute_seconds=int(limits.absolute.total_seconds()),
            )
        except PortalError as fault:
            log.warning("sessions could not be watched: %s", fault.code)
            continue
        tabs = TABS.by_session()
        for time in times:
            left = (time.ends_at - runtime.kernel.clock()).total_seconds()
            await remind(app, tabs.get(str(time.session_id), []), time, left, warn)


async def remind(app: rx.App, tabs: list[Tab], time: SessionTime, left: float, warn: int) -> None:
    """Bring the tabs of one session up to its clock."""
    for tab in tabs:
        if tab.session_id != str(time.session_id):
            continue  # signed in anew while the others were reminded
        if time.ended:
            tab.session_id = ""
            await say_goodbye(app, tab)
        elif left <= warn and not tab.warned:
            tab.warned = True
            await call(app, tab, IdleState.warn_soon, max(1, math.ceil(left / 60)))
        elif left > warn and tab.warned:
            tab.warned = False
            await call(app, tab, IdleState.calm)


async def keep(work: Any, name: str) -> None:
    """Run a lifelong task again when it fails: one fault must not end live updates for good."""
    while True:
        try:
            await work()
        except asyncio.CancelledError:
            raise
        except Exception as fault:  # noqa: BLE001  (whatever it is, the task must live on)
            report(fault, name)
        await asyncio.sleep(EVERY)


@asynccontextmanager
async def live_updates(app: rx.App) -> AsyncIterator[None]:
    """The lifelong tasks of one worker."""
    runtime = current()
    tasks = [
        asyncio.create_task(keep(lambda: relay(app, runtime), "live updates")),
        asyncio.create_task(keep(lambda: watch_sessions(app, runtime), "session watch")),
        asyncio.create_task(keep(lambda: housekeeping(runtime), "housekeeping")),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def housekeeping(runtime: Runtime) -> None:
    """Write counted refusals down once a minute."""
    while True:
        await asyncio.sleep(60)
        await runtime.off_loop(runtime.kernel.flush_refusals)
