"""Fixtures of the whole suite. What a test needs and this machine does not have is a failure, never a skip."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from rxportal.core.database import open_engine
from rxportal.core.kernel import Kernel
from tests.factories import World
from tests.fakes import StoppedClock
from tests.kernels import kernel_on, postgres_template, sqlite_engine, sqlite_template
from tests.postgres import Postgres
from tests.redis_server import RedisServer

pytest_plugins = ["tests.alone", "tests.order", "tests.serving", "tests.browsing", "tests.counts"]
COPIES = count(1)
# How long one example takes depends on what else this machine does: no test fails for that alone.
settings.register_profile("suite", parent=settings(), deadline=None)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for this run."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis server for this run."""
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The migrated SQLCipher file that tests copy."""
    return sqlite_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_name(postgres: Postgres) -> str:
    """The migrated PostgreSQL database that tests copy."""
    return postgres_template(postgres)


@pytest.fixture
def postgres_database(postgres: Postgres, postgres_name: str) -> Iterator[str]:
    """The name of a fresh copy of the migrated PostgreSQL database."""
    name = f"test_{next(COPIES)}"
    postgres.create(name, postgres_name)
    yield name
    postgres.drop(name)


@pytest.fixture
def sqlite_database(sqlite_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a fresh copy of the migrated SQLCipher file."""
    engine = sqlite_engine(sqlite_file, tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_kernel(sqlite_database: Engine) -> Kernel:
    """A kernel on encrypted SQLite."""
    return kernel_on(sqlite_database)


@pytest.fixture
def postgres_kernel(postgres: Postgres, postgres_database: str) -> Iterator[Kernel]:
    """A kernel on PostgreSQL, connected as the app's own role."""
    engine = open_engine(postgres.url(postgres_database))
    yield kernel_on(engine)
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def kernel(request: pytest.FixtureRequest) -> Kernel:
    """The same test on both databases. Tests that do not touch storage's edges take `sqlite_kernel`."""
    made: Kernel = request.getfixturevalue("sqlite_kernel" if request.param == "sqlite" else "postgres_kernel")
    return made


@pytest.fixture
def world(kernel: Kernel) -> World:
    """Factories on the database of `kernel`, in which its own practice stands."""
    made = World(kernel)
    made.practice()
    return made


@pytest.fixture
def clock(kernel: Kernel) -> StoppedClock:
    """The clock of `kernel`."""
    assert isinstance(kernel.clock, StoppedClock)
    return kernel.clock
