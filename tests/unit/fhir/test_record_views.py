"""Every kind of record says what it is in words: no code, no unrounded number, no other person, no crash."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

import pytest

from rxportal.fhir.record_views import VIEWS, told
from rxportal.fhir.told import Reader, Told
from tests.samples import FILES, any_json, needs_samples

NAMES = Reader(names={"Practitioner/7": "Dr. Lee", "Organization/2": "Blue Plan"}.get)  # type: ignore[arg-type]
RAW = re.compile(r"urn:|https?://|\[\{|\{'|[1-9]\.\d{4,}|\d\.\d{7,}|T\d\d:\d\d|None|null")


def say(kind: str, **more: Any) -> Told:
    return told({"resourceType": kind, **more}, NAMES)


def coded(display: str = "", code: str = "1", system: str = "x") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, **({"display": display} if display else {})}]}


class TestProblems:
    """Conditions and allergies."""

    def test_a_condition_says_since_when_and_how_sure(self) -> None:
        said = say("Condition", code=coded("Asthma (disorder)"), onsetDateTime="2019-05",
                   verificationStatus=coded(code="provisional"), clinicalStatus=coded(code="active"))  # fmt: skip
        assert (said.title, said.when, said.status, said.current) == (
            "Asthma", "Since May 2019", "Being looked into", True,
        )  # fmt: skip

    def test_a_resolved_one_is_past_and_has_an_end(self) -> None:
        said = say("Condition", code=coded("Asthma"), onsetDateTime="2019-05-02", abatementDateTime="2019-06-03",
                   clinicalStatus=coded(code="resolved"), recordedDate="2019-05-02")  # fmt: skip
        assert (said.when, said.current) == ("From 2 May 2019 to 3 Jun 2019", False)

    def test_one_without_a_beginning_says_when_it_was_written_down(self) -> None:
        assert say("Condition", code=coded("Asthma"), recordedDate="2019-05-02").when == "Written down 2 May 2019"

    def test_a_bare_code_says_that_it_is_one(self) -> None:
        assert say("Condition", code=coded(code="M21.611")).title == "Condition (code M21.611)"
        assert say("Condition", code={}).title == "Condition"

    def test_an_allergy_says_what_happened_and_when_it_can_be_severe(self) -> None:
        said = say("AllergyIntolerance", code=coded("Penicillin"), criticality="high", category=["medication"],
                   reaction=[{"manifestation": [coded("hives")], "severity": "moderate"}])  # fmt: skip
        assert (said.status, said.tone) == ("Can be severe", "look")
        assert dict(said.facts) == {"What happened": "Hives (moderate)", "Kind": "Medicine"}


class TestDone:
    """Shots and procedures."""

    def test_a_shot_that_was_not_given_says_so_and_why(self) -> None:
        said = say("Immunization", status="not-done", vaccineCode=coded("Flu shot"), occurrenceDateTime="2026-10-06",
                   statusReason=coded("the person did not want it"))  # fmt: skip
        assert (said.status, said.when) == ("Not given", "Offered 6 Oct 2026")
        assert dict(said.facts)["Why not"] == "The person did not want it"

    def test_a_dose_of_a_series_names_who_gave_it_by_reference(self) -> None:
        said = say("Immunization", status="completed", vaccineCode=coded("Hep B"), occurrenceDateTime="2026-10-06",
                   protocolApplied=[{"doseNumberPositiveInt": 2, "seriesDosesPositiveInt": 3}],
                   performer=[{"actor": {"reference": "Practitioner/7"}}])  # fmt: skip
        assert (said.who, dict(said.facts)["Dose"]) == ("Dr. Lee", "2 of 3")

    def test_a_procedure_that_did_not_happen_is_not_called_done(self) -> None:
        said = say("Procedure", status="not-done", code=coded("Biopsy"), performedDateTime="2026-01-02")
        assert (said.when, said.status) == ("Dated 2 Jan 2026", "Not done")

    def test_pictures_are_named_by_kind_and_part(self) -> None:
        said = say("ImagingStudy", started="2012-11-20", numberOfInstances=2,
                   series=[{"modality": {"code": "DX"}, "bodySite": {"code": "1", "display": "Wrist"}}])  # fmt: skip
        assert (said.title, dict(said.facts)["Pictures"]) == ("X-ray: Wrist", "2 pictures")


class TestCare:
    """Teams, plans, goals."""

    def test_the_person_is_no_member_of_their_own_team(self) -> None:
        said = say("CareTeam", name="Team", participant=[
            {"member": {"reference": "Patient/1", "display": "Fay"}, "role": [coded("Patient")]},
            {"member": {"reference": "Practitioner/7"}, "role": [coded("doctor")]},
            {"member": {"reference": "Practitioner/9"}},
        ])  # fmt: skip
        assert said.facts == (("doctor", "Dr. Lee"),)

    def test_a_plan_tells_how_far_each_part_is(self) -> None:
        said = say("CarePlan", status="active", category=[coded("Diet plan")], activity=[
            {"detail": {"code": coded("Walk"), "status": "in-progress"}},
            {"reference": {"display": "Blood test"}},
        ])  # fmt: skip
        assert (said.title, said.notes) == ("Diet plan", ("Walk (under way)", "Blood test"))

    def test_a_goal_tells_its_target_rounded(self) -> None:
        said = say("Goal", lifecycleStatus="active", achievementStatus=coded(code="improving"),
                   description={"text": "Lower A1c"}, target=[
                       {"detailQuantity": {"value": 7.0000001, "unit": "%", "comparator": "<"}, "dueDate": "2027-01"},
                   ])  # fmt: skip
        assert (said.status, dict(said.facts)) == ("Getting better", {"Target": "< 7.0%", "By": "January 2027"})


class TestLife:
    """Family, daily life, questionnaires."""

    def test_a_relative_and_what_they_had(self) -> None:
        said = say("FamilyMemberHistory", relationship=coded("mother"), deceasedAge={"value": 71},
                   condition=[{"code": coded("Diabetes"), "onsetAge": {"value": 50}}])  # fmt: skip
        assert (said.title, dict(said.facts)) == ("Mother", {"Had": "Diabetes, at age 50", "Died": "At age 71"})

    def test_an_answer(self) -> None:
        said = say("Observation", code=coded("Tobacco smoking status NHIS", "72166-2", "http://loinc.org"),
                   valueCodeableConcept=coded("Never smoker"), effectiveDateTime="2026-01-02")  # fmt: skip
        assert (said.title, said.when, said.facts) == ("Smoking", "Noted 2 Jan 2026", (("Answer", "Never smoker"),))

    def test_answers_stand_below_their_questions(self) -> None:
        said = say("QuestionnaireResponse", item=[
            {"text": "Home", "item": [{"text": "Do you live alone?", "answer": [{"valueBoolean": True}]}]},
            {"text": "Not answered"},
        ])  # fmt: skip
        assert said.notes == ("Do you live alone?: Yes",)


class TestMoney:
    """Insurance and claims."""

    @pytest.mark.parametrize(("value", "currency", "words"), [
        (689.7760000000001, "USD", "$689.78"), (1234567.005, "USD", "$1,234,567.01"), (-3, "USD", "-$3.00"),
        (40, "EUR", "40.00 EUR"), ("12", None, "$12.00"), (None, "USD", ""), ("x", "USD", ""), (1e30, "USD", ""),
    ])  # fmt: skip
    def test_amounts_are_told_to_the_cent(self, value: Any, currency: str | None, words: str) -> None:
        said = say("Claim", total={"value": value, "currency": currency})
        assert dict(said.facts).get("Charged", "") == words

    def test_a_decision_of_the_insurance_says_that_it_is_no_bill(self) -> None:
        said = say("ExplanationOfBenefit", type=coded(code="oral"),
                   item=[{"productOrService": coded("Encounter for check up (procedure)")}],
                   total=[{"category": coded(code="submitted"), "amount": {"value": 10, "currency": "USD"}}],
                   payment={"amount": {"value": 7.5}})  # fmt: skip
        facts = dict(said.facts)
        assert (said.title, facts["Charged"], facts["Insurance paid"]) == ("Check-up", "$10.00", "$7.50")
        assert facts["What it is"] == "What the insurance decided. This is not a bill."

    def test_a_bare_service_code_is_not_shown(self) -> None:
        assert say("Claim", type=coded(code="oral"), item=[{"productOrService": coded(code="1200")}]).title == "Dental"

    def test_insurance(self) -> None:
        said = say("Coverage", status="cancelled", payor=[{"reference": "Organization/2"}], subscriberId="AB1",
                   relationship=coded(code="child"))  # fmt: skip
        assert (said.title, said.current, said.status) == ("Blue Plan", False, "Cancelled")
        assert dict(said.facts) == {"Member number": "AB1", "Insured as": "Child"}


class TestPerson:
    """Details that hold today."""

    def test_what_is_out_of_date_is_left_out(self) -> None:
        said = say("Patient", name=[{"family": "Shaw", "given": ["Amy"]}], birthDate="1987-02-20", gender="female",
                   telecom=[{"system": "phone", "value": "1", "use": "old"}, {"system": "phone", "value": "2"}],
                   address=[{"line": ["49 Meadow St"], "period": {"end": "2020"}},
                            {"line": ["1 Main St"], "city": "Mounds", "state": "OK", "postalCode": "74048"}])  # fmt: skip
        assert dict(said.facts) == {
            "Date of birth": "20 Feb 1987", "Sex in this record": "Female", "Address": "1 Main St, Mounds, OK 74048",
            "Phone": "2",
        }  # fmt: skip


class TestAnything:
    """Kinds that nobody foresaw."""

    def test_an_identifier_is_never_a_name(self) -> None:
        said = say("Communication", sender={"identifier": {"value": "3456"}}, payload=[{"contentString": "Call us"}])
        assert (said.who, said.notes) == ("", ("Call us",))

    def test_an_unknown_kind_says_what_it_can(self) -> None:
        said = say("BodyStructure", description="Left wrist, scar", note=[{"text": "Healed"}])
        assert (said.title, said.notes) == ("Left wrist, scar", ("Healed",))
        assert say("Xyz").title == "Other record"

    @pytest.mark.parametrize("kind", [*VIEWS, "Provenance", "Xyz"])
    def test_no_shape_of_json_breaks_a_view(self, kind: str) -> None:
        chance = Random(kind)
        for _ in range(60):
            said = told({**any_json(chance, 4), "resourceType": kind}, NAMES)
            for words in (said.title, said.status, said.when, said.who, *said.notes, *sum(said.facts, ())):
                assert isinstance(words, str)
            assert said.title


@needs_samples
@pytest.mark.parametrize("file", [file for file in FILES if file.name != "manifest.json"], ids=lambda file: file.stem)
def test_every_sample_record_has_a_name_and_nothing_raw_in_it(file: Any) -> None:
    seen = 0
    for resource in resources(json.loads(file.read_text())):
        if resource["resourceType"] in {"DiagnosticReport", "Organization", "Practitioner", "Location"}:
            continue
        said = told(resource, Reader())
        assert said.title
        for words in (said.title, said.status, said.when, said.who, *(words for _name, words in said.facts)):
            assert not RAW.search(words), (resource["resourceType"], resource.get("id"), words)
        seen += 1
    assert seen


def resources(found: Any) -> Any:
    if found.get("resourceType") != "Bundle":
        return [found]
    return [entry["resource"] for entry in found.get("entry", []) if isinstance(entry.get("resource"), dict)]
