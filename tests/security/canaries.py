"""Charts of words that stand nowhere else: whoever hears one of them has seen that part of that chart.

A word is the chart's own followed by its class. `open`: every reader of the chart; `free`: what a parent of a teen does
not open; `secret`: its owner alone; `wait`: a title that may be told, `held`: its values and comment, which may not;
`gone`: withheld by law or entered in error, for no reader at all.
"""

from __future__ import annotations

import base64
import re
from datetime import date, timedelta
from typing import Any

from rxportal.fhir.types import SHAPES
from rxportal.models.records import Section
from rxportal.rules.release import TEEN_CLOSED

CLASSES = ("open", "free", "secret", "wait", "held", "gone")
SHARED = {name for name, shape in SHAPES.items() if shape.section is Section.SHARED}
SECRET = "chlamydia"
# A shot's name, a person's, a plan's or a questionnaire's address says nothing by itself (rules/kinds.py).
TELLS_NOTHING = {"Immunization", "Coverage", "QuestionnaireResponse", "RelatedPerson"}
WITHHELD = "HIV viral load"
DAY = "2026-03-02"
Resource = dict[str, Any]

# What makes a near-empty resource of a type one that pages show; the title and the date come from its shape.
MORE: dict[str, Resource] = {
    "Observation": {"status": "final", "category": [{"coding": [{"code": "laboratory"}]}]},
    "DiagnosticReport": {"status": "final", "category": [{"coding": [{"code": "LAB"}]}], "issued": f"{DAY}T12:00:00Z"},
    "Condition": {"clinicalStatus": {"coding": [{"code": "active"}]}},
    "AllergyIntolerance": {"clinicalStatus": {"coding": [{"code": "active"}]}},
    "MedicationRequest": {"status": "active", "intent": "order"},
    "Encounter": {"status": "finished", "class": {"code": "AMB"}, "period": {"start": f"{DAY}T09:00:00Z"}},
    "Appointment": {"status": "booked", "end": "2027-01-05T10:00:00Z"},
    "CarePlan": {"status": "active", "intent": "plan"},
    "CareTeam": {"status": "active"},
    "Goal": {"lifecycleStatus": "active"},
    "Immunization": {"status": "completed"},
    "Procedure": {"status": "completed"},
    "FamilyMemberHistory": {"status": "completed", "relationship": {"text": "mother"}},
    "DocumentReference": {"status": "current"},
    "Communication": {"status": "completed"},
}
TEXTS = {
    "description",
    "title",
    "name",
    "content.title",
    "disposition",
    "contentType",
    "performedString",
    "questionnaire",
}
LISTS = {
    "participant", "reaction", "condition", "content", "ingredient", "series", "item", "payor", "target", "agent", "performer",
}  # fmt: skip
MANY = {
    ("Encounter", "type"), ("Appointment", "serviceType"), ("CareTeam", "category"), ("CarePlan", "category"),
    ("Communication", "category"), ("Consent", "category"), ("ServiceRequest", "orderDetail"), ("Provenance", "reason"),
}  # fmt: skip


def word_of(chart: str, kind: str) -> str:
    """The canary of one class in one chart."""
    return f"{chart}{kind}"


def words_in(text: str, charts: list[str]) -> set[tuple[str, str]]:
    """Which classes of which charts a text tells of, whatever their case."""
    return {
        (chart, kind)
        for chart in charts
        for kind in re.findall(f"{chart}({'|'.join(CLASSES)})", text, re.IGNORECASE)
        for kind in [kind.lower()]
    }


