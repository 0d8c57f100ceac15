"""What is measured at a visit, and what is asked about a person's life."""

from __future__ import annotations

from rxportal.demo.laboratory import pressure
from rxportal.demo.story import CLINIC, Story
from rxportal.demo.terms import LOINC, OBSERVATION_CATEGORY, SNOMED, UCUM, Resource, coding, concept, reference

SIGNS = {
    "pulse": ("8867-4", "Heart rate", "beats/min", "/min"),
    "breaths": ("9279-1", "Breathing rate", "breaths/min", "/min"),
    "warmth": ("8310-5", "Body temperature", "°C", "Cel"),
    "oxygen": ("59408-5", "Oxygen saturation", "%", "%"),
    "height": ("8302-2", "Height", "cm", "cm"),
    "weight": ("29463-7", "Weight", "kg", "kg"),
    "index": ("39156-5", "Body mass index", "kg/m2", "kg/m2"),
    "head": ("9843-4", "Head circumference", "cm", "cm"),
    "pain": ("72514-3", "Pain, from 0 to 10", "", "{score}"),
}
QUESTIONS = {
    "tobacco": ("72166-2", "Tobacco smoking status"),
    "drinks": ("11287-0", "Alcoholic drinks per week"),
    "exercise": ("89555-7", "Days of exercise per week"),
    "work": ("11341-5", "Occupation"),
    "home": ("71802-3", "Housing status"),
}


def signs(story: Story, name: str, days_ago: int, **values: float) -> list[Resource]:
    """Vital signs by the names in SIGNS; a weight with a height brings the body mass index with it."""
    if {"height", "weight"} <= values.keys():
        values["index"] = round(values["weight"] / (values["height"] / 100) ** 2, 1)
    return [_sign(story, f"{which}-{name}", SIGNS[which], value, days_ago) for which, value in values.items()]


def _sign(story: Story, name: str, sign: tuple[str, str, str, str], value: float, days_ago: int) -> Resource:
    code, title, unit, ucum = sign
    quantity: Resource = {"value": value, "system": UCUM, "code": ucum}
    return story.add(
        "Observation",
        name,
        status="final",
        category=[{"coding": [coding(OBSERVATION_CATEGORY, "vital-signs", "Vital signs")]}],
        code=concept(LOINC, code, title),
        subject=story.subject,
        effectiveDateTime=story.at(days_ago, "09:08"),
        performer=[reference("Organization", CLINIC, "Fairhaven Clinic")],
        valueQuantity=quantity | ({"unit": unit} if unit else {}),
    )


def struck_pressure(story: Story, name: str, days_ago: int) -> Resource:
    """A blood pressure that was somebody else's: entered in error, never shown."""
    made = pressure(story, name, days_ago, 241, 133)
    made["status"] = "entered-in-error"
    return made


def answer(story: Story, question: str, said: str | int, days_ago: int, *, code: str = "") -> Resource:
    """One answer about the person's life: words (with a SNOMED code where there is one) or a number."""
    made = story.add(
        "Observation",
        f"life-{question}",
        status="final",
        category=[{"coding": [coding(OBSERVATION_CATEGORY, "social-history", "Social history")]}],
        code=concept(LOINC, *QUESTIONS[question]),
        subject=story.subject,
        effectiveDateTime=story.at(days_ago, "09:05"),
        performer=[reference("Organization", CLINIC, "Fairhaven Clinic")],
    )
    if isinstance(said, int):
        made["valueQuantity"] = {"value": said, "system": UCUM, "code": "1"}
    elif code:
        made["valueCodeableConcept"] = concept(SNOMED, code, said)
    else:
        made["valueString"] = said
    return made


def mood_score(story: Story, days_ago: int, score: int) -> Resource:
    """The sum of a questionnaire about mood: nothing a proxy sees."""
    return story.add(
        "Observation",
        "mood-score",
        status="final",
        category=[{"coding": [coding(OBSERVATION_CATEGORY, "survey", "Survey")]}],
        code=concept(LOINC, "44261-6", "PHQ-9 total score"),
        subject=story.subject,
        effectiveDateTime=story.at(days_ago, "16:10"),
        valueInteger=score,
    )
