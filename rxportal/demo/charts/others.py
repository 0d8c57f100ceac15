"""Nora Placeholder with an empty chart, Olive Newcomer, who asks for hers, Petra Elsewhere of another practice."""

from __future__ import annotations

from rxportal.demo.analytes import LIPIDS, METABOLIC
from rxportal.demo.encounters import appointment, visit
from rxportal.demo.laboratory import panel
from rxportal.demo.medicines import medicine
from rxportal.demo.reports import imaging
from rxportal.demo.story import Story, born, patient

NORA = "nora-placeholder"
OLIVE = "olive-newcomer"
PETRA = "petra-elsewhere"


def write_nora(story: Story) -> None:
    """Nora: nothing but herself."""
    patient(story, ("Nora", "Placeholder"), "female", born(story.today, 29, 15), "900-006-001")


def write_olive(story: Story) -> None:
    """Olive: new here, one panel and the next visit."""
    birth = born(story.today, 38, 200)
    patient(story, ("Olive", "Newcomer"), "female", birth, "900-007-001", email="olive.newcomer@mail.demo.example")
    panel(story, "lipid-0", LIPIDS, 12, [188, 57, 109, 110])
    appointment(story, "visit-next", "Yearly check-up", 9, "10:20")


def write_petra(story: Story) -> None:
    """Petra: a few results at the other clinic, one of them waiting."""
    patient(story, ("Petra", "Elsewhere"), "female", born(story.today, 52, 61), "800-000-007")
    panel(story, "bmp-0", METABOLIC, 200, [93, 0.8, 14, 140, 4.4, 103, 26, 9.6, 91])
    panel(story, "lipid-new", LIPIDS, 4, [207, 58, 121, 140])
    medicine(story, "thyroid", ("966222", "Levothyroxine 50 mcg tablet"), "One tablet before breakfast.", days_ago=200)
    visit(story, "visit-knee", "Office visit", 11, why="Knee pain")
    imaging(
        story,
        "knee",
        10,
        title=("36588-2", "X-ray of right knee"),
        modality=("DX", "Digital radiography"),
        text=["Mild narrowing of the joint space."],
        conclusion="Mild wear of the knee joint.",
    )
