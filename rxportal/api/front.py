"""The outermost layer of the portal: what may come in, what goes out with which headers, and the built pages.

Every response passes here, the framework's and its faults included, so that no route can forget a header.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers as Incoming
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rxportal.api.error_page import error_page, words
from rxportal.api.greeting import greeted
from rxportal.api.headers import Headers, completed, content_policy, security_headers
from rxportal.api.site import PRIVATE, Served, Site, load_site
from rxportal.api.sockets import OpenSockets, address_of
from rxportal.core.logs import places
from rxportal.settings import Settings

log = logging.getLogger(__name__)

SITE: Final = Path(__file__).resolve().parent.parent.parent / ".site"
SOCKET: Final = "/_event"
METHODS: Final = frozenset({"GET", "HEAD", "POST"})
# Signed by who sends them, so their origin says nothing.
SIGNED: Final = ("/webhooks/",)
# What the framework offers and this portal does not: uploads without sign-in, routes for other platforms.
CLOSED: Final = ("/_", "/ping", "/auth-codespace")
# Sent to a worker before it is stopped: it would wait for every open page, and be killed before it could tidy up.
LET_GO: Final = signal.SIGUSR1
FORM_BYTES: Final = 64 * 1024
WEBHOOK_BYTES: Final = 1024 * 1024


class BodyTooLarge(Exception):
    """More was sent than this address takes."""


@dataclass
class Front:
    """Wraps an ASGI application."""

    app: ASGIApp
    settings: Settings

    @cached_property
    def site(self) -> Site:
        """The built front end, read when it is first asked for: building it imports the app too."""
        return load_site(SITE)

    @cached_property
    def _fixed(self) -> Headers:
        return security_headers(self.settings)

    def _policy(self, scripts: tuple[str, ...]) -> tuple[bytes, bytes]:
        if scripts not in self._policies:
            self._policies[scripts] = content_policy(scripts, self.settings.origin).encode()
        return (b"content-security-policy", self._policies[scripts])

    @cached_property
    def _policies(self) -> dict[tuple[str, ...], bytes]:
        return {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or open one socket."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        elif self._may_connect(scope):
            await self._socket(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One open socket, remembered so that it can be closed when the portal stops."""
        address = address_of(scope, self.settings.trusted_proxy_hops)
        if not self._sockets.room_for(address):
            log.warning("a socket was refused: too many are open from one address")
            await send({"type": "websocket.close", "code": 1013})
            return
        with self._sockets.kept(address):
            try:
                await self.app(*greeted(scope, receive), send)
            except asyncio.CancelledError:
                await send({"type": "websocket.close", "code": 1012})

    def close_sockets(self) -> None:
        """End every open socket: the portal stops."""
        self._sockets.close()

    @cached_property
    def _sockets(self) -> OpenSockets:
        return OpenSockets(self.settings.sockets_per_address)

    def _may_connect(self, scope: Scope) -> bool:
        """Only the one socket, only from our own pages."""
        origin = Incoming(scope=scope).get("origin", "")
        return scope["path"].rstrip("/") == SOCKET and self._own(origin, scope)

    def _own(self, origin: str, scope: Scope) -> bool:
        """Whether an origin is ours. In production only the public address is; elsewhere also the address asked for."""
        if origin == self.settings.origin:
            return True
        host = Incoming(scope=scope).get("host", "")
        parts = urlsplit(origin)
        return (
            not self.settings.production and bool(host) and parts.scheme in {"http", "https"} and parts.netloc == host
        )

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope)
        if refusal:
            await self.error(scope, send, refusal)
            return
        if scope["method"] != "POST":
            served = self.site.find(scope["path"])
            if served is not None:
                await self._file(scope, send, served)
                return
        await self._through(scope, receive, send)

    def _refusal(self, scope: Scope) -> int:
        """The status with which this request is turned away at once; 0 when it may go on."""
        path, headers = scope["path"], Incoming(scope=scope)
        if path.startswith(CLOSED):
            return 404
        if scope["method"] not in METHODS:
            return 405
        if scope["method"] == "POST" and not path.startswith(SIGNED) and not self._from_own_page(scope, headers):
            return 403
        length = headers.get("content-length", "0")
        if not (length.isdecimal() and len(length) < 12):
            return 400
        return 413 if int(length) > _limit(path) else 0

    def _from_own_page(self, scope: Scope, headers: Incoming) -> bool:
        """Whether a browser says that this comes from a page of ours; a client that says nothing is turned away."""
        site = headers.get("sec-fetch-site", "")
        if site and site != "same-origin":
            return False
        origin = headers.get("origin", "")
        return self._own(origin, scope) if origin else site == "same-origin"

    async def _through(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask the application, and see to it that its answer, or its fault, leaves in our form."""
        answer = _Answer(self, scope, send)
        try:
            await self.app(scope, _counted(receive, _limit(scope["path"])), answer.send)
            await answer.finish()
        except BodyTooLarge:
            await answer.replace(413)
        except Exception as fault:  # noqa: BLE001 (the last place that can still answer)
            reference = secrets.token_hex(4)
            log.error("fault %s in %s: %s", reference, _route(scope), places(fault))  # noqa: TRY400 (no message of it)
            await answer.replace(500, reference=reference)

    async def _file(self, scope: Scope, send: Send, served: Served) -> None:
        asked = Incoming(scope=scope)
        body, coding = served.pick(asked.get("accept-encoding", ""))
        etag = f'"{served.etag}{"-" + coding if coding else ""}"'
        headers = [
            (b"content-type", served.content_type.encode()),
            (b"cache-control", served.cache.encode()),
            (b"etag", etag.encode()),
            (b"vary", b"accept-encoding"),
            self._policy(served.scripts),
        ]
        if coding:
            headers.append((b"content-encoding", coding.encode()))
        if etag in asked.get("if-none-match", ""):
            await self._respond(scope, send, 304, headers, b"")
            return
        await self._respond(scope, send, 200, headers, body)

    async def error(
        self, scope: Scope, send: Send, status: int, reference: str = "", extra: Headers | None = None
    ) -> None:
        """A page for people, one plain sentence for programs."""
        if "text/html" in Incoming(scope=scope).get("accept", ""):
            kind, body = "text/html; charset=utf-8", self._page(status, reference)
        else:
            kind, body = "text/plain; charset=utf-8", " ".join(words(status)).encode()
        headers = [(b"content-type", kind.encode()), (b"cache-control", PRIVATE.encode()), *(extra or [])]
        await self._respond(scope, send, status, headers, body)

    def complete(self, headers: Headers) -> Headers:
        """A response's headers with ours; only pages of the build bring a content policy of their own."""
        own = [] if any(name == b"content-security-policy" for name, _ in headers) else [self._policy(())]
        return completed(headers, [*self._fixed, *own], PRIVATE)

    def _page(self, status: int, reference: str) -> bytes:
        return error_page(
            status,
            stylesheet=self.site.stylesheet,
            practice=self.settings.practice_name,
            phone=self.settings.practice_phone,
            reference=reference,
        )

    async def _respond(self, scope: Scope, send: Send, status: int, headers: Headers, body: bytes) -> None:
        whole = self.complete(headers)
        if status != 304:
            whole.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": whole})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


class _Answer:
    """What the application sends back, on its way out."""

    def __init__(self, front: Front, scope: Scope, send: Send) -> None:
        self._front = front
        self._scope = scope
        self._send = send
        self._started = False
        self._bare_error: tuple[int, Headers] | None = None

    async def send(self, message: Message) -> None:
        """Complete the headers; a bare error of the framework (plain text) waits for `finish`, to become a page."""
        if self._bare_error is not None:
            return
        if message["type"] == "http.response.start":
            headers = [(bytes(name), bytes(value)) for name, value in message["headers"]]
            if message["status"] >= 400 and _bare(headers):
                kept = [each for each in headers if each[0].lower() in {b"retry-after", b"allow"}]
                self._bare_error = (message["status"], kept)
                return
            self._started = True
            message = {**message, "headers": self._front.complete(headers)}
        await self._send(message)

    async def finish(self) -> None:
        """Send the page in place of a bare error, if there was one."""
        if self._bare_error is not None:
            await self.replace(*self._bare_error)

    async def replace(self, status: int, extra: Headers | None = None, reference: str = "") -> None:
        """Answer with our own error page, unless an answer is already on its way."""
        if not self._started:
            self._started = True
            await self._front.error(self._scope, self._send, status, reference, extra)


def _bare(headers: Headers) -> bool:
    kinds = [value for name, value in headers if name.lower() == b"content-type"]
    return not kinds or kinds[0].startswith(b"text/plain")


def _limit(path: str) -> int:
    return WEBHOOK_BYTES if path.startswith(SIGNED) else FORM_BYTES


def _counted(receive: Receive, limit: int) -> Receive:
    """The request's body, cut off where it exceeds its limit whatever its headers said."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise BodyTooLarge
        return message

    return counted


def _route(scope: Scope) -> str:
    """Method and first segment of the path: enough to find the route, too little to name a record."""
    return f"{scope['method']} /{scope['path'].strip('/').partition('/')[0][:32]}"
