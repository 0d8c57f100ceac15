"""The clinician's desk: what waits, what an act does, who sees it, and what is refused in which words."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from rxportal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, PortalError
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Level, Patient, Role, Staff
from rxportal.models.audit import AuditEntry, OutboxMessage
from rxportal.models.records import Gate, Kind, Reading, Record, Sensitivity
from rxportal.models.releases import HoldReason, ReleaseAct, ReleaseEvent
from rxportal.services.desk_results import (
    NotReleasable,
    hold_result,
    mark_normal_seen,
    mark_seen,
    queue_case,
    release_result,
    result_queue,
)
from rxportal.services.results import list_results, open_result
from tests.factories import World

UNTIL = "2026-12-03"


@pytest.fixture
def kernel(sqlite_kernel: Kernel) -> Kernel:
    return sqlite_kernel


@pytest.fixture
def doctor(world: World) -> Any:
    """A signed-in clinician."""
    return world.sign_in(world.staff())


def stored(world: World, record: Record) -> Record:
    return next(row for row in world.rows(Record) if row.id == record.id)


def in_range(world: World, patient: Patient, title: str, flag: str = "Normal", **columns: Any) -> Record:
    row = world.result(patient, title, values=1, flagged=int(flag != "Normal"), **columns)
    world.store(
        Reading(record_id=row.id, patient_id=patient.id, analyte="a", name="A", value=1, display="1", flag=flag)
    )
    return row


class TestQueue:
    """`/desk/results`."""

    def test_everything_unseen_waits_and_nothing_else(self, kernel: Kernel, world: World, doctor: Any) -> None:
        patient = world.patient()
        world.result(patient, "To see")
        world.result(patient, "Needs an order", kind=Kind.RADIOLOGY, seen_at=world.now)
        world.result(patient, "Withheld", kind=Kind.HIV)
        world.result(patient, "Early", final_at=None)
        world.released(patient, "Done")
        world.result(patient, "Withheld and seen", kind=Kind.HIV, seen_at=world.now)
        rows = kernel.perform(result_queue, doctor).rows
        assert {row.title: row.state for row in rows} == {
            "To see": "To see", "Needs an order": "Needs an order", "Withheld": "Not shown online",
        }  # fmt: skip

    def test_what_is_late_comes_first_then_what_is_critical_then_the_nearest_day(
        self, kernel: Kernel, world: World, doctor: Any
    ) -> None:
        patient = world.patient()
        old = world.now - timedelta(days=9)
        world.result(patient, "Tissue", kind=Kind.PATHOLOGY)
        world.result(patient, "Ordinary")
        in_range(world, patient, "Critical", "Critical high", kind=Kind.PATHOLOGY)
        world.result(patient, "Late", final_at=old, arrived_at=old)
        view = kernel.perform(result_queue, doctor)
        assert [row.title for row in view.rows] == ["Late", "Critical", "Ordinary", "Tissue"]
        assert (view.late, view.rows[0].late, view.rows[0].tone, view.rows[0].due) == (1, True, "act", "21 Nov 2026")
        assert [row.title for row in kernel.perform(result_queue, doctor, only="late").rows] == ["Late"]

    def test_another_practices_results_are_not_there(self, kernel: Kernel, world: World, doctor: Any) -> None:
        theirs = world.result(world.patient(practice=world.practice("Elsewhere")), "Theirs")
        assert kernel.perform(result_queue, doctor).total == 0
        for act in (queue_case, mark_seen, release_result):
            with pytest.raises(NotFound):
                kernel.perform(act, doctor, record_id=theirs.id)

    @pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.BILLING, Role.ADMINISTRATOR])
    def test_only_clinicians_decide(self, kernel: Kernel, world: World, role: Role) -> None:
        session = world.sign_in(world.staff(role))
        result = world.result(world.patient())
        with pytest.raises(NotAllowed):
            kernel.perform(result_queue, session)
        with pytest.raises(NotAllowed):
            kernel.perform(release_result, session, record_id=result.id)


class TestActs:
    """Seen, released, held."""

    def test_marking_as_seen_opens_an_ordinary_result_with_the_doctors_words(
        self, kernel: Kernel, world: World, doctor: Any
    ) -> None:
        account, patient = world.owner()
        result = world.result(patient, "Lipid panel")
        kernel.perform(mark_seen, doctor, record_id=result.id, comment=" All fine. ")
        detail = kernel.perform(open_result, world.sign_in(account), result_id=result.id)
        assert (detail.waiting, detail.comment) == (False, "All fine.")
        told = world.rows(OutboxMessage)
        assert [json.loads(message.payload) for message in told] == [
            {"patient": str(patient.id), "record": str(result.id)}
        ]
        assert told[0].topic == "result_released"

    def test_marking_imaging_as_seen_leaves_it_waiting_for_the_order(
        self, kernel: Kernel, world: World, doctor: Any
    ) -> None:
        account, patient = world.owner()
        result = world.result(patient, "Chest X-ray", kind=Kind.RADIOLOGY)
        kernel.perform(mark_seen, doctor, record_id=result.id)
        assert kernel.perform(open_result, world.sign_in(account), result_id=result.id).waiting
        assert world.rows(OutboxMessage) == []
        kernel.perform(release_result, doctor, record_id=result.id)
        assert not kernel.perform(open_result, world.sign_in(account), result_id=result.id).waiting

    def test_an_act_is_told_to_the_open_pages_of_chart_and_desk(self, kernel: Any, world: World, doctor: Any) -> None:
        patient = world.patient()
        result = world.result(patient)
        kernel.perform(mark_seen, doctor, record_id=result.id)
        assert {(change.scope, change.topic) for change in kernel.bus.published} >= {
            ("chart", "results"),
            ("desk", "results"),
        }

    def test_an_act_on_a_withheld_result_is_told_to_the_desk_alone_and_not_logged_to_the_chart(
        self, kernel: Any, world: World, doctor: Any
    ) -> None:
        patient = world.patient()
        result = world.result(patient, kind=Kind.HIV)
        kernel.perform(queue_case, doctor, record_id=result.id)
        kernel.perform(mark_seen, doctor, record_id=result.id)
        assert {change.scope for change in kernel.bus.published} == {"desk"}
        assert all(line.patient_id is None for line in world.rows(AuditEntry))
        assert world.rows(OutboxMessage) == []

    def test_acts_are_dated_rows_with_author_reason_and_end(self, kernel: Kernel, world: World) -> None:
        account = world.staff()
        session, staff = world.sign_in(account), next(row for row in world.rows(Staff) if row.account_id == account.id)
        result = world.result(world.patient())
        kernel.perform(hold_result, session, record_id=result.id, reason="talk_first", until=UNTIL)
        event = world.rows(ReleaseEvent)[0]
        assert (event.act, event.by, event.staff_id, event.reason) == (
            ReleaseAct.HELD, account.name, staff.id, HoldReason.TALK_FIRST,
        )  # fmt: skip
        history = kernel.perform(queue_case, session, record_id=result.id).history
        told = f"23 Nov 2026, 12:00 pm: {account.name} held it until 3 Dec 2026: I want to talk with the patient first."
        assert history == [told]

    def test_a_held_result_waits_until_the_practices_midnight_and_then_opens(
        self, kernel: Kernel, world: World, doctor: Any, clock: Any
    ) -> None:
        account, patient = world.owner()
        result = world.result(patient)
        kernel.perform(hold_result, doctor, record_id=result.id, reason="harm", until=UNTIL)
        session = world.sign_in(account)
        waits = kernel.perform(open_result, session, result_id=result.id)
        assert waits.waiting_sentence == "Your doctor keeps it back for now. It opens on 3 Dec 2026 at the latest."
        clock.now = clock.now.replace(month=12, day=3, hour=7, minute=59)
        assert kernel.perform(open_result, world.sign_in(account), result_id=result.id).waiting
        clock.now = clock.now.replace(hour=8, minute=0)
        assert not kernel.perform(open_result, world.sign_in(account), result_id=result.id).waiting

    def test_a_release_ends_a_hold(self, kernel: Kernel, world: World, doctor: Any) -> None:
        account, patient = world.owner()
        result = world.result(patient)
        kernel.perform(hold_result, doctor, record_id=result.id, reason="harm", until=UNTIL)
        kernel.perform(release_result, world.sign_in(world.staff()), record_id=result.id)
        assert not kernel.perform(open_result, world.sign_in(account), result_id=result.id).waiting
        assert stored(world, result).hold_reason == ""

    def test_an_early_result_can_be_held_before_it_is_final(self, kernel: Kernel, world: World, doctor: Any) -> None:
        result = world.result(world.patient(), final_at=None)
        kernel.perform(hold_result, doctor, record_id=result.id, reason="patient_asked", until=UNTIL)
        assert (stored(world, result).seen_at, stored(world, result).hold_reason) == (None, "patient_asked")


class TestRefusals:
    """Each one changes nothing and says why and what now."""

    @pytest.mark.parametrize(
        ("until", "words"),
        [("2026-11-23", "after today"), ("2020-01-01", "after today"), ("2027-11-24", "within one year"),
         ("soon", "day, month and year"), ("", "day, month and year")],
    )  # fmt: skip
    def test_a_hold_ends_on_a_day_after_today_within_a_year(
        self, kernel: Kernel, world: World, doctor: Any, until: str, words: str
    ) -> None:
        result = world.result(world.patient())
        with pytest.raises(InvalidInput, match=words) as refusal:
            kernel.perform(hold_result, doctor, record_id=result.id, reason="harm", until=until)
        assert refusal.value.field == "until"
        assert (world.rows(ReleaseEvent), stored(world, result).hold_reason) == ([], "")

    def test_a_hold_needs_a_coded_reason(self, kernel: Kernel, world: World, doctor: Any) -> None:
        result = world.result(world.patient())
        with pytest.raises(InvalidInput) as refusal:
            kernel.perform(hold_result, doctor, record_id=result.id, reason="because", until=UNTIL)
        assert refusal.value.field == "reason"

    @pytest.mark.parametrize("kind", [Kind.HIV, Kind.HEPATITIS, Kind.DRUG_ABUSE, Kind.RESTRICTED])
    def test_a_withheld_result_is_neither_released_nor_held_and_the_case_says_so_before_the_click(
        self, kernel: Kernel, world: World, doctor: Any, kind: Kind
    ) -> None:
        account, patient = world.owner()
        result = world.result(patient, kind=kind)
        case = kernel.perform(queue_case, doctor, record_id=result.id)
        assert (case.withheld, case.can_release, case.can_hold) == (True, False, False)
        for act, more in ((release_result, {}), (hold_result, {"reason": "harm", "until": UNTIL})):
            with pytest.raises(NotReleasable) as refusal:
                kernel.perform(act, doctor, record_id=result.id, **more)
            assert refusal.value.message == case.why_not
        assert f"Tell {patient.name} by phone or at a visit." in case.why_not
        assert case.who_will_see == "Nobody sees it online, also later."
        assert kernel.perform(list_results, world.sign_in(account)).total == 0
        with pytest.raises(InvalidInput):
            kernel.perform(mark_seen, doctor, record_id=result.id, comment="You are positive")

    def test_what_is_released_already_says_by_whom(self, kernel: Kernel, world: World, doctor: Any) -> None:
        other = world.staff()
        result = world.result(world.patient(), kind=Kind.RADIOLOGY)
        kernel.perform(release_result, world.sign_in(other), record_id=result.id)
        for act, more in ((release_result, {}), (mark_seen, {}), (hold_result, {"reason": "harm", "until": UNTIL})):
            with pytest.raises(Conflict, match=f"{other.name} released it on 23 Nov 2026"):
                kernel.perform(act, doctor, record_id=result.id, **more)
        assert len(world.rows(ReleaseEvent)) == 1

    def test_a_result_that_is_not_final_is_neither_seen_nor_released(
        self, kernel: Kernel, world: World, doctor: Any
    ) -> None:
        result = world.result(world.patient(), final_at=None)
        for act in (mark_seen, release_result):
            with pytest.raises(Conflict, match="not final yet"):
                kernel.perform(act, doctor, record_id=result.id)

    def test_only_who_holds_a_result_changes_the_hold(self, kernel: Kernel, world: World, doctor: Any) -> None:
        result = world.result(world.patient())
        kernel.perform(hold_result, doctor, record_id=result.id, reason="harm", until=UNTIL)
        kernel.perform(hold_result, doctor, record_id=result.id, reason="talk_first", until="2026-12-05")
        with pytest.raises(Conflict, match="holds it until 5 Dec 2026"):
            kernel.perform(hold_result, world.sign_in(world.staff()), record_id=result.id, reason="harm", until=UNTIL)

    def test_a_comment_has_an_end(self, kernel: Kernel, world: World, doctor: Any) -> None:
        result = world.result(world.patient())
        with pytest.raises(InvalidInput) as refusal:
            kernel.perform(mark_seen, doctor, record_id=result.id, comment="x" * 4001)
        assert refusal.value.field == "comment"


class TestWhoWillSee:
    """Said before the click, true after it."""

    def test_owner_and_proxies_are_named_with_their_level(self, kernel: Kernel, world: World, doctor: Any) -> None:
        _account, patient = world.owner(world.patient("Grace Testerson"))
        reader, _grant = world.proxy(patient)
        result = world.result(patient, kind=Kind.RADIOLOGY)
        case = kernel.perform(queue_case, doctor, record_id=result.id)
        assert case.who_will_see == f"Grace Testerson and {reader.name} (read only) will see it at once."
        assert case.who_after_seen == "Nobody sees it yet. It goes on waiting."

    def test_a_confidential_result_of_a_teen_names_the_parent_as_not_seeing_it(
        self, kernel: Kernel, world: World, doctor: Any
    ) -> None:
        patient = world.child(15)
        world.owner(patient)
        parent, _grant = world.parent(patient)
        tells = Sensitivity.SEXUAL_HEALTH
        result = world.result(patient, "Chlamydia test", sensitivity=tells, own_sensitivity=tells)
        case = kernel.perform(queue_case, doctor, record_id=result.id)
        assert case.who_after_seen == (
            f"{patient.name} will see it at once. "
            f"{parent.name} (parent) will not: it is confidential, or outside what was granted."
        )

    def test_what_is_said_before_the_click_is_what_happens_after_it(
        self, kernel: Kernel, world: World, doctor: Any
    ) -> None:
        for tells in (Sensitivity.NONE, Sensitivity.MENTAL_HEALTH):
            account, patient = world.owner()
            people = [(account, None), *(world.proxy(patient, level) for level in (Level.FULL, Level.READ_ONLY))]
            narrow, grant = world.proxy(patient, sections="vitals")
            result = world.result(patient, kind=Kind.PATHOLOGY, sensitivity=tells, own_sensitivity=tells)
            said = kernel.perform(queue_case, doctor, record_id=result.id).who_will_see.partition(" will see it")[0]
            kernel.perform(release_result, doctor, record_id=result.id)
            assert narrow.name not in said
            with pytest.raises(NotAllowed):  # a grant opens the pages of its sections alone
                kernel.perform(list_results, world.sign_in(narrow), grant.id)
            for person, opened in people:
                page = kernel.perform(list_results, world.sign_in(person), opened and opened.id)
                assert (page.total == 1) == (person.name in said)

    def test_a_chart_without_an_account_says_so(self, kernel: Kernel, world: World, doctor: Any) -> None:
        patient = world.patient()
        case = kernel.perform(queue_case, doctor, record_id=world.result(patient).id)
        assert case.who_will_see == f"Nobody sees it online yet: {patient.name} has no account here."


class TestBulk:
    """Seen at once, normal ones only, an answer for each."""

    def test_normal_ones_are_marked_and_the_others_say_why_not(self, kernel: Any, world: World, doctor: Any) -> None:
        account, patient = world.owner()
        fine = in_range(world, patient, "Fine")
        high = in_range(world, patient, "High", "High")
        tissue = world.result(patient, "Tissue", kind=Kind.PATHOLOGY)
        withheld = in_range(world, patient, "Withheld", kind=Kind.HIV)
        done = in_range(world, patient, "Done", seen_at=world.now)
        keys = [str(row.id) for row in (fine, high, tissue, withheld, done, fine)] + [str(uuid4())]
        answer = kernel.perform(mark_normal_seen, doctor, record_ids=keys)
        assert answer.done == [f"Fine · {patient.name}"]
        assert [refused.title.partition(" ·")[0] for refused in answer.refused] == [
            "High",
            "Tissue",
            "Withheld",
            "Done",
            "",
        ]
        assert all(refused.why for refused in answer.refused)
        assert answer.sentence == "1 result marked as seen."
        assert {row.title for row in kernel.perform(list_results, world.sign_in(account)).rows} == {"Fine", "Done"}

    def test_none_and_too_many_are_refused(self, kernel: Kernel, doctor: Any) -> None:
        for keys in ([], [str(uuid4()) for _ in range(101)], ["nonsense"]):
            with pytest.raises(InvalidInput):
                kernel.perform(mark_normal_seen, doctor, record_ids=keys)


def race(kernel: Kernel, world: World) -> list[Any]:
    result = world.result(world.patient(), kind=Kind.RADIOLOGY)
    sessions = [world.sign_in(world.staff()) for _ in range(4)]

    def act(session: Any) -> Any:
        try:
            return kernel.perform(release_result, session, record_id=result.id).id
        except PortalError as refusal:
            return refusal

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(act, sessions))


def test_of_several_clinicians_at_once_one_releases_and_the_others_are_told_who_did(
    kernel: Kernel, world: World
) -> None:
    answers = race(kernel, world)
    refused = [answer for answer in answers if isinstance(answer, Conflict)]
    assert len(refused) == 3
    assert all("released it on" in refusal.message for refusal in refused)
    assert len(world.rows(ReleaseEvent)) == len(world.rows(OutboxMessage)) == 1


@pytest.mark.postgresql
def test_of_several_clinicians_at_once_one_releases_on_postgresql(postgres_kernel: Kernel) -> None:
    world = World(postgres_kernel)
    answers = race(postgres_kernel, world)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 3
    assert len(world.rows(ReleaseEvent)) == 1


def test_a_hold_may_last_exactly_a_year(kernel: Kernel, world: World, doctor: Any) -> None:
    result = world.result(world.patient())
    last = date(2026, 11, 23) + timedelta(days=365)
    case = kernel.perform(hold_result, doctor, record_id=result.id, reason="correction", until=last.isoformat())
    assert case.state == "Held until 23 Nov 2027"
    assert stored(world, result).gate == Gate.WAITING
