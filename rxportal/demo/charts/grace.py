"""Grace Samplewood, 71: Maya's mother. Maya may read her chart, no more."""

from __future__ import annotations

from rxportal.demo.analytes import A1C, LIPIDS, METABOLIC
from rxportal.demo.charts.grace_health import health
from rxportal.demo.laboratory import panel
from rxportal.demo.reports import imaging, tissue
from rxportal.demo.story import Story, born, patient

PERSON = "grace-samplewood"


def write(story: Story) -> None:
    """Everything of Grace's chart."""
    patient(story, ("Grace", "Samplewood"), "female", born(story.today, 71, 294), "900-004-417")
    for number, (ago, potassium, creatinine) in enumerate(((1100, 4.4, 1.0), (730, 4.6, 1.1), (365, 4.9, 1.2))):
        panel(
            story, f"bmp-{number}", METABOLIC, ago, [96, creatinine, 19, 139, potassium, 102, 24, 9.2, 66 - 4 * number]
        )
        panel(story, f"lipid-{number}", LIPIDS, ago, [201 - 9 * number, 56, 120, 138])
    panel(story, "bmp-critical", METABOLIC, 2, [104, 1.6, 31, 137, 6.2, 104, 20, 9.0, 38])
    panel(story, "a1c-held", A1C, 7, [6.6])
    imaging(
        story,
        "chest",
        5,
        title=("36643-5", "Chest X-ray, 2 views"),
        modality=("DX", "Digital radiography"),
        text=["No focal consolidation. Heart size normal. Small calcified granuloma, right upper lobe."],
        conclusion="No acute finding. The granuloma has not changed.",
    )
    imaging(
        story,
        "bones",
        420,
        title=("38269-7", "Bone density scan (DXA)"),
        modality=("DX", "Digital radiography"),
        text=["T-score of the spine -1.9, of the left hip -1.4."],
        conclusion="Osteopenia.",
    )
    tissue(
        story,
        "polyp",
        11,
        title=("11526-1", "Colon polyp, biopsy"),
        source="Sigmoid colon",
        text=["Polyp of 5 mm."],
        conclusion="Tubular adenoma, low grade, fully removed.",
    )
    health(story)
