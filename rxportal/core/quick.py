"""Running a kept statement of columns with as little around it as there can be (ADR 0004).

SQLAlchemy writes the SQL, knows how each value goes in and comes out, and runs it; what is saved is asking it again at
every event. Built on its public face alone: `construct_expanded_state`, `result_processor`, `exec_driver_sql`.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect

Convert = Callable[[Any], Any]
MOST_KEPT = 1_000


@dataclass(frozen=True)
class Quick:
    """A statement compiled for one database.

    `places`: the order of the values, where the driver takes them by place. `given`: values that stand in the statement
    itself, as the driver takes them. `into`, `out`: how values go in by name, and come out by place.
    """

    sql: str
    places: tuple[str, ...] | None
    given: Mapping[str, Any]
    into: Mapping[str, Convert]
    out: tuple[tuple[int, Convert], ...]
    row: Any

    def run(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Every row, as a named tuple."""
        bound = {**self.given, **values}
        for name, convert in self.into.items():
            bound[name] = convert(bound[name])
        sent = tuple(bound[name] for name in self.places) if self.places is not None else bound
        found = connection.exec_driver_sql(self.sql, sent).fetchall()
        if not self.out:
            return [self.row(*each) for each in found]
        return [self.row(*self._read(each)) for each in found]

    def _read(self, raw: Any) -> list[Any]:
        values = list(raw)
        for place, convert in self.out:
            values[place] = convert(values[place])
        return values


_KEPT: dict[tuple[Any, Dialect], Quick] = {}


def read(connection: Connection, statement: Any, values: Mapping[str, Any]) -> list[Any]:
    """Every row of a kept statement of columns. `values`: exactly those that it leaves open, no lists among them."""
    kept = _KEPT.get((statement, connection.dialect))
    if kept is None:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        kept = _KEPT[statement, connection.dialect] = compiled(statement, connection.dialect, values)
    return kept.run(connection, values)


def compiled(statement: Any, dialect: Dialect, values: Mapping[str, Any]) -> Quick:
    """The statement for this database. `values` only help the compiler: none of them stays."""
    made = statement.params(values).compile(dialect=dialect)
    state = made.construct_expanded_state()
    given, into = {}, {}
    for name, value in state.parameters.items():
        bind = made.binds.get(name)  # None: one word of a fixed list
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect) if bind is not None else None
        convert = convert or state.processors.get(name)
        if name not in values:
            given[name] = convert(value) if convert else value
        elif convert:
            into[name] = convert
    columns = statement.selected_columns
    converts = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    return Quick(
        sql=state.statement,
        places=tuple(state.positiontup) if state.positiontup is not None else None,
        given=given,
        into=into,
        out=tuple((place, convert) for place, convert in enumerate(converts) if convert),
        row=namedtuple("Row", [column.key for column in columns], rename=True),  # noqa: PYI024 (made at run time)
    )
