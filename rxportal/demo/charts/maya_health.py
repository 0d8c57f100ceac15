"""The rest of Maya's chart: what is not a result."""

from __future__ import annotations

from datetime import timedelta

from rxportal.demo.bedside import answer, signs, struck_pressure
from rxportal.demo.charts.maya_medicines import medicines
from rxportal.demo.encounters import LEE, appointment, during, visit
from rxportal.demo.health import allergy, condition, cover, device, procedure, relative, shot
from rxportal.demo.laboratory import pressure
from rxportal.demo.papers import LETTER, PRIVATE_NOTE, SUMMARY, VISIT_NOTE, note, photograph
from rxportal.demo.plans import Aim, care_team, plan
from rxportal.demo.story import DOCTOR, SECOND_DOCTOR, Story
from rxportal.demo.terms import Resource

FICTIONBY = (SECOND_DOCTOR, "Dr. Fictionby")
PRESSURES = ((1500, 118, 76), (1134, 124, 79), (768, 131, 84), (402, 138, 88), (173, 138, 88), (60, 132, 84))


def health(story: Story) -> None:
    """Conditions, medicines, allergies, shots, visits, documents, plan, family, life and appointments."""
    high = _conditions(story)
    treated = medicines(story)
    _allergies_and_shots(story)
    _life(story)
    _plan(story, high)
    _visits(story, treated, _vitals(story), _appointments(story))
    device(story, "monitor", ("43770009", "Blood pressure monitor"), "Home blood pressure monitor", 700)
    cover(story, "Preferred provider plan", "Invented Health Plan", 1400)


def _conditions(story: Story) -> list[Resource]:
    high = condition(story, "pressure-high", ("59621000", "High blood pressure"), "2023-05")
    sugar = condition(story, "prediabetes", ("714628002", "Prediabetes"), story.day(540))
    condition(story, "ankle", ("44465007", "Sprained ankle"), "2019", active=False, until="2019-08")
    condition(story, "anxiety", ("21897009", "Generalized anxiety disorder"), "2021-02")
    condition(story, "iron-low", ("35240004", "Low iron"), story.day(12), note="Recheck in three months.")
    return [high, sugar]


def _allergies_and_shots(story: Story) -> None:
    allergy(story, "penicillin", ("91936005", "Allergy to penicillin"), "Hives")
    allergy(story, "peanut", ("91935009", "Allergy to peanuts"), "Swelling of the lips", "severe")
    allergy(story, "latex", ("300916003", "Allergy to latex"), "Rash", sure="entered-in-error")
    given = (("150", "Flu shot"), 410), (("150", "Flu shot"), 48), (("115", "Tdap"), 1800), (("309", "COVID-19"), 50)
    for number, (vaccine, ago) in enumerate(given):
        shot(story, f"shot-{number}", vaccine, ago)
    shot(story, "shot-refused", ("187", "Shingles shot"), 173, refused="You asked to wait with it.")


def _vitals(story: Story) -> dict[int, list[Resource]]:
    """What was measured, by days ago."""
    taken = {ago: [pressure(story, f"pressure-{number}", ago, *pair)] for number, (ago, *pair) in enumerate(PRESSURES)}
    for ago, pulse, weight in ((1134, 68, 70.2), (768, 72, 72.9), (402, 74, 75.4), (173, 76, 76.8), (60, 70, 75.1)):
        taken[ago] += signs(story, f"{ago}", ago, pulse=pulse, height=165, weight=weight)
    taken[60] += signs(story, "more", 60, warmth=36.8, oxygen=98, breaths=14)
    struck_pressure(story, "pressure-struck", 61)
    return taken


def _life(story: Story) -> None:
    answer(story, "tobacco", "Never smoked", 173, code="266919005")
    answer(story, "drinks", 2, 173)
    answer(story, "exercise", 3, 173)
    answer(story, "work", "Primary school teacher", 173)
    answer(story, "home", "I have a steady place to live", 173)
    relative(story, "MTH", (("High blood pressure", 50), ("Chronic kidney disease", 70)))
    relative(story, "FTH", (("Heart attack", 58), ("Type 2 diabetes", 49)), died_at=71)
    relative(story, "SIS", (("Asthma", None),))


def _plan(story: Story, about: list[Resource]) -> None:
    aims = (
        Aim("pressure", "Blood pressure below 130 over 80", 173, 60),
        Aim("walk", "Walk 30 minutes on five days a week", 173, 90),
        Aim("weight", "Lose 4 kg", 402, 120),
        Aim("monitor", "Learn to measure blood pressure at home", 173, reached="achieved"),
    )
    activities = (
        ("Take lisinopril every morning.", "in-progress"),
        ("Measure your blood pressure twice a week and write it down.", "in-progress"),
        ("Blood test for sugar and kidneys every six months.", "scheduled"),
        ("Talk with the dietitian.", "completed"),
    )
    plan(
        story,
        "plan",
        "Blood pressure and blood sugar plan",
        173,
        aims=aims,
        activities=activities,
        about=tuple(about),
    )
    members = [
        (DOCTOR, "Dr. Lee", "Your doctor"),
        (SECOND_DOCTOR, "Dr. Fictionby", "Covers when Dr. Lee is away"),
    ]
    care_team(story, members)


