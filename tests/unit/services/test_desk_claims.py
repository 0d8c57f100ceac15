"""The desk decides who is who: requests beside the patients who could be meant, codes, court orders (S13)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from rxportal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.core.live import GRANTS, Change
from rxportal.models.accounts import Basis, Grant, Level, Role
from rxportal.models.people import Claim, ClaimState, CourtOrder, VisitCode
from rxportal.rules.claims import Kin
from rxportal.services.access_log import access_log
from rxportal.services.access_words import EndReason
from rxportal.services.claims import view_claims, withdraw_claim
from rxportal.services.claims_codes import try_code
from rxportal.services.claims_words import Refusal
from rxportal.services.court_orders import KEPT_OUT, kept_out, lift_order, record_order
from rxportal.services.desk_access import end_access
from rxportal.services.desk_claims import approve_claim, list_claims, refuse_claim, see_claim
from rxportal.services.results import list_results
from rxportal.services.visit_codes import NoAddress, issue_code, see_proof, send_code, withdraw_code
from tests.factories import World
from tests.fakes import RecordingBus, StoppedClock
from tests.unit.services.proving import (
    ann,
    asker,
    asks,
    asks_for_child,
    front_desk,
    grants_of,
    kit,
    letters,
    visit_code,
)

SEEN = {"papers": "California driver’s license"}


@pytest.fixture
def fran(world: World) -> SessionToken:
    return front_desk(world)


class TestQueue:
    """What waits, and by when."""

    def test_what_is_due_first_stands_on_top_and_late_ones_say_so(
        self, kernel: Kernel, world: World, clock: StoppedClock
    ) -> None:
        _first, one = asker(world, "Ann Quagga")
        asks(kernel, one)
        clock.advance(days=3)
        _second, two = asker(world, "Mother Quagga")
        asks_for_child(kernel, two)
        clock.advance(days=2)
        rows = kernel.perform(list_claims, front_desk(world))
        assert [(row.name, row.asks, row.late) for row in rows] == [
            ("Ann Quagga", "Own chart", True),
            ("Mother Quagga", "Chart of Kit Quagga", False),
        ]
        assert "Call us" in kernel.perform(view_claims, world.sign_in(_first)).own.sentence

    def test_what_is_over_and_what_is_elsewhere_does_not_stand_there(self, kernel: Kernel, world: World) -> None:
        _account, who = asker(world)
        claim = asks(kernel, who)
        far = world.sign_in(world.staff(Role.FRONT_DESK, practice=world.practice("Elsewhere Clinic")))
        assert kernel.perform(list_claims, far) == []
        with pytest.raises(NotFound):
            kernel.perform(see_claim, far, claim_id=claim)
        kernel.perform(withdraw_claim, who, claim_id=claim)
        fran = front_desk(world)
        assert kernel.perform(list_claims, fran) == []
        for case, inputs in ((see_claim, {}), (refuse_claim, {"reason": Refusal.COME})):
            with pytest.raises(Conflict):
                kernel.perform(case, fran, claim_id=claim, **inputs)

    @pytest.mark.parametrize("role", [Role.CLINICIAN, Role.BILLING])
    def test_other_roles_neither_see_nor_decide(self, kernel: Kernel, world: World, role: Role) -> None:
        patient = ann(world)
        claim = asks(kernel, asker(world)[1])
        who = world.sign_in(world.staff(role))
        for case, inputs in (
            (list_claims, {}),
            (see_claim, {"claim_id": claim}),
            (approve_claim, {"claim_id": claim, "patient_id": patient.id, **SEEN}),
            (refuse_claim, {"claim_id": claim, "reason": Refusal.COME}),
            (issue_code, {"patient_id": patient.id}),
            (record_order, {"patient_id": patient.id, "name": "x", "reason": "x"}),
        ):
            with pytest.raises(NotAllowed):
                kernel.perform(case, who, **inputs)


class TestCase:
    """Facts and candidates side by side."""

    def test_each_fact_stands_beside_what_is_on_file(self, kernel: Kernel, world: World, fran: SessionToken) -> None:
        patient = ann(world, mrn="900-1")
        account, who = asker(world, "A. Quagga", email="aq@mail.example")
        case = kernel.perform(see_claim, fran, claim_id=asks(kernel, who, phone="555-0199", mrn="900-1"))
        assert (case.title, case.asked_by) == ("Ann Quagga: own chart", "A. Quagga, aq@mail.example")
        candidate = case.candidates[0]
        assert candidate.id == str(patient.id)
        assert [(row.label, row.words) for row in candidate.facts] == [
            ("Name", "Same"), ("Born", "Same"), ("ZIP code", "Same"), ("Phone", "Different"), ("MRN", "Same"),
        ]  # fmt: skip
        told = repr(candidate)
        assert "555-0100" not in told, "what is on file of address and phone is not read out at the counter"
        assert candidate.why_not == ""
        assert account.name

    def test_twins_and_the_nearly_right_stand_there_and_nobody_else(
        self, kernel: Kernel, world: World, fran: SessionToken
    ) -> None:
        right, twin = ann(world), ann(world, postal_code="10001")
        near = ann(world, birth_date="1985-04-13")
        brother = ann(world, name="Abe Quagga")
        ann(world, name="Bea Okapi")
        case = kernel.perform(see_claim, fran, claim_id=asks(kernel, asker(world)[1]))
        ids = [one.id for one in case.candidates]
        assert ids[0] == str(right.id)
        assert set(ids) == {str(one.id) for one in (right, twin, near, brother)}

    def test_nobody_fits(self, kernel: Kernel, world: World, fran: SessionToken) -> None:
        ann(world, name="Bea Okapi")
        assert kernel.perform(see_claim, fran, claim_id=asks(kernel, asker(world)[1])).candidates == []

    def test_each_candidate_reads_in_their_log_that_they_were_compared(
        self, kernel: Kernel, world: World, fran: SessionToken
    ) -> None:
        owner, _patient = world.owner(ann(world))
        kernel.perform(see_claim, fran, claim_id=asks(kernel, asker(world)[1]))
        rows = kernel.perform(access_log, world.sign_in(owner)).days[0].rows
        assert any("compared somebody’s request" in row.sentence for row in rows)

    def test_a_chart_with_an_owner_is_a_conflict(self, kernel: Kernel, world: World, fran: SessionToken) -> None:
        first, patient = world.owner(ann(world))
        account, who = asker(world)
        claim = asks(kernel, who)
        case = kernel.perform(see_claim, fran, claim_id=claim)
        assert case.conflict
        assert kernel.perform(list_claims, fran)[0].tag == "Has an owner"
        assert "Another account" in case.candidates[0].why_not
        assert case.candidates[0].stands == [f"{first.name} has access: own chart"]
        with pytest.raises(Conflict):
            kernel.perform(approve_claim, fran, claim_id=claim, patient_id=patient.id, **SEEN)
        grant = grants_of(world, first)[0]
        kernel.perform(end_access, fran, grant_id=grant.id, reason=EndReason.MISTAKE)
        kernel.perform(approve_claim, fran, claim_id=claim, patient_id=patient.id, **SEEN)
        assert [one.patient_id for one in grants_of(world, account)] == [patient.id]


class TestDecision:
    """Open it for one of them, or refuse."""

    @pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.ADMINISTRATOR])
    def test_it_opens_the_chart_and_the_persons_page_is_told(self, kernel: Kernel, world: World, role: Role) -> None:
        patient = ann(world)
        account, who = asker(world)
        claim = asks(kernel, who, name="Anne Kwagga")
        kernel.perform(approve_claim, front_desk(world, role), claim_id=claim, patient_id=patient.id, **SEEN)
        kernel.perform(list_results, who)
        grant = grants_of(world, account)[0]
        assert (grant.level, grant.papers) == (Level.SELF, SEEN["papers"])
        assert isinstance(kernel.bus, RecordingBus)
        assert {Change("account", str(account.id), topic) for topic in (GRANTS, "claims")} <= set(kernel.bus.published)
        assert kernel.perform(view_claims, who).own.tag == "Open to you"
        assert "Quagga" not in letters(world, account.email)[-1].text
        told = [row.sentence for row in kernel.perform(access_log, who).days[0].rows]
        assert any("opened this chart to" in sentence for sentence in told)

    def test_not_twice_not_without_papers_not_elsewhere(self, kernel: Kernel, world: World, fran: SessionToken) -> None:
        patient, far = ann(world), ann(world, practice_id=world.practice("Elsewhere Clinic").id)
        claim = asks(kernel, asker(world)[1])
        with pytest.raises(InvalidInput) as refusal:
            kernel.perform(approve_claim, fran, claim_id=claim, patient_id=patient.id, papers=" ")
        assert refusal.value.field == "papers"
        for key in (far.id, uuid4()):
            with pytest.raises(NotFound):
                kernel.perform(approve_claim, fran, claim_id=claim, patient_id=key, **SEEN)
        kernel.perform(approve_claim, fran, claim_id=claim, patient_id=patient.id, **SEEN)
        with pytest.raises(Conflict):
            kernel.perform(approve_claim, fran, claim_id=claim, patient_id=patient.id, **SEEN)
        assert len(world.rows(Grant)) == 1

    @pytest.mark.parametrize("reason", list(Refusal))
    def test_a_refusal_says_what_to_do_and_nothing_of_anybody(
        self, kernel: Kernel, world: World, fran: SessionToken, reason: Refusal
    ) -> None:
        ann(world)
        account, who = asker(world)
        claim = asks(kernel, who)
        kernel.perform(refuse_claim, fran, claim_id=claim, reason=reason)
        page = kernel.perform(view_claims, who)
        assert (page.own.tag, page.own.given, page.typed.name) == ("Not opened", [], "Ann Quagga")
        assert ("order" in page.own.sentence.lower()) is False
        assert len(letters(world, account.email)) == 1
        assert grants_of(world, account) == []
        stored = world.rows(Claim)[0]
        assert (stored.state, stored.decided_by is not None) == (ClaimState.REFUSED, True)
        asks(kernel, who)

    def test_the_desk_opens_no_own_chart_to_a_child(self, kernel: Kernel, world: World, fran: SessionToken) -> None:
        child = kit(world)
        claim = asks(kernel, asker(world)[1], name="Kit Quagga")
        with pytest.raises(Conflict):
            kernel.perform(approve_claim, fran, claim_id=claim, patient_id=child.id, **SEEN)


class TestChild:
    """A parent, a guardian, somebody whom a court appointed."""

    def approved(self, world: World, who: SessionToken, claim: Any, **inputs: Any) -> None:
        child = next(one for one in world.kernel.perform(see_claim, front_desk(world), claim_id=claim).candidates)
        given = {"papers": "Birth certificate", **inputs}
        world.kernel.perform(approve_claim, front_desk(world), claim_id=claim, patient_id=child.id, **given)

    def test_both_parents_get_the_five_year_olds_chart(self, kernel: Kernel, world: World) -> None:
        child = kit(world)
        for name, relationship in (("Mo Quagga", "mother"), ("Fa Quagga", "father")):
            account, who = asker(world, name)
            self.approved(world, who, asks_for_child(kernel, who, relationship=relationship))
            grant = grants_of(world, account)[0]
            assert (grant.basis, grant.level, grant.relationship) == (Basis.PARENT, Level.FULL, relationship)
            assert grant.papers == "Birth certificate"
            kernel.perform(list_results, who, grant.id)
            assert kernel.perform(view_claims, who).children[0].tag == "Open to you"
        assert {one.patient_id for one in world.rows(Grant)} == {child.id}

    def test_basis_last_day_and_representative_are_kept(
        self, kernel: Kernel, world: World, clock: StoppedClock
    ) -> None:
        kit(world)
        account, who = asker(world, "Mo Quagga")
        claim = asks_for_child(kernel, who, kin="guardian")
        last = date(2026, 12, 1)
        self.approved(world, who, claim, kin=Kin.COURT, until=last, representative=True)
        grant = grants_of(world, account)[0]
        assert (grant.basis, grant.representative) == (Basis.COURT, True)
        clock.now = grant.until - timedelta(seconds=1)
        kernel.perform(list_results, world.sign_in(account), grant.id)
        clock.now = grant.until
        with pytest.raises(NotFound):
            kernel.perform(list_results, world.sign_in(account), grant.id)
        assert grant.until.isoformat() == "2026-12-02T08:00:00+00:00", "the practice’s midnight"

    def test_no_day_that_is_over_no_second_time_no_grown_up(
        self, kernel: Kernel, world: World, fran: SessionToken
    ) -> None:
        child, grown = kit(world), ann(world, name="Kit Quagga", birth_date="2001-05-02")
        account, who = asker(world, "Mo Quagga")
        claim = asks_for_child(kernel, who)
        with pytest.raises(InvalidInput) as refusal:
            kernel.perform(approve_claim, fran, claim_id=claim, patient_id=child.id, until=date(2026, 11, 22), **SEEN)
        assert refusal.value.field == "until"
        with pytest.raises(Conflict):
            kernel.perform(approve_claim, fran, claim_id=claim, patient_id=grown.id, **SEEN)
        kernel.perform(approve_claim, fran, claim_id=claim, patient_id=child.id, **SEEN)
        again = asks_for_child(kernel, who)
        with pytest.raises(Conflict):
            kernel.perform(approve_claim, fran, claim_id=again, patient_id=child.id, **SEEN)
        assert len(grants_of(world, account)) == 1

    @pytest.mark.parametrize(
        ("name", "email"), [("Fa Quagga", ""), ("Somebody Else", "fa@mail.example"), ("QUAGGA fá", "")]
    )
    def test_a_blocked_person_is_refused_with_a_neutral_sentence(
        self, kernel: Kernel, world: World, fran: SessionToken, name: str, email: str
    ) -> None:
        child = kit(world)
        account, who = asker(world, "Fa Quagga", email="fa@mail.example")
        order = {"name": name, "email": email, "reason": "Superior Court, 22-1"}
        kernel.perform(record_order, fran, patient_id=child.id, **order)
        claim = asks_for_child(kernel, who, relationship="father")
        case = kernel.perform(see_claim, fran, claim_id=claim)
        assert case.candidates[0].why_not == "A court order keeps this person from the chart."
        with pytest.raises(Conflict):
            kernel.perform(approve_claim, fran, claim_id=claim, patient_id=child.id, **SEEN)
        kernel.perform(refuse_claim, fran, claim_id=claim, reason=Refusal.LAW)
        assert kernel.perform(view_claims, who).children[0].sentence == KEPT_OUT
        assert "court" not in KEPT_OUT
        assert "order" not in KEPT_OUT
        assert grants_of(world, account) == []
        mother, hers = asker(world, "Mo Quagga")
        self.approved(world, hers, asks_for_child(kernel, hers))
        assert len(grants_of(world, mother)) == 1, "nobody else is kept out"


class TestOrders:
    """Whom a court order keeps out."""

    def test_it_ends_what_the_person_has_and_nobody_elses(
        self, kernel: Kernel, world: World, fran: SessionToken
    ) -> None:
        child = kit(world)
        kept = []
        for name in ("Fa Quagga", "Mo Quagga"):
            account = world.account(name)
            kept.append((account, world.grant(account, child, Level.FULL, basis=Basis.PARENT)))
        who = world.sign_in(kept[0][0])
        kernel.perform(list_results, who, kept[0][1].id)
        ended = kernel.perform(record_order, fran, patient_id=child.id, name="Fa Quagga", reason="22-1")
        assert ended == 1
        with pytest.raises(NotFound):
            kernel.perform(list_results, who, kept[0][1].id)
        assert len(grants_of(world, kept[1][0])) == 1
        assert isinstance(kernel.bus, RecordingBus)
        assert Change("account", str(kept[0][0].id), GRANTS) in kernel.bus.published

    def test_it_never_ends_ones_own_access_and_runs_out(
        self, kernel: Kernel, world: World, fran: SessionToken, clock: StoppedClock
    ) -> None:
        account, patient = world.owner(ann(world))
        kernel.perform(
            record_order, fran, patient_id=patient.id, name="Ann Quagga", reason="22-1", until=date(2026, 11, 30)
        )
        assert len(grants_of(world, account)) == 1
        other, last = ann(world), world.rows(CourtOrder)[0].until
        with world.database() as session:
            blocked = {"name": "ann QUAGGA", "email": "new@mail.example"}
            assert kept_out(session, patient.id, clock.now, **blocked)
            assert not kept_out(session, patient.id, clock.now, name="Bea Okapi", email="new@mail.example")
            assert not kept_out(session, other.id, clock.now, **blocked), "of another chart"
            clock.now = last
            assert not kept_out(session, patient.id, clock.now, **blocked)

    def test_it_is_lifted_once_and_only_here(self, kernel: Kernel, world: World, fran: SessionToken) -> None:
        child = kit(world)
        kernel.perform(record_order, fran, patient_id=child.id, name="Fa Quagga", reason="22-1")
        card = kernel.perform(see_proof, fran, patient_id=child.id)
        assert [(one.name, one.reason) for one in card.orders] == [("Fa Quagga", "22-1")]
        far = world.sign_in(world.staff(Role.FRONT_DESK, practice=world.practice("Elsewhere Clinic")))
        with pytest.raises(NotFound):
            kernel.perform(lift_order, far, order_id=card.orders[0].id)
        kernel.perform(lift_order, fran, order_id=card.orders[0].id)
        assert kernel.perform(see_proof, fran, patient_id=child.id).orders == []
        with pytest.raises(Conflict):
            kernel.perform(lift_order, fran, order_id=card.orders[0].id)

    @pytest.mark.parametrize(
        ("order", "field"),
        [
            ({"name": " ", "reason": "22-1"}, "name"),
            ({"name": "Fa", "reason": ""}, "reason"),
            ({"name": "Fa", "reason": "22-1", "until": date(2026, 11, 22)}, "until"),
        ],
    )
    def test_what_is_missing_is_said_at_its_field(
        self, kernel: Kernel, world: World, fran: SessionToken, order: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refusal:
            kernel.perform(record_order, fran, patient_id=kit(world).id, **order)
        assert refusal.value.field == field
        assert world.rows(CourtOrder) == []


class TestCodes:
    """Visit codes at the desk."""

    def test_it_is_shown_once_and_kept_as_a_digest(self, kernel: Kernel, world: World, fran: SessionToken) -> None:
        patient = ann(world)
        made = kernel.perform(issue_code, fran, patient_id=patient.id)
        assert (len(made.code), made.until, made.sent) == (11, "21 Dec 2026", False)
        card = kernel.perform(see_proof, fran, patient_id=patient.id)
        assert [(row.state, row.live) for row in card.codes] == [("Works until 21 Dec 2026", True)]
        assert made.code not in repr(card) + repr(world.rows(VisitCode))
        kernel.perform(withdraw_code, fran, code_id=card.codes[0].id)
        assert kernel.perform(see_proof, fran, patient_id=patient.id).codes[0].state == "Withdrawn on 23 Nov 2026"
        with pytest.raises(Conflict):
            kernel.perform(withdraw_code, fran, code_id=card.codes[0].id)

    def test_it_is_sent_to_the_address_on_file_and_the_desk_does_not_see_it(
        self, kernel: Kernel, world: World, fran: SessionToken
    ) -> None:
        patient = ann(world)
        made = kernel.perform(send_code, fran, patient_id=patient.id)
        assert (made.code, made.sent) == ("", True)
        letter = letters(world, "ann@mail.example")[0]
        assert "Quagga" not in letter.text + letter.subject
        code = letter.text.partition("then this code: ")[2][:11]
        _account, who = asker(world)
        assert kernel.perform(try_code, who, claim_id=asks(kernel, who), code=code).opened
        assert kernel.perform(see_proof, fran, patient_id=patient.id).codes[0].state == "Used on 23 Nov 2026"

    def test_not_without_an_address_not_for_a_chart_with_an_owner_not_elsewhere(
        self, kernel: Kernel, world: World, fran: SessionToken
    ) -> None:
        with pytest.raises(NoAddress):
            kernel.perform(send_code, fran, patient_id=ann(world, email="").id)
        _account, owned = world.owner(ann(world))
        for case in (issue_code, send_code):
            with pytest.raises(Conflict):
                kernel.perform(case, fran, patient_id=owned.id)
        far = ann(world, practice_id=world.practice("Elsewhere Clinic").id)
        visit = visit_code(world, ann(world))
        assert visit
        for key in (far.id, uuid4()):
            for case in (issue_code, send_code, see_proof):
                with pytest.raises(NotFound):
                    kernel.perform(case, fran, patient_id=key)
            with pytest.raises(NotFound):
                kernel.perform(withdraw_code, fran, code_id=key)
