"""What this process runs with: installed once by whoever starts it, read by states, HTTP routes and jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from rxportal.core.errors import Unavailable
from rxportal.core.kernel import Kernel
from rxportal.settings import Settings

T = TypeVar("T")
THREADS = 8
HASHING_THREADS = 2


@dataclass
class Runtime:
    """The kernel, the settings, and the threads in which use cases run off the event loop."""

    kernel: Kernel
    settings: Settings
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS, "use-case"))
    hashing: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(HASHING_THREADS, "password"))

    async def off_loop(self, work: Callable[..., T], *arguments: Any, **inputs: Any) -> T:
        """Run blocking work in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, partial(work, *arguments, **inputs))

    async def hash_off_loop(self, work: Callable[..., T], *arguments: Any) -> T:
        """Hash or check a password in threads of its own: a storm of sign-ins holds nobody else up."""
        return await asyncio.get_running_loop().run_in_executor(self.hashing, partial(work, *arguments))


_installed: list[Runtime] = []


def install(runtime: Runtime) -> None:
    """Make this the process's runtime."""
    _installed[:] = [runtime]


def current() -> Runtime:
    """The process's runtime.

    Raises:
        Unavailable: the process has not started yet, or is stopping.
    """
    if not _installed:
        raise Unavailable
    return _installed[0]
