"""Documents that are text read as text, whatever they were written in; every word of them is heard by the rules."""

from __future__ import annotations

import time
from base64 import b64encode
from typing import Any

import pytest

from rxportal.fhir.attachments import readable, sent_files
from rxportal.fhir.clues import clues_of
from rxportal.fhir.document_text import cda_lines, every_word, paragraphs

CDA = """<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Summary</title>
<recordTarget><name>Someone Else</name></recordTarget><component><structuredBody><component><section>
<title>Allergies</title><text><list><item>Peanuts &amp; milk</item></list><table><tr><td>A</td><td>B</td></tr></table></text>
<entry><act><text>codes only</text></act></entry></section></component></structuredBody></component></ClinicalDocument>"""


def document(content: str, kind: str) -> dict[str, Any]:
    attached = {"contentType": kind, "data": b64encode(content.encode()).decode()}
    return {"resourceType": "DocumentReference", "id": "d", "content": [{"attachment": attached}]}


def test_a_cda_document_reads_as_its_sections_without_its_header() -> None:
    assert cda_lines(CDA) == ["Allergies", "Peanuts & milk", "A · B"]
    assert cda_lines(CDA.replace("<section", "<c:section").replace("<title", "<c:title")) != []


@pytest.mark.parametrize(
    ("content", "kind", "told"),
    [
        ("One\n\nTwo  lines", "text/plain; charset=utf-8", ["One", "Two lines"]),
        ("<style>p{}</style><p>One<script>steal()</script></p><p>Two", "text/html", ["One", "Two"]),
        (CDA, "application/xml", ["Allergies", "Peanuts & milk", "A · B"]),
        ("<x>raw</x>", "text/xml", []),
        (r"{\rtf1 hello}", "text/rtf", []),
        ("%PDF-1.4", "application/pdf", []),
    ],
)
def test_what_a_person_reads_holds_no_mark_up(content: str, kind: str, told: list[str]) -> None:
    (sent,) = sent_files(document(content, kind))
    assert readable(sent) == told == paragraphs(content, kind)


def test_words_in_every_kind_of_text_are_heard() -> None:
    assert every_word(r"{\rtf1\ansi HIV antibody\par}", "application/rtf") == ["HIV antibody"]
    assert every_word(CDA, "text/xml")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "text/html", "text/rtf"])
def test_a_guarded_word_on_the_last_page_is_heard(kind: str) -> None:
    filling = "All as it should be today. " * 900
    texts = clues_of(document(f"{filling} HIV antibody positive", kind)).texts
    assert any("HIV antibody" in text for text in texts)
    assert all(len(text) > 1000 for text in texts if "HIV" in text), "a short piece would be taken for a name"


def test_a_document_made_to_be_slow_is_not() -> None:
    began = time.monotonic()
    cda_lines("ClinicalDocument" + "<text" * 40_000 + "<" * 100_000)
    assert time.monotonic() - began < 2
