"""Bytes of a chart on their way out: cut off when whoever asked may not open the chart any more (N6).

A slow line takes minutes for a large file. Its access may end, and its session too, while the rest is still with us.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from rxportal.core.cookies import credentials_of
from rxportal.core.errors import PortalError
from rxportal.core.runtime import current
from rxportal.core.usecase import registered

PART: Final = 64 * 1024
EVERY: Final = 1.0
"""Seconds between two looks whether it may go on; what leaves in less was looked at before it began."""


class WhileOpen(Response):
    """An answer that is sent part by part, as long as `allowed` says yes.

    Cut off, it is shorter than its `content-length`, so that a browser keeps no half of it.
    """

    def __init__(self, whole: Response, allowed: Callable[[], Awaitable[bool]]) -> None:
        """`whole`: what is sent if nobody objects."""
        super().__init__(whole.body, whole.status_code)
        self.raw_headers = whole.raw_headers
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  (so ASGI calls it)
        """Send, and look again each second until all is sent."""
        sending = asyncio.create_task(self._send(send))
        try:
            while not (await asyncio.wait({sending}, timeout=EVERY))[0]:
                if not await self._allowed():
                    return
            await sending
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        body = memoryview(self.body)
        for start in range(0, len(body), PART):
            part = bytes(body[start : start + PART])
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def while_open(request: Request, case: Callable[..., Any], whole: Response) -> Response:
    """This answer, as long as whoever asked for it may run the use case that gave it."""
    credentials = credentials_of(request.headers.get("cookie", ""))
    page = (registered(case).name, request.query_params.get("for") or None)

    async def allowed() -> bool:
        runtime = current()
        try:
            (still,) = await runtime.off_loop(runtime.kernel.still_open, credentials, [page])
        except PortalError:
            return False
        return still

    return WhileOpen(whole, allowed)
