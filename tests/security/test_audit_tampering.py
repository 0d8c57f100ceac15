"""400 alterations of the audit log, a hundred of each sort: `rxportal audit verify` finds every one.

Whoever alters it has the database and its key, but not the key of the chain; triggers are no obstacle to them.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from rxportal.commands.registry import audit
from rxportal.compose import audit_key
from rxportal.core.database import encrypted_engine, open_engine
from rxportal.core.kernel import Kernel
from rxportal.settings import load_settings
from tests.counts import proved
from tests.kernels import KEY, kernel_on
from tests.postgres import Postgres
from tests.unit.core.test_audit import COLUMNS, Attacker, fill, tamper

SORTS = ("bit", "row", "swap", "tail")
EACH = 100
ON_POSTGRESQL = 25


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, sqlite_file: Path) -> dict[str, str]:
    """The settings of a portal whose log has many lines."""
    var = tmp_path_factory.mktemp("log")
    shutil.copyfile(sqlite_file, var / "rxportal.db")
    environment = {
        "RXPORTAL_ENV": "test", "RXPORTAL_VAR": str(var), "RXPORTAL_DATABASE_KEY": KEY,
        "RXPORTAL_SECRET_KEY": "a secret key of the tests, long enough for anybody, 48+",
    }  # fmt: skip
    engine = encrypted_engine(var / "rxportal.db", KEY)
    fill(Kernel(engine, audit_key(load_settings(environment, None))))
    engine.dispose()
    return environment


def verify(portal: dict[str, str], *options: str) -> tuple[int, str]:
    """`rxportal audit verify`: its exit code and what it says."""
    done = CliRunner().invoke(audit, ["verify", *options], env=portal)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.mark.parametrize("how", SORTS)
def test_audit_verify_finds_a_hundred_alterations_of_each_sort(portal: dict[str, str], how: str) -> None:
    random_ = random.Random(f"audit {how}")
    attacker = Attacker(Path(portal["RXPORTAL_VAR"]) / "rxportal.db")
    assert verify(portal)[0] == 0
    missed: list[Any] = []
    found = 0
    while found + len(missed) < EACH:
        rows = tamper(attacker.rows, how, random_)
        if rows == attacker.rows:
            continue
        attacker.write(rows)
        code, said = verify(portal)
        if code == 1 and "altered" in said:
            found += 1
        else:
            missed.append([pair for pair in zip(rows, attacker.rows, strict=False) if pair[0] != pair[1]])
    attacker.write(attacker.rows)
    assert verify(portal)[0] == 0, "put back as it was, it is whole again"
    assert missed == []
    proved("alterations of the audit log (bit, row, swap, tail) found by `rxportal audit verify`", found)


@pytest.mark.postgresql
@pytest.mark.parametrize("how", SORTS)
def test_alterations_on_postgresql_are_found_too(postgres: Postgres, postgres_database: str, how: str) -> None:
    """By the owner of the server itself, with every trigger off."""
    random_ = random.Random(f"postgresql {how}")
    engine, owner = (
        open_engine(postgres.url(postgres_database)),
        open_engine(postgres.url(postgres_database, "postgres")),
    )
    kernel = kernel_on(engine)
    fill(kernel)
    columns = ", ".join(COLUMNS)
    with owner.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM audit_entry ORDER BY seq"))]
        connection.rollback()
    found = 0
    while found < ON_POSTGRESQL:
        at, other = random_.sample(range(len(rows)), 2)
        statements = {
            "bit": f"UPDATE audit_entry SET count = count # 1 WHERE seq = {at + 1}",
            "row": f"DELETE FROM audit_entry WHERE seq = {at + 1}",
            "swap": f"UPDATE audit_entry SET seq = CASE seq WHEN {at + 1} THEN -{other + 1} ELSE -{at + 1} END "
            f"WHERE seq IN ({at + 1}, {other + 1}); UPDATE audit_entry SET seq = -seq WHERE seq < 0",
            "tail": f"DELETE FROM audit_entry WHERE seq > {at}",
        }  # fmt: skip
        with owner.connect() as connection:
            connection.execute(text("SET session_replication_role = replica"))
            connection.execute(text("CREATE TEMP TABLE kept AS SELECT * FROM audit_entry"))
            for statement in statements[how].split(";"):
                connection.execute(text(statement))
            connection.commit()
            assert kernel.audit_fault() != "", (how, at, other)
            connection.execute(text("DELETE FROM audit_entry"))
            connection.execute(text("INSERT INTO audit_entry SELECT * FROM kept"))
            connection.execute(text("DROP TABLE kept"))
            connection.commit()
        found += 1
    assert kernel.audit_fault() == ""
    proved("alterations of the audit log on PostgreSQL found", found)
    engine.dispose()
    owner.dispose()
