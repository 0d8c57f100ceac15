"""The demo practice's records: valid FHIR, dated back from today, of every kind, and plainly invented."""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fhir.resources.R4B import get_fhir_model_class

from rxportal.demo.bundles import CHARTS, ELSEWHERE, arrivals, written
from rxportal.demo.decisions import ACTS, ACTS_ELSEWHERE
from rxportal.demo.people import MEMBERS, accounts
from rxportal.demo.practice import staff

ZONE = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=ZONE)
WHEN = (
    "effectiveDateTime", "issued", "authoredOn", "date", "whenHandedOver", "occurrenceDateTime", "recordedDate",
    "performedDateTime", "dateAsserted", "created", "startDate", "manufactureDate",
)  # fmt: skip
ALL = {**CHARTS, **ELSEWHERE}


def resources(now: datetime = NOW) -> list[dict[str, Any]]:
    return written(ALL, now)


def test_every_resource_is_valid_fhir_r4() -> None:
    for resource in [*staff(), *resources()]:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def test_ids_are_unique_and_every_reference_leads_somewhere() -> None:
    everything = [*staff(), *resources()]
    names = Counter(f"{one['resourceType']}/{one['id']}" for one in everything)
    assert [name for name, times in names.items() if times > 1] == []

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["reference"]] if isinstance(node.get("reference"), str) else []
            return own + [one for value in node.values() for one in references(value)]
        return [one for value in node for one in references(value)] if isinstance(node, list) else []

    assert set(references(everything)) <= set(names)


@pytest.mark.parametrize(
    "now",
    [NOW, *(datetime(*at, tzinfo=ZONE) for at in ((2028, 2, 29, 0, 10), (2027, 3, 14, 3, 1), (2027, 3, 14, 23, 50)))],
)
def test_what_happened_is_never_later_than_the_moment_of_loading(now: datetime) -> None:
    for resource in resources(now):
        for name in WHEN:
            value = resource.get(name)
            if value and len(value) > 10:
                assert datetime.fromisoformat(value) <= now, (resource["id"], name)
            elif value and len(value) == 10:
                assert date.fromisoformat(value) <= now.date()


def test_loaded_a_year_later_everything_has_moved_along() -> None:
    today, later = resources(), resources(NOW + timedelta(days=365))
    assert [one["id"] for one in today] == [one["id"] for one in later]
    newest = max(one["issued"] for one in later if one["resourceType"] == "DiagnosticReport")
    assert newest.startswith("2027-11-2")


def test_nothing_is_missing_that_a_portal_can_meet() -> None:
    everything = resources()
    types = {one["resourceType"] for one in everything}
    assert types >= {
        "Patient", "Condition", "MedicationRequest", "MedicationDispense", "AllergyIntolerance", "Immunization",
        "Encounter", "DocumentReference", "CareTeam", "Appointment", "ServiceRequest", "Specimen", "DiagnosticReport",
        "Procedure", "CarePlan", "Goal", "FamilyMemberHistory", "Device", "Coverage", "MedicationStatement",
        "MedicationAdministration",
    }  # fmt: skip
    observations = [one for one in everything if one["resourceType"] == "Observation"]
    reports = [one for one in everything if one["resourceType"] == "DiagnosticReport"]
    flags = {one["interpretation"][0]["coding"][0]["code"] for one in observations if "interpretation" in one}
    assert flags >= {"H", "L", "N", "A", "HH", "S", "R"}
    assert {one["status"] for one in reports} >= {"final", "preliminary", "corrected", "amended", "entered-in-error"}
    services = {one["category"][0]["coding"][0]["code"] for one in reports}
    assert services == {"LAB", "MB", "CP", "SP", "RAD"}
    ranges = [one["referenceRange"][0] for one in observations if one.get("referenceRange")]
    assert any("text" in one for one in ranges)
    assert any("low" in one and "high" not in one for one in ranges)
    assert any("high" in one and "low" not in one for one in ranges)
    carried = {part["reference"].partition("/")[2] for one in reports for part in one.get("result", [])}
    assert [
        one
        for one in observations
        if one["category"][0]["coding"][0]["code"] == "laboratory" and one["id"] not in carried
    ]
    assert any("component" in one for one in observations)
    assert any("dataAbsentReason" in one for one in observations)


def statuses(kind: str) -> set[str]:
    return {one["status"] for one in resources() if one["resourceType"] == kind}


