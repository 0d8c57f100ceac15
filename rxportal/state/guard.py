"""Before every Reflex event: default deny, who is behind the socket, and nothing left of anybody else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

import reflex as rx
from reflex.state import State
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext

from rxportal.core.access import Actor, Permission
from rxportal.core.cookies import credentials_of
from rxportal.core.errors import NotSignedIn, Unavailable
from rxportal.core.identity import Anonymous, Credentials, SessionToken, token_hash
from rxportal.core.runtime import current
from rxportal.state.tabs import TABS

Handler = TypeVar("Handler", bound=Callable[..., Any])
log = logging.getLogger(__name__)
PUBLIC = "public"
SIGN_IN = "/sign-in?out=1"
SEND_EVERYTHING = ("hydrate", "hydrate_and_load")
# They queue a page's own events, each guarded by itself, or say that the page is ready: nothing of anybody.
TELLS_NOTHING = ("on_load_internal", "set_is_hydrated")
FRAMEWORK = ("hydrate", "hydrate_and_load", "on_load_internal", "set_is_hydrated")


def policy(permission: Permission | str) -> Callable[[Handler], Handler]:
    """Say who may call a handler: stands below `@rx.event`. Without it, the guard denies the handler."""

    def mark(handler: Handler) -> Handler:
        handler.__policy__ = permission  # type: ignore[attr-defined]
        return handler

    return mark


class TabState(rx.State):
    """Whose screen this tab's state was filled for."""

    _whose: str = ""


def policy_of(name: str) -> Permission | str | None:
    """The policy of an event by its full name; None: unknown, undeclared, or the framework's own."""
    entry = RegistrationContext.get().event_handlers.get(name)
    return getattr(entry.handler.fn, "__policy__", None) if entry else None


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
        credentials = credentials_of(root.router.headers.cookie or "")
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
        return rx.state.StateUpdate(delta=delta, events=Event.from_event_type(rx.redirect(SIGN_IN)))

    async def _actor(self, root: rx.State, credentials: Credentials) -> Actor | None:
        """Who is behind this tab's socket, from the database; None: nobody."""
        tab = TABS.known(root.router.session.client_token)
        actor = None
        if not isinstance(credentials, Anonymous):
            runtime = current()
            try:
                actor = await runtime.off_loop(runtime.kernel.actor_of, credentials)
            except NotSignedIn:
                actor = None
        if tab:
            tab.session_id = str(actor.session_id) if actor else ""
            tab.account_id = str(actor.account_id) if actor else ""
            tab.practice_id = str(actor.places[0].practice_id) if actor and actor.places else ""
            if actor is None:
                tab.patient_id = ""
        return actor


async def clear_unless(root: rx.State, credentials: Credentials) -> bool:
    """Wipe every state of the tab when it was filled for another cookie or for a session that is over (Anonymous)."""
    who = token_hash(credentials.value) if isinstance(credentials, SessionToken) else ""
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
