"""Maya's medicines: one of every status that a list can meet."""

from __future__ import annotations

from rxportal.demo.medicines import dispensed, medicine, stated
from rxportal.demo.story import Story
from rxportal.demo.terms import Resource

MORNING = "Take one tablet by mouth every morning."


def medicines(story: Story) -> dict[str, Resource]:
    """Everything she takes or took; the prescriptions by name."""
    made = {**_daily(story), **_over(story)}
    _not_renewable(story)
    return made


def _daily(story: Story) -> dict[str, Resource]:
    pill = medicine(
        story, "lisinopril", ("314076", "Lisinopril 10 mg tablet"), MORNING, days_ago=60, why="High blood pressure"
    )
    dispensed(story, "lisinopril-fill", pill, 58)
    evening = "Take one tablet with your evening meal."
    metformin = medicine(
        story,
        "metformin",
        ("860975", "Metformin 500 mg extended release tablet"),
        evening,
        days_ago=173,
        refills=0,
        why="Prediabetes",
    )
    dispensed(story, "metformin-fill", metformin, 84)
    calm = medicine(
        story,
        "sertraline",
        ("312941", "Sertraline 50 mg tablet"),
        MORNING,
        days_ago=118,
        why="Generalized anxiety disorder",
    )
    dispensed(story, "sertraline-fill", calm, 30)
    _new_and_old(story)
    return {"lisinopril": pill, "metformin": metformin}


def _new_and_old(story: Story) -> None:
    """One that was never filled yet, one whose year is over."""
    medicine(
        story,
        "iron",
        ("310325", "Ferrous sulfate 325 mg tablet"),
        "Take one tablet by mouth every other day.",
        days_ago=7,
        refills=2,
        why="Low iron",
        fill=(45, "tablets", 90),
    )
    cream = medicine(
        story,
        "cream",
        ("1049630", "Hydrocortisone 1 % cream"),
        "Put a thin layer on dry skin twice a day.",
        days_ago=400,
        refills=2,
        why="Dry skin",
        fill=(30, "g", 30),
    )
    dispensed(story, "cream-fill", cream, 390, fill=(30, "g", 30))


def _not_renewable(story: Story) -> None:
    """What cannot be asked for online, each for a reason of its own (S21)."""
    medicine(
        story, "ibuprofen", ("", "Ibuprofen, from the store"), "When needed.", days_ago=30, refills=None, reported=True
    )
    stated(story, "vitamin", "Vitamin D3 1,000 units, from the store", "One capsule a day in winter.", 400)
    medicine(
        story,
        "drops",
        ("", "Eye drops, as before"),
        "One drop into each eye in the evening.",
        days_ago=210,
        refills=None,
        why="Dry eyes",
        prescriber={"display": "Dr. Elsewhere, Otherfield Clinic"},
    )
    medicine(
        story,
        "sleep",
        ("854873", "Zolpidem 5 mg tablet"),
        "Take one tablet at bedtime when needed, for two weeks at most.",
        days_ago=25,
        refills=0,
        why="Sleeping badly",
        status="on-hold",
        because="Not together with the new medicine. Ask us before you take it again.",
        fill=(14, "tablets", 14),
    )


def _over(story: Story) -> dict[str, Resource]:
    water = medicine(
        story,
        "hydrochlorothiazide",
        ("310798", "Hydrochlorothiazide 12.5 mg tablet"),
        MORNING,
        days_ago=300,
        status="stopped",
        because="It made you dizzy.",
        why="High blood pressure",
    )
    dispensed(story, "hydrochlorothiazide-fill", water, 150)
    bladder = medicine(
        story,
        "nitrofurantoin",
        ("1648755", "Nitrofurantoin 100 mg capsule"),
        "Take one capsule twice a day for five days.",
        days_ago=9,
        refills=0,
        status="completed",
        why="Bladder infection",
        fill=(10, "capsules", 5),
    )
    dispensed(story, "nitrofurantoin-fill", bladder, 9, fill=(10, "capsules", 5))
    _never_taken(story)
    return {"hydrochlorothiazide": water, "nitrofurantoin": bladder}


def _never_taken(story: Story) -> None:
    medicine(
        story,
        "trimethoprim",
        ("198332", "Trimethoprim 100 mg tablet"),
        "Take one tablet twice a day.",
        days_ago=10,
        refills=0,
        status="cancelled",
        because="Another medicine was chosen.",
        why="Bladder infection",
        fill=(6, "tablets", 3),
    )
    medicine(
        story,
        "struck",
        ("855332", "Warfarin 5 mg tablet"),
        "Take one tablet every evening.",
        days_ago=66,
        status="entered-in-error",
    )
