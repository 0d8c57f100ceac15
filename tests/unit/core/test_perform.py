"""`perform`: who may, what is written, what a refusal leaves behind. On both databases."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from rxportal.core.access import Permission, Relationship
from rxportal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, NotSignedIn, PortalError
from rxportal.core.identity import Anonymous, Operator, SessionToken
from rxportal.core.kernel import Kernel
from rxportal.core.live import Change
from rxportal.models.accounts import Account, Basis, Level, Patient, Practice, Role, Session, Staff
from rxportal.models.audit import AuditEntry
from rxportal.models.records import Kind, Section, Sensitivity
from tests.factories import World, lives
from tests.fakes import StoppedClock
from tests.unit.core.cases import (
    try_desk_patient,
    try_one_record,
    try_operate,
    try_public,
    try_read_account,
    try_read_chart,
    try_read_desk,
    try_rename,
    try_titles,
)

YEAR = timedelta(days=365)


def lines(world: World) -> list[AuditEntry]:
    return sorted(world.rows(AuditEntry), key=lambda line: line.seq)


def told(line: AuditEntry) -> dict[str, Any]:
    return json.loads(line.detail) if line.detail else {}


# --- the four scopes


def test_the_owner_opens_their_own_chart_and_a_line_says_so(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    assert kernel.perform(try_read_chart, world.sign_in(account)) == patient.id
    (line,) = lines(world)
    assert (line.use_case, line.outcome, line.relationship) == ("try_read_chart", "done", "owner")
    assert (line.account_id, line.patient_id) == (account.id, patient.id)
    assert line.session_id is not None
    assert kernel.audit_fault() == ""


def test_a_proxy_opens_the_chart_named_by_the_grant(kernel: Kernel, world: World) -> None:
    account, own = world.owner()
    other = world.patient()
    grant = world.grant(account, other, Level.READ_ONLY)
    token = world.sign_in(account)
    assert kernel.perform(try_read_chart, token) == own.id
    assert kernel.perform(try_read_chart, token, str(grant.id)) == other.id
    assert kernel.perform(try_read_chart, token, grant.id) == other.id


def test_staff_see_their_own_practice_only(kernel: Kernel, world: World) -> None:
    here, there = world.practice(), world.practice("Elsewhere Clinic")
    mine, foreign = world.patient(practice=here), world.patient(practice=there)
    doctor = world.sign_in(world.staff())
    assert kernel.perform(try_read_desk, doctor) == [mine.id]
    assert kernel.perform(try_desk_patient, doctor, patient_id=str(mine.id)) == mine.name
    with pytest.raises(NotFound) as foreign_one:
        kernel.perform(try_desk_patient, doctor, patient_id=str(foreign.id))
    with pytest.raises(NotFound) as unknown_one:
        kernel.perform(try_desk_patient, doctor, patient_id=str(uuid4()))
    assert foreign_one.value.message == unknown_one.value.message


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.BILLING, Role.ADMINISTRATOR])
def test_other_roles_at_the_desk_are_refused_in_words(kernel: Kernel, world: World, role: Role) -> None:
    with pytest.raises(NotAllowed):
        kernel.perform(try_read_desk, world.sign_in(world.staff(role)))


def test_a_patient_at_no_desk_finds_none(kernel: Kernel, world: World) -> None:
    account, _ = world.owner()
    with pytest.raises(NotFound):
        kernel.perform(try_read_desk, world.sign_in(account))


def test_a_place_at_the_desk_that_ended_or_has_not_begun_opens_nothing(kernel: Kernel, world: World) -> None:
    doctor = world.staff()
    token = world.sign_in(doctor)
    (place,) = world.rows(Staff)
    place.until = world.now
    world.store(place)
    with pytest.raises(NotFound):
        kernel.perform(try_read_desk, token)
    place.since, place.until = world.now + timedelta(seconds=1), None
    world.store(place)
    with pytest.raises(NotFound):
        kernel.perform(try_read_desk, token)


def test_the_desk_opens_no_charts_and_a_chart_no_desk(kernel: Kernel, world: World) -> None:
    patient = world.patient()
    doctor = world.sign_in(world.staff())
    with pytest.raises(NotFound):
        kernel.perform(try_read_chart, doctor)
    with pytest.raises(NotFound):
        kernel.perform(try_read_chart, doctor, str(patient.id))


def test_the_operator_runs_desks_and_nothing_else(kernel: Kernel, world: World) -> None:
    assert kernel.perform(try_operate, Operator()) == kernel.practice.name
    with pytest.raises(NotAllowed):
        kernel.perform(try_read_desk, Operator())
    with pytest.raises(NotSignedIn):
        kernel.perform(try_read_chart, Operator())
    with pytest.raises(NotSignedIn):
        kernel.perform(try_read_account, Operator())


def test_nobody_from_the_browser_is_the_operator(kernel: Kernel, world: World) -> None:
    for account in (world.owner()[0], *(world.staff(role) for role in Role)):
        with pytest.raises((NotAllowed, NotFound)):
            kernel.perform(try_operate, world.sign_in(account))


def test_account_and_public_scopes(kernel: Kernel, world: World) -> None:
    account = world.account()
    assert kernel.perform(try_read_account, world.sign_in(account)) == account.id
    assert kernel.perform(try_public, Anonymous()) is False
    assert kernel.perform(try_public, world.sign_in(account)) is True
    with pytest.raises(NotSignedIn):
        kernel.perform(try_read_account, Anonymous())


def test_a_dead_cookie_does_not_bar_the_way_to_sign_in(kernel: Kernel) -> None:
    assert kernel.perform(try_public, SessionToken("long gone")) is False


# --- refusals


def test_what_is_no_use_case_does_not_run(kernel: Kernel, world: World) -> None:
    def stranger(chart: object) -> None:
        raise AssertionError

    with pytest.raises(LookupError):
        kernel.perform(stranger, world.sign_in(world.account()))

    def try_read_chart(chart: object) -> None:  # the name of a real one
        raise AssertionError

    with pytest.raises(LookupError):
        kernel.perform(try_read_chart, world.sign_in(world.account()))


def test_a_refusal_rolls_back_and_is_audited_by_itself(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    with pytest.raises(Conflict):
        kernel.perform(try_rename, world.sign_in(account), name="Changed", fail="refused")
    assert [row.name for row in world.rows(Patient)] == [patient.name]
    (line,) = lines(world)
    assert (line.use_case, line.outcome, line.account_id) == ("try_rename", "conflict", account.id)
    assert kernel.bus.published == []


def test_a_fault_rolls_back_everything_its_audit_line_too(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    with pytest.raises(ZeroDivisionError):
        kernel.perform(try_rename, world.sign_in(account), name="Changed", fail="fault")
    assert [row.name for row in world.rows(Patient)] == [patient.name]
    assert lines(world) == []
    assert kernel.bus.published == []


def test_the_act_and_its_line_are_one_transaction(
    kernel: Kernel, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, patient = world.owner()
    token = world.sign_in(account)

    def full_disk(*arguments: object) -> None:
        raise OSError

    monkeypatch.setattr("rxportal.core.kernel.audit.append", full_disk)
    with pytest.raises(OSError):
        kernel.perform(try_rename, token, name="Changed")
    assert [row.name for row in world.rows(Patient)] == [patient.name]


def test_a_publication_comes_after_the_commit(kernel: Kernel, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    account, patient = world.owner()
    seen: list[str] = []
    publish = kernel.bus.publish

    def look(changes: list[Change]) -> None:
        seen.extend(row.name for row in world.rows(Patient))
        publish(changes)

    monkeypatch.setattr(kernel.bus, "publish", look)
    kernel.perform(try_rename, world.sign_in(account), name="Changed")
    assert seen == ["Changed"]
    chart = str(patient.id)
    assert kernel.bus.published == [Change("chart", chart, "results"), Change("chart", chart, "access_log")]


def test_a_lost_publication_costs_nothing(kernel: Kernel, world: World) -> None:
    """A bus that is away raises nothing by contract; the act is done either way."""
    account, _ = world.owner()
    kernel.perform(try_rename, world.sign_in(account), name="Changed")
    assert [row.name for row in world.rows(Patient)] == ["Changed"]


def test_repeated_refusals_are_counted_into_one_line(kernel: Kernel, world: World, clock: StoppedClock) -> None:
    account, _ = world.owner()
    token = world.sign_in(account)
    for _ in range(50):
        with pytest.raises(NotFound):
            kernel.perform(try_one_record, token, record_id=str(uuid4()))
    assert [line.count for line in lines(world)] == [1]
    clock.advance(seconds=61)
    with pytest.raises(NotFound):
        kernel.perform(try_one_record, token, record_id=str(uuid4()))
    assert [(line.outcome, line.count) for line in lines(world)] == [
        ("not_found", 1),
        ("not_found", 49),
        ("not_found", 1),
    ]
    assert kernel.audit_fault() == ""


def test_counted_refusals_are_not_lost_at_the_end(kernel: Kernel, world: World) -> None:
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            kernel.perform(try_read_chart, Anonymous())
    kernel.flush_refusals()
    kernel.flush_refusals()
    assert [line.count for line in lines(world)] == [1, 4]
    assert kernel.audit_fault() == ""


def test_refusals_of_two_people_are_two_lines(kernel: Kernel, world: World) -> None:
    for account in (world.owner()[0], world.owner()[0]):
        with pytest.raises(NotFound):
            kernel.perform(try_one_record, world.sign_in(account), record_id=str(uuid4()))
    assert len(lines(world)) == 2


def test_absent_foreign_and_malformed_grants_all_look_alike(kernel: Kernel, world: World) -> None:
    account, _ = world.owner()
    stranger, foreign = world.owner()
    foreign_grant = world.grant(stranger, foreign, Level.FULL)
    token = world.sign_in(account)
    said = set()
    for grant in (
        str(uuid4()),
        str(foreign_grant.id),
        str(foreign.id),
        "x",
        "' OR 1=1 --",
        "0" * 5000,
        7,
        [],
        {"a": 1},
    ):
        with pytest.raises(PortalError) as refusal:
            kernel.perform(try_read_chart, token, grant)
        said.add((refusal.type, refusal.value.message))
    assert said == {(NotFound, NotFound().message)}


# --- live reads


def test_a_live_read_writes_nothing_and_is_no_activity(kernel: Kernel, world: World, clock: StoppedClock) -> None:
    account, patient = world.owner()
    token = world.sign_in(account)
    clock.advance(minutes=5)
    written: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(statement)

    event.listen(kernel.engine, "before_cursor_execute", note)
    assert kernel.perform(try_read_chart, token, live=True) == patient.id
    event.remove(kernel.engine, "before_cursor_execute", note)
    assert written == []
    assert lines(world) == []
    (session,) = world.rows(Session)
    assert session.active_at == session.created_at


def test_a_write_that_calls_itself_live_is_audited_all_the_same(kernel: Kernel, world: World) -> None:
    account, _ = world.owner()
    kernel.perform(try_rename, world.sign_in(account), live=True, name="Changed")
    assert [line.outcome for line in lines(world)] == ["done"]


def test_a_live_read_has_the_same_rights(kernel: Kernel, world: World) -> None:
    account, grant = world.proxy(world.patient(), revoked_at=world.now)
    with pytest.raises(NotFound):
        kernel.perform(try_read_chart, world.sign_in(account), grant.id, live=True)


# --- how long a session lives


@pytest.mark.parametrize("live", [False, True])
def test_idle_limit_to_the_second(kernel: Kernel, world: World, clock: StoppedClock, live: bool) -> None:
    account, patient = world.owner()
    limit = kernel.limits.idle.total_seconds()
    for seconds, alive in ((limit - 1, True), (limit, False), (limit + 1, False)):
        token = world.sign_in(account)
        clock.advance(seconds=seconds)
        if alive:
            assert kernel.perform(try_read_chart, token, live=live) == patient.id
        else:
            with pytest.raises(NotSignedIn):
                kernel.perform(try_read_chart, token, live=live)


def test_activity_moves_the_idle_limit_but_never_the_absolute_one(
    kernel: Kernel, world: World, clock: StoppedClock
) -> None:
    account, patient = world.owner()
    token = world.sign_in(account)
    begun = clock.now
    while clock.now + timedelta(minutes=10) < begun + kernel.limits.absolute:
        clock.advance(minutes=10)
        assert kernel.perform(try_read_chart, token) == patient.id
    clock.now = begun + kernel.limits.absolute - timedelta(seconds=1)
    assert kernel.perform(try_read_chart, token) == patient.id
    clock.advance(seconds=1)
    with pytest.raises(NotSignedIn):
        kernel.perform(try_read_chart, token)


def test_live_reads_alone_do_not_keep_a_session_alive(kernel: Kernel, world: World, clock: StoppedClock) -> None:
    account, _ = world.owner()
    token = world.sign_in(account)
    for _ in range(14):
        clock.advance(minutes=1)
        kernel.perform(try_read_chart, token, live=True)
    clock.advance(minutes=1)
    with pytest.raises(NotSignedIn):
        kernel.perform(try_read_chart, token, live=True)


def test_a_refused_act_is_no_activity_of_a_dead_session(kernel: Kernel, world: World, clock: StoppedClock) -> None:
    account, _ = world.owner()
    token = world.sign_in(account)
    clock.advance(minutes=15)
    for _ in range(3):
        with pytest.raises(NotSignedIn):
            kernel.perform(try_read_chart, token)
    assert lives(kernel, token) is False


def test_a_disabled_account_is_out_on_its_next_event(kernel: Kernel, world: World) -> None:
    account, _ = world.owner()
    token = world.sign_in(account)
    kernel.perform(try_read_chart, token)
    account.disabled_at = world.now
    world.store(account)
    with pytest.raises(NotSignedIn):
        kernel.perform(try_read_chart, token)


def test_an_ended_session_is_over_at_once(kernel: Kernel, world: World) -> None:
    account, _ = world.owner()
    token = world.sign_in(account)
    (session,) = world.rows(Session)
    session.ended_at = world.now
    world.store(session)
    with pytest.raises(NotSignedIn):
        kernel.perform(try_read_chart, token)


def test_a_token_does_not_show_itself() -> None:
    assert "secret" not in repr(SessionToken("secret")) + str(SessionToken("secret"))


# --- grants


def test_a_grant_opens_from_its_first_to_its_last_moment(kernel: Kernel, world: World, clock: StoppedClock) -> None:
    begins, ends = world.now + timedelta(hours=1), world.now + timedelta(hours=2)
    patient = world.patient()
    account, grant = world.proxy(patient, since=begins, until=ends)
    for at, opens in (
        (begins - timedelta(microseconds=1), False),
        (begins, True),
        (ends - timedelta(microseconds=1), True),
        (ends, False),
    ):
        clock.now = at
        token = world.sign_in(account)
        if opens:
            assert kernel.perform(try_read_chart, token, grant.id) == patient.id
        else:
            with pytest.raises(NotFound):
                kernel.perform(try_read_chart, token, grant.id)


def test_a_grant_not_accepted_or_revoked_opens_nothing(kernel: Kernel, world: World) -> None:
    patient = world.patient()
    for facts in ({"accepted": False}, {"revoked_at": world.now}, {"revoked_at": world.now - YEAR}):
        account, grant = world.proxy(patient, Level.FULL, **facts)
        with pytest.raises(NotFound):
            kernel.perform(try_read_chart, world.sign_in(account), grant.id)


def test_revoking_works_on_the_next_event_of_an_open_session(kernel: Kernel, world: World) -> None:
    account, grant = world.proxy(world.patient(), Level.FULL)
    token = world.sign_in(account)
    kernel.perform(try_read_chart, token, grant.id)
    grant.revoked_at = world.now
    world.store(grant)
    with pytest.raises(NotFound):
        kernel.perform(try_read_chart, token, grant.id)


@pytest.mark.parametrize(
    ("today", "relationship"),
    [
        (date(2026, 6, 14), Relationship.PARENT_OF_CHILD),
        (date(2026, 6, 15), Relationship.PARENT_OF_TEEN),
        (date(2032, 6, 14), Relationship.PARENT_OF_TEEN),
        (date(2032, 6, 15), None),
    ],
)
def test_a_parent_at_the_birthdays_in_the_practices_zone(
    kernel: Kernel, world: World, clock: StoppedClock, today: date, relationship: Relationship | None
) -> None:
    child = world.patient(born="2014-06-15")
    account, grant = world.proxy(child, Level.FULL, basis=Basis.PARENT, since=world.now - 10 * YEAR)
    # both ends of that day in Los Angeles: its first and last minute, in UTC
    for hours in (7, 30.98):
        clock.now = clock.now.replace(year=today.year, month=today.month, day=today.day, hour=0, minute=1) + timedelta(
            hours=hours
        )
        token = world.sign_in(account)
        if relationship is None:
            with pytest.raises(NotFound):
                kernel.perform(try_read_chart, token, grant.id)
        else:
            kernel.perform(try_read_chart, token, grant.id)
            assert lines(world)[-1].relationship == relationship


def test_an_invited_proxy_is_not_ended_by_a_birthday(kernel: Kernel, world: World) -> None:
    adult = world.patient(born="2008-01-01")
    invited, grant = world.proxy(adult, Level.FULL)
    assert kernel.perform(try_read_chart, world.sign_in(invited), grant.id) == adult.id
    parent, ended = world.proxy(adult, Level.FULL, basis=Basis.PARENT)
    with pytest.raises(NotFound):
        kernel.perform(try_read_chart, world.sign_in(parent), ended.id)


def test_sections_and_sensitivity_bound_what_a_grant_shows(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    world.released(patient, "Glucose")
    world.released(patient, "Secret", sensitivity=Sensitivity.MENTAL_HEALTH)
    world.record(patient, title="Penicillin", section=Section.ALLERGIES, resource_type="AllergyIntolerance")
    world.result(patient, "Waiting")
    world.result(patient, "HIV", kind=Kind.HIV)
    world.released(patient, "Mistake", struck=True)
    world.released(world.patient(), "Foreign")
    owner = world.sign_in(account)
    full, all_of_it = world.proxy(patient, Level.FULL)
    narrow, results_only = world.proxy(patient, Level.FULL, sections="results")
    assert kernel.perform(try_titles, owner) == ["Glucose", "Penicillin", "Secret"]
    assert kernel.perform(try_titles, world.sign_in(full), all_of_it.id) == ["Glucose", "Penicillin"]
    assert kernel.perform(try_titles, world.sign_in(narrow), results_only.id) == ["Glucose"]


def test_a_hidden_record_a_foreign_one_and_none_are_all_not_found(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    token = world.sign_in(account)
    hidden = [
        world.result(patient),
        world.result(patient, kind=Kind.HIV),
        world.released(patient, struck=True),
        world.released(world.patient()),
    ]
    for key in [*(str(row.id) for row in hidden), str(uuid4())]:
        with pytest.raises(NotFound) as refusal:
            kernel.perform(try_one_record, token, record_id=key)
        assert refusal.value.message == NotFound().message
    shown = world.released(patient, "Shown")
    assert kernel.perform(try_one_record, token, record_id=str(shown.id)) == "Shown"
    assert told(lines(world)[-1]) == {"record": str(shown.id)}


def test_no_audit_line_of_a_refusal_names_what_was_hidden(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    withheld = world.result(patient, "HIV", kind=Kind.HIV)
    with pytest.raises(NotFound):
        kernel.perform(try_one_record, world.sign_in(account), record_id=str(withheld.id))
    assert all(str(withheld.id) not in f"{line.detail}{line.actor}" for line in lines(world))


def test_the_first_desk_that_may_is_the_one_that_opens(kernel: Kernel, world: World) -> None:
    here, there = world.practice(), world.practice("Elsewhere Clinic")
    doctor = world.staff(Role.FRONT_DESK, practice=there)
    world.store(Staff(account_id=doctor.id, practice_id=here.id, role=Role.CLINICIAN, since=world.now))
    mine = world.patient(practice=here)
    world.patient(practice=there)
    assert kernel.perform(try_read_desk, world.sign_in(doctor)) == [mine.id]


def test_wrong_input_is_refused_before_anything_is_read(kernel: Kernel, world: World) -> None:
    account, _ = world.owner()
    with pytest.raises(InvalidInput) as refusal:
        kernel.perform(try_one_record, world.sign_in(account), record_id="17")
    assert refusal.value.field == "record_id"


def test_every_permission_is_in_the_table_and_unknown_ones_allow_nobody() -> None:
    from rxportal.core.access import TABLE, allows

    assert set(TABLE) == set(Permission)
    assert not any(allows("made:up", one) for one in Relationship)  # type: ignore[arg-type]


def test_a_read_only_grant_never_does_more_than_read_only_may() -> None:
    from rxportal.core.access import TABLE, allows

    for permission, who in TABLE.items():
        for relationship in Relationship:
            if Relationship.READ_ONLY not in who:
                assert not allows(permission, relationship, Level.READ_ONLY)


def test_the_practice_is_made_once(kernel: Kernel, world: World) -> None:
    kernel.perform(try_operate, Operator())
    kernel.perform(try_operate, Operator())
    assert len(world.rows(Practice)) == 1
    assert world.rows(Account) == []
