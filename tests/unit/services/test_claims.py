"""Who is this? Facts find a chart and open nothing; a code or the desk opens it, once, and says nothing else (S13)."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest

from rxportal.core.errors import Conflict, InvalidInput, NotFound, TooMany
from rxportal.core.kernel import Kernel
from rxportal.core.live import GRANTS, Change
from rxportal.models.accounts import Account, Basis, Grant, Level, Patient, Session
from rxportal.models.audit import AuditEntry
from rxportal.models.people import Claim, ClaimState, FileCode, VisitCode
from rxportal.rules.claims import typed_code
from rxportal.services.access_log import access_log
from rxportal.services.claims import view_claims, withdraw_claim
from rxportal.services.claims_codes import AT_DESK, MOST_SENT, WRONG, send_file_code, try_code
from rxportal.services.claims_tries import MOST_LONG, MOST_PER_ADDRESS, MOST_SHORT
from rxportal.services.results import list_results
from rxportal.services.visit_codes import withdraw_code
from tests.factories import World
from tests.fakes import RecordingBus, StoppedClock
from tests.unit.services.proving import (
    FACTS,
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

CODE = re.compile(r"[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}")


def mailed(world: World, address: str = "ann@mail.example") -> str:
    found = CODE.search(letters(world, address)[-1].text)
    assert found
    return found[0]


class TestFacts:
    """What is written, and what it does alone: nothing."""

    def test_facts_alone_open_nothing_and_wait_for_the_desk(self, kernel: Kernel, world: World) -> None:
        ann(world)
        account, who = asker(world)
        asks(kernel, who)
        assert grants_of(world, account) == []
        row = kernel.perform(view_claims, who).own
        assert (row.open, row.tag) == (True, "The front desk looks at it")
        assert row.sentence == "You get an answer by 27 Nov 2026. This page moves by itself."
        assert [(step.label, step.when) for step in row.steps] == [
            ("You asked", "23 Nov 2026"),
            ("The front desk answers", "by 27 Nov 2026"),
        ]
        with pytest.raises(NotFound):
            kernel.perform(list_results, who)

    def test_right_wrong_and_unknown_facts_look_the_same(self, kernel: Kernel, world: World) -> None:
        patient, owned = ann(world), ann(world, name="Cy Owned", email="cy@mail.example")
        world.owner(owned)
        said = []
        for facts in (
            {},
            {"name": "Ann Wrong"},
            {"birth_date": "3/15/1985"},
            {"postal_code": "10001"},
            {"mrn": "none"},
            {"name": "Nobody Atall"},
            {"name": "Cy Owned"},
        ):
            _account, who = asker(world)
            claim = asks(kernel, who, **facts)
            kernel.perform(send_file_code, who, claim_id=claim)
            tried = kernel.perform(try_code, who, claim_id=claim, code="22222-22222")
            row = kernel.perform(view_claims, who).own
            said.append((tried.opened, tried.sentence, row.tag, row.sentence, row.code))
        assert len(set(said)) == 1, said
        assert len(world.rows(FileCode)) == len(said), "a code is made where nobody was found, too"
        assert {one.patient_id for one in world.rows(FileCode)} == {patient.id, owned.id, None}

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"name": " "}, "name"),
            ({"name": "x" * 301}, "name"),
            ({"name": "…"}, "name"),
            ({"birth_date": ""}, "birth_date"),
            ({"birth_date": "31/31/1985"}, "birth_date"),
            ({"birth_date": "3/14/2030"}, "birth_date"),
            ({"birth_date": "3/14/1850"}, "birth_date"),
            ({"postal_code": " "}, "postal_code"),
            ({"phone": "12"}, "phone"),
        ],
    )
    def test_what_can_not_be_compared_is_said_at_its_field(
        self, kernel: Kernel, world: World, facts: dict[str, str], field: str
    ) -> None:
        _account, who = asker(world)
        with pytest.raises(InvalidInput) as refusal:
            asks(kernel, who, **facts)
        assert refusal.value.field == field
        assert world.rows(Claim) == []

    @pytest.mark.parametrize("name", ["محمد بن علي", "李小龍", "Ñandú " + "x" * 290, "Anne-Marie O’Neill", "राम कुमार"])
    def test_names_in_any_script_find_their_chart(self, kernel: Kernel, world: World, name: str) -> None:
        patient = ann(world, name=name)
        account, who = asker(world)
        claim = asks(kernel, who, name=f"  {name.upper()} ")
        assert kernel.perform(try_code, who, claim_id=claim, code=visit_code(world, patient)).opened
        assert [one.patient_id for one in grants_of(world, account)] == [patient.id]

    def test_a_child_has_no_chart_of_its_own(self, kernel: Kernel, world: World, clock: StoppedClock) -> None:
        _account, who = asker(world)
        with pytest.raises(InvalidInput) as refusal:
            asks(kernel, who, birth_date="11/24/2013")
        assert (refusal.value.field, "from 13 on" in refusal.value.message) == ("birth_date", True)
        asks(kernel, who, birth_date="11/23/2013")
        with pytest.raises(InvalidInput):
            asks(kernel, asker(world)[1], birth_date="11/23/2013", own_from=18)

    def test_one_request_at_a_time_and_none_beside_a_chart(self, kernel: Kernel, world: World) -> None:
        _account, who = asker(world)
        claim = asks(kernel, who)
        with pytest.raises(Conflict):
            asks(kernel, who)
        kernel.perform(withdraw_claim, who, claim_id=claim)
        page = kernel.perform(view_claims, who)
        assert page.own.title == ""
        assert (page.typed.name, page.typed.birth_date) == ("Ann Quagga", "14 Mar 1985"), "nobody writes it twice"
        asks(kernel, who, birth_date=page.typed.birth_date)
        with pytest.raises(Conflict):
            kernel.perform(withdraw_claim, who, claim_id=claim)
        owner, _patient = world.owner()
        with pytest.raises(Conflict):
            asks(kernel, world.sign_in(owner))


class TestVisitCode:
    """A code of the practice, with the facts of the person it was made for."""

    def test_it_opens_the_chart_at_once_and_is_told_everywhere(self, kernel: Kernel, world: World) -> None:
        patient = ann(world)
        account, who = asker(world)
        claim, code = asks(kernel, who), visit_code(world, patient)
        assert kernel.perform(try_code, who, claim_id=claim, code=code.lower().replace("-", " ")).opened
        grant = grants_of(world, account)[0]
        assert (grant.patient_id, grant.level, grant.basis) == (patient.id, Level.SELF, Basis.SELF)
        kernel.perform(list_results, who)
        assert kernel.perform(view_claims, who).own.tag == "Open to you"
        assert isinstance(kernel.bus, RecordingBus)
        assert {
            Change("account", str(account.id), GRANTS),
            Change("account", str(account.id), "claims"),
            Change("desk", str(patient.practice_id), "claims"),
            Change("chart", str(patient.id), "access_log"),
        } <= set(kernel.bus.published)
        assert len(letters(world, account.email)) == 1
        assert "opened online" in letters(world, "ann@mail.example")[-1].subject
        told = [row.sentence for row in kernel.perform(access_log, who).days[0].rows]
        assert "You proved with a code that this is your chart." in told

    def test_it_works_once(self, kernel: Kernel, world: World) -> None:
        patient = ann(world)
        code = visit_code(world, patient)
        first, second = asker(world), asker(world)
        claims = [asks(kernel, who) for _account, who in (first, second)]
        assert kernel.perform(try_code, first[1], claim_id=claims[0], code=code).opened
        assert kernel.perform(try_code, second[1], claim_id=claims[1], code=code).sentence == WRONG
        assert grants_of(world, second[0]) == []

    def test_it_needs_the_facts_of_its_own_person(self, kernel: Kernel, world: World) -> None:
        patient = ann(world)
        ann(world, name="Bea Okapi")
        code = visit_code(world, patient)
        for facts in ({"name": "Bea Okapi"}, {"birth_date": "3/15/1985"}, {"postal_code": "10001"}, {"mrn": "zz"}):
            account, who = asker(world)
            claim = asks(kernel, who, **facts)
            assert kernel.perform(try_code, who, claim_id=claim, code=code).sentence == WRONG
            assert grants_of(world, account) == []
        assert world.rows(VisitCode)[0].used_at is None, "somebody else’s mistake doesn’t use it up"

    def test_it_runs_out_and_can_be_withdrawn(self, kernel: Kernel, world: World, clock: StoppedClock) -> None:
        patient = ann(world)
        withdrawn = visit_code(world, patient)
        kernel.perform(withdraw_code, front_desk(world), code_id=world.rows(VisitCode)[0].id)
        code = visit_code(world, patient)
        clock.advance(days=28)
        _account, who = asker(world)
        claim = asks(kernel, who)
        for wrong in (withdrawn, code, "", "🙂", "x" * 500):
            assert kernel.perform(try_code, who, claim_id=claim, code=wrong).sentence == WRONG

    def test_a_new_code_makes_the_old_one_worthless(self, kernel: Kernel, world: World) -> None:
        patient = ann(world)
        old, new = visit_code(world, patient), visit_code(world, patient)
        _account, who = asker(world)
        claim = asks(kernel, who)
        assert not kernel.perform(try_code, who, claim_id=claim, code=old).opened
        assert kernel.perform(try_code, who, claim_id=claim, code=new).opened

    def test_another_practices_code_opens_nothing_here(self, kernel: Kernel, world: World) -> None:
        far = world.practice("Elsewhere Clinic")
        patient = ann(world, practice_id=far.id)
        desk = world.sign_in(world.staff("front_desk", practice=far))
        from rxportal.services.visit_codes import issue_code

        code = kernel.perform(issue_code, desk, patient_id=patient.id).code
        _account, who = asker(world)
        assert not kernel.perform(try_code, who, claim_id=asks(kernel, who), code=code).opened

    def test_it_names_one_of_two_people_with_the_same_name_and_birth_date(self, kernel: Kernel, world: World) -> None:
        one, other = ann(world), ann(world, email="other@mail.example")
        account, who = asker(world)
        claim = asks(kernel, who)
        kernel.perform(send_file_code, who, claim_id=claim)
        assert letters(world, "ann@mail.example") + letters(world, "other@mail.example") == [], "they are never guessed"
        assert kernel.perform(try_code, who, claim_id=claim, code=visit_code(world, other)).opened
        assert [grant.patient_id for grant in grants_of(world, account)] == [other.id] != [one.id]

    def test_two_of_that_name_are_not_told_apart_by_where_they_live(self, kernel: Kernel, world: World) -> None:
        ann(world)
        ann(world, email="other@mail.example", postal_code="10001")
        _account, who = asker(world)
        kernel.perform(send_file_code, who, claim_id=asks(kernel, who))
        assert [one.patient_id for one in world.rows(FileCode)] == [None]


class TestCodeOnFile:
    """A code to the e-mail address that the practice has."""

    def test_it_goes_to_the_address_on_file_and_opens_the_chart(self, kernel: Kernel, world: World) -> None:
        patient = ann(world)
        account, who = asker(world)
        claim = asks(kernel, who)
        kernel.perform(send_file_code, who, claim_id=claim)
        assert "It works until" in kernel.perform(view_claims, who).own.code
        letter = letters(world, "ann@mail.example")[0]
        assert "Quagga" not in letter.text + letter.html + letter.subject
        assert letters(world, account.email) == []
        assert kernel.perform(try_code, who, claim_id=claim, code=mailed(world)).opened
        assert [grant.patient_id for grant in grants_of(world, account)] == [patient.id]

    def test_it_is_for_this_request_and_this_half_hour(self, kernel: Kernel, world: World, clock: StoppedClock) -> None:
        ann(world)
        _account, who = asker(world)
        _other, stranger = asker(world)
        claim, theirs = asks(kernel, who), asks(kernel, stranger)
        kernel.perform(send_file_code, who, claim_id=claim)
        code = mailed(world)
        assert not kernel.perform(try_code, stranger, claim_id=theirs, code=code).opened
        clock.advance(minutes=30)
        late = world.sign_in(_account)
        assert not kernel.perform(try_code, late, claim_id=claim, code=code).opened

    def test_only_the_newest_counts(self, kernel: Kernel, world: World, clock: StoppedClock) -> None:
        ann(world)
        _account, who = asker(world)
        claim = asks(kernel, who)
        kernel.perform(send_file_code, who, claim_id=claim)
        old = mailed(world)
        clock.advance(seconds=1)
        kernel.perform(send_file_code, who, claim_id=claim)
        assert not kernel.perform(try_code, who, claim_id=claim, code=old).opened
        newest = [CODE.search(one.text) for one in letters(world, "ann@mail.example")]
        right = next(found[0] for found in newest if found and found[0] != old)
        assert kernel.perform(try_code, who, claim_id=claim, code=right).opened

    def test_a_mailbox_is_not_flooded(self, kernel: Kernel, world: World, clock: StoppedClock) -> None:
        ann(world)
        for number in range(4):
            _account, who = asker(world)
            claim = asks(kernel, who)
            for _each in range(MOST_SENT):
                kernel.perform(send_file_code, who, claim_id=claim)
            with pytest.raises(TooMany):
                kernel.perform(send_file_code, who, claim_id=claim)
            kernel.perform(withdraw_claim, who, claim_id=claim)
            with pytest.raises(TooMany):  # a new request is no new beginning
                kernel.perform(send_file_code, who, claim_id=asks(kernel, who))
            assert len(letters(world, "ann@mail.example")) == MOST_SENT, number
        clock.advance(days=1)
        _account, who = asker(world)
        kernel.perform(send_file_code, who, claim_id=asks(kernel, who))
        assert len(letters(world, "ann@mail.example")) == MOST_SENT + 1


class TestConflict:
    """A chart has one owner, an account one chart."""

    def test_a_right_code_for_a_chart_with_an_owner_goes_to_the_desk(self, kernel: Kernel, world: World) -> None:
        patient = ann(world)
        code = visit_code(world, patient)
        world.owner(patient)
        account, who = asker(world)
        claim = asks(kernel, who)
        assert kernel.perform(try_code, who, claim_id=claim, code=code).sentence == AT_DESK
        stored = world.rows(Claim)[0]
        assert (stored.state, stored.conflict) == (ClaimState.OPEN, True)
        assert grants_of(world, account) == []
        assert world.rows(VisitCode)[0].used_at is None

    def test_whose_chart_has_an_owner_is_marked_for_the_desk_alone(self, kernel: Kernel, world: World) -> None:
        world.owner(ann(world))
        _account, who = asker(world)
        asks(kernel, who)
        assert world.rows(Claim)[0].conflict
        assert kernel.perform(view_claims, who).own.tag == "The front desk looks at it"

    def test_an_account_gets_no_second_chart(self, kernel: Kernel, world: World) -> None:
        patient = ann(world)
        account, who = asker(world)
        claim = asks(kernel, who)
        world.grant(account, world.patient())  # in the meantime, at the desk
        assert kernel.perform(try_code, who, claim_id=claim, code=visit_code(world, patient)).sentence == AT_DESK
        assert len(grants_of(world, account)) == 1


class TestTries:
    """Guessing is slow, for one account and for one internet address."""

    def test_wrong_codes_of_one_account_are_few(self, kernel: Kernel, world: World, clock: StoppedClock) -> None:
        patient = ann(world)
        account, who = asker(world)
        claim, code = asks(kernel, who), visit_code(world, patient)
        for _each in range(MOST_SHORT):
            assert kernel.perform(try_code, who, claim_id=claim, code="22222-22222").sentence == WRONG
        for guess in (code, "33333-33333"):
            with pytest.raises(TooMany):
                kernel.perform(try_code, who, claim_id=claim, code=guess)
        with pytest.raises(TooMany):
            kernel.perform(try_code, world.sign_in(account), claim_id=claim, code=code)
        made = MOST_SHORT
        while made < MOST_LONG:
            clock.advance(minutes=16)
            fresh = world.sign_in(account)
            for _each in range(MOST_SHORT):
                kernel.perform(try_code, fresh, claim_id=claim, code="22222-22222")
                made += 1
        clock.advance(minutes=16)
        with pytest.raises(TooMany):
            kernel.perform(try_code, world.sign_in(account), claim_id=claim, code=code)
        clock.advance(days=1)
        assert kernel.perform(try_code, world.sign_in(account), claim_id=claim, code=code).opened

    def test_wrong_codes_from_one_address_are_few_whatever_the_account(self, kernel: Kernel, world: World) -> None:
        patient = ann(world)
        code = visit_code(world, patient)

        def here() -> tuple[Account, object]:
            account, who = asker(world)
            session = next(one for one in world.rows(Session) if one.account_id == account.id)
            session.address = "192.0.2.7"
            world.store(session)
            return account, who

        made = 0
        while made < MOST_PER_ADDRESS:
            _account, who = here()
            claim = asks(kernel, who)  # type: ignore[arg-type]
            for _each in range(MOST_SHORT):
                kernel.perform(try_code, who, claim_id=claim, code="22222-22222")  # type: ignore[arg-type]
                made += 1
        _account, who = here()
        claim = asks(kernel, who)  # type: ignore[arg-type]
        with pytest.raises(TooMany):
            kernel.perform(try_code, who, claim_id=claim, code=code)  # type: ignore[arg-type]
        _elsewhere, other = asker(world)
        assert kernel.perform(try_code, other, claim_id=asks(kernel, other), code=code).opened

    def test_requests_are_few_too(self, kernel: Kernel, world: World) -> None:
        _account, who = asker(world)
        for number in range(MOST_SHORT):
            kernel.perform(withdraw_claim, who, claim_id=asks(kernel, who, name=f"Ann Quagga {number}"))
        with pytest.raises(TooMany):
            asks(kernel, who)

    def test_a_refused_act_leaves_nothing_but_its_audit_line(self, kernel: Kernel, world: World) -> None:
        _account, who = asker(world)
        _other, stranger = asker(world)
        claim = asks(kernel, who)
        for key in (claim, uuid4()):
            for case, inputs in (
                (withdraw_claim, {}),
                (send_file_code, {}),
                (try_code, {"code": "x"}),
            ):
                with pytest.raises(NotFound):
                    kernel.perform(case, stranger, claim_id=key, **inputs)
        assert world.rows(FileCode) == []


class TestSomebodyElse:
    """A child's chart is opened by the desk alone."""

    def test_a_parent_asks_and_no_code_opens_it(self, kernel: Kernel, world: World) -> None:
        child = kit(world)
        account, who = asker(world)
        claim = asks_for_child(kernel, who)
        code = visit_code(world, child)
        for case, inputs in ((try_code, {"code": code}), (send_file_code, {})):
            with pytest.raises(NotFound):
                kernel.perform(case, who, claim_id=claim, **inputs)
        assert grants_of(world, account) == []
        row = kernel.perform(view_claims, who).children[0]
        assert (row.title, row.open) == ("The chart of Kit Quagga", True)
        assert ("What shows it", "Birth certificate") in [(one.label, one.words) for one in row.given]

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"relationship": " "}, "relationship"),
            ({"proof": ""}, "proof"),
            ({"kin": "stranger"}, "kin"),
            ({"birth_date": "5/2/2001"}, "birth_date"),
        ],
    )
    def test_what_is_missing_is_said_at_its_field(
        self, kernel: Kernel, world: World, facts: dict[str, str], field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refusal:
            asks_for_child(kernel, asker(world)[1], **facts)
        assert refusal.value.field == field

    def test_a_guardian_may_ask_for_a_grown_up_and_nobody_asks_twice(self, kernel: Kernel, world: World) -> None:
        _account, who = asker(world)
        asks_for_child(kernel, who, kin="court", birth_date="5/2/1961", relationship="guardian")
        with pytest.raises(Conflict):
            asks_for_child(kernel, who, kin="court", birth_date="5/2/1961", relationship="guardian")


def test_audit_lines_hold_ids_and_no_facts(kernel: Kernel, world: World) -> None:
    patient = ann(world)
    _account, who = asker(world)
    claim, code = asks(kernel, who), visit_code(world, patient)
    kernel.perform(send_file_code, who, claim_id=claim)
    kernel.perform(try_code, who, claim_id=claim, code="22222-22222")
    kernel.perform(try_code, who, claim_id=claim, code=code)
    told = json.dumps([[one.detail, one.use_case, one.outcome] for one in world.rows(AuditEntry)])
    for fact in ("Quagga", "1985", "94000", typed_code(code), code, "ann@mail"):
        assert fact not in told
    assert FACTS["name"] not in told
    kept = json.dumps([[one.code_hash for one in world.rows(VisitCode)]])
    assert typed_code(code) not in kept
    assert world.rows(Patient)[0].id == world.rows(Grant)[0].patient_id
