"""Who may open a chart, and ending it: by whom, in which words, and what follows."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from rxportal.core.errors import Conflict, NotAllowed, NotFound
from rxportal.core.kernel import Kernel
from rxportal.core.live import GRANTS, Change
from rxportal.models.accounts import Basis, Grant, Level
from rxportal.models.audit import AuditEntry
from rxportal.services.access_log import access_log
from rxportal.services.grants import NotRemovable, revoke_grant
from rxportal.services.results import list_results
from tests.factories import World
from tests.fakes import RecordingBus


def stored(world: World, grant: Grant) -> Grant:
    return next(row for row in world.rows(Grant) if row.id == grant.id)


def test_the_owner_ends_a_proxys_access_and_it_is_over_at_once(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    proxy, grant = world.proxy(patient, Level.FULL)
    theirs = world.sign_in(proxy)
    kernel.perform(list_results, theirs, grant.id)
    row = kernel.perform(revoke_grant, world.sign_in(account), grant_id=grant.id)
    assert (row.name, row.tag, row.over, row.removable) == (proxy.name, "Removed", True, False)
    with pytest.raises(NotFound):
        kernel.perform(list_results, theirs, grant.id)
    assert kernel.still_open(theirs, [("list_results", str(grant.id))]) == [False]


def test_it_is_audited_and_told_to_every_page_that_it_concerns(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    proxy, grant = world.proxy(patient)
    kernel.perform(revoke_grant, world.sign_in(account), grant_id=grant.id)
    line = world.rows(AuditEntry)[-1]
    assert (line.use_case, line.outcome, line.patient_id) == ("revoke_grant", "done", patient.id)
    assert line.detail == f'{{"grant": "{grant.id}"}}'
    assert isinstance(kernel.bus, RecordingBus)
    assert {
        Change("account", str(proxy.id), GRANTS),
        Change("chart", str(patient.id), "grants"),
        Change("chart", str(patient.id), "access_log"),
        Change("desk", str(patient.practice_id), "grants"),
    } <= set(kernel.bus.published)


def test_an_invitation_can_be_taken_back_before_it_is_accepted(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    _, grant = world.proxy(patient, accepted=False)
    session = world.sign_in(account)
    row = kernel.perform(access_log, session).people[0]
    assert (row.tag, row.removable) == ("Invited, not accepted yet", True)
    kernel.perform(revoke_grant, session, grant_id=grant.id)
    assert stored(world, grant).revoked_at == kernel.clock()


@pytest.mark.parametrize("basis", [Basis.PARENT, Basis.GUARDIAN])
def test_a_teen_does_not_end_a_parents_or_guardians_access_alone(kernel: Kernel, world: World, basis: Basis) -> None:
    teen = world.child(15)
    account, _ = world.owner(teen)
    _, grant = world.proxy(teen, Level.FULL, basis=basis)
    session = world.sign_in(account)
    with pytest.raises(NotRemovable, match="ended by the practice"):
        kernel.perform(revoke_grant, session, grant_id=grant.id)
    row = kernel.perform(access_log, session).people[0]
    assert not row.removable
    assert row.why.startswith("A parent’s or guardian’s access is ended by the practice.")
    assert stored(world, grant).revoked_at is None


def test_nobody_ends_their_own_chart_here(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    own = next(row for row in world.rows(Grant) if row.patient_id == patient.id)
    with pytest.raises(NotRemovable):
        kernel.perform(revoke_grant, world.sign_in(account), grant_id=own.id)


@pytest.mark.parametrize("over", [{"revoked_at": -1}, {"until": -1}])
def test_what_is_over_is_not_ended_again(kernel: Kernel, world: World, over: dict[str, int]) -> None:
    account, patient = world.owner()
    ended = {name: world.now + timedelta(minutes=minutes) for name, minutes in over.items()}
    proxy, grant = world.proxy(patient, **ended)
    with pytest.raises(Conflict, match=f"The access of {proxy.name} was over before"):
        kernel.perform(revoke_grant, world.sign_in(account), grant_id=grant.id)


@pytest.mark.parametrize("level", [Level.FULL, Level.READ_ONLY])
def test_a_proxy_ends_nobodys_access(kernel: Kernel, world: World, level: Level) -> None:
    patient = world.patient()
    _, other = world.proxy(patient)
    proxy, grant = world.proxy(patient, level)
    with pytest.raises(NotAllowed):
        kernel.perform(revoke_grant, world.sign_in(proxy), grant.id, grant_id=other.id)
    assert stored(world, other).revoked_at is None


def test_a_grant_of_another_chart_is_not_found(kernel: Kernel, world: World) -> None:
    account, _ = world.owner()
    _, foreign = world.proxy(world.patient())
    session = world.sign_in(account)
    for key in (foreign.id, uuid4()):
        with pytest.raises(NotFound):
            kernel.perform(revoke_grant, session, grant_id=key)
    assert stored(world, foreign).revoked_at is None
