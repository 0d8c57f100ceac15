"""Ports of this machine that nobody else gets: no other worker, no other run of these tests."""

from __future__ import annotations

import socket
from random import SystemRandom

# Below the ports that systems hand out for connections of their own, so that none of those can take it either.
FROM, TO = 15_000, 32_000
TRIES = 200
HELD: list[socket.socket] = []


def free_port() -> int:
    """A TCP port that nobody listens on, ours until this process ends.

    The UDP port of the same number is kept as the mark that it is taken: TCP does not mind, and every run looks at it.
    """
    for port in SystemRandom().sample(range(FROM, TO), TRIES):
        mark = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            mark.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            mark.close()
            continue
        HELD.append(mark)
        return port
    raise AssertionError(f"no free port among {TRIES} between {FROM} and {TO}")
