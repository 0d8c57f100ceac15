"""Connections: who opens one's chart, changing and giving up an access, and what a teen shows to parents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rxportal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, NotFresh
from rxportal.core.kernel import Kernel
from rxportal.core.live import GRANTS, Change
from rxportal.models.accounts import Basis, Grant, Level, Practice
from rxportal.models.people import TeenChoice
from rxportal.models.records import Kind, Section, Sensitivity
from rxportal.rules.sections import Part
from rxportal.rules.sections import stored as stored_parts
from rxportal.services.access_log import access_log
from rxportal.services.appointments import list_appointments
from rxportal.services.connections import change_grant, connections, leave_chart
from rxportal.services.exports import export_chart
from rxportal.services.grants import NotRemovable, revoke_grant
from rxportal.services.home import home
from rxportal.services.medicines import list_medicines
from rxportal.services.record import open_record
from rxportal.services.results import list_results
from rxportal.services.sharing import NotYours, choose_sharing, guardian_mailboxes
from rxportal.services.shell import view_shell
from tests.factories import World
from tests.fakes import RecordingBus
from tests.unit.services.inviting import inviting

EVERY_PART = ["results", "medicines", "record", "appointments", "messages", "bills"]


def stored(world: World, grant: Grant) -> Grant:
    return next(row for row in world.rows(Grant) if row.id == grant.id)


def test_the_page_lists_who_has_access_who_is_invited_and_whose_charts_one_opens(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    proxy, _ = world.proxy(owner.patient, Level.FULL)
    world.proxy(owner.patient, revoked_at=world.now)
    owner.invite()
    owner.prepare("later@tests.example", name="Later Testerson")
    other, _ = world.owner()
    held = world.grant(owner.account, world.patient("Grace Testerson"), Level.READ_ONLY)
    page = kernel.perform(connections, owner.session)
    assert page.owner
    assert [(row.name, row.level, row.removable) for row in page.people] == [(proxy.name, "Full access", True)]
    assert [row.tag for row in page.past] == ["Removed"]
    tags = {row.name: (row.tag, row.prepared) for row in page.invitations}
    assert tags == {
        "Ben Testerson": ("Waits for an answer", False), "Later Testerson": ("Prepared, not sent", True),
    }  # fmt: skip
    assert [(row.id, row.name, row.leavable) for row in page.held] == [(str(held.id), "Grace Testerson", True)]
    assert kernel.perform(connections, world.sign_in(other)).people == []


def test_a_proxy_without_a_chart_sees_what_they_hold_and_nobody_elses_proxies(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    owner.invite()
    proxy, grant = world.proxy(owner.patient, sections="results")
    page = kernel.perform(connections, world.sign_in(proxy))
    assert (page.owner, page.people, page.invitations, page.things) == (False, [], [], [])
    assert [row.id for row in page.held] == [str(grant.id)]


def test_changing_an_access_follows_at_once_and_is_told(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    world.released(owner.patient, "Lipid panel")
    proxy, grant = world.proxy(owner.patient, Level.FULL)
    theirs = world.sign_in(proxy)
    assert kernel.perform(list_results, theirs, grant.id).rows
    inputs = {"grant_id": str(grant.id), "level": "read_only", "parts": ["medicines"], "until": "2099-01-31"}
    with pytest.raises(NotFresh):
        kernel.perform(change_grant, world.sign_in(owner.account, fresh=False), **inputs)
    row = kernel.perform(change_grant, owner.session, **inputs)
    assert row.sees.startswith("Can only look.")
    assert row.sees.endswith("Only these parts: medicines.")
    assert (row.parts, row.last_day, row.when.endswith("31 Jan 2099")) == (["medicines"], "2099-01-31", True)
    kernel.perform(list_medicines, theirs, grant.id)
    for closed in (list_results, list_appointments):
        with pytest.raises(NotAllowed):
            kernel.perform(closed, theirs, grant.id)
    assert kernel.still_open(theirs, [("list_results", str(grant.id)), ("list_medicines", str(grant.id))]) == [
        False, True,
    ]  # fmt: skip
    assert isinstance(kernel.bus, RecordingBus)
    assert Change("account", str(proxy.id), GRANTS) in kernel.bus.published
    days = kernel.perform(access_log, owner.session).days
    assert f"You changed what {proxy.name} may do and see." in [line.sentence for day in days for line in day.rows]
    for wrong in ({"parts": []}, {"level": "self"}, {"until": "2020-01-01"}):
        with pytest.raises(InvalidInput):
            kernel.perform(change_grant, owner.session, **{**inputs, **wrong})


def test_what_is_not_the_owners_to_change_is_refused_with_the_reason(kernel: Kernel, world: World) -> None:
    teen = inviting(kernel, world, world.child(14))
    inputs = {"level": "read_only", "parts": EVERY_PART}
    for basis in (Basis.PARENT, Basis.GUARDIAN, Basis.COURT):
        _, grant = world.proxy(teen.patient, Level.FULL, basis=basis)
        with pytest.raises(NotRemovable, match="ended by the practice"):
            kernel.perform(change_grant, teen.session, grant_id=str(grant.id), **inputs)
    _, over = world.proxy(teen.patient, revoked_at=world.now)
    with pytest.raises(Conflict):
        kernel.perform(change_grant, teen.session, grant_id=str(over.id), **inputs)
    _, foreign = world.proxy(world.patient())
    with pytest.raises(NotFound):
        kernel.perform(change_grant, teen.session, grant_id=str(foreign.id), **inputs)


def test_a_proxy_leaves_by_themselves_and_the_owner_reads_it_in_the_log(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    proxy, grant = world.proxy(owner.patient)
    theirs = world.sign_in(proxy)
    assert kernel.perform(leave_chart, theirs, grant_id=str(grant.id)) == owner.patient.name
    with pytest.raises(NotFound):
        kernel.perform(list_results, theirs, grant.id)
    with pytest.raises(NotFound):
        kernel.perform(leave_chart, theirs, grant_id=str(grant.id))
    page = kernel.perform(access_log, owner.session)
    assert [(row.name, row.tag) for row in page.past] == [(proxy.name, "Removed")]
    said = [(line.sentence, line.role) for day in page.days for line in day.rows]
    assert (f"{proxy.name} gave up access to this chart.", "Read only") in said


def test_a_parent_leaves_at_the_desk_and_nobody_leaves_for_somebody_else(kernel: Kernel, world: World) -> None:
    parent, grant = world.parent(world.child(5))
    with pytest.raises(NotRemovable, match="practice decides"):
        kernel.perform(leave_chart, world.sign_in(parent), grant_id=str(grant.id))
    owner = inviting(kernel, world)
    own = next(row for row in world.rows(Grant) if row.account_id == owner.account.id)
    with pytest.raises(NotRemovable):
        kernel.perform(leave_chart, owner.session, grant_id=str(own.id))
    _, others = world.proxy(owner.patient)
    with pytest.raises(NotFound):
        kernel.perform(leave_chart, owner.session, grant_id=str(others.id))
    assert stored(world, others).revoked_at is None


def test_every_act_of_a_proxy_stands_in_the_log_with_their_name_and_level(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    guest = world.account("Ben Testerson")
    grant = owner.accepted(guest, level=Level.FULL)
    theirs = world.sign_in(guest)
    for case in (list_results, list_medicines, list_appointments, open_record):
        kernel.perform(case, theirs, grant)
    lines = [line for day in kernel.perform(access_log, owner.session).days for line in day.rows]
    said = {(line.sentence, line.role) for line in lines}
    assert {
        ("Ben Testerson looked at the test results.", "Full access"),
        ("Ben Testerson looked at the medicines.", "Full access"),
        ("Ben Testerson looked at the health record.", "Full access"),
    } <= said
    assert "Ben Testerson answered the invitation to this chart with yes." in {sentence for sentence, _ in said}


def test_a_full_proxy_invites_nobody_and_changes_nobodys_access(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    proxy, grant = world.proxy(owner.patient, Level.FULL)
    _, other = world.proxy(owner.patient)
    draft = owner.prepare("new@tests.example")
    theirs = world.sign_in(proxy)
    from rxportal.services.invitations import prepare_invitation, send_invitation, withdraw_invitation

    tried = {
        prepare_invitation: {"name": "A", "email": "a@tests.example", "level": "full", "parts": ["results"]},
        send_invitation: {"invitation_id": draft.id, "seal": "x"},
        withdraw_invitation: {"invitation_id": draft.id},
        change_grant: {"grant_id": str(other.id), "level": "full", "parts": ["results"]},
        revoke_grant: {"grant_id": str(other.id)},
        choose_sharing: {"thing": "care", "shown": True},
    }
    for case, inputs in tried.items():
        with pytest.raises(NotAllowed):
            kernel.perform(case, theirs, grant.id, **inputs)


def test_the_switcher_tells_level_and_age_and_a_preview_says_for_whom_it_is(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    child = world.child(7, name="Theo Testerson")
    world.grant(owner.account, child, Level.FULL, basis=Basis.PARENT)
    shell = kernel.perform(view_shell, owner.session)
    assert [(one.level, one.years) for one in shell.people] == [("", ""), ("Parent", "7 years")]
    draft = owner.prepare(level=Level.FULL, parts=["results"])
    shown = kernel.perform(view_shell, owner.session, chart=draft.id)
    assert shown.chart is not None
    assert shown.chart.closed == ["medicines", "visits"]
    assert (shown.preview, shown.chart.name, shown.chart.level) == (
        "Ben Testerson", owner.patient.name, "Full access",
    )  # fmt: skip
    stranger, _ = world.owner()
    assert kernel.perform(view_shell, world.sign_in(stranger), chart=draft.id).chart is None


def test_the_frame_names_the_places_that_a_grant_leaves_out_and_they_are_those_that_refuse(
    kernel: Kernel, world: World
) -> None:
    owner = inviting(kernel, world)
    cases = {"results": list_results, "medicines": list_medicines, "visits": list_appointments}
    for parts in ([Part.RESULTS], [Part.MEDICINES, Part.RECORD], [Part.APPOINTMENTS], [Part.BILLS], list(Part)):
        account = world.account()
        grant = world.grant(account, owner.patient, Level.READ_ONLY, sections=stored_parts(parts))
        who = world.sign_in(account)
        frame = kernel.perform(view_shell, who, chart=str(grant.id))
        refusing = []
        for place, case in cases.items():
            try:
                kernel.perform(case, who, grant.id)
            except NotAllowed:
                refusing.append(place)
        assert frame.chart is not None
        assert frame.chart.closed == refusing, parts
        assert all(one.closed == [] for one in frame.people if not one.current)


# --- what a teen shows


def titles(kernel: Kernel, session: object, grant: Grant) -> set[str]:
    return {row.title for row in kernel.perform(list_results, session, grant.id).rows}


def test_a_teen_shows_care_and_hides_it_again_and_the_parents_pages_follow(kernel: Kernel, world: World) -> None:
    teen = inviting(kernel, world, world.child(15))
    world.released(teen.patient, "Plain")
    world.released(teen.patient, "Mental", sensitivity=Sensitivity.MENTAL_HEALTH)
    world.released(teen.patient, "Sexual", sensitivity=Sensitivity.SEXUAL_HEALTH)
    world.released(teen.patient, "Hepatitis", sensitivity=Sensitivity.HEPATITIS)
    world.released(teen.patient, "Virus", sensitivity=Sensitivity.HIV)
    world.released(teen.patient, "Gene", kind=Kind.GENETIC, sensitivity=Sensitivity.MENTAL_HEALTH)
    world.result(teen.patient, "Withheld", kind=Kind.HIV, seen_at=world.now, released_at=world.now)
    parent, grant = world.parent(teen.patient)
    theirs = world.sign_in(parent)
    assert titles(kernel, theirs, grant) == {"Plain"}
    assert not any(row.shown for row in kernel.perform(connections, teen.session).things)
    kernel.perform(choose_sharing, teen.session, thing="care", shown=True)
    assert titles(kernel, theirs, grant) == {"Plain", "Mental", "Sexual"}
    assert isinstance(kernel.bus, RecordingBus)
    assert Change("account", str(parent.id), GRANTS) in kernel.bus.published
    kernel.perform(choose_sharing, teen.session, thing="care", shown=False)
    assert titles(kernel, theirs, grant) == {"Plain"}
    assert len(world.rows(TeenChoice)) == 1


def test_sections_in_free_words_open_one_by_one_and_a_representative_keeps_them(kernel: Kernel, world: World) -> None:
    teen = inviting(kernel, world, world.child(16))
    for title, sensitivity in (("A plain note", Sensitivity.NONE), ("A private note", Sensitivity.MENTAL_HEALTH)):
        body = f'{{"resourceType": "DocumentReference", "id": "{title[2:4]}", "description": "{title}"}}'
        world.record(
            teen.patient, resource_type="DocumentReference", section=Section.DOCUMENTS, title=title, body=body,
            sensitivity=sensitivity,
        )  # fmt: skip
    parent, grant = world.parent(teen.patient)
    other, held = world.parent(teen.patient)
    held.representative = True
    world.store(held)
    theirs, representative = world.sign_in(parent), world.sign_in(other)

    def told(session: object, key: Grant) -> set[str]:
        said = kernel.perform(export_chart, session, key.id)
        return {title for title in ("A plain note", "A private note") if title in said}

    assert told(theirs, grant) == set()
    assert told(representative, held) == {"A plain note"}
    kernel.perform(choose_sharing, teen.session, thing="documents", shown=True)
    assert told(theirs, grant) == {"A plain note"}
    kernel.perform(choose_sharing, teen.session, thing="documents", shown=False)
    assert told(theirs, grant) == set()
    assert told(representative, held) == {"A plain note"}
    kernel.perform(choose_sharing, teen.session, thing="care", shown=True)
    assert told(representative, held) == {"A plain note", "A private note"}
    assert told(theirs, grant) == set()


@pytest.mark.parametrize("years", [8, 18, 30])
def test_only_somebody_from_12_to_17_chooses_and_the_choice_ends_with_the_age(
    kernel: Kernel, world: World, years: int
) -> None:
    owner = inviting(kernel, world, world.child(years))
    with pytest.raises(NotYours):
        kernel.perform(choose_sharing, owner.session, thing="care", shown=True)
    assert kernel.perform(connections, owner.session).things == []


def test_the_choice_is_no_ones_but_parents(kernel: Kernel, world: World) -> None:
    teen = inviting(kernel, world, world.child(15))
    world.released(teen.patient, "Mental", sensitivity=Sensitivity.MENTAL_HEALTH)
    proxy, grant = world.proxy(teen.patient, Level.FULL)
    kernel.perform(choose_sharing, teen.session, thing="care", shown=True)
    assert titles(kernel, world.sign_in(proxy), grant) == set()


def test_a_parents_mailbox_is_known_in_any_writing(kernel: Kernel, world: World) -> None:
    teen = world.child(15)
    account = world.account(email="mom+kid@tests.example")
    world.grant(account, teen, Level.FULL, basis=Basis.PARENT)
    world.proxy(teen, Level.FULL)
    with world.database() as session:
        assert guardian_mailboxes(session, teen.id, world.now) == {"mom@tests.example"}


def test_at_12_and_at_18_the_access_changes_at_the_practices_midnight(kernel: Kernel, world: World) -> None:
    """In a zone whose day began without a midnight too: Santiago went from 23:59:59 to 1:00 on 6 Sep 2026."""
    place = world.practice()
    zone = Practice(name="South Clinic", state="CA", time_zone="America/Santiago")
    world.store(zone)
    for years, before, after in ((12, "Parent", "Parent of a teen"), (18, "Parent of a teen", "")):
        patient = world.patient(born=f"{2026 - years}-09-06", practice=zone)
        parent, grant = world.parent(patient)
        grant.since = datetime(2020, 1, 1, tzinfo=UTC)
        grant.accepted_at = grant.since
        world.store(grant)
        begins = datetime(2026, 9, 6, 4, 0, tzinfo=UTC)
        for moment, level in ((begins - timedelta(seconds=1), before), (begins, after)):
            kernel.clock = lambda moment=moment: moment
            theirs = world.sign_in(parent)
            shell = kernel.perform(view_shell, theirs)
            assert [one.level for one in shell.people] == ([level] if level else [])
            if level:
                kernel.perform(home, theirs, grant.id)
            else:
                with pytest.raises(NotFound):
                    kernel.perform(home, theirs, grant.id)
    assert place.time_zone == "America/Los_Angeles"
