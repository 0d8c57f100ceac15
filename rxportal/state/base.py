"""What every page's state has: its four states, one way to call a use case, one way to fail."""

from __future__ import annotations

import hashlib
import logging
import secrets
import traceback
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import reflex as rx

from rxportal.core.cookies import credentials_of
from rxportal.core.errors import InvalidInput, NotAllowed, NotFound, NotFresh, NotSignedIn, PortalError
from rxportal.core.identity import Credentials
from rxportal.core.runtime import current
from rxportal.core.text import _
from rxportal.state.guard import shut, turn_out
from rxportal.state.prove import ProveState
from rxportal.state.tabs import TABS

T = TypeVar("T")
log = logging.getLogger(__name__)
MOST_VIEWED = 30
FAULT = _("Something on our side went wrong. Nothing was changed. Try again, or call us with this code.")
ENDED = _("Your access to this chart has ended. Whoever’s chart it is, or the practice, can tell you why.")


def report(fault: BaseException, doing: str) -> str:
    """Log a fault without any value of it, only where it happened; the reference code to show.

    Exception texts and arguments may carry patient data, so neither is written.
    """
    reference = secrets.token_hex(4)
    places = " < ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
        for frame in reversed(traceback.extract_tb(fault.__traceback__)[-6:])
    )
    log.error("fault %s doing %s: %s at %s", reference, doing, type(fault).__name__, places)
    return reference


def view_of(case: Callable[..., Any], grant: str | None, inputs: dict[str, Any]) -> str:
    """What is looked at, as one digest."""
    return hashlib.sha256(repr((case.__name__, grant, sorted(inputs.items()))).encode(errors="replace")).hexdigest()


def _reconnected(token: str) -> bool:
    """Whether the framework asks, because the tab's socket connected, and not the person."""
    tab = TABS.known(token)
    return tab is not None and tab.connecting


class PageState(rx.State, mixin=True):
    """Mixin of every page's state. `phase` is loading, ready, empty or failed; `message` what to do when it failed.

    `_topics`: what its chart, desk or account changes by. `_wide`: it shows something of every chart one may open.
    """

    phase: str = "loading"
    message: str = ""
    reference: str = ""
    field: str = ""
    chart_key: str = ""

    _topics: ClassVar[tuple[str, ...]] = ()
    _wide: ClassVar[bool] = False
    _case: str = ""
    _path: str = ""
    _viewed: list[str] = []

    def _grant(self) -> str:
        """Whose chart: `?for=` of the page's own address, read from this very event."""
        return str(self.router.url.query_parameters.get("for", ""))

    def _watch(self) -> None:
        """From now on this tab shows this page: live changes of its topics call its `refresh`."""
        tab = TABS.known(self.router.session.client_token)
        if tab:
            tab.topics = frozenset(self._topics)
            tab.wide = self._wide
            tab.refresh = getattr(type(self), "refresh", None)

    async def _perform(self, case: Callable[..., T], *, live: bool = False, **inputs: Any) -> T | None:
        """Run a use case as the person behind this tab's cookie on the chart of this tab's address.

        None: it was refused or failed, and `message`, `field` and `reference` say so. `live`: the page reads again
        by itself; believed only for what this tab has shown before, so that no view goes without its audit line.

        Raises:
            NotSignedIn: the session ended between the guard and here.
        """
        router = self.router  # each look at it puts it together anew
        credentials = credentials_of(router.headers.cookie or "")
        grant = str(router.url.query_parameters.get("for", "")) or None
        reconnected = _reconnected(router.session.client_token)
        if self.chart_key != (grant or ""):
            # another person's chart: nothing of the one before may stand under this address
            self.reset()
            self.chart_key = grant or ""
        view = view_of(case, grant, inputs)
        again = (live or reconnected) and view in self._viewed
        try:
            result = await self._looked(case, credentials, grant, live=again, **inputs)
        except NotSignedIn:
            await turn_out(self._get_root_state())
            raise
        except NotFresh:
            # not this page's message: the dialog asks, what was typed stays, and the same act goes on
            self.message = self.reference = self.field = ""
            await (await self.get_state(ProveState))._ask()  # noqa: SLF001 (a state's own word for: no browser calls it)
            return None
        except PortalError as refusal:
            message = refusal.message
            if isinstance(refusal, NotFound | NotAllowed):
                shown = self._case != "" and (live or reconnected)
                await shut(self._get_root_state(), credentials)
                self.chart_key = grant or ""
                # what this page has shown and may show no more: the person is told that it ended, nothing else
                message = ENDED if shown and self._case == "" else message
            self._fail(message, field=refusal.field if isinstance(refusal, InvalidInput) else "")
            return None
        except Exception as fault:  # noqa: BLE001  (a fault of ours becomes a sentence with a code)
            self._fail(FAULT, reference=report(fault, case.__name__))
            return None
        self.message = self.reference = self.field = ""
        self._case, self._path = case.__name__, str(router.url.path)
        if not again:
            self._viewed = [*self._viewed, view][-MOST_VIEWED:]
        return result  # type: ignore[no-any-return]

    async def _looked(
        self, case: Callable[..., T], credentials: Credentials, grant: str | None, *, live: bool, **inputs: Any
    ) -> T:
        """Run a use case off the event loop; whatever comes of it, the session was looked at."""
        runtime = current()
        try:
            return await runtime.off_loop(runtime.kernel.perform, case, credentials, grant, live=live, **inputs)
        except InvalidInput:
            await runtime.off_loop(runtime.kernel.actor_of, credentials)  # inputs are read before anybody is asked for
            raise

    def _fail(self, message: str, *, reference: str = "", field: str = "") -> None:
        """Say what went wrong; a page that was already filled keeps showing what it has."""
        self.message, self.reference, self.field = message, reference, field
        if self.phase == "loading":
            self.phase = "failed"