def test_appointments_medicines_and_files_come_in_every_shape() -> None:
    assert statuses("Appointment") >= {"booked", "pending", "cancelled", "fulfilled", "noshow"}
    assert statuses("MedicationRequest") >= {
        "active", "completed", "stopped", "on-hold", "cancelled", "entered-in-error",
    }  # fmt: skip
    assert statuses("Immunization") == {"completed", "not-done"}
    everything = resources()
    how = {one["class"]["code"] for one in everything if one["resourceType"] == "Encounter"}
    assert how >= {"AMB", "VR", "EMER", "IMP"}
    files = [one["content"][0]["attachment"] for one in everything if one["resourceType"] == "DocumentReference"]
    assert {one["contentType"].partition(";")[0] for one in files} >= {
        "text/plain", "text/html", "application/pdf", "application/xml", "image/png",
    }  # fmt: skip
    assert all(one["size"] == len(b64decode(one["data"])) for one in files)
    soon = NOW.isoformat()
    assert any(one["resourceType"] == "Appointment" and one["start"] > soon for one in everything)


def test_a_medicine_that_cannot_be_renewed_online_says_nothing_of_refills() -> None:
    asked = {one["id"]: one for one in resources() if one["resourceType"] == "MedicationRequest"}
    unclear = [one for one in asked.values() if one["status"] == "active" and "dispenseRequest" not in one]
    assert len(unclear) >= 2
    assert asked["maya-samplewood-metformin"]["dispenseRequest"]["numberOfRepeatsAllowed"] == 0
    ended = asked["maya-samplewood-cream"]["dispenseRequest"]["validityPeriod"]["end"]
    assert ended < NOW.date().isoformat()


def test_a_visit_is_named_by_what_was_done_measured_ordered_and_written_then() -> None:
    everything = resources()
    visits = {one["id"] for one in everything if one["resourceType"] == "Encounter"}
    named: Counter[str] = Counter()
    for one in everything:
        where = one.get("encounter") or one.get("context") or {}
        where = where.get("encounter", [where])[0] if isinstance(where, dict) else {}
        if where.get("reference", "").startswith("Encounter/"):
            named[where["reference"].partition("/")[2]] += 1
    assert set(named) <= visits
    assert named["maya-samplewood-visit-pressure"] >= 6


def test_trends_reach_back_for_years() -> None:
    glucose = sorted(
        one["effectiveDateTime"][:4]
        for one in resources()
        if one["resourceType"] == "Observation"
        and one["id"].startswith("maya")
        and one["code"]["coding"][0]["code"] == "2345-7"
        and one["status"] == "final"
    )
    assert len(glucose) >= 8
    assert int(glucose[-1]) - int(glucose[0]) >= 6


def test_every_act_of_the_desk_has_its_result_and_comes_after_it_arrived() -> None:
    for charts, acts in ((CHARTS, ACTS), (ELSEWHERE, ACTS_ELSEWHERE)):
        arrived = {
            entry["resource"]["id"]: days_ago for days_ago, sent in arrivals(charts, NOW) for entry in sent["entry"]
        }
        for act in acts:
            assert arrived[act.result] > act.days_ago, act


def test_each_report_arrives_whole() -> None:
    for days_ago, sent in arrivals(CHARTS, NOW):
        names = {f"{entry['resource']['resourceType']}/{entry['resource']['id']}" for entry in sent["entry"]}
        for entry in sent["entry"]:
            if entry["resource"]["resourceType"] == "DiagnosticReport":
                assert {part["reference"] for part in entry["resource"].get("result", [])} <= names, days_ago


def test_accounts_are_printed_as_promised_and_have_long_passwords() -> None:
    printed = accounts()
    assert len(printed) == len(MEMBERS) <= 15
    assert all(set(one) == {"email", "password", "role", "patient", "acts_for"} for one in printed)
    assert all(len(str(one["password"])) >= 15 for one in printed)
    assert len({one["password"] for one in printed}) == len(printed)
    assert {one["role"] for one in printed} == {
        "patient", "proxy", "clinician", "front_desk", "billing", "administrator",
    }  # fmt: skip


def test_people_are_plainly_invented() -> None:
    invented = {
        "Samplewood", "Exampleton", "Placeholder", "Lee", "Fictionby", "Pretendly", "Madeupton", "Inventson",
        "Elsewhere", "Newcomer",
    }  # fmt: skip
    assert {member.last for member in MEMBERS} == invented
