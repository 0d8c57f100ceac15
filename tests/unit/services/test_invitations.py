"""Inviting a proxy: prepared, tried out, sent, sent again, withdrawn, and whom one can't invite."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

import pytest

from rxportal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, NotFresh, PortalError, TooMany
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Basis, Grant, Level
from rxportal.models.mail import Letter
from rxportal.models.people import CourtOrder, Invitation
from rxportal.models.records import Section
from rxportal.rules.invitations import heard, made_passcode
from rxportal.rules.sections import BEHIND, Part, parts_of, stored
from rxportal.services.answering import accept_invitation, decline_invitation, enter_passcode, find_invitation
from rxportal.services.appointments import list_appointments
from rxportal.services.connections import connections
from rxportal.services.exports import export_chart
from rxportal.services.home import home
from rxportal.services.invitations import (
    draft_invitation,
    sealed,
    send_invitation,
    withdraw_invitation,
)
from rxportal.services.invitations_check import NotInvitable
from rxportal.services.medicines import list_medicines
from rxportal.services.record import open_record
from rxportal.services.results import list_results
from tests.factories import World
from tests.unit.services.inviting import KEY, PASSCODE, SEAL, inviting


def test_the_invited_see_what_they_accept_and_open_the_chart_with_their_own_account(
    kernel: Kernel, world: World
) -> None:
    owner = inviting(kernel, world)
    token = owner.invite(level=Level.FULL, parts=["results", "medicines"], until="2099-12-31")
    guest = world.account("Ben Testerson", email="another@tests.example")
    theirs = world.sign_in(guest)
    offer = kernel.perform(enter_passcode, theirs, token=token, seal=SEAL)
    assert (offer.stand, offer.patient, offer.level) == ("entered", owner.patient.name, "Full access")
    assert offer.sees == "Can look and make changes. Only these parts: test results, medicines."
    assert offer.until == "Until 31 Dec 2099"
    with pytest.raises(NotFound):
        kernel.perform(list_results, theirs, world.rows(Invitation)[0].id)
    grant = kernel.perform(accept_invitation, theirs, token=token, seal=SEAL).grant
    kernel.perform(list_results, theirs, grant)
    kernel.perform(list_medicines, theirs, grant)
    with pytest.raises(NotAllowed):
        kernel.perform(list_appointments, theirs, grant)
    kept = next(row for row in world.rows(Grant) if str(row.id) == grant)
    assert (kept.level, kept.basis, kept.account_id) == (Level.FULL, Basis.INVITED, guest.id)
    assert kernel.perform(find_invitation, theirs, token=token).stand == "over"
    assert kernel.perform(accept_invitation, theirs, token=token, seal=SEAL).stand == "over"
    assert len([row for row in world.rows(Grant) if row.account_id == guest.id]) == 1


def test_no_letter_names_anybody_or_tells_of_health(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    owner.invite()
    letters = world.rows(Letter)
    assert {letter.to for letter in letters} == {"ben@tests.example", owner.account.email}
    for letter in letters:
        said = letter.subject + letter.text + letter.html
        for word in (*owner.patient.name.split(), "Ben", PASSCODE, "result", "medicine", "Read only"):
            assert word not in said
    assert owner.row().passcode_hash not in (SEAL, PASSCODE)


def test_a_prepared_invitation_can_be_tried_out_by_its_sender_alone_and_only_to_read(
    kernel: Kernel, world: World
) -> None:
    owner = inviting(kernel, world)
    world.released(owner.patient, "Lipid panel")
    draft = owner.prepare(level=Level.FULL, parts=["results"])
    page = kernel.perform(list_results, owner.session, draft.id)
    assert [row.title for row in page.rows] == ["Lipid panel"]
    kernel.perform(home, owner.session, draft.id)
    for case, inputs in ((list_medicines, {}), (export_chart, {}), (draft_invitation, {})):
        with pytest.raises(NotAllowed):
            kernel.perform(case, owner.session, draft.id, **inputs)
    other, _ = world.owner()
    proxy, _grant = world.proxy(owner.patient, Level.FULL)
    for stranger in (other, proxy):
        with pytest.raises(NotFound):
            kernel.perform(list_results, world.sign_in(stranger), draft.id)
    kernel.perform(withdraw_invitation, owner.session, invitation_id=draft.id)
    with pytest.raises(NotFound):
        kernel.perform(list_results, owner.session, draft.id)


def test_a_preview_shows_what_the_proxy_will_see_and_hides_what_is_private(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    world.released(owner.patient, "Lipid panel")
    world.released(owner.patient, "Private", sensitivity="sexual_health")
    guest = world.account()
    draft = owner.prepare(guest.email)
    seen = kernel.perform(list_results, owner.session, draft.id)
    assert [row.title for row in seen.rows] == ["Lipid panel"]
    token = owner.send(draft.id)
    theirs = world.sign_in(guest)
    grant = kernel.perform(accept_invitation, theirs, token=token, seal=SEAL).grant
    assert [row.title for row in kernel.perform(list_results, theirs, grant).rows] == ["Lipid panel"]
    with pytest.raises(NotFound):
        kernel.perform(list_results, owner.session, draft.id)


def test_sending_asks_for_a_fresh_proof(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    draft = owner.prepare()
    stale = world.sign_in(owner.account, fresh=False)
    with pytest.raises(NotFresh):
        kernel.perform(send_invitation, stale, invitation_id=draft.id, seal=SEAL)
    assert owner.row().passcode_hash == ""
    assert world.rows(Letter) == []


def test_five_tries_are_five_and_a_new_letter_gives_a_new_link_and_passcode(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    token = owner.invite()
    theirs, wrong = world.sign_in(world.account()), sealed(KEY, "something else")
    said = [kernel.perform(enter_passcode, theirs, token=token, seal=wrong) for _ in range(5)]
    assert [one.stand for one in said] == ["wrong"] * 4 + ["over"]
    assert said[0].said.endswith("4 tries are left.")
    assert said[3].said.endswith("1 try is left.")
    assert kernel.perform(accept_invitation, theirs, token=token, seal=SEAL).stand == "over"
    [shown] = kernel.perform(connections, owner.session).invitations
    assert (shown.tag, shown.over) == ("Closed: the passcode was wrong 5 times", True)
    again = sealed(KEY, "another passcode")
    new = owner.send(str(owner.row().id), again)
    assert new != token
    assert kernel.perform(find_invitation, theirs, token=token).stand == "over"
    assert kernel.perform(enter_passcode, theirs, token=new, seal=SEAL).stand == "wrong"
    assert kernel.perform(accept_invitation, theirs, token=new, seal=again).stand == "accepted"


def test_it_lives_seven_days_to_the_second_and_can_be_withdrawn_or_declined(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    token = owner.invite()
    row = owner.row()
    assert row.expires_at - row.created_at == timedelta(days=7)
    for offset, stands in ((-1, "open"), (0, "over")):
        kernel.clock = lambda offset=offset: row.expires_at + timedelta(seconds=offset)
        assert kernel.perform(find_invitation, world.sign_in(world.account()), token=token).stand == stands
    kernel.clock = lambda: row.created_at
    theirs = world.sign_in(world.account())
    assert kernel.perform(decline_invitation, theirs, token=token, seal=SEAL).stand == "declined"
    assert kernel.perform(accept_invitation, theirs, token=token, seal=SEAL).stand == "over"
    [shown] = kernel.perform(connections, owner.session).invitations
    assert (shown.tag, shown.over) == ("Declined", True)
    again = owner.send(str(row.id))
    assert kernel.perform(find_invitation, theirs, token=again).stand == "open"
    [shown] = kernel.perform(connections, owner.session).invitations
    assert (shown.tag, shown.over) == ("Waits for an answer", False)
    assert kernel.perform(withdraw_invitation, owner.session, invitation_id=str(row.id)) == "Ben Testerson"
    assert kernel.perform(accept_invitation, theirs, token=again, seal=SEAL).stand == "over"
    with pytest.raises(Conflict):
        kernel.perform(withdraw_invitation, owner.session, invitation_id=str(row.id))


def test_nobody_is_invited_twice_or_to_their_own_chart(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    name, sign = owner.account.email.split("@")
    for address in (owner.account.email, owner.account.email.upper(), f"{name}+me@{sign}"):
        with pytest.raises(NotInvitable, match="your own address"):
            owner.prepare(address)
    proxy, _grant = world.proxy(owner.patient)
    with pytest.raises(NotInvitable, match=f"{proxy.name} can open your chart already"):
        owner.prepare(proxy.email)
    owner.invite("ben@tests.example")
    with pytest.raises(Conflict, match="You invited Ben Testerson on"):
        owner.prepare("Ben+portal@tests.example")


def test_a_teen_does_not_invite_the_address_of_a_parent_and_a_proxy_invites_nobody(
    kernel: Kernel, world: World
) -> None:
    teen = inviting(kernel, world, world.child(15))
    parent, _grant = world.parent(teen.patient)
    local, domain = parent.email.split("@")
    for address in (parent.email, f"{local}+teen@{domain}"):
        with pytest.raises(NotInvitable, match="as your parent or guardian"):
            teen.prepare(address)
    adult = inviting(kernel, world)
    proxy, grant = world.proxy(adult.patient, Level.FULL)
    for who, key in ((proxy, grant.id), (parent, _grant.id)):
        with pytest.raises(NotAllowed):
            kernel.perform(draft_invitation, world.sign_in(who), key)


def test_whom_a_court_keeps_out_is_neither_invited_nor_let_in(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    guest = world.account("Ex Testerson")
    token = owner.invite(guest.email, name="Somebody Else")
    world.store(
        CourtOrder(patient_id=owner.patient.id, name="Ex Testerson", email=guest.email, since=world.now, reason="x")
    )
    answer = kernel.perform(accept_invitation, world.sign_in(guest), token=token, seal=SEAL)
    assert (answer.stand, "Call us" in answer.said) == ("over", True)
    with pytest.raises(NotInvitable):
        owner.prepare("new@tests.example", name="Ex  testerson")


def test_the_sender_and_whoever_opens_the_chart_already_are_told_so(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    token = owner.invite()
    assert kernel.perform(accept_invitation, owner.session, token=token, seal=SEAL).stand == "own"
    proxy, _grant = world.proxy(owner.patient)
    assert kernel.perform(accept_invitation, world.sign_in(proxy), token=token, seal=SEAL).stand == "known"
    assert owner.row().accepted_at is None


def test_who_lost_their_own_chart_lets_nobody_in(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    token = owner.invite()
    own = next(row for row in world.rows(Grant) if row.account_id == owner.account.id)
    own.revoked_at = world.now
    world.store(own)
    assert kernel.perform(enter_passcode, world.sign_in(world.account()), token=token, seal=SEAL).stand == "over"


def test_what_is_typed_wrong_names_its_field(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    for field, wrong in (
        ("name", {"name": "  "}),
        ("name", {"name": "n" * 301}),
        ("email", {"email": "nobody"}),
        ("email", {"email": "a b@tests.example"}),
        ("parts", {"parts": []}),
        ("level", {"level": "self"}),
        ("until", {"until": "2020-01-01"}),
        ("until", {"until": "31 December"}),
    ):
        with pytest.raises(InvalidInput) as refusal:
            owner.prepare(**wrong)
        assert refusal.value.field == field, wrong
    with pytest.raises(InvalidInput):
        sealed(KEY, " 1-2-3 4 5 ")
    assert world.rows(Invitation) == []


def test_names_and_addresses_of_any_script_are_kept(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    for number, (name, email) in enumerate(
        (("Łukasz Ołęć", "łukasz@bücher.example"), ("نور الدين", "n@tests.example"))
    ):
        draft = owner.prepare(email, name=name)
        assert (draft.name, draft.email) == (name, email), number


def test_ten_may_wait_for_an_answer(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    for number in range(10):
        owner.invite(f"guest{number}@tests.example", name=f"Guest {number}")
    draft = owner.prepare("more@tests.example")
    with pytest.raises(TooMany):
        owner.send(draft.id)


def test_an_address_with_an_account_and_one_without_look_and_last_alike(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    times: dict[bool, list[float]] = {True: [], False: []}
    said = set()
    for number in range(60):
        for known in (True, False):
            email = f"{'known' if known else 'nobody'}{number}@tests.example"
            if known:
                world.account(email=email)
            begun = time.perf_counter()
            draft = owner.prepare(email)
            times[known].append(time.perf_counter() - begun)
            said.add(repr(draft).replace(email, "…").replace(draft.id, "…"))
    assert len(said) == 1
    assert abs(statistics.median(times[True]) - statistics.median(times[False])) < 0.010


def test_a_made_passcode_is_told_by_telephone_and_heard_in_any_writing() -> None:
    made = {made_passcode() for _ in range(200)}
    assert len(made) == 200
    for one in made:
        assert sealed(KEY, one) == sealed(KEY, one.lower().replace("-", " "))
        assert not set(one) & set("0O1IL5S8B2Z")
    assert heard(" Blue KITE-7 ") == "bluekite7"


def test_the_six_parts_are_every_section_of_a_chart_once() -> None:
    flat = [section for sections in BEHIND.values() for section in sections]
    assert len(flat) == len(set(flat))
    assert set(Section) - set(flat) == {Section.PROFILE, Section.SHARED}
    assert stored(list(Part)) == ""
    for part in Part:
        assert parts_of(stored([part])) == (part,)
    with pytest.raises(ValueError, match="one part"):
        stored([])


def test_a_refusal_is_a_sentence_and_changes_nothing(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    stranger = inviting(kernel, world)
    draft = stranger.prepare()
    for case, inputs in ((send_invitation, {"seal": SEAL}), (withdraw_invitation, {})):
        with pytest.raises(NotFound):
            kernel.perform(case, owner.session, invitation_id=draft.id, **inputs)
    assert issubclass(NotInvitable, PortalError)
    assert stranger.row().withdrawn_at is None
    assert kernel.perform(open_record, owner.session) is not None
