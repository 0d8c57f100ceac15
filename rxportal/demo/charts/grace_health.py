"""The rest of Grace's chart: what is not a result."""

from __future__ import annotations

from datetime import timedelta

from rxportal.demo.bedside import answer, signs
from rxportal.demo.encounters import appointment, during, visit
from rxportal.demo.health import allergy, condition, cover, device, procedure, relative, shot
from rxportal.demo.laboratory import pressure
from rxportal.demo.medicines import dispensed, medicine
from rxportal.demo.papers import CARE_RECORD, DIRECTIVE, SUMMARY, note
from rxportal.demo.plans import Aim, care_team, plan
from rxportal.demo.story import DOCTOR, SECOND_DOCTOR, Story
from rxportal.demo.terms import Resource


def health(story: Story) -> None:
    """Conditions, medicines, allergies, shots, visits, documents, plan, team and appointments."""
    kidney = condition(story, "kidney", ("433144002", "Chronic kidney disease, stage 3"), "2025-09")
    high = condition(story, "pressure-high", ("59621000", "High blood pressure"), "2009")
    condition(story, "bones-thin", ("312894000", "Osteopenia"), story.day(415))
    condition(story, "knee", ("239873007", "Worn left knee"), "2014", active=False, until="2018-03")
    allergy(story, "sulfa", ("91939003", "Allergy to sulfonamides"), "Rash", "mild")
    allergy(story, "aspirin", ("293586001", "Allergy to aspirin"), "", sure="refuted")
    shot(story, "shot-flu", ("197", "Flu shot, high dose"), 52)
    shot(story, "shot-pneumonia", ("215", "Pneumonia shot"), 900)
    answer(story, "tobacco", "Never smoked", 420, code="266919005")
    answer(story, "exercise", 5, 420)
    relative(story, "SIS", (("Thin bones", 66),))
    _medicines(story)
    _plan(story, (kidney, high))
    _visits(story)
    appointment(story, "visit-kidney", "Kidney follow-up", 9, "11:00", prepare="Bring all your medicines.")
    appointment(story, "visit-eyes", "Eye check", -90, "09:30", status="cancelled", because="You were ill.")
    cover(story, "Medicare Part B", "Medicare", 2200)


def _medicines(story: Story) -> None:
    pill = medicine(
        story,
        "amlodipine",
        ("197361", "Amlodipine 5 mg tablet"),
        "Take one tablet by mouth every day.",
        days_ago=200,
        why="High blood pressure",
    )
    dispensed(story, "amlodipine-fill-0", pill, 196)
    dispensed(story, "amlodipine-fill-1", pill, 104)
    medicine(
        story,
        "calcium",
        ("", "Calcium with vitamin D, from the store"),
        "One tablet with breakfast.",
        days_ago=420,
        refills=None,
        reported=True,
    )


def _plan(story: Story, about: tuple[Resource, ...]) -> None:
    aims = (
        Aim("kidney", "Keep the kidneys as they are", 200, 165),
        Aim("salt", "Less than 5 g of salt a day", 200, 30),
    )
    activities = (
        ("No ibuprofen or similar pain medicine.", "in-progress"),
        ("Blood test every three months.", "in-progress"),
    )
    plan(story, "plan", "Kidney care plan", 200, aims=aims, activities=activities, about=about)
    care_team(story, [(DOCTOR, "Dr. Lee", "Your doctor"), (SECOND_DOCTOR, "Dr. Fictionby", "Kidney specialist")])


def _visits(story: Story) -> None:
    yearly = visit(story, "visit-check", "Yearly check-up", 420, why="Yearly check-up")
    taken = signs(story, "check", 420, pulse=72, height=161, weight=64.8)
    measured = [pressure(story, f"pressure-{number}", 800 - 380 * number, *pair) for number, pair in enumerate(PAIRS)]
    record = note(
        story,
        "summary-record",
        CARE_RECORD,
        420,
        "Chronic kidney disease, stage 3. High blood pressure. Osteopenia. New left knee.",
        form="xml",
    )
    during(yearly, measured[1], *taken, record)
    doctor = (SECOND_DOCTOR, "Dr. Fictionby")
    bowel = visit(story, "visit-bowel", "Colonoscopy", 11, why="Screening", doctor=doctor, lasts=timedelta(hours=2))
    done = procedure(
        story, "procedure-bowel", ("73761001", "Colonoscopy"), story.at(11, "09:30"), doctor="Dr. Fictionby"
    )
    told = "You may feel bloated today. Call us if you bleed or have a fever. The report follows."
    during(bowel, done, note(story, "note-bowel", SUMMARY, 11, told, form="pdf"))
    stay = visit(
        story, "visit-knee", "Hospital stay", 3170, why="New left knee", how="IMP", lasts=timedelta(days=3, hours=2)
    )
    operated = procedure(
        story, "procedure-knee", ("609588000", "New left knee"), story.day(3170), why="Worn left knee",
    )  # fmt: skip
    during(stay, operated)
    device(story, "knee", ("303533002", "Knee implant"), "Left knee implant", 3200)
    note(story, "directive", DIRECTIVE, 1000, "My daughter Maya may decide for me if I cannot.", form="pdf")


PAIRS = ((142, 78), (148, 80), (139, 76))
