"""Counts every row that any process writes into a database, table by table, with triggers in the database itself.

What is rolled back is not counted. Nothing can write past it: also the served portal, another worker or the command line.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, text

from rxportal.core.database import is_sqlite

NAME = "write_count"
EVENTS = ("INSERT", "UPDATE", "DELETE")
# What an audited refusal leaves, and no more than one line of it.
AUDIT = {"audit_entry": 1, "audit_head": 1}
# What the portal's own jobs write on their own time, whoever does what meanwhile.
JOBS = ("lease",)


@dataclass
class WriteCounter:
    """`engine` reads the counts; `owner` may make triggers (on PostgreSQL the app's role may not)."""

    engine: Engine
    owner: Engine

    def install(self) -> WriteCounter:
        """Put a trigger on every table."""
        tables = self.tables()
        statements = _sqlite(tables) if is_sqlite(self.owner) else _postgresql(tables)
        with self.owner.begin() as connection:
            connection.execute(text(f"CREATE TABLE {NAME} (tab VARCHAR(64) PRIMARY KEY, n BIGINT NOT NULL)"))
            for table in tables:
                connection.execute(text(f"INSERT INTO {NAME} VALUES ('{table}', 0)"))
            for statement in statements:
                connection.execute(text(statement))
        return self

    def tables(self) -> list[str]:
        """Every table that there is, not only those that our models know."""
        wanted = (
            f"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '{NAME}'"
            if is_sqlite(self.owner)
            else f"SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '{NAME}'"
        )
        with self.owner.connect().execution_options(immediate=False) as connection:
            found = sorted(connection.execute(text(wanted)).scalars())
            connection.rollback()
        return found

    def read(self) -> dict[str, int]:
        """Rows written so far, by table."""
        with self.engine.connect().execution_options(immediate=False) as connection:
            found = {str(table): int(n) for table, n in connection.execute(text(f"SELECT tab, n FROM {NAME}"))}
            connection.rollback()
        return found

    def since(self, before: dict[str, int], *, ignore: tuple[str, ...] = ()) -> dict[str, int]:
        """Rows written since, by table; tables without any are left out."""
        return {
            table: number - before[table]
            for table, number in self.read().items()
            if number != before[table] and table not in ignore
        }


def _sqlite(tables: list[str]) -> list[str]:
    return [
        f"CREATE TRIGGER {NAME}_{event}_{table} AFTER {event} ON {table} "
        f"BEGIN UPDATE {NAME} SET n = n + 1 WHERE tab = '{table}'; END"
        for table in tables
        for event in EVENTS
    ]


def _postgresql(tables: list[str]) -> list[str]:
    function = (
        f"CREATE FUNCTION {NAME}_one() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public "
        f"AS $$ BEGIN UPDATE {NAME} SET n = n + 1 WHERE tab = TG_TABLE_NAME; RETURN NULL; END $$"
    )
    made = [
        f"CREATE TRIGGER {NAME}_all AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {NAME}_one()"
        for table in tables
    ]
    return [function, *made, f"GRANT SELECT ON {NAME} TO PUBLIC"]
