"""Kernels for tests: one migrated database is made per run and copied for each test, on SQLCipher and on PostgreSQL."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import Engine

from rxportal.core.database import encrypted_engine, open_engine
from rxportal.core.kernel import Kernel
from rxportal.core.migrate import upgrade
from tests.fakes import RecordingBus, StoppedClock
from tests.postgres import APP, OWNER, Postgres

KEY = "a5" * 32
AUDIT_KEY = b"an audit key of the tests, 32 bytes or more"


def kernel_on(engine: Engine) -> Kernel:
    """A kernel with a clock that stands still and a bus that remembers."""
    return Kernel(engine, AUDIT_KEY, clock=StoppedClock(), bus=RecordingBus())


def sqlite_template(folder: Path) -> Path:
    """An encrypted SQLite file at the newest revision, closed."""
    file = folder / "template.db"
    engine = encrypted_engine(file, KEY)
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return file


def sqlite_engine(template: Path, folder: Path) -> Engine:
    """A copy of the template, opened."""
    copy = folder / "rxportal.db"
    shutil.copyfile(template, copy)
    return encrypted_engine(copy, KEY)


def postgres_template(server: Postgres) -> str:
    """A PostgreSQL database at the newest revision, with nobody connected."""
    name = "template_portal"
    server.create(name)
    engine = open_engine(server.url(name, OWNER))
    upgrade(engine, app_role=APP)
    engine.dispose()
    return name
