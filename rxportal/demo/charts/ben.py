"""Ben and Theo Samplewood: Maya's partner with a small chart of his own, and their child of seven."""

from __future__ import annotations

from rxportal.demo.analytes import LIPIDS, METABOLIC, Analyte
from rxportal.demo.bedside import answer, signs
from rxportal.demo.encounters import appointment, during, visit
from rxportal.demo.health import allergy, condition, cover, procedure, relative, shot
from rxportal.demo.laboratory import measured, panel, pressure
from rxportal.demo.medicines import dispensed, medicine
from rxportal.demo.papers import FORM, SUMMARY, note
from rxportal.demo.plans import care_team
from rxportal.demo.reports import culture
from rxportal.demo.story import DOCTOR, Story, born, patient
from rxportal.demo.terms import Resource

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
    statin = medicine(
        story,
        "atorvastatin",
        ("617310", "Atorvastatin 20 mg tablet"),
        "Take one tablet by mouth in the evening.",
        days_ago=380,
        refills=1,
        why="High cholesterol",
    )
    dispensed(story, "atorvastatin-fill", statin, 120)
    allergy(story, "none", ("409137002", "No known allergy to any medicine"), "")
    shot(story, "shot-tdap", ("115", "Tdap"), 1400)
    answer(story, "tobacco", "Stopped smoking in 2015", 380, code="8517006")
    answer(story, "work", "Carpenter", 380)
    relative(story, "FTH", (("High cholesterol", 40), ("Stroke", 66)))
    check = visit(story, "visit-check", "Yearly check-up", 380, why="Yearly check-up")
    during(check, statin, *signs(story, "check", 380, pulse=66, height=181, weight=86.4))
    care_team(story, [(DOCTOR, "Dr. Lee", "Your doctor")])
    appointment(story, "visit-next", "Yearly check-up", 1, "08:20", prepare="Eat nothing for 8 hours before.")


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
    _theos_health(story)


def _theos_health(story: Story) -> None:
    syrup = medicine(
        story,
        "amoxicillin",
        ("308177", "Amoxicillin 250 mg chewable tablet"),
        "Chew one tablet twice a day for ten days.",
        days_ago=22,
        refills=0,
        status="completed",
        why="Strep throat",
        fill=(20, "tablets", 10),
    )
    dispensed(story, "amoxicillin-fill", syrup, 22, fill=(20, "tablets", 10))
    drops = medicine(
        story,
        "cetirizine",
        ("1014676", "Cetirizine 5 mg chewable tablet"),
        "Chew one tablet in the evening in spring.",
        days_ago=200,
        refills=3,
        why="Allergy to cats",
        fill=(30, "tablets", 30),
    )
    dispensed(story, "cetirizine-fill", drops, 196, fill=(30, "tablets", 30))
    allergy(story, "cat", ("232346004", "Allergy to cats"), "Sneezing", "mild")
    allergy(story, "egg", ("91930004", "Allergy to eggs"), "Rash", "mild", state="resolved")
    for number, ago in enumerate((2600, 2540, 2480, 2290, 1000, 400)):
        shot(story, f"shot-{number}", (("20", "DTaP"), ("03", "MMR"), ("21", "Chickenpox"))[number % 3], ago)
    procedure(story, "procedure-ears", ("172676009", "Ear tubes placed"), story.day(1700), why="Fluid in both ears")
    cover(story, "Preferred provider plan", "Invented Health Plan", 1400, holder="Maya Samplewood")
    care_team(story, [(DOCTOR, "Dr. Lee", "Theo’s doctor")])
    _theos_visits(story, syrup)


def _theos_visits(story: Story, syrup: Resource) -> None:
    throat = visit(story, "visit-throat", "Office visit", 24, why="Sore throat and fever")
    warm = signs(story, "throat", 24, warmth=38.6, pulse=104, breaths=22)
    told = "Rest and plenty to drink. Theo may go back to school when he has had no fever for a day."
    during(throat, syrup, *warm, note(story, "note-throat", SUMMARY, 24, told))
    well = visit(story, "visit-well", "Well-child visit", 115, why="Well-child visit")
    during(well, note(story, "form-school", FORM, 115, "Theo may take part in all sports.", form="pdf"))
    appointment(story, "visit-flu", "Flu shot", 6, "15:40", minutes=10)
    appointment(story, "visit-teeth", "Well-child visit", 250, "10:00")
