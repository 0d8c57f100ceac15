"""The real program, served as `python -m rxportal serve`, in folders of its own and with the demo practice loaded."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fasteners import InterProcessLock

from tests.ports import free_port
from tests.postgres import OWNER, Postgres
from tests.redis_server import RedisServer

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 240


@dataclass
class Served:
    """One running portal. `var` is its folder; `settings` are given as environment."""

    home: Path
    workers: int = 1
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    accounts: list[dict[str, Any]] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its origin as a browser knows it."""
        return f"http://localhost:{self.port}"

    @property
    def var(self) -> Path:
        """Everything it writes at run time."""
        return self.home / "var"

    @property
    def log(self) -> Path:
        """What it printed."""
        return self.home / "server.log"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes: ours, without our own settings, and its own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RXPORTAL_")}
        own = {"RXPORTAL_ENV": "test", "RXPORTAL_VAR": str(self.var), "RXPORTAL_STAFF_FACTOR": "optional"}
        return {**kept, **own, **self.settings}

    def command(self, *arguments: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """Run `python -m rxportal …` with the same settings, and wait."""
        return subprocess.run(  # noqa: PLW1510  (tests judge the exit code)
            [sys.executable, "-m", "rxportal", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=seconds,
        )  # fmt: skip

    def load_demo(self) -> None:
        """Load the demo practice; its accounts are kept for signing in."""
        done = self.command("demo", "--json")
        assert done.returncode == 0, done.stderr
        self.accounts = json.loads(done.stdout)

    def copy_demo(self, loaded: Served) -> None:
        """Begin with what another portal, never started, has loaded: its folder and its accounts."""
        shutil.copytree(loaded.var, self.var)
        self.accounts = loaded.accounts

    def start(self) -> None:
        """Start (again) and wait until it is ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rxportal", "serve", "--port", str(self.port), "--workers", str(self.workers)],
            cwd=ROOT, env=self.environment, stdout=self.log.open("ab"), stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self.wait_ready()

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until `/readyz` says yes; fail with the end of the log when the program ends or the time is up."""
        until = time.monotonic() + seconds
        while not self.ready():
            assert self.process is not None
            ended = self.process.poll()
            assert ended is None and time.monotonic() < until, f"not ready ({ended}):\n{self.printed()[-3000:]}"
            time.sleep(0.1)

    def ready(self) -> bool:
        """Whether `/readyz` answers 200 now."""
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def printed(self) -> str:
        """What it printed so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def kill(self) -> None:
        """End it, workers and all, as a crash does."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """End it as a service manager does, then make sure."""
        self._signal(signal.SIGTERM)
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, number)
            self.process.wait(timeout=20)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass

    def account(self, first: str) -> dict[str, Any]:
        """A demo account by the beginning of its e-mail: "maya", "dr.lee"."""
        return next(one for one in self.accounts if one["email"].startswith(first))

    def cookie(self, first: str) -> str:
        """Sign in over HTTP; the value of the Cookie header of that session."""
        who = self.account(first)
        answer = httpx.post(
            f"{self.url}/session",
            data={"email": who["email"], "password": who["password"], "next": "/home"},
            headers={"origin": self.url},
        )
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
        assert "problem" not in answer.headers["location"], answer.headers["location"]
        made = [line.split(";")[0] for line in answer.headers.get_list("set-cookie")]
        return "; ".join(pair for pair in made if pair.startswith("__Host-rxportal="))


def postgres_settings(server: Postgres, name: str) -> dict[str, str]:
    """Settings of a portal on PostgreSQL: the app's role, and the owner for migrations."""
    return {
        "RXPORTAL_DATABASE_URL": server.url(name),
        "RXPORTAL_DATABASE_ADMIN_URL": server.url(name, OWNER),
    }


@contextmanager
def serving(portal: Served, loaded: Served) -> Iterator[Served]:
    """A portal with a copy of the demo, while it runs."""
    portal.copy_demo(loaded)
    portal.start()
    yield portal
    portal.stop()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """A portal on SQLite that is never started: the demo is loaded there once per run, for all workers to copy."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    loaded = Served(shared / "demo")
    accounts = loaded.home / "accounts.json"
    with InterProcessLock(shared / "demo.lock"):
        if not accounts.exists():
            loaded.load_demo()
            accounts.write_text(json.dumps(loaded.accounts))
    loaded.accounts = json.loads(accounts.read_text())
    return loaded


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, demo: Served) -> Iterator[Served]:
    """The portal as a newcomer runs it: encrypted SQLite, one worker, the demo loaded. Shared by the whole run."""
    with serving(Served(tmp_path_factory.mktemp("served")), demo) as portal:
        yield portal


def demo_on(postgres: Postgres, home: Path) -> Served:
    """A portal on a PostgreSQL server that is never started: the demo is loaded into its database "demo"."""
    postgres.create("demo")
    loaded = Served(home, settings=postgres_settings(postgres, "demo"))
    loaded.load_demo()
    return loaded


@contextmanager
def wide_portal(
    home: Path, postgres: Postgres, redis_server: RedisServer, name: str, loaded: Served
) -> Iterator[Served]:
    """The portal as a hospital runs it: PostgreSQL, Redis, two workers, the demo as `demo_on` loaded it.

    Two that run at once need two Redis servers: in copies, charts and accounts have the same ids.
    """
    postgres.create(name, template="demo")
    settings = {**postgres_settings(postgres, name), "RXPORTAL_REDIS_URL": redis_server.url}
    with serving(Served(home, workers=2, settings=settings), loaded) as portal:
        yield portal


@pytest.fixture(scope="session")
def demo_wide(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Served:
    """The demo on the PostgreSQL server of this worker, for each portal there to copy."""
    return demo_on(postgres, tmp_path_factory.mktemp("demo-wide"))


@pytest.fixture(scope="session")
def served_wide(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, redis_server: RedisServer, demo_wide: Served
) -> Iterator[Served]:
    """One as a hospital runs it, shared by the whole run."""
    with wide_portal(tmp_path_factory.mktemp("wide"), postgres, redis_server, "served", demo_wide) as portal:
        yield portal
