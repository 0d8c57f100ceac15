"""A view that is kept is the view that would be made now: for every reader, at every instant, whatever changed."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from rxportal.core.errors import NotAllowed, NotFound, NotSignedIn
from rxportal.core.identity import SessionToken
from rxportal.core.kept import MOST_OF_ONE, Shelf
from rxportal.core.kernel import Kernel
from rxportal.core.usecase import REGISTRY
from rxportal.models.accounts import Grant, Level, Patient, Session
from rxportal.models.audit import AuditEntry
from rxportal.models.records import Record, Sensitivity
from rxportal.services.family import family_home
from rxportal.services.home import home
from rxportal.services.results import list_results, open_result
from tests.factories import World
from tests.fakes import StoppedClock


class Makings:
    """How often a kept use case's function ran, whatever was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, kernel: Kernel) -> None:
        self.made: list[str] = []
        view = kernel.shelf.view

        def counted(scope: Any, function: Callable[..., Any], inputs: dict[str, Any]) -> Any:
            def ran(*given: Any, **named: Any) -> Any:
                self.made.append(function.__name__)
                return function(*given, **named)

            ran.__name__ = function.__name__
            return view(scope, ran, inputs)

        monkeypatch.setattr(kernel.shelf, "view", counted)


@pytest.fixture
def makings(monkeypatch: pytest.MonkeyPatch, kernel: Kernel) -> Makings:
    return Makings(monkeypatch, kernel)


def ann(world: World) -> tuple[SessionToken, Patient, UUID]:
    account, patient = world.owner(world.patient("Ann Quagga"))
    result = world.released(patient, "Zirconium")
    return world.sign_in(account), patient, result.id


def test_what_reads_the_same_is_made_once_and_given_as_a_copy(kernel: Kernel, world: World, makings: Makings) -> None:
    cookie, _patient, key = ann(world)
    for case, inputs in ((list_results, {}), (open_result, {"result_id": str(key)}), (home, {}), (family_home, {})):
        first = kernel.perform(case, cookie, **inputs)
        again = kernel.perform(case, cookie, **inputs)
        assert again == first
        assert again is not first
        assert pickle.dumps(again) == pickle.dumps(kernel.perform(case, cookie, **inputs))
    assert makings.made == ["list_results", "open_result", "home", "family_home"]


def test_what_a_page_does_to_its_copy_reaches_nobody_else(kernel: Kernel, world: World) -> None:
    cookie, _patient, _key = ann(world)
    for _ in range(2):
        mine = kernel.perform(list_results, cookie)
        mine.rows[0].title = "Alteronium"
        mine.rows.clear()
    assert [row.title for row in kernel.perform(list_results, cookie).rows] == ["Zirconium"]


def test_each_view_leaves_its_audit_line_kept_or_not(kernel: Kernel, world: World) -> None:
    cookie, patient, key = ann(world)
    for _ in range(3):
        kernel.perform(open_result, cookie, result_id=str(key))
        kernel.perform(family_home, cookie)
    told = [(line.use_case, line.patient_id, str(key) in line.detail) for line in world.rows(AuditEntry)]
    assert [one for one in told if one[0] == "open_result"] == [("open_result", patient.id, True)] * 3
    assert [one for one in told if one[0] == "family_home"] == [("family_home", patient.id, False)] * 3
    assert kernel.audit_fault() == ""


