"""The practice that is measured: the demo, two made-up long charts beside it, and people who are signed in."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from itertools import count
from pathlib import Path

from redis import Redis
from sqlmodel import col, select

from bench.clients import state
from bench.patient import bundle
from bench.served import KEPT, ROOT, Target
from rxportal.compose import compose
from rxportal.core.cookies import SESSION
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Account, Patient
from rxportal.settings import load_settings
from tests.factories import World
from tests.postgres import Postgres
from tests.redis_server import RedisServer
from tests.serving import Served, postgres_settings

RESULTS = state("rxportal.state.results", "results_state")
RESULT = state("rxportal.state.result", "result_state")
HOME = state("rxportal.state.home", "home_state")
ROW = 'main a.item[href^="/results/"]'
LONG, SHORT = ("Long Chartley", 6_000), ("Short Chartley", 60)
FREE = {"RXPORTAL_BUDGET_OFF": "1"}  # one socket asks faster than any person; the budget is measured by `flood`
MADE_BY = ("models", "migrations", "demo", "fhir", "rules", "services")


@dataclass
class Practice:
    """A running portal and the people in it. `kernel`: the same database, opened from here."""

    portal: Served
    redis: RedisServer | None = None

    @cached_property
    def kernel(self) -> Kernel:
        """A kernel on the portal's database, in this process."""
        return compose(load_settings(self.portal.environment, env_file=None)).kernel

    @cached_property
    def world(self) -> World:
        """Writes accounts, grants and sessions without a sign-in (argon2 is slow by design)."""
        return World(self.kernel)

    def patients(self) -> list[Patient]:
        """Every patient, by name."""
        return sorted(self.world.rows(Patient), key=lambda one: one.name)

    def reader(self, name: str) -> str:
        """The cookie of a new account that opens the chart of this patient as its own."""
        patient = next(one for one in self.patients() if one.name == name)
        account = self.world.account(name)
        self.world.grant(account, patient)
        return self.cookie(account)

    def cookie(self, account: Account) -> str:
        """A new session of an account, as the value of the Cookie header."""
        return f"{SESSION}={self.world.sign_in(account).value}"

    def account(self, first: str) -> Account:
        """A demo account by the beginning of its e-mail."""
        with self.world.database() as session:
            return session.exec(select(Account).where(col(Account.email).startswith(first))).first()  # type: ignore[return-value]

    def target(self, cookie: str = "") -> Target:
        """The list of results as somebody reads it; by default Maya of the demo."""
        cookie = cookie or self.cookie(self.account("maya"))
        return Target(self.portal.url, "/results", f"{RESULTS}.load", ROW, self.portal.process, cookie)

    def redis_kb(self) -> float:
        """What Redis holds of the states."""
        assert self.redis is not None
        with Redis.from_url(self.redis.url) as client:
            return float(client.info("memory")["used_memory_dataset"]) / 1000

    def close(self) -> None:
        """Stop serving."""
        self.portal.stop()
        self.kernel.engine.dispose()


def _loaded() -> Path:
    """A `var` folder with the demo and the two long charts: made once a day and again when what makes it changes."""
    sources = [path for name in MADE_BY for path in sorted((ROOT / "rxportal" / name).rglob("*.py"))]
    facts = b"".join(path.read_bytes() for path in [*sources, Path(__file__).with_name("patient.py")])
    folder = KEPT / "practice"
    stamp = f"{datetime.now(UTC).date()} {sha256(facts).hexdigest()}"
    mark = folder / "made"
    if mark.is_file() and mark.read_text() == stamp:
        return folder / "var"
    print("Loading the practice…", flush=True)
    KEPT.mkdir(exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=KEPT))
    portal = Served(made)
    portal.load_demo()
    files = made / "bundles"
    files.mkdir()
    for name, observations in (LONG, SHORT):
        (files / f"{observations}.json").write_text(json.dumps(bundle(name, observations)))
    done = portal.command("import-fhir", str(files), "--organization", "Bench Laboratory", seconds=600)
    assert done.returncode == 0, done.stderr + done.stdout
    (made / "made").write_text(stamp)
    shutil.rmtree(folder, ignore_errors=True)
    made.rename(folder)  # whole or not at all: another run may be waiting for it
    return folder / "var"


@contextmanager
def embedded(**settings: str) -> Iterator[Practice]:
    """The portal as `make run` serves it: encrypted SQLite, states in memory, one worker."""
    with tempfile.TemporaryDirectory(prefix="rxportal-bench-") as folder:
        shutil.copytree(_loaded(), Path(folder) / "var")
        practice = Practice(Served(Path(folder), settings=settings))
        practice.portal.start()
        try:
            yield practice
        finally:
            practice.close()


@dataclass
class Hospital:
    """One PostgreSQL and one Redis for the run; the demo is loaded once and copied for each portal on them."""

    home: Path
    postgres: Postgres = field(default_factory=Postgres)
    redis: RedisServer = field(default_factory=RedisServer)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def load(self) -> None:
        """Load the demo practice into the database that the others are copied from."""
        self.postgres.create("demo")
        Served(self.home, settings=self._settings("demo")).load_demo()

    def _settings(self, name: str) -> dict[str, str]:
        return {**postgres_settings(self.postgres, name), "RXPORTAL_REDIS_URL": self.redis.url}

    @contextmanager
    def wide(self, **settings: str) -> Iterator[Practice]:
        """The portal as a hospital serves it: PostgreSQL, Redis, two workers, the demo alone."""
        name = f"bench{next(self._numbers)}"
        self.postgres.create(name, template="demo")
        with Redis.from_url(self.redis.url) as client:
            client.flushall()
        with tempfile.TemporaryDirectory(prefix="rxportal-bench-") as folder:
            shutil.copytree(self.home / "var", Path(folder) / "var")
            portal = Served(Path(folder), workers=2, settings={**self._settings(name), **settings})
            practice = Practice(portal, self.redis)
            practice.portal.start()
            try:
                yield practice
            finally:
                practice.close()


@contextmanager
def hospital() -> Iterator[Hospital]:
    """A hospital's servers, with the demo loaded."""
    with tempfile.TemporaryDirectory(prefix="rxportal-bench-") as folder:
        made = Hospital(Path(folder))
        try:
            made.load()
            yield made
        finally:
            made.redis.stop()
            made.postgres.stop()
