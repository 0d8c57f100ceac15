"""A client of the raw socket, for attacks: Engine.IO and Socket.IO frames by hand, any token, any origin, any bytes."""

from __future__ import annotations

import json
import time
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

NAMESPACE = "/_event"
QUIET_SECONDS = 0.15


class Refused(Exception):
    """The server did not take the socket; `status` is its HTTP answer, 0 where it closed without one."""

    def __init__(self, status: int) -> None:
        super().__init__(f"refused with {status}")
        self.status = status


class Socket:
    """One open socket. Frames that came in are in `heard`, decoded where they are Socket.IO events."""

    def __init__(
        self,
        url: str,
        *,
        cookie: str = "",
        token: str | None = None,
        origin: str | None = "",
        headers: dict[str, str] | None = None,
        boot: dict[str, Any] | None = None,
    ) -> None:
        """Connect to the portal at `url`.

        `token`: the tab's (chosen by the client; None: a new one). `origin`: "" the portal's own, None no header.
        `boot`: the event that rides on the CONNECT packet, as the page's own hydrate event does.
        """
        self.token = str(uuid4()) if token is None else token
        self.heard: list[Any] = []
        sent = dict(headers or {})
        if cookie:
            sent["Cookie"] = cookie
        where = url.replace("http", "ws", 1) + f"{NAMESPACE}/?EIO=4&transport=websocket&token={self.token}"
        try:
            self._wire: ClientConnection = connect(
                where,
                origin=(url if origin == "" else origin),  # type: ignore[arg-type]
                additional_headers=sent,
                open_timeout=5,
                max_size=None,
                ping_interval=None,
                compression=None,
                proxy=None,
                legacy=True,
            )
        except Exception as fault:
            response = getattr(fault, "response", None)
            raise Refused(response.status_code if response is not None else 0) from fault
        self.raw_receive()
        self.raw_send(f"40{NAMESPACE}," + (json.dumps({"event": boot}) if boot else ""))
        self.listen(1.0, until=lambda frame: frame.startswith(("40", "44")))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def raw_send(self, frame: str | bytes) -> None:
        """Put any frame on the wire."""
        self._wire.send(frame)

    def raw_receive(self, seconds: float = 5) -> str:
        """The next frame as it came.

        Raises:
            TimeoutError, ConnectionClosed.
        """
        frame = self._wire.recv(timeout=seconds)
        return frame if isinstance(frame, str) else frame.decode("utf-8", "replace")

    def send(self, name: str, payload: Any = None, router_data: Any = None, **more: Any) -> None:
        """Fire one Reflex event by its full name, e.g. `reflex___state____state.….load`."""
        event = {"name": name, "payload": payload or {}, "router_data": router_data or {}, **more}
        self.raw_send(f"42{NAMESPACE}," + json.dumps(["event", event]))

    def listen(self, seconds: float, until: Any = None) -> list[Any]:
        """Everything that comes within `seconds`, decoded; stops at a frame for which `until` is true."""
        got: list[Any] = []
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                frame = self.raw_receive(left)
            except TimeoutError:
                break
            if frame == "2":
                self.raw_send("3")
                continue
            got.append(_decoded(frame))
            if until is not None and until(frame):
                break
        self.heard += got
        return got

    def ask(self, name: str, payload: Any = None, router_data: Any = None, seconds: float = 5) -> list[Any]:
        """Fire an event and give what comes back: up to `seconds` for the first frame, then until it is quiet."""
        self.send(name, payload, router_data)
        got = self.listen(seconds, until=lambda _: True)
        while got and (more := self.listen(QUIET_SECONDS, until=lambda _: True)):
            got += more
        return got

    @property
    def closed(self) -> bool:
        """Whether the server hung up."""
        try:
            self._wire.recv(timeout=0)
        except TimeoutError:
            return False
        except ConnectionClosed:
            return True
        return False

    @property
    def text(self) -> str:
        """All that was heard, as one string, to look for what must not be in it."""
        return json.dumps(self.heard, ensure_ascii=False)


def _decoded(frame: str) -> Any:
    prefix = f"42{NAMESPACE},"
    if not frame.startswith(prefix):
        return frame
    try:
        return json.loads(frame.removeprefix(prefix))
    except ValueError:
        return frame


def router_data(path: str, query: dict[str, str] | None = None) -> dict[str, Any]:
    """What a page sends along with its events: where it is."""
    search = "&".join(f"{name}={value}" for name, value in (query or {}).items())
    return {"pathname": path, "query": query or {}, "asPath": path + (f"?{search}" if search else "")}
