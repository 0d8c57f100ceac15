"""Alembic's environment: core.migrate hands the connection over; batch mode keeps rows and triggers on SQLite."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

import rxportal.models  # noqa: F401  (registers every table)

TRIGGERS = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql IS NOT NULL")


def triggers(connection: Connection) -> dict[str, str]:
    """Every trigger by name: batch mode drops those of the tables that it rebuilds."""
    return {str(row.name): str(row.sql) for row in connection.execute(TRIGGERS)}


def run(connection: Connection) -> None:
    """One transaction for all steps; on SQLite lost triggers come back and foreign keys are checked."""
    sqlite = connection.dialect.name == "sqlite"
    before = triggers(connection) if sqlite else {}
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if sqlite:
            restore_triggers(connection, before)
            broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
            if broken:
                raise RuntimeError(
                    f"the migration would leave {len(broken)} rows without their parent; nothing was changed"
                )


def restore_triggers(connection: Connection, before: dict[str, str]) -> None:
    """Create again what a table rebuild dropped, unless its table is gone or a migration dropped it on purpose."""
    dropped = connection.info.pop("dropped_triggers", set())
    tables = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())
    now = triggers(connection)
    for name, sql in before.items():
        table = sql.split(" ON ", 1)[-1].split()[0].strip('"')
        if name not in now and name not in dropped and table in tables:
            connection.exec_driver_sql(sql)


run(context.config.attributes["connection"])
