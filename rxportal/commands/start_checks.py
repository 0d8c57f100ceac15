"""What `serve` asks of the machine before it starts."""

from __future__ import annotations

import errno
import socket
import time
from typing import Final

from redis import Redis
from redis.exceptions import RedisError

# A killed server's workers take a moment to notice and let the port go.
PORT_WAIT_SECONDS: Final = 3.0
REDIS_SECONDS: Final = 3.0


def port_is_free(host: str, port: int, wait: float = PORT_WAIT_SECONDS) -> bool:
    """Whether nobody listens there; asks again for `wait` seconds.

    The server itself could bind a taken port without an error (SO_REUSEPORT), and two portals would share visitors.
    """
    until = time.monotonic() + wait
    while not _bindable(host, port):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _bindable(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            if fault.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True


def redis_answers(url: str) -> bool:
    """Whether Redis answers at `url`."""
    try:
        with Redis.from_url(url, socket_connect_timeout=REDIS_SECONDS, socket_timeout=REDIS_SECONDS) as client:
            return bool(client.execute_command("PING"))
    except (RedisError, OSError):
        return False
