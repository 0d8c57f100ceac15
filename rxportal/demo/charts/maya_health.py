"""The rest of Maya's chart: what is not a result."""

from __future__ import annotations

from rxportal.demo.health import allergy, appointment, care_team, condition, dispensed, medicine, note, shot, visit
from rxportal.demo.story import DOCTOR, SECOND_DOCTOR, Story

VISIT_NOTE = ("11506-3", "Visit note")


def health(story: Story) -> None:
    """Conditions, medicines, allergies, shots, visits, documents, team and appointments."""
    _conditions(story)
    _medicines(story)
    allergy(story, "penicillin", ("91936005", "Allergy to penicillin"), "Hives")
    allergy(story, "peanut", ("91935009", "Allergy to peanuts"), "Swelling of the lips", "severe")
    for number, (vaccine, ago) in enumerate(
        ((("150", "Flu shot"), 410), (("150", "Flu shot"), 48), (("115", "Tdap"), 1800), (("309", "COVID-19"), 50))
    ):
        shot(story, f"shot-{number}", vaccine, ago)
    _visits(story)
    care_team(
        story,
        [(DOCTOR, "Dr. Lee", "Your doctor"), (SECOND_DOCTOR, "Dr. Fictionby", "Covers when Dr. Lee is away")],
    )
    appointment(story, "visit-video", "Talk about your blood sugar", 3, "10:30", video=True)
    appointment(story, "visit-later", "Yearly check-up", 120, "08:40")
    appointment(story, "visit-past", "Blood pressure check", -60, "09:00", status="fulfilled")
    appointment(story, "visit-off", "Skin check", -15, "14:00", status="cancelled")


def _conditions(story: Story) -> None:
    condition(story, "pressure-high", ("59621000", "High blood pressure"), "2023-05")
    condition(story, "prediabetes", ("714628002", "Prediabetes"), story.day(540))
    condition(story, "ankle", ("44465007", "Sprained ankle"), "2019", active=False)
    condition(story, "anxiety", ("21897009", "Generalized anxiety disorder"), "2021-02")


def _medicines(story: Story) -> None:
    daily = "Take one tablet by mouth every morning."
    pill = medicine(
        story, "lisinopril", ("314076", "Lisinopril 10 mg tablet"), daily, days_ago=80, why="High blood pressure"
    )
    dispensed(story, "lisinopril-fill", pill, 78)
    medicine(
        story,
        "metformin",
        ("860975", "Metformin 500 mg extended release tablet"),
        "Take one tablet with your evening meal.",
        days_ago=160,
        refills=0,
        why="Prediabetes",
    )
    medicine(
        story,
        "sertraline",
        ("312941", "Sertraline 50 mg tablet"),
        daily,
        days_ago=120,
        why="Generalized anxiety disorder",
    )
    medicine(
        story, "ibuprofen", ("", "Ibuprofen, from the store"), "When needed.", days_ago=30, refills=None, reported=True
    )
    medicine(
        story,
        "nitrofurantoin",
        ("1648755", "Nitrofurantoin 100 mg capsule"),
        "Take one capsule twice a day for five days.",
        days_ago=8,
        refills=0,
        status="completed",
        why="Bladder infection",
    )


def _visits(story: Story) -> None:
    visit(story, "visit-check", "Yearly check-up", 173, why="Yearly check-up")
    visit(story, "visit-pressure", "Office visit", 60, why="Blood pressure check")
    visit(story, "visit-bladder", "Video visit", 9, why="Burning when passing water", virtual=True)
    note(
        story,
        "note-check",
        VISIT_NOTE,
        173,
        "Yearly check-up. Blood pressure 138/88. We agreed on walking 30 minutes a day and a blood test in six months.",
    )
    note(
        story,
        "note-summary",
        ("34133-9", "After-visit summary"),
        60,
        "Keep taking lisinopril in the morning. Measure at home twice a week. Call us above 160.",
        as_pdf=True,
    )
    note(
        story,
        "note-mind",
        ("34788-0", "Psychiatry note"),
        118,
        "Sleep is better on sertraline. Anxiety is mild. Continue for six months.",
    )
