"""The states of open tabs in Redis, for several workers: an event waits for Redis twice, not five times (ADR 0008)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Unpack
from uuid import uuid4

import reflex as rx
from reflex.istate.manager import StateModificationContext
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken, StateToken
from reflex.state import BaseState
from reflex_base.utils.exceptions import LockExpiredError, StateSchemaMismatchError

from rxportal.state.guard import TabState

log = logging.getLogger(__name__)
# KEYS: the lock, then states; ARGV: whose lock it is, how long states are kept (s), then the states. Nothing is written
# and nothing let go where the lock is somebody else's by now. Gives how long it would have held (ms), or nil.
WRITE_AND_LET_GO = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return nil
end
for i = 2, #KEYS do
    redis.call('SET', KEYS[i], ARGV[i + 1], 'EX', ARGV[2])
end
local left = redis.call('PTTL', KEYS[1])
redis.call('DEL', KEYS[1])
return left
"""


@dataclass
class SharedStates(StateManagerRedis):
    """Reflex's own manager with fewer round trips.

    It takes the lock and reads in one, writes and lets go in another. Whatever is unusual (the lock is taken, somebody
    waits for it, what is asked for is no tree of states) goes Reflex's own way, and both keep the same locks and keys.
    `asked_always`: the guard looks at these before every event, so they are read with whatever else is read.
    """

    asked_always: tuple[type[BaseState], ...] = (TabState,)
    _read_for: dict[type[BaseState], list[type[BaseState]]] = field(default_factory=dict, init=False)

    @asynccontextmanager
    async def modify_state(  # type: ignore[override]
        self, token: StateToken[Any], **context: Unpack[StateModificationContext]
    ) -> AsyncIterator[Any]:
        """The states that an event needs, for as long as nobody else may change them.

        Raises:
            LockExpiredError: the event took longer than the lock holds; nothing of it was kept.
        """
        lock, mine = self._lock_key(token), uuid4().hex.encode()
        ours = isinstance(token, BaseStateToken) and not self._oplock_enabled and not self._n_lock_waiters(lock)
        classes = self._classes(token.cls) if ours else []
        found = await self._taken(token, lock, mine, classes) if ours else None
        if found is None:
            async with super().modify_state(token, **context) as state:
                yield state
            return
        writes: list[tuple[str, bytes]] = []
        finished = False
        try:
            root = tree(classes, found)
            yield root
            writes = self._collect_state_writes(token, root)
            finished = True
        finally:
            try:
                left = await self._let_go(lock, mine, writes)
            finally:
                self._notify_next_waiter(lock)
            if finished and left is None:
                raise LockExpiredError("an event took longer than the lock of its states holds")
            seconds = (self.lock_expiration - (left or self.lock_expiration)) / 1000
            if seconds * 1000 > self.lock_warning_threshold:
                log.warning("an event held the lock of its states for %.1f s", seconds)

    async def _taken(
        self, token: BaseStateToken, lock: bytes, mine: bytes, classes: Sequence[type[BaseState]]
    ) -> list[bytes | None] | None:
        """Take the lock and read, in one; None: somebody else has the lock."""
        pipe = self.redis.pipeline(transaction=False)  # one after the other all the same: read under the lock
        pipe.set(lock, mine, px=self.lock_expiration, nx=True)
        pipe.mget([token._state_key(one) for one in classes])  # noqa: SLF001  (Reflex's own key, for both ways)
        try:
            locked, found = await pipe.execute()
        except asyncio.CancelledError:
            await asyncio.shield(self._let_go(lock, mine, []))  # Redis may have given it to us all the same
            raise
        return list(found) if locked else None

    async def _let_go(self, lock: bytes, mine: bytes, writes: Sequence[tuple[str, bytes]]) -> int | None:
        """Write and give the lock back, in one; None: it was not ours any more, and nothing was written."""
        run: Any = self.redis.eval
        asked = (
            WRITE_AND_LET_GO, 1 + len(writes), lock, *(key for key, _ in writes),
            mine, self.token_expiration, *(packed for _, packed in writes),
        )  # fmt: skip
        try:
            left: int | None = await run(*asked)
        except asyncio.CancelledError:
            await asyncio.shield(run(*asked))  # it may not have left; done twice, it does nothing the second time
            raise
        return left

    def _classes(self, asked: type[BaseState]) -> list[type[BaseState]]:
        """What is read when this one is asked for: parents first."""
        known = self._read_for.get(asked)
        if known is None:
            needed = self._get_required_state_classes(asked, subclasses=True)
            for one in self.asked_always:
                needed |= self._get_required_state_classes(one)
            known = self._read_for[asked] = sorted(needed, key=lambda one: one.get_full_name())
        return known


def tree(classes: Sequence[type[BaseState]], found: Sequence[bytes | None]) -> BaseState:
    """States as they were written, or new, each below its parent; the root. `classes`: parents first."""
    made: dict[str, BaseState] = {}
    for kind, packed in zip(classes, found, strict=True):
        state: BaseState | None = None
        if packed is not None:
            with suppress(StateSchemaMismatchError):  # of another version of the portal
                state = BaseState._deserialize(data=packed)  # noqa: SLF001  (as Reflex reads it)
        if state is None:
            state = kind(init_substates=False, _reflex_internal_init=True)
        name = kind.get_full_name()
        parent, _, own = name.rpartition(".")
        if parent:
            made[parent].substates[own] = state
            state.parent_state = made[parent]
        made[name] = state
    return made[classes[0].get_full_name()]


def share_states(app: rx.App) -> None:
    """Where states stand in Redis, let this manager hold them."""
    found = app.state_manager
    if isinstance(found, StateManagerRedis):
        app._state_manager = SharedStates(  # type: ignore[abstract]  # noqa: SLF001  (its overloads, not its methods)
            redis=found.redis,
            token_expiration=found.token_expiration,
            lock_expiration=found.lock_expiration,
            lock_warning_threshold=found.lock_warning_threshold,
        )
