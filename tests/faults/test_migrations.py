"""Migrations go up and down with data in the tables; rebuilding a table loses no row and no trigger; a broken one nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from rxportal.core import migrate
from rxportal.core.database import is_sqlite, open_engine
from rxportal.core.identity import Operator
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Level
from tests.factories import World
from tests.kernels import KEY, kernel_on
from tests.postgres import APP, OWNER, Postgres
from tests.unit.core.cases import try_operate

ROOT = Path(__file__).resolve().parents[2]
PARENTS = ("practice", "patient", "account", "organization", "record", "staff", "audit_entry")


@dataclass
class Stored:
    """A database with rows in it: the app's kernel, and the engine of whoever owns the tables."""

    kernel: Kernel
    owner: Engine
    url: str = ""

    def rows(self) -> dict[str, int]:
        """Rows of every table."""
        with self.owner.connect() as connection:
            names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
            return {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}

    def triggers(self) -> list[str]:
        """Every trigger of ours."""
        ours = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if is_sqlite(self.owner)
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        with self.owner.connect() as connection:
            return sorted(connection.execute(text(ours)).scalars())

    def revision(self) -> str | None:
        """Where the schema stands."""
        with self.owner.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def differences(self) -> list[object]:
        """What autogenerate would still change."""
        with self.owner.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return list(compare_metadata(context, SQLModel.metadata))

    def up(self, revision: str = "head") -> None:
        """Upgrade, as the program does."""
        migrate.upgrade(self.owner, revision, "" if is_sqlite(self.owner) else APP)

    def picture(self) -> tuple[dict[str, int], list[str], str | None]:
        """Everything that must be the same after a migration that failed."""
        return self.rows(), self.triggers(), self.revision()


@pytest.fixture
def stored(kernel: Kernel, request: pytest.FixtureRequest) -> Iterator[Stored]:
    """A practice with people, results and an audit log."""
    world = World(kernel)
    account, patient = world.owner()
    for number in range(3):
        world.released(patient, f"Result {number}")
    world.proxy(patient, Level.FULL)
    world.staff()
    world.sign_in(account)
    for _ in range(3):
        kernel.perform(try_operate, Operator())
    if is_sqlite(kernel.engine):
        yield Stored(kernel, kernel.engine)
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.url(request.getfixturevalue("postgres_database"), OWNER)
    owner = open_engine(url)
    yield Stored(kernel, owner, url)
    owner.dispose()


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for one more revision after the newest, `9999`."""
    folder = tmp_path / "later"
    folder.mkdir()
    monkeypatch.setattr(migrate, "configuration", lambda: configuration_with(folder))
    return folder


def configuration_with(folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    config.set_main_option("version_path_separator", "os")
    config.set_main_option("version_locations", f"{migrate.SCRIPTS / 'versions'}:{folder}")
    return config


def newest() -> str:
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    return str(ScriptDirectory.from_config(config).get_current_head())


def write_revision(folder: Path, body: str) -> None:
    head = f'import os, signal\nimport sqlalchemy as sa\nfrom alembic import op\nrevision = "9999"\ndown_revision = "{newest()}"\n'
    (folder / "9999_later.py").write_text(head + dedent(body))


REBUILD = f"""
    PARENTS = {PARENTS!r}

    def upgrade():
        for table in PARENTS:
            with op.batch_alter_table(table, recreate="auto") as batch:
                batch.add_column(sa.Column("later", sa.String(), nullable=False, server_default="x"))

    def downgrade():
        for table in PARENTS:
            with op.batch_alter_table(table) as batch:
                batch.drop_column("later")
