"""Views that were made of what was read, given again while the database reads the same (ADR 0006).

Nothing of it is reachable without reading: who asks is identified and authorized as always, every statement that the
view was made of runs again with this reader's rights and at this instant, and only where each gives what it gave before
is the view not made anew. It saves the making, never the asking.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, cast

from sqlmodel import Session

from rxportal.core.reading import Closed, Reading, Step
from rxportal.core.scopes import AccountScope, Chart

MOST_BYTES = 32_000_000
MOST_OF_ONE = 1_000_000
#: Seconds: as long as a signed-out tab's own state would stay.
LONGEST = 1_800.0


@dataclass
class Made:
    """A view as bytes, so that whoever gets it has a copy; what was read for it; what its audit lines say."""

    view: bytes
    steps: list[Step]
    details: list[dict[str, Any]]
    size: int
    used: float


@dataclass
class Shelf:
    """The views that one process keeps: the least used go first, and whatever nobody asked for in half an hour."""

    most: int = MOST_BYTES
    _made: OrderedDict[Hashable, Made] = field(default_factory=OrderedDict)
    _held: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def view(self, scope: Chart | AccountScope, function: Callable[..., Any], inputs: dict[str, Any]) -> Any:
        """What the function makes for this scope, made anew only if something that it reads is different now."""
        key = key_of(scope, function, inputs)
        reading = close(scope)
        if isinstance(scope, Chart) and scope.access.preview:
            return function(scope, **inputs)
        made = self._taken(key)
        if made is not None and all(same() for same in [step.same(reading) for step in made.steps]):
            for told, detail in zip(_details(scope), made.details, strict=True):
                told.update(detail)
            return pickle.loads(made.view)  # noqa: S301  (our own bytes, from this process's memory)
        reading.steps.clear()
        view = function(scope, **inputs)
        self._keep(key, view, reading, [dict(one) for one in _details(scope)])
        return view

    def _taken(self, key: Hashable) -> Made | None:
        with self._lock:
            made = self._made.get(key)
            if made is not None:
                self._made.move_to_end(key)
                made.used = time.monotonic()
            return made

    def _keep(self, key: Hashable, view: Any, reading: Reading, details: list[dict[str, Any]]) -> None:
        packed = pickle.dumps(view)
        size = len(packed) + sum(step.size() for step in reading.steps)
        with self._lock:
            self._drop(key)
            if size <= MOST_OF_ONE:
                self._made[key] = Made(packed, list(reading.steps), details, size, time.monotonic())
                self._held += size
            while self._held > self.most:
                self._drop(next(iter(self._made)))

    def tidy(self) -> None:
        """Forget what nobody asked for in a long time."""
        with self._lock:
            for key in [key for key, made in self._made.items() if time.monotonic() - made.used > LONGEST]:
                self._drop(key)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._made.clear()
            self._held = 0

    def _drop(self, key: Hashable) -> None:
        made = self._made.pop(key, None)
        self._held -= made.size if made else 0


def key_of(scope: Chart | AccountScope, function: Callable[..., Any], inputs: dict[str, Any]) -> Hashable:
    """Everything but the rows and the clock that a view depends on: one account's views are never another's."""
    whose = (scope.patient, scope.practice) if isinstance(scope, Chart) else ()
    actor = scope.actor
    return (
        function.__name__,
        tuple(sorted(inputs.items())),
        actor.account_id,
        actor.name,
        actor.places,
        scope.access,
        whose,
    )


def close(scope: Chart | AccountScope) -> Reading:
    """Let the scope read by what is kept alone."""
    opens = scope.open if isinstance(scope, AccountScope) else None
    reading = scope.reading = Reading(scope.session, scope.now, opens)
    scope.session = cast("Session", Closed())
    scope.now = cast("Any", Closed())
    return reading


def _details(scope: Chart | AccountScope) -> list[dict[str, Any]]:
    charts = scope.opened if isinstance(scope, AccountScope) else []
    return [scope.detail, *(chart.detail for chart in charts)]
