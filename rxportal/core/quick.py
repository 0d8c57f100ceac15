"""Running a kept statement of columns with as little around it as there can be (ADR 0004).

SQLAlchemy writes the SQL and knows how each value goes in and comes out; what is saved is asking it again at every
event. Built on its public face alone: `construct_expanded_state`, `result_processor`, its connection's own cursor.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Float, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]
Raw = list[tuple[Any, ...]]
MOST_KEPT = 1_000
# The one value that is written into the text: how many rows. There are few such numbers, and each has its own plan.
MOST = "most"
# In a connection's `info`: statements go out without waiting for the answer of the one before.
PIPELINED = "pipelined"


@dataclass(frozen=True)
class Quick:
    """A statement compiled for one database. `reads`: it gives rows.

    `places`: the order of the values, where the driver takes them by place. `given`: values that stand in the statement
    itself, as the driver takes them. `lists`: the names under which the items of a list go in. `into`, `out`: how
    values go in by name, and come out by place.
    """

    sql: str
    reads: bool
    places: tuple[str, ...] | None
    given: Mapping[str, Any]
    lists: Mapping[str, Sequence[str]]
    into: Mapping[str, Convert]
    out: tuple[tuple[int, Convert], ...]
    row: Any

    def sent(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        bound = {**self.given, **values}
        for name, items in self.lists.items():
            bound.update(zip(items, bound.pop(name), strict=True))
        for name, convert in self.into.items():
            bound[name] = convert(bound[name])
        return tuple(bound[name] for name in self.places) if self.places is not None else bound

    def rows(self, found: Raw) -> list[Any]:
        """The same rows as named tuples of our own values."""
        if not self.out:
            return [self.row(*each) for each in found]
        return [self.row(*self._read(each)) for each in found]

    def _read(self, raw: Any) -> list[Any]:
        values = list(raw)
        for place, convert in self.out:
            values[place] = convert(values[place])
        return values


def run(connection: Connection, sql: str, sent: Any, *, reads: bool = True) -> Raw:
    """Run one statement on the driver's own cursor; every row. Where statements are listened to, through SQLAlchemy.

    In a pipeline a statement that gives no rows goes out with the next one, whose fault may be its.

    Raises:
        DBAPIError: as SQLAlchemy raises it; a connection that broke is not used again.
    """
    if connection.engine.dispatch.before_cursor_execute:
        result = connection.exec_driver_sql(sql, sent)
        found: Any = result.cursor.fetchall() if result.cursor and result.returns_rows else []
        result.close()
        return list(found)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, sent)
        return list(cursor.fetchall()) if reads else []
    except connection.dialect.loaded_dbapi.Error as fault:
        raise told(connection, sql, fault) from fault
    finally:
        cursor.close()


def told(connection: Connection, sql: str, fault: Exception) -> Exception:
    """A fault of the driver as SQLAlchemy would raise it; a connection that broke is not used again."""
    broken = connection.dialect.is_disconnect(fault, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
    if broken:
        connection.invalidate(fault)
    base = connection.dialect.loaded_dbapi.Error
    made: Exception = DBAPIError.instance(sql, None, fault, base, hide_parameters=True, connection_invalidated=broken)
    return made


def send(connection: Connection, statement: Any, values: Mapping[str, Any]) -> Callable[[], Raw]:
    """What gives the rows as the driver gives them. In a pipeline the statement is on its way already."""
    if not connection.info.get(PIPELINED):
        return lambda: fetch(connection, statement, values)[1]
    kept, bound = _kept(connection, statement, values)
    cursor = connection.connection.cursor()

    def rows() -> Raw:
        try:
            return list(cursor.fetchall())
        except connection.dialect.loaded_dbapi.Error as fault:
            raise told(connection, kept.sql, fault) from fault

    try:
        cursor.execute(kept.sql, kept.sent(bound))
    except connection.dialect.loaded_dbapi.Error as fault:
        raise told(connection, kept.sql, fault) from fault
    return rows


_KEPT: dict[tuple[Any, Dialect, tuple[int | None, ...]], Quick] = {}


def read(connection: Connection, statement: Any, values: Mapping[str, Any]) -> list[Any]:
    """Every row of a kept statement of columns. `values`: exactly those that it leaves open."""
    kept, found = fetch(connection, statement, values)
    return kept.rows(found)


def fetch(connection: Connection, statement: Any, values: Mapping[str, Any]) -> tuple[Quick, Raw]:
    """The same, as the driver gives it, and what makes rows of it."""
    kept, bound = _kept(connection, statement, values)
    return kept, run(connection, kept.sql, kept.sent(bound), reads=kept.reads)


def _kept(connection: Connection, statement: Any, values: Mapping[str, Any]) -> tuple[Quick, Mapping[str, Any]]:
    lists = {name: _padded(value) for name, value in values.items() if isinstance(value, list)}
    bound = {**values, **lists} if lists else values
    sizes = (*map(len, lists.values()), values.get(MOST))
    kept = _KEPT.get((statement, connection.dialect, sizes))
    if kept is None:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        kept = _KEPT[statement, connection.dialect, sizes] = compiled(statement, connection.dialect, bound)
    return kept, bound


def write(connection: Connection, statement: Any, values: Mapping[str, Any]) -> None:
    """Run a kept INSERT (of the columns that `values` name) or UPDATE (its values are `bindparam`)."""
    fetch(connection, statement, values)


def _padded(keys: list[Any]) -> list[Any]:
    """As many as the next power of two, the last one again and again: few lengths make few statements."""
    if not keys:
        return [None]
    return keys + keys[-1:] * ((1 << (len(keys) - 1).bit_length()) - len(keys))


def _comes_out(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """How a column's value comes out. For numbers a dialect wants to see the driver's own type; ours are all floats."""
    if isinstance(kind, Float) and not kind.asdecimal:
        return _number
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def spelled_out(statement: Any, values: Mapping[str, Any]) -> Any:
    """The statement with its constants as words of its text; what `values` name stays open, but for `most`.

    SQLite plans a statement anew at every execution while a value that decides about its plan (that of a partial index,
    of a LIMIT) goes in by place: planning was more than half of a short read. PostgreSQL has fewer values to be sent.
    """

    def spell(element: Any, **_options: Any) -> Any:
        if not isinstance(element, BindParameter):
            return None
        if element.key == MOST and MOST in values:
            return bindparam(None, values[MOST], type_=element.type, literal_execute=True)
        constant = element.key not in values and isinstance(element.value, str | int | list | tuple)
        return element.render_literal_execute() if constant else None

    return replacement_traverse(statement, {}, spell)


def compiled(statement: Any, dialect: Dialect, values: Mapping[str, Any]) -> Quick:
    """The statement for this database. `values` only help the compiler: none of them stays."""
    if statement.is_select:
        statement = spelled_out(statement, values)
        made = statement.params(values).compile(dialect=dialect)
        state = made.construct_expanded_state()
    else:
        made = statement.compile(dialect=dialect, column_keys=list(values) if statement.is_insert else [])
        state = made.construct_expanded_state(values)
    lists = {name: items for name, items in state.parameter_expansion.items() if name in values}
    items = {item for each in lists.values() for item in each}
    given, into = {}, {}
    for name, value in state.parameters.items():
        bind = made.binds.get(name)  # None: one word of a fixed list
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect) if bind is not None else None
        convert = convert or state.processors.get(name)
        if name not in values and name not in items:
            given[name] = convert(value) if convert else value
        elif convert:
            into[name] = convert
    columns = statement.selected_columns if statement.is_select else ()
    converts = [_comes_out(column.type, dialect) for column in columns]
    return Quick(
        sql=state.statement,
        reads=bool(statement.is_select),
        places=tuple(state.positiontup) if state.positiontup is not None else None,
        given=given,
        lists=lists,
        into=into,
        out=tuple((place, convert) for place, convert in enumerate(converts) if convert),
        row=namedtuple("Row", [column.key for column in columns], rename=True),  # noqa: PYI024 (made at run time)
    )
