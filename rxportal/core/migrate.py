"""Alembic, run by the program itself: up to the newest revision at start, on either database."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from rxportal.core.database import is_sqlite

SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"


def configuration() -> Config:
    """Alembic's configuration, without a file and without a URL: the engine is handed over."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


def upgrade(engine: Engine, revision: str = "head", app_role: str = "") -> None:
    """Bring the schema up; `engine` belongs to the owner of the tables, `app_role` is who the app connects as."""
    _run(engine, lambda config: command.upgrade(config, revision))
    if app_role and not is_sqlite(engine):
        _grant(engine, app_role)


def downgrade(engine: Engine, revision: str) -> None:
    """Bring the schema down to a revision."""
    _run(engine, lambda config: command.downgrade(config, revision))


def _run(engine: Engine, step: object) -> None:
    config = configuration()
    with engine.connect() as connection:
        if is_sqlite(engine):
            # batch_alter_table rebuilds tables: with foreign keys on, dropping a parent deletes its children
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            config.attributes["connection"] = connection
            step(config)  # type: ignore[operator]
            connection.commit()
        finally:
            if is_sqlite(engine):
                connection.rollback()
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def pending(engine: Engine) -> bool:
    """Whether the schema is not at the newest revision."""
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    with engine.connect().execution_options(immediate=False) as connection:
        return MigrationContext.configure(connection).get_current_revision() != newest


def _grant(engine: Engine, role: str) -> None:
    """The app's own role reads and writes, but can only add to the audit log."""
    quoted = engine.dialect.identifier_preparer.quote(role)
    with engine.begin() as connection:
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {quoted}"))
        connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}"))
        connection.execute(text(f"REVOKE ALL ON audit_entry FROM {quoted}"))
        connection.execute(text(f"GRANT SELECT, INSERT ON audit_entry TO {quoted}"))
        connection.execute(text(f"REVOKE DELETE ON audit_head FROM {quoted}"))
