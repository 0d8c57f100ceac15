"""Engines and pragmas, in one place: SQLCipher by default, PostgreSQL when a URL is set."""

from __future__ import annotations

import math
import re
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, cast
from weakref import WeakKeyDictionary

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event, exc, text
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from rxportal.core.errors import StartRefused, Unavailable
from rxportal.core.quick import PIPELINED, run, told

BUSY_MS = 15_000
POOL = 8
# How long a connection to PostgreSQL may rest without being asked whether it still stands (s).
LONGEST_REST = 1.0
RESTED = "rested"
HEX_KEY = re.compile(r"[0-9a-f]{64}")
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}", "secure_delete=ON")


def open_engine(url: str, key: str = "", folder: Path | None = None) -> Engine:
    """The engine for `url`; absent, the encrypted SQLite file `rxportal.db` under `folder`.

    `key`: 64 hexadecimal digits.

    Raises:
        StartRefused: the key is not a key.
    """
    if url and not url.startswith("sqlite"):
        return _postgresql(url)
    if folder is None:
        raise StartRefused("There is no folder for the database. Set RXPORTAL_VAR.")
    return encrypted_engine(folder / "rxportal.db", key)


def encrypted_engine(file: Path, key: str) -> Engine:
    """SQLCipher with a raw key: a passphrase would cost 71 ms a connection."""
    if not HEX_KEY.fullmatch(key):
        raise StartRefused("RXPORTAL_DATABASE_KEY must be 64 hexadecimal digits (0-9, a-f).")

    def connect() -> Any:
        connection = sqlcipher.connect(str(file), isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA cipher_log = off")
        connection.execute(f"PRAGMA key = \"x'{key}'\"")
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    # module: so that its errors are recognised and wrapped like those of any other driver
    # lifo: a commit empties the page cache of every other connection, and what is read anew is decrypted anew; so the
    # connection that was used last is used next
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=connect,
        poolclass=QueuePool,
        pool_size=POOL,
        max_overflow=POOL,
        pool_use_lifo=True,
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Any) -> None:
    """SQLite: take the write lock at once where something will be written, else reading and then writing deadlocks."""
    immediate = connection.get_execution_options().get("immediate", True)
    run(connection, "BEGIN IMMEDIATE" if immediate else "BEGIN", (), reads=False)


def _postgresql(url: str) -> Engine:
    driver = re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", url)
    engine = create_engine(
        driver,
        pool_size=POOL,
        max_overflow=POOL,
        pool_use_lifo=True,  # few connections do most of the work, and have every statement prepared
        pool_timeout=5,
        connect_args={"connect_timeout": 3, "application_name": "rxportal"},
    )
    _rouse(engine)
    return engine


def _rouse(engine: Engine) -> None:
    """A connection that rested is asked first whether it still stands; one that worked a moment ago is not."""

    def rest(_connection: Any, record: Any) -> None:
        record.info[RESTED] = time.monotonic()

    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get(RESTED, math.inf) < LONGEST_REST:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as fault:
            raise exc.InvalidatePoolError from fault  # those that rested longer are gone too; the pool connects anew

    event.listen(engine, "checkin", rest)
    event.listen(engine, "checkout", ask)


_TURNS: WeakKeyDictionary[Engine, threading.Lock] = WeakKeyDictionary()


@contextmanager
def _turn(engine: Engine, *, write: bool) -> Iterator[None]:
    """One writer of this process after the other, where the database lets one write at a time.

    SQLite lets whoever finds it locked sleep for up to 100 ms at a time, whoever comes in between goes first, and each
    connection that writes empties the page cache of the others. In turns they wait no longer than the one before works.

    Raises:
        Unavailable: nobody gave way in as long as SQLite would have waited.
    """
    if not (write and is_sqlite(engine)):
        yield
        return
    turn = _TURNS.setdefault(engine, threading.Lock())
    if not turn.acquire(timeout=BUSY_MS / 1000):
        raise Unavailable
    try:
        yield
    finally:
        turn.release()


