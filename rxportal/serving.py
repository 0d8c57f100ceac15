"""What a worker process serves: the app, inside the outermost layer, so that no answer leaves without its headers."""

from __future__ import annotations

import asyncio
import os
import threading
import time

from starlette.types import ASGIApp, Receive, Scope, Send

from rxportal.api.front import LET_GO, Front
from rxportal.settings import load_settings

PARENT_POLL_SECONDS = 0.2


def portal() -> ASGIApp:
    """The ASGI application of one worker (granian calls this in each)."""
    from rxportal.rxportal import app  # late: importing it makes the whole app

    end_with_parent()
    front = Front(app(), load_settings())
    _ = front.site  # read now: a missing build is said at start, not at the first visit

    async def worker(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            asyncio.get_running_loop().add_signal_handler(LET_GO, front.close_sockets)
        await front(scope, receive, send)

    return worker


def end_with_parent() -> None:
    """Stop this worker when its server was killed: it would go on holding the port."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_POLL_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
