"""The harness itself: both databases are really there, fresh for each test, and refuse what they should."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlmodel import Session

from rxportal.core.audit import Line, append
from rxportal.core.kernel import Kernel
from rxportal.models.records import Gate, Kind
from tests.factories import World


@pytest.mark.parametrize("round_", [1, 2])
def test_each_test_gets_an_empty_database(world: World, round_: int) -> None:
    from rxportal.models.accounts import Patient

    assert world.rows(Patient) == []
    world.owner()
    assert len(world.rows(Patient)) == 1


def test_a_result_is_settled_by_the_default_policy(world: World) -> None:
    patient = world.patient()
    assert world.result(patient).gate is Gate.WAITING
    assert world.released(patient).gate is Gate.OPEN
    assert world.result(patient, kind=Kind.HIV).gate is Gate.WITHHELD


@pytest.mark.parametrize("change", ["DELETE FROM audit_entry", "UPDATE audit_entry SET actor = 'nobody'"])
def test_the_app_can_not_change_the_audit_log(kernel: Kernel, change: str) -> None:
    line = Line(at=kernel.clock(), actor="somebody", use_case="tests", outcome="done")
    with Session(kernel.engine) as session:
        append(session, kernel.audit_key, line)
        session.commit()
    with kernel.engine.connect() as connection, pytest.raises(Exception, match=r"audit|permission denied"):
        connection.execute(text(change))
    assert kernel.audit_fault() == ""