def test_nothing_is_asked_less_because_a_view_is_kept(kernel: Kernel, world: World) -> None:
    cookie, _patient, key = ann(world)
    statements: list[str] = []
    event.listen(kernel.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    for case, inputs in ((list_results, {}), (open_result, {"result_id": str(key)}), (family_home, {})):
        asked = []
        for _ in range(2):
            statements.clear()
            kernel.perform(case, cookie, live=True, **inputs)
            asked.append(list(statements))
        assert asked[0] == asked[1]
        assert len(asked[0]) >= 4


# --- whatever changed


def test_what_was_struck_withheld_or_renamed_is_told_at_once(kernel: Kernel, world: World, makings: Makings) -> None:
    cookie, _patient, key = ann(world)
    assert [row.title for row in kernel.perform(list_results, cookie).rows] == ["Zirconium"]
    (record,) = [row for row in world.rows(Record) if row.id == key]
    record.title = "Alteronium"
    world.store(record)
    assert [row.title for row in kernel.perform(list_results, cookie).rows] == ["Alteronium"]
    record.struck = True
    world.store(record)
    assert kernel.perform(list_results, cookie).rows == []
    with pytest.raises(NotFound):
        kernel.perform(open_result, cookie, result_id=str(key))
    assert makings.made == ["list_results"] * 3 + ["open_result"]


def test_what_opens_by_the_clock_alone_is_told_when_it_opens(kernel: Kernel, world: World) -> None:
    cookie, patient, _key = ann(world)
    waiting = world.result(patient, "Waitonium")
    waiting.visible_from = world.now + timedelta(minutes=3)
    world.store(waiting)
    clock = kernel.clock
    assert isinstance(clock, StoppedClock)
    seen = []
    for _ in range(5):
        seen.append(len(kernel.perform(list_results, cookie).rows))
        clock.advance(minutes=1)
    assert seen == [1, 1, 1, 2, 2]


def test_what_is_new_ends_by_the_clock_alone(kernel: Kernel, world: World) -> None:
    account, patient = world.owner(world.patient("Ann Quagga"))
    world.released(patient, "Zirconium")
    clock = kernel.clock
    assert isinstance(clock, StoppedClock)
    new = []
    for _ in range(10):
        cookie = world.sign_in(account)
        new.append(kernel.perform(list_results, cookie).rows[0].is_new)
        clock.advance(days=1)
    assert new == [True] * (sum(new)) + [False] * (10 - sum(new))
    assert 0 < sum(new) < 10


# --- whoever asks


def test_nobody_gets_what_another_reader_may_see(kernel: Kernel, world: World) -> None:
    cookie, patient, key = ann(world)
    secret = world.released(patient, "Secretonium", sensitivity=Sensitivity.SEXUAL_HEALTH)
    assert len(kernel.perform(list_results, cookie).rows) == 2
    carer, grant = world.proxy(patient, Level.READ_ONLY)
    theirs = world.sign_in(carer)
    for _ in range(2):
        shown = kernel.perform(list_results, theirs, grant.id)
        assert [row.title for row in shown.rows] == ["Zirconium"]
        with pytest.raises(NotFound):
            kernel.perform(open_result, theirs, grant.id, result_id=str(secret.id))
        assert len(kernel.perform(list_results, cookie).rows) == 2
    bob, _other = world.owner(world.patient("Bob Okapi"))
    assert kernel.perform(list_results, world.sign_in(bob)).rows == []
    with pytest.raises(NotFound):
        kernel.perform(open_result, world.sign_in(bob), result_id=str(key))


def test_a_kept_view_does_not_outlive_the_right_to_it(kernel: Kernel, world: World) -> None:
    _cookie, patient, _key = ann(world)
    carer, grant = world.proxy(patient, Level.READ_ONLY)
    theirs = world.sign_in(carer)
    assert kernel.perform(list_results, theirs, grant.id).rows
    assert [one.name for one in kernel.perform(family_home, theirs).people] != []
    (stored,) = [row for row in world.rows(Grant) if row.id == grant.id]
    stored.revoked_at = world.now
    world.store(stored)
    with pytest.raises((NotFound, NotAllowed)):
        kernel.perform(list_results, theirs, grant.id)
    assert kernel.perform(family_home, theirs).people == []
    for row in world.rows(Session):
        row.ended_at = world.now
        world.store(row)
    with pytest.raises(NotSignedIn):
        kernel.perform(family_home, theirs)


# --- what is kept


def kept_cases() -> list[str]:
    return sorted(case.name for case in REGISTRY.values() if case.kept)


def test_a_kept_use_case_cannot_look_at_anything_that_is_not_asked_again(kernel: Kernel, world: World) -> None:
    """Its scope has no session and no clock: what it reads, it reads by what is read again."""
    cookie, _patient, _key = ann(world)
    scopes = []

    class Spy(Shelf):
        def view(self, scope: Any, function: Callable[..., Any], inputs: dict[str, Any]) -> Any:
            found = super().view(scope, function, inputs)
            scopes.append(scope)
            return found

    kernel.shelf = Spy()
    kernel.perform(list_results, cookie)
    (scope,) = scopes
    for look in (
        lambda: scope.session.execute("select 1"),
        lambda: scope.now.year,
        lambda: scope.now - timedelta(days=1),
        lambda: scope.exec(scope.select(Record)),
        lambda: scope.add(Record()),
        lambda: scope.outbox("x", {}),
    ):
        with pytest.raises((RuntimeError, TypeError)):
            look()


def test_only_reads_are_kept() -> None:
    assert {"list_results", "open_result", "home", "family_home"} <= set(kept_cases())
    assert {REGISTRY[name].kind for name in kept_cases()} == {"read"}


def test_the_shelf_holds_no_more_than_it_may_and_forgets(kernel: Kernel, world: World, monkeypatch: Any) -> None:
    account, patient = world.owner(world.patient("Ann Quagga"))
    for number in range(6):
        world.released(patient, f"Zirconium {number}")
    cookie = world.sign_in(account)
    kernel.perform(list_results, cookie)
    one = kernel.shelf._held
    assert 0 < one < MOST_OF_ONE
    kernel.shelf.most = 2 * one
    for query in ("", "zirconium", "1", "2", "3", "4"):
        kernel.perform(list_results, cookie, query=query)
        assert kernel.shelf._held <= kernel.shelf.most
    assert kernel.shelf._held == sum(made.size for made in kernel.shelf._made.values())
    monkeypatch.setattr("rxportal.core.kept.LONGEST", -1.0)
    kernel.flush_refusals()
    assert (kernel.shelf._held, len(kernel.shelf._made)) == (0, 0)
