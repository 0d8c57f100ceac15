"""Propagation: nothing that carries or names a withheld result is shown; one shared Encounter hides no chart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from rxportal.models.records import Gate, Kind, Section, Sensitivity
from rxportal.rules.carrying import PARTS, SHARED, Own, Standing, stand
from rxportal.rules.kinds import RESULTS, guard_of, rank_of
from rxportal.rules.release import DEFAULT_POLICY, Stored
from tests.release_cases import moments, records

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
READY = NOW - timedelta(days=1)


def own(resource_type: str, kind: Kind = Kind.NOT_A_RESULT, **facts: object) -> Own:
    base = Stored(kind=kind, arrived_at=READY, final_at=READY, section=Section.RESULTS)
    return Own(resource_type, replace(base, **facts))  # type: ignore[arg-type]


def settled(records: dict[str, Own], *links: str) -> dict[str, Standing]:
    return stand(records, [tuple(link.split(">")) for link in links], DEFAULT_POLICY, NOW)  # type: ignore[misc]


def test_a_report_takes_the_strictest_of_its_values_and_so_do_its_other_values():
    chart = settled(
        {
            "panel": own("DiagnosticReport", Kind.ORDINARY, seen_at=NOW),
            "hiv": own("Observation", Kind.HIV),
            "sodium": own("Observation", Kind.ORDINARY),
        },
        "panel>hiv",
        "panel>sodium",
    )
    assert {standing.settled.gate for standing in chart.values()} == {Gate.WITHHELD}
    assert {standing.kind for standing in chart.values()} == {Kind.HIV}


def test_a_document_that_names_a_withheld_report_is_withheld_too():
    chart = settled(
        {"note": own("DocumentReference"), "report": own("DiagnosticReport", Kind.HIV), "value": own("Observation")},
        "note>report",
        "report>value",
    )
    assert {standing.settled.gate for standing in chart.values()} == {Gate.WITHHELD}


def test_one_shared_encounter_does_not_hide_a_whole_chart():
    chart = settled(
        {
            "visit": own("Encounter"),
            "hiv": own("DiagnosticReport", Kind.HIV, sensitivity=Sensitivity.HIV),
            "sodium": own("DiagnosticReport", Kind.ORDINARY, seen_at=NOW),
            "diagnosis": own("Condition", sensitivity=Sensitivity.HIV),
            "flu": own("Condition"),
        },
        "hiv>visit",
        "sodium>visit",
        "flu>visit",
        "visit>diagnosis",
    )
    assert chart["sodium"].settled.gate is Gate.OPEN
    assert (chart["sodium"].sensitivity, chart["flu"].sensitivity) == (Sensitivity.NONE, Sensitivity.NONE)
    assert chart["visit"].sensitivity is Sensitivity.HIV


def test_one_order_for_two_reports_does_not_carry_the_secret_from_one_to_the_other():
    chart = settled(
        {
            "order": own("ServiceRequest", Kind.HIV),
            "hiv": own("DiagnosticReport", Kind.HIV),
            "sodium": own("DiagnosticReport", Kind.ORDINARY, seen_at=NOW),
        },
        "hiv>order",
        "sodium>order",
    )
    assert chart["sodium"].settled.gate is Gate.OPEN
    assert chart["order"].settled.gate is Gate.WITHHELD


def test_a_medicine_whose_reason_is_a_secret_is_hidden_from_proxies():
    chart = settled(
        {"medicine": own("MedicationRequest"), "reason": own("Condition", sensitivity=Sensitivity.HIV)},
        "medicine>reason",
    )
    assert chart["medicine"].sensitivity is Sensitivity.HIV
    assert chart["medicine"].settled.gate is Gate.OPEN


def test_values_follow_the_acts_of_the_report_that_carries_them():
    parts = {"report": own("DiagnosticReport", Kind.RADIOLOGY), "value": own("Observation", Kind.ORDINARY, seen_at=NOW)}
    assert settled(parts, "report>value")["value"].settled.gate is Gate.WAITING
    parts["report"] = own("DiagnosticReport", Kind.RADIOLOGY, released_at=NOW)
    assert settled(parts, "report>value")["value"].settled.gate is Gate.OPEN


def test_a_value_of_two_reports_is_open_as_soon_as_one_of_them_is():
    chart = settled(
        {
            "seen": own("DiagnosticReport", Kind.ORDINARY, seen_at=NOW),
            "unseen": own("DiagnosticReport", Kind.ORDINARY),
            "value": own("Observation", Kind.ORDINARY),
        },
        "seen>value",
        "unseen>value",
    )
    assert chart["value"].settled.gate is Gate.OPEN
    assert chart["unseen"].settled.gate is Gate.WAITING


def test_a_document_waits_for_the_report_inside_it_and_opens_with_it():
    parts = {"letter": own("DocumentReference"), "report": own("DiagnosticReport", Kind.ORDINARY)}
    waits = settled(parts, "letter>report")["letter"].settled
    assert (waits.gate, waits.latest_at) == (Gate.WAITING, READY + timedelta(days=7))
    parts["report"] = own("DiagnosticReport", Kind.ORDINARY, seen_at=NOW)
    assert settled(parts, "letter>report")["letter"].settled.gate is Gate.OPEN


def test_an_appointment_about_a_waiting_result_is_shown_and_one_about_a_withheld_result_is_not():
    chart = settled(
        {
            "visit": own("Appointment"),
            "biopsy": own("DiagnosticReport", Kind.PATHOLOGY),
            "other": own("Appointment"),
            "hiv": own("DiagnosticReport", Kind.HIV),
        },
        "visit>biopsy",
        "other>hiv",
    )
    assert chart["biopsy"].settled.gate is Gate.WAITING
    assert chart["visit"].settled.gate is Gate.OPEN
    assert chart["other"].settled.gate is Gate.WITHHELD


def test_only_reports_and_values_of_no_report_are_rows():
    chart = settled(
        {
            "report": own("DiagnosticReport", Kind.ORDINARY),
            "inside": own("Observation", Kind.ORDINARY),
            "alone": own("Observation", Kind.ORDINARY),
            "weight": own("Observation"),
            "letter": own("DocumentReference", Kind.ORDINARY),
        },
        "report>inside",
    )
    assert {key for key, standing in chart.items() if standing.listed} == {"report", "alone"}


def test_links_in_a_circle_and_to_the_unknown_are_survived():
    chart = settled(
        {"one": own("Observation", Kind.ORDINARY), "two": own("Observation", Kind.HIV)},
        "one>two",
        "two>one",
        "one>one",
        "one>nowhere",
    )
    assert {standing.settled.gate for standing in chart.values()} == {Gate.WITHHELD}


TYPES = ["DiagnosticReport", "Observation", "Observation", "DocumentReference", "Condition", "Encounter", "Procedure"]


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(TYPES), records()), min_size=2, max_size=9),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=14),
    moments,
)
def test_in_any_chart_whoever_carries_or_names_is_at_least_as_guarded(made, links, now):
    chart = {place: Own(kind, facts) for place, (kind, facts) in enumerate(made)}
    stands = stand(chart, links, DEFAULT_POLICY, now)
    for parent, child in links:
        if parent == child or parent not in chart or child not in chart:
            continue
        part = chart[parent].resource_type in RESULTS and chart[child].resource_type in PARTS
        if chart[child].resource_type in SHARED and not part:
            continue
        assert rank_of(stands[parent].kind) >= rank_of(stands[child].kind)
        assert guard_of(stands[parent].sensitivity) >= guard_of(stands[child].sensitivity)
        if stands[child].settled.gate is Gate.WITHHELD:
            assert stands[parent].settled.gate is Gate.WITHHELD
        if part:
            assert stands[parent].kind == stands[child].kind
