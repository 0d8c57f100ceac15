"""A line between browser and portal on which the sockets that pages open early fare badly; all else passes."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from contextlib import suppress
from enum import Enum

from tests.ports import free_port

EARLY = b"&first="
SLOW_SECONDS = 3.0
# In the frame with which the server says that a tab's state is there
ANSWER = b"42/_event"


class Fate(Enum):
    """What becomes of a page's early socket."""

    REFUSED = "closed before it opens"
    CUT = "closed after its first answer"
    SLOW = "opens late"


class _Relay(socketserver.BaseRequestHandler):
    server: _Line

    def handle(self) -> None:
        client: socket.socket = self.request
        head = client.recv(65_536)
        early = head.startswith(b"GET /_event") and EARLY in head.split(b"\r\n", 1)[0]
        if early:
            self.server.early += 1
            if self.server.fate is Fate.REFUSED:
                return
            if self.server.fate is Fate.SLOW:
                time.sleep(SLOW_SECONDS)
        elif head.startswith(b"GET /_event"):
            self.server.own += 1
        with socket.create_connection(("localhost", self.server.behind)) as portal:
            portal.sendall(head)
            threading.Thread(target=_pour, args=(client, portal), daemon=True).start()
            _pour(portal, client, until=ANSWER if early and self.server.fate is Fate.CUT else b"")


def _pour(source: socket.socket, target: socket.socket, until: bytes = b"") -> None:
    """Pass on what comes; `until`: and end after the part in which this stood. Either end closes both."""
    with suppress(OSError):
        while part := source.recv(65_536):
            target.sendall(part)
            if until and until in part:
                break
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


class _Line(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, behind: int, fate: Fate) -> None:
        super().__init__(("127.0.0.1", free_port()), _Relay)
        self.behind, self.fate = behind, fate
        self.early = self.own = 0


class BadLine:
    """Listens on a free port until `stop`; `early` and `own` count the sockets that pages opened."""

    def __init__(self, behind: int, fate: Fate) -> None:
        self.line = _Line(behind, fate)
        threading.Thread(target=self.line.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.line.server_address[1])

    @property
    def opened(self) -> tuple[int, int]:
        """Sockets that pages opened early, and those that Reflex opened by itself."""
        return self.line.early, self.line.own

    def stop(self) -> None:
        """Take no more connections."""
        self.line.shutdown()
        self.line.server_close()
