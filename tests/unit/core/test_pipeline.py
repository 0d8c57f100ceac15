"""Acts that read columns: what goes out without waiting fails as a whole, and a connection that broke is replaced."""

from __future__ import annotations

import math

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from rxportal.core import database
from rxportal.core.database import transaction
from rxportal.core.errors import Unavailable
from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.core.quick import PIPELINED
from rxportal.models.audit import AuditEntry
from rxportal.services.results import list_results
from tests.factories import World


@pytest.fixture
def token(world: World) -> SessionToken:
    return world.sign_in(world.owner()[0])


@pytest.mark.parametrize("before", [0, 2])
def test_a_read_whose_line_cannot_be_written_fails_and_leaves_nothing(
    kernel: Kernel, world: World, token: SessionToken, before: int
) -> None:
    for _ in range(before + 1):
        kernel.perform(list_results, token)
    with kernel.engine.begin() as connection:
        connection.execute(text("UPDATE audit_head SET seq = seq - 1"))
    for _ in range(12):  # more often than there are connections: each is whole again
        with pytest.raises(DBAPIError):
            kernel.perform(list_results, token)
    assert len(world.rows(AuditEntry)) == before + 1
    with kernel.engine.begin() as connection:
        connection.execute(text("UPDATE audit_head SET seq = seq + 1"))
    kernel.perform(list_results, token)
    assert kernel.audit_fault() == ""


def test_what_else_a_session_can_is_done_outside_the_pipeline(kernel: Kernel, world: World) -> None:
    patient = world.patient("Somebody Samplewood")
    with transaction(kernel.engine, write=True, plain=True) as session:
        info = session.connection().info
        assert bool(info.get(PIPELINED)) is (kernel.engine.dialect.name == "postgresql")
        found = session.get(type(patient), patient.id)
        assert found is not None and PIPELINED not in info
        found.name = "Renamed Samplewood"
    assert [one.name for one in world.rows(type(patient)) if one.id == patient.id] == ["Renamed Samplewood"]
    with kernel.engine.connect() as connection:
        assert PIPELINED not in connection.info


def _cut(kernel: Kernel) -> None:
    """End every connection of the kernel to PostgreSQL."""
    other = create_engine(kernel.engine.url)
    with other.connect() as connection:
        ended = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND application_name = 'rxportal'"
            )
        )
        assert all(ended.scalars())
    other.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("kernel", ["postgresql"], indirect=True)
def test_connections_that_rested_and_broke_are_replaced_unseen(
    kernel: Kernel, token: SessionToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kernel.engine.connect(), kernel.engine.connect():
        pass  # two in the pool
    _cut(kernel)
    monkeypatch.setattr(database, "LONGEST_REST", 0.0)
    kernel.perform(list_results, token)
    assert kernel.audit_fault() == ""


@pytest.mark.postgresql
@pytest.mark.parametrize("kernel", ["postgresql"], indirect=True)
def test_one_that_broke_at_work_is_said_to_be_away_and_replaced(
    kernel: Kernel, world: World, token: SessionToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kernel.engine.connect(), kernel.engine.connect():
        pass
    monkeypatch.setattr(database, "LONGEST_REST", math.inf)
    _cut(kernel)
    with pytest.raises(Unavailable):
        kernel.perform(list_results, token)
    monkeypatch.setattr(database, "LONGEST_REST", 0.0)
    kernel.perform(list_results, token)
    assert len(world.rows(AuditEntry)) == 1
    assert kernel.audit_fault() == ""