"""


def test_the_schema_is_what_the_models_say(stored: Stored) -> None:
    assert stored.differences() == []


def test_every_revision_goes_down_and_up_with_data(stored: Stored) -> None:
    rows, triggers, head = stored.picture()
    steps = [one.revision for one in ScriptDirectory.from_config(migrate.configuration()).walk_revisions()]
    assert head == steps[0]
    for revision in steps[1:]:
        migrate.downgrade(stored.owner, revision)
        assert stored.revision() == revision
    for revision in reversed(steps[:-1]):
        stored.up(revision)
        assert stored.revision() == revision
    now = stored.rows()
    kept = {name: count for name, count in now.items() if name in rows}
    first = {name for name in rows if rows[name] and now[name] != rows[name]}
    assert first <= tables_after_the_first(), f"rows of {first} were lost"
    assert kept.keys() == rows.keys()
    assert stored.triggers() == triggers
    assert stored.differences() == []
    assert stored.kernel.audit_fault() == ""


def tables_after_the_first() -> set[str]:
    """Tables that a later revision makes: going below it rightly drops them, rows and all."""
    first = (migrate.SCRIPTS / "versions" / "0001_everything_of_the_first_version.py").read_text()
    return {name for name in SQLModel.metadata.tables if f"create_table('{name}'" not in first}


def test_all_the_way_down_and_up_again(stored: Stored) -> None:
    _, triggers, _ = stored.picture()
    migrate.downgrade(stored.owner, "base")
    assert stored.rows() == {}
    assert stored.triggers() == []
    assert migrate.pending(stored.owner)
    stored.up()
    assert not migrate.pending(stored.owner)
    assert set(stored.rows().values()) == {0}
    assert stored.triggers() == triggers
    assert stored.differences() == []


def test_upgrading_what_is_up_to_date_changes_nothing(stored: Stored) -> None:
    before = stored.picture()
    stored.up()
    assert stored.picture() == before


def test_rebuilding_tables_that_others_hang_on_loses_no_row_and_no_trigger(stored: Stored, later: Path) -> None:
    rows, triggers, _ = stored.picture()
    assert rows["record"] == 3
    assert triggers
    write_revision(later, REBUILD)
    stored.up()
    assert stored.revision() == "9999"
    assert stored.rows() == rows
    assert stored.triggers() == triggers
    assert stored.kernel.audit_fault() == ""
    migrate.downgrade(stored.owner, newest())
    assert stored.rows() == rows
    assert stored.triggers() == triggers
    assert stored.differences() == []
    with stored.kernel.engine.connect() as connection, pytest.raises(Exception, match=r"only grows|denied"):
        connection.execute(text("DELETE FROM audit_entry"))


def test_foreign_keys_hold_again_afterwards(stored: Stored, later: Path) -> None:
    write_revision(later, REBUILD)
    stored.up()
    with stored.kernel.engine.connect() as connection, pytest.raises(Exception, match=r"(?i)foreign key"):
        connection.execute(text("DELETE FROM practice"))
        connection.commit()


def test_a_migration_that_would_orphan_rows_is_refused(stored: Stored, later: Path) -> None:
    before = stored.picture()
    write_revision(later, "def upgrade(): op.execute('DELETE FROM patient')\ndef downgrade(): pass\n")
    with pytest.raises(Exception, match=r"nothing was changed|violates foreign key"):
        stored.up()
    assert stored.picture() == before


def test_a_migration_that_fails_changes_nothing(stored: Stored, later: Path) -> None:
    before = stored.picture()
    write_revision(later, REBUILD.replace("def downgrade", "    raise RuntimeError('broken')\n\n    def downgrade"))
    with pytest.raises(RuntimeError, match="broken"):
        stored.up()
    assert stored.picture() == before
    assert stored.differences() == []
    assert stored.kernel.audit_fault() == ""
    (later / "9999_later.py").unlink()
    write_revision(later, REBUILD)
    stored.up()
    assert stored.revision() == "9999"


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from rxportal.core import migrate
from rxportal.core.database import encrypted_engine, open_engine
from tests.faults.test_migrations import configuration_with
migrate.configuration = lambda: configuration_with(Path({folder!r}))
engine = open_engine({url!r}) if {url!r} else encrypted_engine(Path({file!r}), {key!r})
migrate.upgrade(engine)
"""


def test_a_migration_killed_in_the_middle_changes_nothing(stored: Stored, later: Path, tmp_path: Path) -> None:
    before = stored.picture()
    kill = "    os.kill(os.getpid(), signal.SIGKILL)\n\n    def downgrade"
    write_revision(later, REBUILD.replace("def downgrade", kill))
    script = KILLED.format(
        root=str(ROOT), folder=str(later), url=stored.url, file=str(tmp_path / "rxportal.db"), key=KEY
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, cwd=ROOT)
    assert done.returncode == -9, done.stderr.decode()[-2000:]
    assert stored.picture() == before
    assert stored.differences() == []
    assert stored.kernel.audit_fault() == ""


def test_the_app_writes_after_every_upgrade_with_the_role_it_has(stored: Stored, later: Path) -> None:
    write_revision(
        later,
        """
        def upgrade():
            op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))

        def downgrade():
            op.drop_table("later")
        """,
    )
    stored.up()
    with stored.kernel.engine.begin() as connection:
        connection.execute(text("INSERT INTO later (id) VALUES (1)"))
    stored.kernel.perform(try_operate, Operator())
    assert kernel_on(stored.kernel.engine).audit_fault() == ""
