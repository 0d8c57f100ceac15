"""Appointments and visits: what is coming and what was, one visit with what belongs to it, and nothing hidden."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from rxportal.core.errors import InvalidInput, NotFound
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Level, Patient
from rxportal.models.audit import AuditEntry
from rxportal.models.records import Kind, Record, RecordLink, Section, Sensitivity
from rxportal.services.appointments import list_appointments
from rxportal.services.visits import open_visit
from tests.factories import World
from tests.unit.services.visiting import appointment, belongs, encounter, paper, thing


@pytest.fixture
def kernel(sqlite_kernel: Kernel) -> Kernel:
    return sqlite_kernel


def secret(tells: Sensitivity = Sensitivity.MENTAL_HEALTH) -> dict[str, Any]:
    return {"sensitivity": tells, "own_sensitivity": tells}


def statements(kernel: Kernel, run: Any) -> int:
    count = 0

    def counted(*_: Any) -> None:
        nonlocal count
        count += 1

    event.listen(kernel.engine, "before_cursor_execute", counted)
    run()
    event.remove(kernel.engine, "before_cursor_execute", counted)
    return count


class TestList:
    """`/appointments`."""

    def test_what_is_coming_stands_before_what_was(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        encounter(world, patient, "Older", -400)
        encounter(world, patient, "Newer", -10)
        appointment(world, patient, "Later", 120)
        appointment(world, patient, "Soon", 3)
        page = kernel.perform(list_appointments, world.sign_in(account))
        assert [row.title for row in page.coming] == ["Soon", "Later"]
        assert [(year.name, [row.title for row in year.rows]) for year in page.years] == [
            ("2026", ["Newer"]), ("2025", ["Older"]),
        ]  # fmt: skip
        assert (page.total, page.sentence) == (2, "2 past visits")

    def test_a_coming_visit_says_when_with_whom_where_and_how_far_away(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        where = {"actor": {"reference": "Location/1", "display": "Floor 2"}, "status": "accepted"}
        who = {"actor": {"reference": "Practitioner/1", "display": "Dr. Lee"}, "status": "accepted"}
        me = {"actor": {"reference": f"Patient/{patient.id}", "display": patient.name}, "status": "accepted"}
        appointment(world, patient, "Talk", 3, participant=[me, who, where], patientInstruction="Bring your list.")
        row = kernel.perform(list_appointments, world.sign_in(account)).coming[0]
        assert row.when == "Thursday 26 Nov 2026, 10:00 am to 10:25 am"
        assert (row.who, row.place, row.way_words) == ("Dr. Lee", "Floor 2", "Office visit")
        assert (row.tag, row.instructions, row.source[:6]) == ("In 3 days", ["Bring your list."], "Sender")

    @pytest.mark.parametrize(
        ("status", "tag", "off"),
        [
            ("booked", "In 3 days", False), ("cancelled", "Cancelled", True), ("pending", "Not confirmed yet", False),
            ("waitlist", "On the waiting list", False), ("arrived", "Checked in", False),
        ],
    )  # fmt: skip
    def test_the_state_is_a_short_phrase(self, kernel: Kernel, world: World, status: str, tag: str, off: bool) -> None:
        account, patient = world.owner()
        appointment(world, patient, status=status)
        row = kernel.perform(list_appointments, world.sign_in(account)).coming[0]
        assert (row.tag, row.off) == (tag, off)

    def test_today_is_still_coming_until_it_took_place(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        appointment(world, patient, "This morning", 0)
        appointment(world, patient, "Done", 0, status="fulfilled")
        page = kernel.perform(list_appointments, world.sign_in(account))
        assert [(row.title, row.tag) for row in page.coming] == [("This morning", "Today")]
        assert [row.title for row in page.years[0].rows] == ["Done"]

    def test_a_wish_without_a_day_is_coming(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        appointment(world, patient, "Skin check", status="proposed", start=None, end=None)
        row = kernel.perform(list_appointments, world.sign_in(account)).coming[0]
        assert (row.when, row.tag) == ("No day yet", "Not confirmed yet")

    def test_an_appointment_whose_visit_took_place_is_told_once(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        booked = appointment(world, patient, "Booked", -10, status="fulfilled")
        held = encounter(world, patient, "Held", -10)
        belongs(world, held, booked)
        page = kernel.perform(list_appointments, world.sign_in(account))
        assert [row.title for year in page.years for row in year.rows] == ["Held"]
        assert page.total == 1

    def test_an_appointment_whose_visit_is_hidden_from_a_proxy_stays(self, kernel: Kernel, world: World) -> None:
        _account, patient = world.owner()
        booked = appointment(world, patient, "Booked", -10, status="fulfilled")
        belongs(world, encounter(world, patient, "Held", -10, **secret()), booked)
        proxy, grant = world.proxy(patient)
        page = kernel.perform(list_appointments, world.sign_in(proxy), grant.id)
        assert [row.title for year in page.years for row in year.rows] == ["Booked"]

    def test_video_and_phone_are_told_apart(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        appointment(world, patient, "A", 1, appointmentType={"text": "Video visit"})
        appointment(world, patient, "B", 2, appointmentType={"text": "Telephone"})
        encounter(world, patient, "C", -1, **{"class": {"code": "VR"}})
        page = kernel.perform(list_appointments, world.sign_in(account))
        assert [row.way for row in [*page.coming, *page.years[0].rows]] == ["video", "phone", "video"]

    def test_technical_titles_become_what_people_say(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        encounter(world, patient, "Encounter for check up (procedure)", -1)
        encounter(world, patient, "Unknown (qualifier value)", -2, **{"class": {"code": "IMP"}})
        encounter(world, patient, "Encounter for symptom", -3)
        rows = kernel.perform(list_appointments, world.sign_in(account)).years[0].rows
        assert [row.title for row in rows] == ["Check-up", "Hospital stay", "Visit for symptoms"]

    def test_what_there_is_to_read_is_said_on_the_row(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        one, several = encounter(world, patient, days=-1), encounter(world, patient, days=-2)
        paper(world, patient, "After-visit summary", visit=one)
        paper(world, patient, visit=several)
        paper(world, patient, visit=several)
        rows = kernel.perform(list_appointments, world.sign_in(account)).years[0].rows
        assert [row.papers for row in rows] == ["After-visit summary", "2 notes"]

    def test_twenty_a_page_and_no_page_beyond_the_last(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        for number in range(45):
            encounter(world, patient, f"Visit {number}", -number - 1)
        session = world.sign_in(account)
        seen: list[str] = []
        for number in (1, 2, 3):
            page = kernel.perform(list_appointments, session, page=number)
            seen += [row.id for year in page.years for row in year.rows]
        assert len(set(seen)) == 45
        assert kernel.perform(list_appointments, session, page=99).page == 3
        assert kernel.perform(list_appointments, session, page=-4).page == 1

    def test_statements_do_not_grow_with_the_chart(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        session = world.sign_in(account)
        for _ in range(2):
            paper(world, patient, visit=encounter(world, patient, days=-2))
        few = statements(kernel, lambda: kernel.perform(list_appointments, session))
        for number in range(30):
            paper(world, patient, visit=encounter(world, patient, days=-number - 3))
            appointment(world, patient, days=number + 1)
        assert statements(kernel, lambda: kernel.perform(list_appointments, session)) == few

    def test_struck_and_foreign_visits_leave_no_trace(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        encounter(world, patient, struck=True)
        encounter(world, world.patient())
        page = kernel.perform(list_appointments, world.sign_in(account))
        assert (page.coming, page.years, page.total) == ([], [], 0)

    def test_what_it_names_is_called_by_name_only_where_it_is_nobodys(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        other = world.patient("Somebody Else")
        for kind, source, section, whose, title in (
            ("Practitioner", "7", Section.SHARED, None, "Dr. Stored"),
            ("Organization", "8", Section.SHARED, None, "North Hospital"),
            ("Practitioner", "9", Section.SHARED, other.id, "Somebody Else"),
        ):
            world.record(patient, resource_type=kind, source_id=source, section=section, title=title, patient_id=whose)
        people = [{"individual": {"reference": f"Practitioner/{key}"}} for key in ("7", "9")]
        encounter(world, patient, participant=people, serviceProvider={"reference": "Organization/8"})
        row = kernel.perform(list_appointments, world.sign_in(account)).years[0].rows[0]
        assert (row.who, row.place) == ("Dr. Stored", "North Hospital")


class TestOne:
    """`/visits/[id]`."""

    def observation(self, world: World, patient: Patient, visit: Record, **more: Any) -> Record:
        part = [
            {"code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "valueQuantity": {"value": number, "unit": "mmHg"}}
            for code, number in (("8480-6", 138), ("8462-4", 88))
        ]  # fmt: skip
        body = {"resourceType": "Observation", "status": "final", "code": {"text": "Blood pressure", "coding": [
            {"system": "http://loinc.org", "code": "85354-9"}]}, "component": part}  # fmt: skip
        row = world.record(
            patient,
            resource_type="Observation",
            section=Section.VITALS,
            title="Blood pressure",
            body=json.dumps(body),
            **more,
        )
        belongs(world, row, visit)
        return row

    def test_it_tells_who_where_why_and_what_there_is_to_read(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        place = [{"location": {"reference": "Location/1", "display": "Floor 2"}}]
        visit = encounter(world, patient, location=place, reasonCode=[{"text": "Headache"}])
        paper(world, patient, "Visit note", "It hurts.", visit=visit)
        paper(world, patient, "After-visit summary", "Rest.\n\nDrink water.", visit=visit)
        view = kernel.perform(open_visit, world.sign_in(account), visit_id=str(visit.id))
        assert (view.title, view.who, view.place, view.reasons) == ("Check-up", "Dr. Lee", "Floor 2", "Headache")
        assert view.zone == "PST"
        assert [(one.title, one.paragraphs) for one in view.notes] == [
            ("After-visit summary", ["Rest.", "Drink water."]), ("Visit note", ["It hurts."]),
        ]  # fmt: skip
        assert view.notes[0].files[0].href == f"/documents/{view.notes[0].files[0].id}"
        assert view.provenance.startswith("From Sender")
        assert view.provenance.endswith("here since 22 Nov 2026")

    def test_what_was_found_measured_done_and_ordered_stands_under_its_heading(
        self, kernel: Kernel, world: World
    ) -> None:
        account, patient = world.owner()
        visit = encounter(world, patient)
        self.observation(world, patient, visit)
        for kind, section, title in (
            ("Condition", Section.CONDITIONS, "Migraine"), ("Procedure", Section.PROCEDURES, "Ear wash"),
            ("Immunization", Section.IMMUNIZATIONS, "Flu shot"), ("MedicationRequest", Section.MEDICINES, "Ibuprofen"),
            ("CarePlan", Section.CARE_PLANS, "Walk daily"), ("Claim", Section.BILLS, "A bill"),
        ):  # fmt: skip
            belongs(world, thing(world, patient, kind, section, title), visit)
        belongs(world, world.released(patient, "Lipid panel"), visit)
        view = kernel.perform(open_visit, world.sign_in(account), visit_id=str(visit.id))
        told = {part.name: [(row.title, row.said) for row in part.rows] for part in view.parts}
        assert told["Measured and asked"] == [("Blood pressure", "138/88 mmHg")]
        assert [title for title, _ in told["Done at this visit"]] == ["Ear wash", "Flu shot"]
        assert [title for title, _ in told["Test results"]] == ["Lipid panel"]
        assert {"What it was about", "Medicines", "Plans and goals"} <= set(told)
        assert "A bill" not in str(view)
        assert all(part.origin or row.detail for part in view.parts for row in part.rows), "it says where it is from"

    def test_an_appointment_and_its_visit_lead_to_each_other(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        booked = appointment(world, patient, "Booked", -10, status="fulfilled")
        held = encounter(world, patient, "Held", -10)
        belongs(world, held, booked)
        session = world.sign_in(account)
        for here, there, name in ((held, booked, "Booked as"), (booked, held, "What took place")):
            (part,) = kernel.perform(open_visit, session, visit_id=str(here.id)).parts
            assert (part.name, part.rows[0].href) == (name, f"/visits/{there.id}")

    def test_parts_of_a_report_are_read_on_its_own_page(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        visit = encounter(world, patient)
        part = world.record(
            patient, resource_type="Observation", section=Section.RESULTS, title="Glucose", kind=Kind.ORDINARY,
            own_kind=Kind.ORDINARY, seen_at=world.now,
        )  # fmt: skip
        belongs(world, part, visit)
        assert kernel.perform(open_visit, world.sign_in(account), visit_id=str(visit.id)).parts == []

    def test_a_result_on_its_way_is_named_and_a_withheld_one_is_not(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        visit = encounter(world, patient)
        belongs(world, world.result(patient, "Iron panel"), visit)
        belongs(world, world.result(patient, "HIV test", kind=Kind.HIV), visit)
        order = world.record(patient, resource_type="ServiceRequest", section=Section.OTHER, title="Order for it")
        belongs(world, order, visit)
        hidden = world.result(patient, "HIV again", kind=Kind.HIV)
        world.store(RecordLink(parent_id=hidden.id, child_id=order.id, position=-1))
        view = kernel.perform(open_visit, world.sign_in(account), visit_id=str(visit.id))
        (part,) = view.parts
        assert [(row.title, row.said, row.tag) for row in part.rows] == [("Iron panel", "", "Not shown yet")]

    def test_a_proxy_and_a_parent_of_a_teen_see_less(self, kernel: Kernel, world: World) -> None:
        teen = world.child(15)
        visit = encounter(world, teen)
        paper(world, teen, visit=visit)
        belongs(world, thing(world, teen, "Condition", Section.CONDITIONS, "Cold"), visit)
        talk = thing(world, teen, "Procedure", Section.PROCEDURES, "Talk", **secret())
        belongs(world, talk, visit)
        parent, grant = world.parent(teen)
        view = kernel.perform(open_visit, world.sign_in(parent), grant.id, visit_id=str(visit.id))
        assert view.notes == []
        assert [row.title for part in view.parts for row in part.rows] == ["Cold"]

    def test_sections_of_a_grant_hold_inside_a_visit_too(self, kernel: Kernel, world: World) -> None:
        _account, patient = world.owner()
        visit = encounter(world, patient)
        paper(world, patient, visit=visit)
        belongs(
            world, world.record(patient, resource_type="Condition", section=Section.CONDITIONS, title="Cold"), visit
        )
        proxy, grant = world.proxy(patient, sections="visits,documents")
        view = kernel.perform(open_visit, world.sign_in(proxy), grant.id, visit_id=str(visit.id))
        assert (len(view.notes), view.parts) == (1, [])
        assert f"?for={grant.id}" in view.notes[0].files[0].href

    def test_absent_foreign_hidden_and_other_kinds_of_record_look_the_same(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        proxy, grant = world.proxy(patient, Level.FULL)
        hidden = encounter(world, patient, **secret())
        foreign = encounter(world, world.patient())
        lipid = world.released(patient)
        session = world.sign_in(account)
        for key in (uuid4(), foreign.id, lipid.id):
            with pytest.raises(NotFound):
                kernel.perform(open_visit, session, visit_id=str(key))
        with pytest.raises(NotFound):
            kernel.perform(open_visit, world.sign_in(proxy), grant.id, visit_id=str(hidden.id))
        with pytest.raises(InvalidInput):
            kernel.perform(open_visit, session, visit_id="1 or 1=1")

    def test_opening_one_leaves_a_line_that_names_it_and_a_live_reading_none(
        self, kernel: Kernel, world: World
    ) -> None:
        account, patient = world.owner()
        visit = encounter(world, patient)
        session = world.sign_in(account)
        kernel.perform(open_visit, session, visit_id=str(visit.id))
        kernel.perform(open_visit, session, live=True, visit_id=str(visit.id))
        lines = [row for row in world.rows(AuditEntry) if row.use_case == "open_visit"]
        assert len(lines) == 1
        assert str(visit.id) in lines[0].detail

    def test_cancelled_says_so_and_why(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        coming = appointment(world, patient, status="cancelled", cancelationReason={"text": "Doctor is ill."})
        missed = appointment(world, patient, days=-5, status="noshow")
        session = world.sign_in(account)
        view = kernel.perform(open_visit, session, visit_id=str(coming.id))
        assert view.off_sentence == "This visit will not take place. Why: Doctor is ill."
        assert kernel.perform(open_visit, session, visit_id=str(missed.id)).off_sentence == "This visit was missed."

    def test_statements_do_not_grow_with_the_visit(self, kernel: Kernel, world: World) -> None:
        account, patient = world.owner()
        session, visit = world.sign_in(account), encounter(world, patient)
        self.observation(world, patient, visit)
        paper(world, patient, visit=visit)
        opened = {"visit_id": str(visit.id)}
        few = statements(kernel, lambda: kernel.perform(open_visit, session, **opened))
        for _ in range(25):
            self.observation(world, patient, visit)
            paper(world, patient, visit=visit)
        assert statements(kernel, lambda: kernel.perform(open_visit, session, **opened)) == few
