"""Ben and Theo Samplewood: Maya's partner with a small chart of his own, and their child of seven."""

from __future__ import annotations

from rxportal.demo.analytes import LIPIDS, METABOLIC, Analyte
from rxportal.demo.health import allergy, appointment, condition, medicine, shot
from rxportal.demo.laboratory import measured, panel, pressure
from rxportal.demo.reports import culture
from rxportal.demo.story import Story, born, patient

BEN = "ben-samplewood"
THEO = "theo-samplewood"
HEIGHT = Analyte("8302-2", "Height", "cm")
WEIGHT = Analyte("29463-7", "Weight", "kg")
INDEX = Analyte("39156-5", "Body mass index", "kg/m2")


def write_ben(story: Story) -> None:
    """Ben: two panels, one flagged, and little else."""
    patient(story, ("Ben", "Samplewood"), "male", born(story.today, 43, 40), "900-004-412")
    panel(story, "lipid-0", LIPIDS, 380, [221, 44, 149, 171])
    panel(story, "bmp-0", METABOLIC, 380, [94, 1.0, 16, 141, 4.3, 103, 26, 9.5, 96])
    pressure(story, "pressure-0", 380, 126, 81)
    condition(story, "back", ("279039007", "Low back pain"), "2022-11")
    medicine(
        story,
        "atorvastatin",
        ("617310", "Atorvastatin 20 mg tablet"),
        "Take one tablet by mouth in the evening.",
        days_ago=300,
        refills=1,
        why="High cholesterol",
    )


def growth(story: Story, rows: tuple[tuple[int, float, float], ...]) -> None:
    """Height in cm and weight in kg, by days ago."""
    for number, (ago, height, weight) in enumerate(rows):
        measured(story, f"height-{number}", HEIGHT, height, ago, category="vital-signs")
        measured(story, f"weight-{number}", WEIGHT, weight, ago, category="vital-signs")
        body = round(weight / (height / 100) ** 2, 1)
        measured(story, f"bmi-{number}", INDEX, body, ago, category="vital-signs")


def write_theo(story: Story) -> None:
    """Theo: growth since birth, a throat culture, shots."""
    patient(story, ("Theo", "Samplewood"), "male", born(story.today, 7, 120), "900-004-413")
    growth(
        story,
        ((2660, 51.0, 3.4), (2310, 75.5, 9.8), (1940, 87.0, 12.4), (1580, 95.5, 14.5), (1210, 103.0, 16.9),
         (850, 110.5, 19.2), (480, 117.0, 21.8), (115, 123.5, 24.6)),
    )  # fmt: skip
    culture(
        story,
        "throat",
        24,
        title=("626-2", "Throat culture"),
        source="Throat swab",
        organism=("43492007", "Streptococcus pyogenes (group A)"),
        conclusion="Group A streptococcus grew.",
    )
    medicine(
        story,
        "amoxicillin",
        ("308177", "Amoxicillin 250 mg chewable tablet"),
        "Chew one tablet twice a day for ten days.",
        days_ago=22,
        refills=0,
        status="completed",
        why="Strep throat",
    )
    allergy(story, "cat", ("232346004", "Allergy to cats"), "Sneezing", "mild")
    for number, ago in enumerate((2600, 2540, 2480, 2290, 1000, 400)):
        shot(story, f"shot-{number}", (("20", "DTaP"), ("03", "MMR"), ("21", "Chickenpox"))[number % 3], ago)
    appointment(story, "visit-flu", "Flu shot", 6, "15:40")
