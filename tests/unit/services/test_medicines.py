"""The list of medicines: each with its standing and one next step, and nothing hidden."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlmodel import select

from rxportal.core.errors import InvalidInput, NotAllowed, NotFound
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Account, Patient
from rxportal.models.audit import AuditEntry
from rxportal.models.records import Organization, Record, RecordLink, Section, Sensitivity
from rxportal.rules.medicines import NotOnline, Standing
from rxportal.services.medicines import PAST_AT_FIRST, list_medicines
from rxportal.services.medicines_views import MedicineRow, MedicinesPage
from rxportal.services.medicines_words import FIXED, SUPPLIED, Facts, told, why_not_online
from tests.factories import World
from tests.unit.services.visiting import thing


@pytest.fixture
def kernel(sqlite_kernel: Kernel) -> Kernel:
    return sqlite_kernel


def of_practice(world: World, patient: Patient) -> None:
    """The sender is the practice itself: its own prescriptions."""
    world.record(patient, resource_type="Basic", section=Section.OTHER)
    with world.database() as session:
        for organization in session.exec(select(Organization)):
            organization.name = world.kernel.practice.name


def medicine(
    world: World, patient: Patient, title: str = "Lisinopril 10 mg", days: int = -60, kind: str = "MedicationRequest",
    **fields: Any,
) -> Record:  # fmt: skip
    """A prescription (or another record of a medicine) written `days` from now."""
    at = world.now + timedelta(days=days)
    body = {
        "resourceType": kind, "id": uuid4().hex, "status": "active", "intent": "order",
        "medicationCodeableConcept": {"coding": [{"code": "1"}], "text": title},
    } | fields  # fmt: skip
    hidden = {name: body.pop(name) for name in ("sensitivity", "own_sensitivity", "struck") if name in body}
    return world.record(
        patient, resource_type=kind, section=Section.MEDICINES, title=title, status=body["status"],
        body=json.dumps(body), author="Dr. Lee", occurred=at.isoformat(), occurred_at=at, **hidden,
    )  # fmt: skip


def supply(refills: int = 3, until: str = "2027-09-01") -> dict[str, Any]:
    return {"dispenseRequest": {"numberOfRepeatsAllowed": refills, "validityPeriod": {"end": until}}}


def fill(world: World, patient: Patient, of: Record | None, days: int, title: str = "Lisinopril 10 mg") -> Record:
    """A fill that lasts 90 days, naming its prescription."""
    handed = (world.now + timedelta(days=days)).isoformat()
    made = medicine(
        world, patient, title, days, "MedicationDispense", status="completed", whenHandedOver=handed,
        quantity={"value": 90, "unit": "tablets"}, daysSupply={"value": 90, "unit": "days"},
        performer=[{"actor": {"display": "Main St Pharmacy"}}],
    )  # fmt: skip
    if of:
        world.store(RecordLink(parent_id=made.id, child_id=of.id, position=-1))
    return made


def page(world: World, account: Account, grant: Any = None, **inputs: Any) -> MedicinesPage:
    return world.kernel.perform(list_medicines, world.sign_in(account), grant, **inputs)


def only(world: World, account: Account) -> MedicineRow:
    """The one medicine that is taken."""
    (row,) = page(world, account).now
    return row


class TestStanding:
    """Where a medicine stands, on the whole way from records to words."""

    def test_refills_are_counted_by_the_fills_of_this_prescription(self, world: World) -> None:
        account, patient = world.owner()
        of_practice(world, patient)
        one = medicine(world, patient, **supply(), dosageInstruction=[{"text": "Take one tablet every morning."}])
        filled = fill(world, patient, one, -58)
        row = only(world, account)
        assert row.told == [f"m-{one.id}", f"m-{filled.id}"]
        assert (row.tag, row.tone, row.why) == ("3 refills left", "good", "")
        assert (row.sentence, row.requested) == ("It can be filled 3 more times.", "Nothing has been requested.")
        assert row.next == (
            "The last fill lasts until about 25 Dec 2026. Ask the pharmacy for the next one a few days before."
        )
        assert row.directions == ["Take one tablet every morning."]
        assert dict(row.facts) == {
            "Prescribed by": "Dr. Lee", "Prescribed": "24 Sep 2026",
            "Last filled": "26 Sep 2026, 90 tablets, Main St Pharmacy",
            "Prescription good until": "1 Sep 2027",
        }  # fmt: skip
        assert row.origin == f"From {world.kernel.practice.name}, 22 Nov 2026"

    def test_a_fill_that_names_no_prescription_counts_for_the_newest_of_that_name(self, world: World) -> None:
        account, patient = world.owner()
        of_practice(world, patient)
        medicine(world, patient, days=-400, **supply(1))
        medicine(world, patient, **supply(1))
        for days in (-50, -10):
            fill(world, patient, None, days)
        row = only(world, account)
        assert (row.tag, row.call, row.next) == ("No refills left", "To ask for more, call", "")
        assert [(one.when, one.said) for one in row.earlier] == [
            ("4 Oct 2026", "Filled, 90 tablets, Main St Pharmacy"), ("19 Oct 2025", "Prescribed, Dr. Lee"),
        ]  # fmt: skip

    def test_one_that_was_stopped_says_why_and_stands_apart_from_what_is_taken(self, world: World) -> None:
        account, patient = world.owner()
        of_practice(world, patient)
        medicine(world, patient, days=-300, status="stopped", statusReason={"text": "It made you dizzy."})
        medicine(world, patient)
        shown = page(world, account)
        assert [(row.tag, row.because) for row in shown.past] == [("Stopped", "Why: It made you dizzy.")]
        assert [row.tag for row in shown.now] == ["Active"]
        assert shown.past[0].requested == ""

    def test_a_condition_that_it_is_for_is_named_only_to_who_may_see_it(self, world: World) -> None:
        account, patient = world.owner()
        proxy, grant = world.proxy(patient)
        mind = {"sensitivity": Sensitivity.MENTAL_HEALTH, "own_sensitivity": Sensitivity.MENTAL_HEALTH}
        cause = thing(world, patient, "Condition", Section.CONDITIONS, "Low mood", **mind)
        one = medicine(world, patient)
        world.store(RecordLink(parent_id=one.id, child_id=cause.id, position=-1))
        assert ["For", "Low mood"] in only(world, account).facts
        (row,) = page(world, proxy, grant.id).now
        assert "Low mood" not in json.dumps(row.facts)

    def test_fills_without_a_prescription_and_doses_given_have_their_place(self, world: World) -> None:
        account, patient = world.owner()
        fill(world, patient, None, -20, "Amoxicillin")
        fill(world, patient, None, -200, "Old cream")
        medicine(world, patient, "Vaccine helper", -5, "MedicationAdministration", status="completed",
                 dosage={"text": "One dose"})  # fmt: skip
        shown = page(world, account)
        assert [(row.title, row.tag) for row in shown.now] == [("Amoxicillin", "Handed out")]
        assert [(row.title, row.tag) for row in shown.past] == [("Old cream", "Finished")]
        assert [(row.title, row.directions, row.sentence) for row in shown.given] == [
            ("Vaccine helper", ["One dose"], "18 Nov 2026, Dr. Lee")
        ]

    def test_what_needs_the_reader_comes_first_and_what_nobody_prescribed_last(self, world: World) -> None:
        account, patient = world.owner()
        of_practice(world, patient)
        medicine(world, patient, "Store vitamin", -1, reportedBoolean=True)
        medicine(world, patient, "Plain", -2)
        medicine(world, patient, "Zolpidem", -3, status="on-hold")
        shown = page(world, account).now
        assert [row.title for row in shown] == ["Zolpidem", "Plain", "Store vitamin"]
        assert (shown[0].call, shown[0].why_call) == ("Before it is taken again, call", "")
        assert [name for name, _words in shown[2].facts] == ["Entered"]

    def test_a_medicine_that_came_as_a_code_says_so(self, world: World) -> None:
        account, patient = world.owner()
        medicine(world, patient, "5640")
        assert only(world, account).title == "Medicine (code 5640)"


class TestNotOnline:
    """S21: the reason stands on the medicine itself."""

    @pytest.mark.parametrize(
        ("fields", "reason", "step"),
        [
            ({"medicationCodeableConcept": {"text": "Eye drops"}}, "in free words", "To ask, call"),
            ({"reportedBoolean": True}, "something we were told", "at the next visit"),
            ({"intent": "plan"}, "as a plan", "To ask, call"),
        ],
    )
    def test_how_it_was_entered(self, world: World, fields: dict[str, Any], reason: str, step: str) -> None:
        account, patient = world.owner()
        of_practice(world, patient)
        medicine(world, patient, **fields)
        row = only(world, account)
        assert reason in row.why
        assert step in row.why_next + row.why_call
        assert (row.next, row.call) == ("", "")

    def test_controlled_ones_and_those_of_other_practices(self, world: World) -> None:
        account, patient = world.owner()
        medicine(world, patient, "Zolpidem 5 mg tablet", -1)
        medicine(world, patient, "Aspirin", -2)
        one, two = page(world, account).now
        assert (one.why, one.why_call[-4:]) == ("because it is a controlled medicine.", "call")
        assert (two.why, two.why_next) == ("because it was prescribed outside this practice.", "Ask Dr. Lee.")


class TestWhoSees:
    """Only what the reader may see."""

    def test_struck_secret_and_closed_ones_are_absent(self, world: World) -> None:
        account, patient = world.owner()
        proxy, grant = world.proxy(patient)
        other, closed = world.proxy(patient, sections="results")
        medicine(world, patient, "Struck", struck=True)
        secret = {"sensitivity": Sensitivity.HIV, "own_sensitivity": Sensitivity.HIV}
        medicine(world, patient, "Secret", **secret)
        assert [row.title for row in page(world, account).now] == ["Secret"]
        shown = page(world, proxy, grant.id)
        assert (shown.now, shown.nothing, bool(shown.partly)) == ([], True, True)
        with pytest.raises(NotAllowed):
            page(world, other, closed.id)

    def test_strangers_find_nothing_and_an_empty_chart_says_so(self, world: World) -> None:
        account, _patient = world.owner()
        _other, grant = world.proxy(world.patient())
        with pytest.raises(NotFound):
            page(world, account, grant.id)
        assert page(world, account).nothing

    def test_what_is_past_is_short_at_first(self, world: World) -> None:
        account, patient = world.owner()
        for number in range(PAST_AT_FIRST + 2):
            medicine(world, patient, f"Old {number}", -100 - number, status="completed")
        few, whole = page(world, account), page(world, account, whole=True)
        assert (len(few.past), few.more) == (PAST_AT_FIRST, "Show 2 more")
        assert (len(whole.past), whole.more) == (PAST_AT_FIRST + 2, "")
        with pytest.raises(InvalidInput):
            page(world, account, whole="yes")

    def test_a_look_is_audited_and_costs_the_same_number_of_statements(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        counts = []
        for size in (1, 12):
            for number in range(size):
                fill(
                    world, patient, medicine(world, patient, f"Pill {size} {number}", **supply()), -5, f"Pill {number}"
                )
            counts.append(0)

            def counted(*_: Any) -> None:
                counts[-1] += 1

            token = world.sign_in(account)
            event.listen(kernel.engine, "before_cursor_execute", counted)
            kernel.perform(list_medicines, token)
            event.remove(kernel.engine, "before_cursor_execute", counted)
        assert counts[0] == counts[1]
        lines = [row for row in world.rows(AuditEntry) if row.use_case == "list_medicines"]
        assert {(line.patient_id, line.outcome) for line in lines} == {(patient.id, "done")}


def test_every_standing_and_reason_has_words_with_one_next_step() -> None:
    assert set(FIXED) | set(SUPPLIED) == set(Standing)
    for standing in Standing:
        words = told(standing, Facts(left=1))
        assert words.tag
        assert words.sentence.endswith(".")
        assert bool(words.next) != bool(words.call)
        assert words.tone in {"good", "look", "wait"}
    for reason in NotOnline:
        why, now, call = why_not_online(reason, "Dr. Lee")
        assert why.startswith("because")
        assert bool(now) != bool(call)
