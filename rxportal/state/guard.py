"""Before every Reflex event: default deny, who is behind the socket, and nothing left of anybody else."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

import reflex as rx
from reflex.state import State
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext

from rxportal.core.access import Actor, Permission
from rxportal.core.cookies import credentials_of
from rxportal.core.errors import NotSignedIn, Unavailable
from rxportal.core.identity import Anonymous, Credentials, SessionToken, token_hash
from rxportal.core.runtime import current
from rxportal.state.tabs import TABS, Tab

Handler = TypeVar("Handler", bound=Callable[..., Any])
log = logging.getLogger(__name__)
PUBLIC = "public"
SIGN_IN = "/sign-in?out=1"
SEND_EVERYTHING = ("hydrate", "hydrate_and_load")
# They queue a page's own events, each guarded by itself, or say that the page is ready: nothing of anybody.
TELLS_NOTHING = ("on_load_internal", "set_is_hydrated")
# A tab whose handlers look by themselves is still looked at by the guard so often (s): its desk may be another by now.
LOOK_EVERY = 60.0
FRAMEWORK = ("hydrate", "hydrate_and_load", "on_load_internal", "set_is_hydrated")


def policy(permission: Permission | str, *, looks: bool = False) -> Callable[[Handler], Handler]:
    """Say who may call a handler: stands below `@rx.event`. Without it, the guard denies the handler.

    `looks`: it sends nothing before `_perform`, which looks at the session, so the guard need not look as well
    (ADR 0005; tests/security/test_one_look.py calls every such handler with a session that has ended).
    """

    def mark(handler: Handler) -> Handler:
        handler.__policy__ = permission  # type: ignore[attr-defined]
        handler.__looks__ = looks  # type: ignore[attr-defined]
        return handler

    return mark


class TabState(rx.State):
    """Whose screen this tab's state was filled for."""

    _whose: str = ""


def policy_of(name: str) -> Permission | str | None:
    """The policy of an event by its full name; None: unknown, undeclared, or the framework's own."""
    entry = RegistrationContext.get().event_handlers.get(name)
    return getattr(entry.handler.fn, "__policy__", None) if entry else None


def looks(name: str) -> bool:
    """Whether this handler looks at the session itself before it sends anything."""
    entry = RegistrationContext.get().event_handlers.get(name)
    return bool(entry and getattr(entry.handler.fn, "__looks__", False))


def is_framework(name: str) -> bool:
    """The few events of Reflex itself that a page needs; all its others are denied."""
    entry = RegistrationContext.get().event_handlers.get(name)
    own = entry is not None and entry.states[0].__module__.startswith("reflex.")
    return own and name.rpartition(".")[2] in FRAMEWORK


class Guard(rx.Middleware):
    """Runs under the state lock before every queued event, the framework's own included."""

    async def preprocess(self, app: rx.App, state: rx.State, event: Event) -> rx.state.StateUpdate | None:
        """Let the event pass (None), or answer in its place."""
        root = state._get_root_state()
        ours = is_framework(event.name)
        wanted = policy_of(event.name)
        if wanted is None and not ours:
            log.warning("denied an event without a policy")
            return rx.state.StateUpdate()
        if ours and event.name.rpartition(".")[2] in TELLS_NOTHING:
            return None
        router = root.router  # each look at it puts it together anew
        credentials = credentials_of(router.headers.cookie or "")
        if looks(event.name) and await filled_for(root, credentials, TABS.known(router.session.client_token)):
            return None
        try:
            actor = await self._actor(root, credentials)
        except Unavailable:
            # nobody can be asked who this is: only what this very cookie filled may stay
            await clear_unless(root, credentials)
            return None if ours or wanted == PUBLIC else rx.state.StateUpdate(delta=await _unavailable(root, event))
        cleared = await clear_unless(root, credentials if actor else Anonymous())
        if ours and actor is not None and event.name.rpartition(".")[2] in SEND_EVERYTHING:
            await forget_other_pages(root)
            await shut(root, credentials)
        if ours or wanted == PUBLIC or actor is not None:
            return None
        delta = root.get_delta() if cleared else {}
        root._clean()
        return rx.state.StateUpdate(delta=delta, events=Event.from_event_type(rx.redirect(way_out(root))))

    async def _actor(self, root: rx.State, credentials: Credentials) -> Actor | None:
        """Who is behind this tab's socket, from the database; None: nobody."""
        tab = tab_of(root)
        actor = None
        if not isinstance(credentials, Anonymous):
            runtime = current()
            try:
                actor = await runtime.off_loop(runtime.kernel.actor_of, credentials)
            except NotSignedIn:
                actor = None
        if tab:
            tab.whose, tab.looked_at = _key(credentials) if actor else "", time.monotonic()
            tab.session_id = str(actor.session_id) if actor else ""
            tab.account_id = str(actor.account_id) if actor else ""
            tab.practice_id = str(actor.places[0].practice_id) if actor and actor.places else ""
            if actor is None:
                tab.patient_id = ""
        return actor


