"""What a visit says of itself: titles people use, who was there, how one meets; near-valid input never breaks it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rxportal.fhir.visit_view import title_of, visit_facts
from rxportal.services.visits_when import how_far, when_words, year_of

ZONE = ZoneInfo("America/Los_Angeles")


def encounter(**fields: Any) -> dict[str, Any]:
    return {"resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"}, **fields}


@pytest.mark.parametrize(
    ("sent", "called"),
    [
        ([{"text": "Encounter for check up (procedure)"}], "Check-up"),
        ([{"coding": [{"display": "Encounter for 'check-up'"}]}], "Check-up"),
        ([{"text": "Unknown (qualifier value)"}], "Office visit"),
        (None, "Office visit"),
        ([{"text": "Asthma follow-up"}], "Asthma follow-up"),
    ],
)
def test_a_technical_title_becomes_what_people_say(sent: Any, called: str) -> None:
    assert title_of(encounter(type=sent)) == called


@pytest.mark.parametrize(
    ("fields", "way"),
    [
        ({"class": {"code": "EMER"}}, "emergency"), ({"class": {"code": "IMP"}}, "hospital"),
        ({"class": {"code": "VR"}}, "video"), ({"class": {"code": "VR"}, "type": [{"text": "Telephone call"}]}, "phone"),
        ({"class": {"code": "HH"}}, "home"), ({"class": "ambulatory"}, "office"), ({"class": None}, "other"),
        ({"class": [{"code": "AMB"}]}, "office"), ({"type": [{"text": "Telehealth"}]}, "video"),
    ],
)  # fmt: skip
def test_how_one_meets(fields: dict[str, Any], way: str) -> None:
    assert visit_facts(encounter(**fields)).way == way


def test_only_staff_are_named_and_their_part_where_it_says_something() -> None:
    people = [
        {"individual": {"reference": "Patient/1", "display": "Amy Shaw"}},
        {
            "individual": {"reference": "Practitioner/2", "display": "Dr. Bone"},
            "type": [{"coding": [{"code": "ATND"}]}],
        },
        {"individual": {"reference": "urn:uuid:7"}},
        {"individual": {"reference": "RelatedPerson/3", "display": "Her mother"}},
    ]
    facts = visit_facts(encounter(participant=people), names=lambda one: "Dr. Known" if one == "urn:uuid:7" else "")
    assert facts.people == ["Dr. Bone (in charge)", "Dr. Known"]


def test_what_it_was_for_is_told_once_and_not_when_the_title_says_it() -> None:
    reasons = [{"text": "Headache"}, {"text": "Headache"}, {"text": "Check-up"}]
    facts = visit_facts(encounter(type=[{"text": "Check-up"}], reasonCode=reasons, diagnosis=[
        {"condition": {"display": "Migraine (disorder)"}}]))  # fmt: skip
    assert facts.reasons == ["Headache", "Migraine"]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-11-26T18:30:00Z", "2026-11-26T18:55:00Z", "26 Nov 2026, 10:30 am to 10:55 am"),
        ("2026-11-26T18:30:00Z", "", "26 Nov 2026, 10:30 am"),
        ("2026-11-26T07:30:00Z", "2026-11-26T08:30:00Z", "25 Nov 2026 to 26 Nov 2026"),
        ("2026-04-04", "2026-04-04", "4 Apr 2026"),
        ("2013-03-11", "2013-03-20", "11 Mar 2013 to 20 Mar 2013"),
        ("2019", "", "2019"), ("", "2019-05", "until May 2019"), ("", "", ""), ("soon", "", "soon"),
    ],
)  # fmt: skip
def test_when_in_the_clock_of_the_practice(start: str, end: str, words: str) -> None:
    assert when_words(start, end, ZONE) == words


def test_a_weekday_helps_with_what_is_coming_and_near_days_have_names() -> None:
    from datetime import date

    assert when_words("2026-11-26T18:30:00Z", "", ZONE, weekday=True) == "Thursday 26 Nov 2026, 10:30 am"
    assert when_words("2026-11", "", ZONE, weekday=True) == "November 2026"
    days = ("2026-11-26T07:30:00Z", "2026-11-27", "2026-11-30", "2027-03-01", "")
    assert [how_far(day, ZONE, date(2026, 11, 25)) for day in days] == ["Today", "In 2 days", "In 5 days", "", ""]
    assert how_far("2026-11-26", ZONE, date(2026, 11, 25)) == "Tomorrow"
    assert [year_of("2019", None, ZONE), year_of("", None, ZONE)] == ["Date not known", "Date not known"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["reference", "display", "coding", "code", "text", "type", "individual", "actor", "location", "start", "end"]
    ), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
KEYS = ("class", "type", "participant", "period", "location", "reasonCode", "diagnosis", "serviceType", "start", "end",
        "patientInstruction", "cancelationReason", "hospitalization", "requestedPeriod", "description", "status")  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["Encounter", "Appointment"]), st.dictionaries(st.sampled_from(KEYS), JSON, max_size=6))
def test_whatever_stands_there_it_becomes_words(kind: str, fields: dict[str, Any]) -> None:
    facts = visit_facts({"resourceType": kind, **fields}, zone=ZONE)
    assert facts.title
    assert isinstance(when_words(facts.start, facts.end, ZONE), str)
