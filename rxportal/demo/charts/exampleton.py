"""Lena Exampleton and Noah, 15: a parent, and a teen with an account of his own."""

from __future__ import annotations

from rxportal.demo.analytes import BLOOD_COUNT, CHLAMYDIA, LIPIDS, METABOLIC
from rxportal.demo.charts.ben import growth
from rxportal.demo.health import allergy, appointment, condition, medicine, note, shot
from rxportal.demo.laboratory import panel, pressure
from rxportal.demo.reports import imaging
from rxportal.demo.story import Story, born, patient

LENA = "lena-exampleton"
NOAH = "noah-exampleton"


def write_lena(story: Story) -> None:
    """Lena: one yearly panel and a result that came today."""
    patient(story, ("Lena", "Exampleton"), "female", born(story.today, 44, 210), "900-005-120")
    panel(story, "lipid-0", LIPIDS, 290, [187, 61, 101, 96])
    panel(story, "bmp-0", METABOLIC, 290, [87, 0.7, 12, 138, 4.0, 104, 25, 9.1, 104])
    panel(story, "cbc-today", BLOOD_COUNT, 0, [7.1, 4.6, 13.4, 40.1, 87, 29.1, 33.4, 12.8, 266])
    pressure(story, "pressure-0", 290, 112, 72)


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
    condition(story, "asthma", ("195967001", "Asthma"), "2017")
    condition(story, "mood", ("35489007", "Depressive disorder"), story.day(140))
    medicine(
        story,
        "albuterol",
        ("745679", "Albuterol inhaler 90 mcg"),
        "Two puffs when needed, up to four times a day.",
        days_ago=100,
        why="Asthma",
    )
    allergy(story, "bee", ("424213003", "Allergy to bee venom"), "Swelling", "severe")
    shot(story, "shot-hpv", ("165", "HPV shot"), 700)
    note(
        story, "note-private", ("34788-0", "Psychiatry note"), 139, "Talked alone. Mood low since summer. Safe at home."
    )
    appointment(story, "visit-asthma", "Asthma check", 14, "16:00")