class Plain:
    """A transaction for reading columns. The ORM's session around it is made when something asks for more.

    On PostgreSQL its statements go through a pipeline (`core.quick`), which only they understand: it ends with whatever
    else is asked for, and with the transaction.
    """

    def __init__(self, connection: Connection) -> None:
        """Begin."""
        connection.begin()
        self._connection = connection
        self._session: Session | None = None
        self._info = connection.info  # of a connection that breaks it can't be asked any more
        self._pipeline = _pipeline(connection)

    def connection(self) -> Connection:
        """Where statements run."""
        return self._connection

    def flush(self) -> None:
        """Write what the session holds, if there is one."""
        if self._session is not None:
            self._session.flush()

    def commit(self) -> None:
        """Keep what was done."""
        if self._session is not None:
            self._session.commit()  # writes what it holds; the transaction is the connection's
        if self._pipeline is not None:
            run(self._connection, "COMMIT", (), reads=False)  # with what was written last, in one round trip
            self._leave()
        self._connection.commit()

    def end(self) -> None:
        """Let the session go; what was not kept is rolled back with the connection."""
        if self._session is not None:
            self._session.close()
        self._leave(failed=True)

    def _leave(self, *, failed: bool = False) -> None:
        """Wait for what is on its way. `failed`: nothing of it is kept, so a fault of it is nobody's business."""
        pipeline, self._pipeline = self._pipeline, None
        if pipeline is None:
            return
        self._info.pop(PIPELINED, None)
        try:
            pipeline.__exit__(None, None, None)
        except self._connection.dialect.loaded_dbapi.Error as fault:
            if not failed:
                raise told(self._connection, "", fault) from fault

    def __getattr__(self, name: str) -> Any:
        """Whatever else a session can."""
        if self._session is None:
            self._leave()
            self._session = Session(self._connection)
        return getattr(self._session, name)


def _pipeline(connection: Connection) -> AbstractContextManager[Any] | None:
    """An open pipeline on a connection to PostgreSQL, unless somebody listens to its statements one by one."""
    if is_sqlite(connection.engine) or connection.engine.dispatch.before_cursor_execute:
        return None
    pipeline: AbstractContextManager[Any] = cast("Any", connection.connection.dbapi_connection).pipeline()
    try:
        pipeline.__enter__()
    except connection.dialect.loaded_dbapi.Error as fault:
        raise told(connection, "", fault) from fault
    connection.info[PIPELINED] = True
    return pipeline


@contextmanager
def _session(connection: Connection, *, plain: bool) -> Iterator[Session]:
    if not plain:
        with Session(connection) as session:
            yield session
        return
    made = Plain(connection)
    try:
        yield cast("Session", made)
    finally:
        made.end()


@contextmanager
def transaction(engine: Engine, *, write: bool, plain: bool = False) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any error.

    `plain`: for acts that read columns; see `Plain`.

    Raises:
        Unavailable: the database is away; nothing was changed.
    """
    try:
        with (
            _turn(engine, write=write),
            engine.connect().execution_options(immediate=write) as connection,
            _session(connection, plain=plain) as session,
        ):
            yield session
            session.commit()
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as fault:
        raise Unavailable from fault
    except exc.DBAPIError as fault:
        if fault.connection_invalidated:
            raise Unavailable from fault
        raise


def check(engine: Engine) -> None:
    """Open one connection and read one row.

    Raises:
        StartRefused: in words: the key is wrong, the file is not ours, or the server does not answer.
    """
    try:
        with engine.connect().execution_options(immediate=False) as connection:
            connection.execute(text("SELECT count(*) FROM sqlite_master" if is_sqlite(engine) else "SELECT 1"))
    except (sqlcipher.DatabaseError, exc.DBAPIError) as fault:
        if is_sqlite(engine):
            raise StartRefused(
                "The database can’t be opened with this key. Put the key that made it back (RXPORTAL_DATABASE_KEY, "
                "or the key file in the var folder). Nothing was changed."
            ) from fault
        raise StartRefused(
            "PostgreSQL does not answer at RXPORTAL_DATABASE_URL, or refuses this user. Start it or correct the URL. "
            "Nothing was changed."
        ) from fault


def is_sqlite(engine: Engine) -> bool:
    """Whether this is the embedded database."""
    return engine.dialect.name == "sqlite"
