"""Kept statements on the driver's own cursor: values go in and come out as SQLAlchemy's. On both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Float, Integer, String, bindparam, event, literal, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from rxportal.core import quick
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Patient
from rxportal.models.base import Instant
from tests.factories import World

SOME: Any = select(col(Patient.id), col(Patient.name)).where(col(Patient.id).in_(bindparam("keys", expanding=True)))
SAID: Any = select(
    literal(1.5, Float).label("number"),
    bindparam("at", type_=Instant()).label("at"),
    bindparam("word", type_=String()).label("word"),
)


def ran(kernel: Kernel, statement: Any, values: dict[str, Any]) -> list[Any]:
    with kernel.engine.connect() as connection:
        return quick.read(connection, statement, values)


def test_values_come_out_as_they_went_in(kernel: Kernel) -> None:
    at = datetime(2026, 11, 23, 18, 30, 0, 123456, tzinfo=UTC)
    for word in ("it’s 100 %", "%(at)s ?", ""):
        (row,) = ran(kernel, SAID, {"at": at, "word": word})
        assert (row.number, row.at, row.word) == (1.5, at, word)
        assert isinstance(row.number, float)


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 5, 9])
def test_any_number_of_keys_finds_each_once(kernel: Kernel, world: World, number: int) -> None:
    patients = [world.patient(f"Patient {place}") for place in range(9)]
    keys: list[UUID] = [one.id for one in patients][:number]
    found = ran(kernel, SOME, {"keys": [*keys, uuid4()] if keys else []})
    assert sorted(row.name for row in found) == [f"Patient {place}" for place in range(number)]


def test_whoever_listens_to_statements_hears_of_every_one(kernel: Kernel) -> None:
    heard: list[str] = []
    values = {"at": datetime.now(UTC), "word": "x"}
    unheard = ran(kernel, SAID, values)
    event.listen(kernel.engine, "before_cursor_execute", lambda *given: heard.append(given[2]))
    assert ran(kernel, SAID, values) == unheard
    assert len([one for one in heard if one.startswith("SELECT")]) == 1


def test_a_fault_of_the_driver_is_one_of_sqlalchemys_and_shows_no_values(kernel: Kernel) -> None:
    with kernel.engine.connect() as connection, pytest.raises(DBAPIError) as told:
        quick.run(connection, "SELECT 1 FROM nowhere", ())
    assert "nowhere" in str(told.value.orig)


FIRST: Any = select(col(Patient.name)).order_by(col(Patient.name)).limit(bindparam("most", type_=Integer))
NAMED: Any = select(col(Patient.name)).where(
    col(Patient.name).in_(["O’Neil", "D'Arcy 100%"]), col(Patient.mrn) != "%?:x"
)


def test_how_many_rows_is_asked_anew_each_time(kernel: Kernel, world: World) -> None:
    for place in range(3):
        world.patient(f"Patient {place}")
    for most in (1, 3, 0, 2, 1):
        assert len(ran(kernel, FIRST, {"most": most})) == most


def test_constants_stand_in_the_text_whatever_is_in_them(kernel: Kernel, world: World) -> None:
    world.patient("D'Arcy 100%")
    assert [row.name for row in ran(kernel, NAMED, {})] == ["D'Arcy 100%"]
    made = quick.compiled(NAMED, kernel.engine.dialect, {})
    assert "'D''Arcy 100%" in made.sql
    assert not made.given


def test_what_a_person_gives_never_stands_in_the_text(kernel: Kernel) -> None:
    values = {"keys": [UUID(int=7)], "word": "a'b"}
    statement = SOME.where(col(Patient.name) != bindparam("word", type_=String()))
    sql = quick.compiled(statement, kernel.engine.dialect, values).sql
    assert "a'b" not in sql and "a''b" not in sql and UUID(int=7).hex not in sql
