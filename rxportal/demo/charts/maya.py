"""Maya Samplewood, 41: the full history, and a result in every state that a person can meet."""

from __future__ import annotations

from rxportal.demo.analytes import (
    A1C,
    BLOOD_COUNT,
    CHLAMYDIA,
    DRUG_SCREEN,
    HEPATITIS,
    HIV,
    IRON,
    LIPIDS,
    METABOLIC,
    THYROID,
    URINE,
    VITAMIN_D,
)
from rxportal.demo.charts.maya_health import health
from rxportal.demo.laboratory import absent, measured, panel, report
from rxportal.demo.reports import CULTURE, culture, imaging, tissue
from rxportal.demo.story import Story, born, patient
from rxportal.demo.terms import LOINC, concept

PERSON = "maya-samplewood"
YEARS = (
    # days ago, glucose, creatinine, HbA1c, total cholesterol, HDL, LDL, triglycerides
    (2390, 88, 0.8, 5.2, 178, 58, 104, 92),
    (2025, 90, 0.8, 5.3, 184, 57, 110, 101),
    (1660, 91, 0.9, 5.4, 190, 55, 116, 118),
    (1295, 92, 0.9, 5.4, 196, 54, 121, 121),
    (920, 97, 0.9, 5.6, 203, 52, 128, 133),
    (540, 103, 1.0, 5.8, 214, 49, 138, 162),
    (173, 103, 0.9, 5.9, 188, 51, 112, 128),
)


def write(story: Story) -> None:
    """Everything of Maya's chart."""
    patient(story, ("Maya", "Samplewood"), "female", born(story.today, 41, 130), "900-004-411")
    _trends(story)
    _recent(story)
    _tissue(story)
    _imaging(story)
    _withheld(story)
    _loose(story)
    health(story)


def _trends(story: Story) -> None:
    for number, (ago, glucose, creatinine, a1c, total, hdl, ldl, fat) in enumerate(YEARS):
        panel(
            story,
            f"bmp-{number}",
            METABOLIC,
            ago,
            [glucose, creatinine, 13 + number, 140, 4.1, 102, 25, 9.3, 98 - number],
        )
        panel(story, f"a1c-{number}", A1C, ago, [a1c])
        panel(story, f"lipid-{number}", LIPIDS, ago, [total, hdl, ldl, fat])
    for number, hemoglobin in enumerate((13.1, 12.8, 12.4, 11.7, 12.6)):
        values = [6.4, 4.4, hemoglobin, 38.5, 88, 29.6, 33.4, 13.1, 241 + 3 * number]
        panel(story, f"cbc-{number}", BLOOD_COUNT, 1660 - 330 * number, values)
    for number, tsh in enumerate((1.9, 2.2, 2.4)):
        panel(story, f"tsh-{number}", THYROID, 1295 - 400 * number, [tsh])


INFECTED: list[float | str] = [
    *("Yellow", "Cloudy", 1.020, 6.0, "Trace", "Negative", "Negative", "Small", "Moderate", "Positive")
]


def _recent(story: Story) -> None:
    panel(story, "bmp-new", METABOLIC, 5, [112, 0.9, 15, 140, 4.2, 103, 25, 9.4, 92])
    panel(story, "cbc-new", BLOOD_COUNT, 5, [6.1, 4.5, 13.0, 39.2, 88, 29.4, 33.5, 13.0, 252])
    panel(story, "lipid-new", LIPIDS, 4, [192, 52, 113, 131])
    panel(story, "a1c-new", A1C, 3, [5.9])
    panel(story, "iron-new", IRON, 12, [11, "48"], abnormal=(1,))
    panel(story, "urine-new", URINE, 9, INFECTED, abnormal=(1, 7, 8, 9))
    culture(
        story,
        "culture-new",
        9,
        title=CULTURE,
        source="Urine, midstream",
        organism=("112283007", "Escherichia coli, more than 100,000 CFU/mL"),
        tested="RSSS",
        conclusion="Escherichia coli. See susceptibilities.",
    )
    culture(
        story,
        "culture-early",
        1,
        title=CULTURE,
        source="Urine, midstream",
        organism=("264868006", "No growth so far"),
        status="preliminary",
    )
    panel(story, "tsh-corrected", THYROID, 18, [4.3], status="corrected", note="Corrected: the first report said 3.4.")
    panel(story, "bmp-amended", METABOLIC, 61, [99, 0.9, 14, 139, 4.0, 101, 26, 9.2, 93], status="amended")
    panel(story, "bmp-struck", METABOLIC, 33, [612, 9.9, 99, 99, 9.9, 99, 9, 1.9, 3], status="entered-in-error")


def _tissue(story: Story) -> None:
    tissue(
        story,
        "pap-old",
        173,
        title=("10524-7", "Pap test"),
        source="Cervix",
        text=["Specimen adequate for evaluation, endocervical component present."],
        conclusion="Negative for intraepithelial lesion or malignancy.",
        cytology=True,
    )
    tissue(
        story,
        "biopsy-new",
        6,
        title=("11526-1", "Skin biopsy, left forearm"),
        source="Skin of left forearm",
        text=["Shave biopsy, 6 x 4 mm."],
        conclusion="Seborrheic keratosis. Benign.",
    )


def _imaging(story: Story) -> None:
    imaging(
        story,
        "chest",
        5,
        title=("36643-5", "Chest X-ray, 2 views"),
        modality=("DX", "Digital radiography"),
        text=["The lungs are clear. The heart is of normal size."],
        conclusion="No acute finding.",
    )
    imaging(
        story,
        "mammogram",
        40,
        title=("24606-6", "Mammogram, both breasts, screening"),
        modality=("MG", "Mammography"),
        text=["Scattered fibroglandular densities. No suspicious mass."],
        conclusion="BI-RADS 1, negative. Next screening in one year.",
    )
    imaging(
        story,
        "ct-abdomen",
        8,
        title=("79103-8", "CT of abdomen and pelvis"),
        modality=("CT", "Computed tomography"),
        text=["A simple cyst of 9 mm in the left kidney."],
        conclusion="Small simple cyst of the left kidney. No stone.",
    )


def _withheld(story: Story) -> None:
    panel(story, "hiv", HIV, 20, ["Nonreactive"])
    panel(story, "hepatitis", HEPATITIS, 20, ["Nonreactive", "Nonreactive"])
    panel(story, "drugs", DRUG_SCREEN, 20, ["Not detected", "Not detected"])
    panel(story, "chlamydia", CHLAMYDIA, 45, ["Not detected"])
    hidden = measured(story, "work-check-hiv", HIV.lines[0], "Nonreactive", 70)
    panel(
        story,
        "work-check",
        BLOOD_COUNT,
        70,
        [6.2, 4.4, 12.9, 38.8, 88, 29.3, 33.2, 13.2, 247],
        extra=[hidden],
        conclusion="Pre-employment check.",
    )


def _loose(story: Story) -> None:
    for number, value in enumerate((24, 31, 38)):
        measured(story, f"vitamin-d-{number}", VITAMIN_D, value, 700 - 240 * number)
    absent(story, "vitamin-d-lost", VITAMIN_D, 95, ("specimen-lost", "The specimen was lost"))
    outside = measured(story, "outside-crp", VITAMIN_D, "See the attached letter", 14, category="survey")
    outside["code"] = concept(LOINC, "1988-5", "C-reactive protein")
    outside.pop("referenceRange", None)
    report(
        story,
        "letter",
        {"text": "Outside laboratory letter"},
        14,
        results=[outside],
        conclusion="C-reactive protein 3 mg/L, measured outside the clinic.",
        order=False,
    )
