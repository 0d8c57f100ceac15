"""Lena Exampleton and Noah, 15: a parent, and a teen with an account of his own."""

from __future__ import annotations

from rxportal.demo.analytes import BLOOD_COUNT, CHLAMYDIA, LIPIDS, METABOLIC
from rxportal.demo.bedside import mood_score, signs
from rxportal.demo.charts.ben import growth
from rxportal.demo.encounters import appointment, during, visit
from rxportal.demo.health import allergy, condition, procedure, relative, shot
from rxportal.demo.laboratory import panel, pressure
from rxportal.demo.medicines import dispensed, given, medicine
from rxportal.demo.papers import PRIVATE_NOTE, SUMMARY, VISIT_NOTE, note
from rxportal.demo.plans import Aim, care_team, plan
from rxportal.demo.reports import imaging
from rxportal.demo.story import DOCTOR, Story, born, patient

LENA = "lena-exampleton"
NOAH = "noah-exampleton"


def write_lena(story: Story) -> None:
    """Lena: one yearly panel and a result that came today."""
    patient(story, ("Lena", "Exampleton"), "female", born(story.today, 44, 210), "900-005-120")
    panel(story, "lipid-0", LIPIDS, 290, [187, 61, 101, 96])
    panel(story, "bmp-0", METABOLIC, 290, [87, 0.7, 12, 138, 4.0, 104, 25, 9.1, 104])
    panel(story, "cbc-today", BLOOD_COUNT, 0, [7.1, 4.6, 13.4, 40.1, 87, 29.1, 33.4, 12.8, 266])
    pressure(story, "pressure-0", 290, 112, 72)
    allergy(story, "none", ("716186003", "No known allergy"), "")
    shot(story, "shot-flu", ("150", "Flu shot"), 45)
    procedure(story, "procedure-gall", ("38102005", "Gallbladder removed"), "2023-04", why="Gallstones")
    pain = medicine(
        story,
        "naproxen",
        ("198013", "Naproxen 500 mg tablet"),
        "Take one tablet twice a day with food when your back hurts.",
        days_ago=290,
        refills=2,
        why="Back pain",
        fill=(60, "tablets", 30),
    )
    dispensed(story, "naproxen-fill", pain, 12, fill=(60, "tablets", 30))
    check = visit(story, "visit-check", "Yearly check-up", 290, why="Yearly check-up")
    during(check, pain, *signs(story, "check", 290, pulse=64, height=168, weight=63.5))
    during(check, note(story, "note-check", VISIT_NOTE, 290, "All well. See you in a year."))
    appointment(story, "visit-results", "Talk about your results", 2, "12:10", video=True, minutes=15)


def write_noah(story: Story) -> None:
    """Noah: what a parent of a teen may see, and what only he does."""
    patient(story, ("Noah", "Exampleton"), "male", born(story.today, 15, 75), "900-005-121")
    growth(story, ((1500, 142.0, 36.0), (1130, 150.5, 41.8), (760, 160.0, 49.5), (390, 168.5, 56.2), (60, 173.0, 60.4)))
    panel(story, "cbc-0", BLOOD_COUNT, 60, [6.8, 4.9, 14.1, 42.0, 86, 28.8, 33.6, 12.9, 281])
    panel(story, "chlamydia", CHLAMYDIA, 50, ["Not detected"])
    panel(story, "chlamydia-new", CHLAMYDIA, 3, ["Not detected"])
    imaging(
        story,
        "wrist",
        200,
        title=("37784-6", "X-ray of left wrist"),
        modality=("DX", "Digital radiography"),
        text=["No fracture line is seen."],
        conclusion="No fracture.",
    )
    _noahs_health(story)
    _noahs_own(story)


def _noahs_health(story: Story) -> None:
    """What his mother may see too."""
    asthma = condition(story, "asthma", ("195967001", "Asthma"), "2017")
    inhaler = medicine(
        story,
        "albuterol",
        ("745679", "Albuterol inhaler 90 mcg"),
        "Two puffs when needed, up to four times a day.",
        days_ago=100,
        why="Asthma",
        fill=(1, "inhaler", 50),
    )
    dispensed(story, "albuterol-fill", inhaler, 41, fill=(1, "inhaler", 50))
    puffs = given(story, "albuterol-given", ("745679", "Albuterol inhaler 90 mcg"), 100, "Two puffs before the test")
    allergy(story, "bee", ("424213003", "Allergy to bee venom"), "Swelling", "severe")
    shot(story, "shot-tdap", ("115", "Tdap"), 1200)
    shot(story, "shot-flu", ("150", "Flu shot"), 60)
    procedure(story, "procedure-splint", ("79321009", "Splint put on the left wrist"), story.day(200), why="Wrist pain")
    aims = (Aim("asthma", "No nights woken by coughing", 100, 90), Aim("football", "Play a whole match", 100, 200))
    steps = (("Two puffs before sports.", "in-progress"), ("Breathing test once a year.", "scheduled"))
    plan(story, "plan", "Asthma action plan", 100, aims=aims, activities=steps, about=(asthma,))
    relative(story, "MTH", (("Gallstones", 41),))
    check = visit(story, "visit-breath", "Asthma check", 100, why="Asthma")
    told = "Use the inhaler with a spacer. Come back in three months."
    measured_then = signs(story, "breath", 100, pulse=78, breaths=16, oxygen=97)
    during(check, inhaler, puffs, *measured_then, note(story, "note-breath", SUMMARY, 100, told, form="pdf"))
    care_team(story, [(DOCTOR, "Dr. Lee", "Noah’s doctor")])
    appointment(story, "visit-asthma", "Asthma check", 14, "16:00", prepare="Bring your inhaler.")


def _noahs_own(story: Story) -> None:
    """What is his alone: kept from a parent of a teen (45 CFR 164.502(g))."""
    condition(story, "mood", ("35489007", "Depressive disorder"), story.day(140))
    shot(story, "shot-hpv", ("165", "HPV shot"), 700)
    talk = visit(story, "visit-talk", "Psychology visit", 139, why="Depressed mood", how="VR")
    words = "Talked alone. Mood low since summer. Safe at home."
    during(talk, mood_score(story, 139, 11), note(story, "note-private", PRIVATE_NOTE, 139, words))
    appointment(story, "visit-private", "Psychology visit", 8, "16:30", video=True)
