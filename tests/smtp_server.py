"""An SMTP server of the tests' own: it takes letters and keeps them, or refuses them."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage


class _Talk(socketserver.StreamRequestHandler):
    server: _Sink

    def handle(self) -> None:
        self._say("220 tests")
        while line := self.rfile.readline():
            word = line.split(b" ")[0].strip().upper()
            if word == b"QUIT":
                self._say("221 bye")
                return
            if word == b"RCPT" and self.server.refusing:
                self._say("550 no such person")
            elif word == b"DATA":
                self._take()
            else:
                self._say("250 tests")

    def _take(self) -> None:
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class _Sink(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    refusing = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters: list[EmailMessage] = []


class SmtpServer:
    """Listens on a free port until `stop`."""

    def __init__(self) -> None:
        self.sink = _Sink()
        threading.Thread(target=self.sink.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"smtp://127.0.0.1:{self.sink.server_address[1]}"

    def stop(self) -> None:
        """Hang up."""
        self.sink.shutdown()
        self.sink.server_close()
