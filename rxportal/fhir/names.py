"""Names of people, tests and things, from whatever parts of them were sent."""

from __future__ import annotations

import re
from typing import Any

from rxportal.core.text import _
from rxportal.fhir.shapes import Json, codings, concept, items, obj, text

PROPERTY = re.compile(
    r"\s*\[(?:#|Mass|Moles|Volume|Entitic|Presence|Enzymatic|Units|Ratio|Number|Molar|Arbitrary|Titer|Log)\b[^\]]*\]|\s*\[#/[^\]]*\]"
)
SEMANTIC_TAG = re.compile(
    r" \((?:finding|disorder|procedure|qualifier value|observable entity|situation|product|substance|event|person"
    r"|occupation|regime/therapy|body structure|morphologic abnormality|clinical drug|environment|organism)\)$"
)
LOINC = re.compile(r"\d{1,6}-\d", re.ASCII)
METHOD = re.compile(r" by (?:Automated count|Test strip|calculation|Immunoassay)$")
PREFERRED = ("official", "usual", "")


def person_name(names: Any, *, titles: bool = True) -> str:
    """A HumanName (or a list of them) as one line; "" when nobody said it. Patients go without `titles`."""
    listed = [name for name in items(names) if text(name.get("use")) not in {"old", "maiden", "nickname"}] or items(
        names
    )
    order = sorted(
        listed, key=lambda name: PREFERRED.index(use) if (use := text(name.get("use"))) in PREFERRED else len(PREFERRED)
    )
    for name in order:
        if written := text(name.get("text")):
            return written
        parts = [*_words(name.get("given")), *_words(name.get("family"))]
        if titles and parts:
            parts = [*_words(name.get("prefix")), *parts]
        suffix = ", ".join(_words(name.get("suffix"))) if titles else ""
        if parts:
            return " ".join(parts) + (f", {suffix}" if suffix else "")
    return text(names) if isinstance(names, str) else ""


def _words(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [word for entry in listed if (word := text(entry))]


def test_name(code: Any) -> str:
    """What a test is called: its text, else its display, without the technical parts of a LOINC name."""
    called = concept(code)
    if "_" in called and " " not in called:
        called = next((d for _s, _c, d in codings(code) if d), called.replace("_", " "))
    return tidy(called) or _("Test without a name")


def tidy(title: str) -> str:
    """A LOINC or SNOMED name as a person says it: "Hemoglobin [Mass/volume] in Blood" → "Hemoglobin in Blood"."""
    shorter = SEMANTIC_TAG.sub("", METHOD.sub("", PROPERTY.sub("", title))).replace(".total", " total").strip()
    return shorter or title


def loinc(code: Any) -> str:
    """The first LOINC code of a concept (one without a system that looks like LOINC counts), "" where it has none."""
    listed = codings(code)
    named = next((c for system, c, _d in listed if "loinc" in system.lower() and c), "")
    return named or next((c for system, c, _d in listed if not system and LOINC.fullmatch(c)), "")


def analyte(code: Any) -> str:
    """What makes two numbers comparable: code system and code, else the words of the test in lower case."""
    listed = codings(code)
    chosen = next((pair for pair in listed if "loinc" in pair[0].lower() and pair[1]), None)
    chosen = chosen or next((pair for pair in listed if pair[1]), None)
    return f"{chosen[0]}|{chosen[1]}" if chosen else concept(code).lower()


def reference_name(reference: Any) -> str:
    """The name a Reference carries itself, its display or its identifier's; "" where it has none."""
    found = obj(reference)
    return text(found.get("display")) or text(obj(found.get("identifier")).get("value"))


def resource_name(resource: Json) -> str:
    """What a Practitioner, Organization, Location, Medication… is called."""
    name = resource.get("name")
    return (person_name(name) if isinstance(name, (dict, list)) else text(name)) or concept(resource.get("code"))
