"""What a result page says, out of the original JSON."""

from __future__ import annotations

import base64
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from rxportal.fhir.views import observation_view, report_view, value_lines
from tests.importing import report
from tests.samples import ANY_OBJECT, observation, quantity

PACIFIC = ZoneInfo("America/Los_Angeles")
USUAL = [{"low": quantity(70), "high": quantity(99)}]


def test_a_report_tells_its_values_in_order_with_the_worst_flag() -> None:
    page = report_view(
        report(performer=[{"reference": "Organization/lab"}], conclusion="All well.\nDrink water."),
        [("b", observation(valueQuantity=quantity(120), referenceRange=USUAL)),
         ("a", observation("2947-0", "Sodium", valueQuantity=quantity(140, "mmol/L"), interpretation=[{"text": "N"}]))],
        zone=PACIFIC, names=lambda reference: {"Organization/lab": "City Lab"}[reference],
        specimens=[{"type": {"text": "Venous blood"}, "collection": {"bodySite": {"text": "left arm"}}}],
    )  # fmt: skip
    assert (page.title, page.layout, page.collected, page.issued) == (
        "Basic metabolic panel", "chemistry", "1 Mar 2020", "2 Mar 2020, 4:00 am",
    )  # fmt: skip
    assert [(line.record_id, line.name, line.text, line.range, line.flag) for line in page.values] == [
        ("b", "Glucose", "120 mg/dL", "70–99", "High"), ("a", "Sodium", "140 mmol/L", "", "N"),
    ]  # fmt: skip
    assert (page.flag, page.tone, page.performer) == ("High", "look", "City Lab")
    assert (page.conclusion, page.specimen) == ("All well. Drink water.", "Venous blood (left arm)")
    assert (page.values[0].number, page.values[0].low, page.values[0].high) == (120.0, 70.0, 99.0)
    assert page.values[0].analyte == "http://loinc.org|2339-0"


@pytest.mark.parametrize(
    ("category", "title", "layout"),
    [
        ("RAD", "Chest", "imaging"), ("LP29684-5", "XR chest X-ray", "imaging"), ("PAT", "Skin", "pathology"),
        ("SP", "Skin", "pathology"), ("MB", "Urine", "microbiology"), ("LAB", "Urine culture", "microbiology"),
        ("LAB", "Lipid panel", "chemistry"), ("", "Something", "other"),
    ],
)  # fmt: skip
def test_the_layout_follows_category_then_words(category: str, title: str, layout: str) -> None:
    given_report = {"category": [{"coding": [{"code": category}]}], "code": {"text": title}}
    assert report_view(given_report, []).layout == layout


def test_text_forms_are_read_and_files_are_listed() -> None:
    html = base64.b64encode(b"<html><style>p{}</style><p>Clear <b>lungs</b> &amp; heart</p><script>x()</script></html>")
    page = report_view(
        report(presentedForm=[{"contentType": "text/html", "data": html.decode()}, {"contentType": "application/pdf",
                              "title": "Film", "data": "AAAA"}]), [], record_id="r",
    )  # fmt: skip
    assert page.narrative == ["Clear lungs & heart"]
    assert [(file.record_id, file.place, file.title, file.size) for file in page.files] == [
        ("r", "/presentedForm/0", "File", len(html) * 3 // 4 - html[-2:].count(b"=")),
        ("r", "/presentedForm/1", "Film", 3),
    ]


def test_contained_observations_and_panels_are_told() -> None:
    inside = observation(valueQuantity=quantity(80), id="in")
    assert [line.text for line in report_view(report(contained=[inside]), []).values] == ["80 mg/dL"]
    panel = observation("1", "Panel", valueQuantity=None)
    page = observation_view(panel, [("x", inside)], record_id="p")
    assert [(line.record_id, line.name) for line in page.values] == [("x", "Glucose")]
    culture = observation("", "Culture", component=[{"code": {"text": "Penicillin"}, "valueString": "S",
                          "interpretation": [{"coding": [{"code": "R"}]}]}, {"code": {"text": "Other"}}])  # fmt: skip
    assert [(line.name, line.text, line.flag) for line in observation_view(culture).values] == [
        ("Penicillin", "S", "Resistant"),
        ("Other", "No value was sent", ""),
    ]


def test_blood_pressure_is_one_line_of_two_numbers() -> None:
    parts = [{"code": {"coding": [{"code": code}]}, "valueQuantity": quantity(value, "mmHg")}
             for code, value in (("8480-6", 128), ("8462-4", 82))]  # fmt: skip
    (line,) = value_lines(observation("85354-9", "Blood pressure panel with all children optional", component=parts))
    assert (line.name, line.value, line.unit) == ("Blood pressure", "128/82", "mmHg")


@given(ANY_OBJECT, ANY_OBJECT)
def test_a_page_of_any_shape_is_told(whole: dict[str, Any], part: dict[str, Any]) -> None:
    for page in (report_view(whole, [("x", part)]), observation_view(part, [("y", whole)])):
        assert page.title
        assert page.layout in {"chemistry", "microbiology", "pathology", "imaging", "other"}
        for line in page.values:
            assert line.text.encode()