def tab_of(root: rx.State) -> Tab | None:
    """The tab whose states these are, if it is open here."""
    return TABS.known(root.router.session.client_token)


def way_out(root: rx.State) -> str:
    """Where this tab goes when its session is over."""
    tab = tab_of(root)
    return (tab.leads if tab else "") or SIGN_IN


def _key(credentials: Credentials) -> str:
    return token_hash(credentials.value) if isinstance(credentials, SessionToken) else ""


async def filled_for(root: rx.State, credentials: Credentials, tab: Tab | None) -> bool:
    """Whether this tab holds nothing but what this very cookie filled, which was looked at here not long ago."""
    who = _key(credentials)
    if tab is None or not who or tab.whose != who or time.monotonic() - tab.looked_at > LOOK_EVERY:
        return False
    return (await root.get_state(TabState))._whose == who


async def turn_out(root: rx.State) -> None:
    """The session was over when a use case looked at it: empty the tab and send that at once.

    Of a handler that then fails, Reflex sends no update; `on_fault` leads to the sign-in page.
    """
    if tab := tab_of(root):
        tab.whose = tab.session_id = tab.account_id = tab.practice_id = tab.patient_id = ""
    if await clear_unless(root, Anonymous()):
        delta = root.get_delta()
        root._clean()
        await EventContext.get().emit_delta(delta)


async def clear_unless(root: rx.State, credentials: Credentials) -> bool:
    """Wipe every state of the tab when it was filled for another cookie or for a session that is over (Anonymous)."""
    who = _key(credentials)
    tab = await root.get_state(TabState)
    if tab._whose == who:
        return False
    had_somebody = tab._whose != ""
    if had_somebody:
        await wipe(root)
        tab = await root.get_state(TabState)
    tab._whose = who
    return had_somebody


async def wipe(root: rx.State) -> None:
    """Every state of ours back to its defaults, loaded or not: with Redis only some of the tree is in memory."""
    for state in own_states(State):
        (await root.get_state(state)).reset()


async def shut(root: rx.State, credentials: Credentials) -> None:
    """Empty every page of the tab whose chart or desk this person may no longer open."""
    states = [state for state in own_states(State) if "_case" in state.get_fields()]
    pages = [page for state in states if (page := await root.get_state(state))._case]
    if not pages:
        return
    runtime = current()
    asked = [(page._case, page.chart_key or None) for page in pages]
    for page, still in zip(pages, await runtime.off_loop(runtime.kernel.still_open, credentials, asked), strict=True):
        if not still:
            page.reset()


async def leave(root: rx.State, chart: str) -> None:
    """Empty every page of the tab that shows another chart than the one that the address names now."""
    for state in own_states(State):
        if "_case" in state.get_fields():
            page = await root.get_state(state)
            if page._case and page.chart_key != chart:
                page.reset()


async def forget_other_pages(root: rx.State) -> None:
    """Empty every page but this address's: a socket that connects is sent all states and shows one page."""
    here = str(root.router.url.path), str(root.router.url.query_parameters.get("for", ""))
    for state in own_states(State):
        if "_case" in state.get_fields():
            page = await root.get_state(state)
            if page._case and (page._path, page.chart_key) != here:
                page.reset()


def own_states(parent: type[rx.State]) -> list[type[rx.State]]:
    """Every state class of this project."""
    found: list[type[rx.State]] = []
    for child in sorted(parent.get_substates(), key=lambda state: state.get_full_name()):
        if child.__module__.startswith("rxportal."):
            found.append(child)
        found += own_states(child)
    return found


async def _unavailable(root: rx.State, event: Event) -> dict[str, Any]:
    """The page says that the records can't be reached; what it shows and what was typed stays."""
    entry = RegistrationContext.get().event_handlers[event.name]
    page = await root.get_state(entry.states[0])
    if hasattr(page, "_fail"):
        page._fail(Unavailable().message)
    delta: dict[str, Any] = root.get_delta()
    root._clean()
    return delta