def chart_of(chart: str, born: str, today: date) -> tuple[list[Resource], list[Resource]]:
    """Everything of one chart: what was seen and released long ago, and what has only just come."""
    me = {"reference": f"Patient/{chart}"}
    person = {
        "resourceType": "Patient", "id": chart, "birthDate": born,
        "name": [{"family": chart, "given": ["Testy"]}],
    }  # fmt: skip
    made = [person]
    for name, shape in SHAPES.items():
        if name in SHARED or name in {"Patient", "Binary"}:
            continue
        free = shape.section in TEEN_CLOSED
        made.append(_resource(name, f"{chart}-{name}-a", word_of(chart, "free" if free else "open"), me))
        if name not in TELLS_NOTHING:
            made.append(_resource(name, f"{chart}-{name}-s", f"{SECRET} {word_of(chart, 'secret')}", me))
        made.append({**_resource(name, f"{chart}-{name}-x", word_of(chart, "gone"), me), **_struck(name)})
    made += _documents(chart, me)
    for number in range(2):
        made.append(_result(f"{chart}-law{number}", f"{WITHHELD} {word_of(chart, 'gone')}", word_of(chart, "gone"), me))
    fresh = [
        _result(
            f"{chart}-new", word_of(chart, "wait"), word_of(chart, "held"), me, (today - timedelta(days=1)).isoformat()
        )
    ]
    return made, fresh


def _documents(chart: str, me: Resource) -> list[Resource]:
    """Documents with files of several sorts, each with its canary inside."""
    made = []
    for number, (kind, content) in enumerate(
        (
            ("text/plain", "{}"),
            ("text/html", "<p>{}</p>"),
            ("application/pdf", "%PDF-1.4 {}"),
            ("image/png", "\x89PNG {}"),
        )
    ):
        for letter, sort in (("a", "free"), ("s", "secret"), ("x", "gone")):
            words = word_of(chart, sort)
            title = f"{SECRET} {words}" if sort == "secret" else words
            file = base64.b64encode(content.format(words).encode("latin-1")).decode()
            made.append({
                **_resource("DocumentReference", f"{chart}-file{number}{letter}", title, me),
                "content": [{"attachment": {"contentType": kind, "data": file, "title": title}}],
                **(_struck("DocumentReference") if sort == "gone" else {}),
            })  # fmt: skip
    return made


def _result(key: str, title: str, value: str, me: Resource, day: str = DAY) -> Resource:
    return {
        "resourceType": "DiagnosticReport", "id": key, "status": "final", "subject": me, "code": {"text": title},
        "category": [{"coding": [{"code": "LAB"}]}], "effectiveDateTime": f"{day}T08:00:00Z",
        "issued": f"{day}T12:00:00Z", "conclusion": value,
    }  # fmt: skip


def _struck(name: str) -> Resource:
    if name in {"Condition", "AllergyIntolerance"}:
        return {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}}
    return {"lifecycleStatus" if name == "Goal" else "status": "entered-in-error"}


def _resource(name: str, key: str, title: str, me: Resource) -> Resource:
    shape = SHAPES[name]
    made: Resource = {"resourceType": name, "id": key}
    for path, value in ((shape.title[0], title), (shape.date[0] if shape.date else "", f"{DAY}T09:00:00Z")):
        if path:
            put(made, path, value, as_text=path != shape.title[0] or path in TEXTS, many=(name, path) in MANY)
    if shape.patient:
        put(made, shape.patient[0], me, as_text=True)
    if name == "CareTeam":
        made["name"] = title
    if name == "Goal":
        made["description"] = {"text": title}
    if name == "Encounter":
        made["type"] = [{"text": title}]
    return {**MORE.get(name, {"status": "active"}), **made}


def put(resource: Resource, path: str, value: Any, *, as_text: bool, many: bool = False) -> None:
    """Set a dotted path, lists where FHIR has lists; a title that is no plain text becomes a CodeableConcept."""
    *way, last = path.split(".")
    here = resource
    for step in way:
        inner: Resource = {}
        known = here.get(step)
        if isinstance(known, list) and known:
            inner = known[0]
        elif isinstance(known, dict):
            inner = known
        else:
            here[step] = [inner] if step in LISTS else inner
        here = inner
    ready = value if as_text or last == "display" else {"text": value}
    here[last] = [ready] if many else ready
