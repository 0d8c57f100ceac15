"""The audit log only grows, and every alteration of it is found (400 of 400: tests/security/test_audit_tampering.py)."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from rxportal.core.audit import Line, append
from rxportal.core.database import encrypted_engine, open_engine
from rxportal.core.identity import Operator
from rxportal.core.kernel import Kernel
from rxportal.models.audit import AuditEntry
from tests.factories import World
from tests.kernels import AUDIT_KEY, KEY, kernel_on
from tests.postgres import OWNER, Postgres
from tests.unit.core.cases import try_operate

LINES = 60
COLUMNS = tuple(column.name for column in SQLModel.metadata.tables["audit_entry"].columns)
IDS = {COLUMNS.index(name) for name in ("id", "account_id", "session_id", "patient_id")}
CHANGES = (
    "UPDATE audit_entry SET actor = 'nobody'",
    "UPDATE audit_entry SET count = count + 1 WHERE seq = 1",
    "DELETE FROM audit_entry",
    "DELETE FROM audit_entry WHERE seq = 1",
    "DELETE FROM audit_head",
)


def fill(kernel: Kernel, lines: int = LINES) -> None:
    with Session(kernel.engine) as session:
        for number in range(lines):
            line = Line(
                at=kernel.clock() + timedelta(seconds=number),
                actor=f"Person{number} Testerson",
                use_case="list_results",
                outcome="done" if number % 3 else "not_found",
                account_id=uuid4(),
                session_id=uuid4() if number % 2 else None,
                patient_id=uuid4(),
                relationship="owner",
                count=1 + number % 4,
                detail={"record": str(uuid4()), "number": number} if number % 2 else {},
            )
            append(session, kernel.audit_key, line)
        session.commit()


@pytest.mark.parametrize("change", CHANGES)
def test_the_log_refuses_every_change(kernel: Kernel, change: str) -> None:
    fill(kernel, 3)
    with (
        kernel.engine.connect() as connection,
        pytest.raises((DBAPIError, sqlcipher.Error), match=r"only grows|denied"),
    ):
        connection.execute(text(change))
    assert kernel.audit_fault() == ""


@pytest.mark.parametrize("change", [*CHANGES, "TRUNCATE audit_entry", "TRUNCATE audit_head"])
def test_the_owner_of_the_tables_is_refused_too(
    postgres: Postgres, postgres_database: str, postgres_kernel: Kernel, change: str
) -> None:
    fill(postgres_kernel, 3)
    owner = open_engine(postgres.url(postgres_database, OWNER))
    with owner.connect() as connection, pytest.raises(DBAPIError, match="only grows"):
        connection.execute(text(change))
    owner.dispose()


@pytest.mark.parametrize(
    "act",
    [
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entry_no_change ON audit_entry",
        "DROP TABLE audit_entry",
        "DROP FUNCTION audit_only_grows() CASCADE",
        "TRUNCATE audit_entry",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id int)",
        f"SET ROLE {OWNER}",
    ],
)
def test_the_apps_role_can_only_add_to_the_log(postgres_kernel: Kernel, act: str) -> None:
    with postgres_kernel.engine.connect() as connection, pytest.raises(DBAPIError, match=r"denied|owner|permission"):
        connection.execute(text(act))


def test_the_apps_role_is_enough_for_everything_else(postgres_kernel: Kernel) -> None:
    with postgres_kernel.engine.begin() as connection:
        wanted = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for table in connection.execute(text(wanted)).scalars().all():
            for verb in ("SELECT", "INSERT", "UPDATE", "DELETE"):
                has = connection.execute(
                    text("SELECT has_table_privilege(:table, :verb)"), {"table": table, "verb": verb}
                ).scalar_one()
                closed = (table, verb) in {
                    ("audit_entry", "UPDATE"), ("audit_entry", "DELETE"), ("audit_head", "DELETE"),
                }  # fmt: skip
                assert has is not closed, (table, verb)


class Attacker:
    """Somebody with the file and the key of the database, but not the key of the chain. Triggers are no obstacle."""

    def __init__(self, file: Path) -> None:
        self.connection = sqlcipher.connect(str(file), isolation_level=None)
        self.connection.execute(f"PRAGMA key = \"x'{KEY}'\"")
        for (name,) in self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            self.connection.execute(f"DROP TRIGGER {name}")
        self.rows = self.connection.execute(f"SELECT {', '.join(COLUMNS)} FROM audit_entry ORDER BY seq").fetchall()

    def write(self, rows: list[tuple[Any, ...]]) -> None:
        self.connection.execute("BEGIN")
        self.connection.execute("DELETE FROM audit_entry")
        marks = ", ".join("?" * len(COLUMNS))
        self.connection.executemany(f"INSERT INTO audit_entry ({', '.join(COLUMNS)}) VALUES ({marks})", rows)
        self.connection.execute("COMMIT")


def flipped(value: Any, random_: random.Random) -> Any:
    """The value with one bit changed; an empty one gets a letter."""
    if isinstance(value, int):
        return value ^ (1 << random_.randrange(20))
    raw = bytearray(str(value or "").encode()) or bytearray(b"x")
    if value in (None, ""):
        return raw.decode()
    at = random_.randrange(len(raw))
    raw[at] ^= 1 << random_.randrange(7)
    return raw.decode("utf-8", "replace")


def tamper(rows: list[tuple[Any, ...]], how: str, random_: random.Random) -> list[tuple[Any, ...]]:
    changed = list(rows)
    at = random_.randrange(len(changed))
    if how == "bit":
        column = random_.randrange(len(COLUMNS))
        line = list(changed[at])
        line[column] = flipped(line[column], random_)
        if column in IDS and line[column].lower() == (changed[at][column] or "").lower():
            line[column] = "0" * 32  # a hex digit in upper case is the same id
        taken = {row[0] for number, row in enumerate(changed) if number != at}
        if line[0] in taken:
            line[0] = 10_000 + at
        changed[at] = tuple(line)
    elif how == "row":
        del changed[at]
        if random_.random() < 0.5:  # and close the gap
            changed = [(number, *row[1:]) for number, row in enumerate(changed, 1)]
    elif how == "swap":
        other = (at + random_.randrange(1, len(changed))) % len(changed)
        one, two = changed[at], changed[other]
        changed[at], changed[other] = (one[0], *two[1:]), (two[0], *one[1:])
    else:
        changed = changed[: -random_.randrange(1, len(changed) + 1)]
    return changed


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, sqlite_file: Path) -> Path:
    """A file with a chain of many lines."""
    import shutil

    copy = tmp_path_factory.mktemp("chain") / "rxportal.db"
    shutil.copyfile(sqlite_file, copy)
    engine = encrypted_engine(copy, KEY)
    fill(kernel_on(engine))
    engine.dispose()
    return copy


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE audit_entry SET actor = 'X' WHERE seq = 7", "line 7 was altered"),
        ("DELETE FROM audit_entry WHERE seq = 7", "line 7 is missing"),
        ("UPDATE audit_entry SET at = 'yesterday' WHERE seq = 7", "can't be read"),
        ("UPDATE audit_entry SET id = 'x' WHERE seq = 7", "can't be read"),
        ("DELETE FROM audit_entry WHERE seq > 50", "the tail is cut: 50 of 60"),
        ("UPDATE audit_head SET seq = 50", "head of the chain was altered"),
        ("DELETE FROM audit_head", "head of the chain is missing"),
        ("UPDATE audit_head SET seal = 'ü'", "head of the chain was altered"),
    ],
)
def test_the_first_broken_line_is_named(whole: Path, tmp_path: Path, change: str, says: str) -> None:
    import shutil

    copy = tmp_path / "rxportal.db"
    shutil.copyfile(whole, copy)
    if whole.with_name("rxportal.db-wal").exists():
        shutil.copyfile(whole.with_name("rxportal.db-wal"), copy.with_name("rxportal.db-wal"))
    attacker = Attacker(copy)
    attacker.connection.execute(change)
    engine = encrypted_engine(copy, KEY)
    assert says in kernel_on(engine).audit_fault()
    engine.dispose()


def test_an_emptied_log_is_found_where_somebody_was_signed_in(sqlite_kernel: Kernel, tmp_path: Path) -> None:
    world = World(sqlite_kernel)
    assert sqlite_kernel.audit_fault() == ""
    world.sign_in(world.account())
    sqlite_kernel.perform(try_operate, Operator())
    attacker = Attacker(tmp_path / "rxportal.db")
    attacker.connection.execute("DELETE FROM audit_entry")
    attacker.connection.execute("DELETE FROM audit_head")
    assert sqlite_kernel.audit_fault() == "the head of the chain is missing"


def test_another_key_makes_no_valid_chain(sqlite_kernel: Kernel) -> None:
    fill(sqlite_kernel, 3)
    stranger = Kernel(sqlite_kernel.engine, b"somebody else's key, 32 bytes or more!!")
    assert stranger.audit_fault() == "line 1 was altered"
    assert sqlite_kernel.audit_key == AUDIT_KEY


def test_a_line_keeps_ids_and_counts_and_no_words(kernel: Kernel, world: World) -> None:
    kernel.perform(try_operate, Operator())
    (line,) = world.rows(AuditEntry)
    assert re.fullmatch(r"[0-9a-f]{64}", line.digest)
    assert line.previous == "0" * 64
