"""The open sockets of one worker: so many an address, and all closed when the portal stops."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import Scope


def address_of(scope: Scope, hops: int) -> str:
    """The client's address; X-Forwarded-For counts only through so many proxies as the settings name."""
    named = Headers(scope=scope).get("x-forwarded-for", "")
    forwarded = [part.strip() for part in named.split(",") if part.strip()]
    if hops and len(forwarded) >= hops:
        return forwarded[-hops]
    client = scope.get("client")
    return str(client[0]) if client else ""


@dataclass
class OpenSockets:
    """Each socket holds a page's state in memory, so nobody may open any number of them."""

    most: int
    _tasks: set[asyncio.Task[None] | None] = field(default_factory=set)
    _of: Counter[str] = field(default_factory=Counter)

    def room_for(self, address: str) -> bool:
        """Whether one more may be opened from here."""
        return self._of[address] < self.most

    @contextmanager
    def kept(self, address: str) -> Iterator[None]:
        """One socket, for as long as it is open."""
        task = asyncio.current_task()
        self._tasks.add(task)
        self._of[address] += 1
        try:
            yield
        finally:
            self._tasks.discard(task)
            self._of[address] -= 1
            self._of += Counter()  # forgets who has none

    def close(self) -> None:
        """End every open socket; browsers come back when the portal is there again."""
        for task in list(self._tasks):
            if task is not None:
                task.cancel()