def _appointments(story: Story) -> dict[str, Resource]:
    """What is booked, waits for an answer, is off, was missed; and those that became visits, by name."""
    appointment(
        story,
        "visit-video",
        "Talk about your blood sugar",
        3,
        "10:30",
        video=True,
        prepare="Have your list of home blood pressures at hand.",
    )
    appointment(story, "visit-asked", "Look at the skin of your arm", 20, "14:15", status="pending", doctor=FICTIONBY)
    appointment(
        story, "visit-later", "Yearly check-up", 120, "08:40", minutes=40, prepare="Eat nothing for 8 hours before."
    )
    appointment(
        story, "visit-moved", "Blood draw", 12, "07:50", status="cancelled", because="Dr. Lee is away that day.",
    )  # fmt: skip
    appointment(story, "visit-off", "Skin check", -15, "14:00", status="cancelled", because="You asked us to cancel.")
    appointment(story, "visit-missed", "Dietitian", -240, "13:00", status="noshow")
    return {
        "pressure": appointment(story, "visit-past", "Blood pressure check", -60, "09:00", status="fulfilled"),
        "bladder": appointment(story, "visit-past-video", "Urgent video visit", -9, "09:00", status="fulfilled",
                               video=True),
    }  # fmt: skip


def _visits(
    story: Story, treated: dict[str, Resource], measured: dict[int, list[Resource]], booked: dict[str, Resource]
) -> None:
    check = visit(story, "visit-check", "Yearly check-up", 173, why="Yearly check-up", lasts=timedelta(minutes=40))
    during(check, *measured[173], treated["metformin"], _check_note(story))
    held = visit(
        story,
        "visit-pressure",
        "Office visit",
        60,
        why="Blood pressure check",
        appointment=booked["pressure"],
        told=(("59621000", "High blood pressure"),),
    )
    during(held, *measured[60], treated["lisinopril"], treated["hydrochlorothiazide"], *_pressure_papers(story))
    bladder = visit(
        story,
        "visit-bladder",
        "Video visit",
        9,
        why="Burning when passing water",
        how="VR",
        appointment=booked["bladder"],
    )
    during(bladder, treated["nitrofurantoin"], _bladder_summary(story))
    _skin(story)
    mind = visit(story, "visit-mind", "Psychiatry visit", 118, why="Generalized anxiety disorder")
    talk = "Sleep is better on sertraline. Anxiety is mild. Continue for six months."
    during(mind, note(story, "note-mind", PRIVATE_NOTE, 118, talk))
    visit(story, "visit-ankle", "Urgent care", 2660, why="Twisted ankle", how="EMER", lasts=timedelta(hours=3))
    visit(story, "visit-struck", "Office visit", 62, why="Not Maya's visit", status="entered-in-error")


def _check_note(story: Story) -> Resource:
    return note(
        story,
        "note-check",
        VISIT_NOTE,
        173,
        "Yearly check-up. Blood pressure 138/88.\n\n"
        "We agreed on walking 30 minutes a day and a blood test in six months.",
    )


def _pressure_papers(story: Story) -> list[Resource]:
    summary = note(
        story,
        "note-summary",
        SUMMARY,
        60,
        "Keep taking lisinopril in the morning.\n\nMeasure at home twice a week. Call us above 160.",
        form="pdf",
    )
    written = note(
        story,
        "note-pressure",
        VISIT_NOTE,
        60,
        "Blood pressure 132/84, better than in summer.\n\nStopped hydrochlorothiazide because of dizziness.",
        form="html",
    )
    return [summary, written]


def _bladder_summary(story: Story) -> Resource:
    return note(
        story,
        "note-bladder",
        SUMMARY,
        9,
        "Bladder infection. Nitrofurantoin twice a day for five days.\n\nDrink more water. "
        "Call us if you have a fever or your back hurts.",
    )


def _skin(story: Story) -> None:
    """A small operation whose report still waits for the doctor."""
    skin = visit(story, "visit-skin", "Small operation", 6, why="A spot on the left forearm", doctor=FICTIONBY)
    done = procedure(
        story,
        "procedure-skin",
        ("90105005", "Spot removed from the left forearm"),
        story.at(6, "09:10"),
        why="A spot that had grown",
        doctor="Dr. Fictionby",
    )
    picture = photograph(story, "photo-skin", "Photograph of the left forearm", 6)
    letter = note(
        story,
        "letter-skin",
        LETTER,
        15,
        "Dear Dr. Fictionby, I would be glad if you could look at a spot on the left forearm.",
        author=LEE,
    )
    after = note(
        story, "note-skin", SUMMARY, 6, "Keep the bandage dry for two days.\n\nThe stitch comes out in ten days."
    )
    during(skin, done, picture, letter, after)
    procedure(story, "procedure-appendix", ("80146002", "Appendix removed"), "1998", doctor="Not known")
