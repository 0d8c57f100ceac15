"""Where an Observation belongs: among the results, the vital signs, or the history that was asked for.

Senders put `survey` on laboratory tests, so a category alone never takes a test out of the results: its words, its
unit, its range and its specimen are heard too. What the release rules call guarded stays a result whatever this says.
"""

from __future__ import annotations

import re

from rxportal.fhir.shapes import Json, codings, concept, items, obj, text
from rxportal.fhir.units import unit
from rxportal.models.records import Section

VITALS = frozenset({
    "85353-1", "9279-1", "8867-4", "2708-6", "59408-5", "8310-5", "8331-1", "8302-2", "9843-4", "8287-5", "29463-7",
    "3141-9", "39156-5", "85354-9", "55284-4", "8480-6", "8462-4", "72514-3", "8289-1", "59576-9", "77606-2", "8306-3",
    "3151-8", "3150-6", "8478-0", "8328-7", "8332-9", "8333-7", "60621009",
})  # fmt: skip
LIFE = {"social-history", "survey", "activity", "sdoh", "functional-status", "disability-status", "cognitive-status"}
LABORATORY = {"laboratory", "lab", "imaging", "procedure", "exam", "therapy"}
LABORATORY_WORDS = re.compile(
    r"\b(blood|serum|plasma|urine|stool|saliva|hair|swab|csf|specimen|antibod|antigen|dna|rna|screen|titer|\bab\b|\bag\b|"
    r"culture|pcr|naa)\b|\[(mass|moles|presence|units)",
    re.IGNORECASE,
)
LABORATORY_UNITS = re.compile(r"/(µL|mL|dL|L|g|mg)$|^(fL|pg|mIU|kU)", re.IGNORECASE)


def category_of(resource: Json) -> str:
    """The first category code (lower case, as Observation's own list writes it), else its words."""
    found = codings(resource.get("category"))
    known = next((c for _s, c, _d in found if c.lower() in LABORATORY | LIFE | {"vital-signs"}), "")
    return (known or next((c for _s, c, _d in found if c), "") or concept(resource.get("category"))).lower()


def belongs_to(resource: Json) -> Section:
    """The section of an Observation, before the release rules had their say."""
    categories = {c.lower() for _s, c, _d in codings(resource.get("category"))}
    codes = {c for _s, c, _d in codings(resource.get("code"))}
    if codes & VITALS and not categories & {"laboratory", "lab"}:
        return Section.VITALS
    if looks_like_laboratory(resource):
        return Section.RESULTS
    if "vital-signs" in categories:
        return Section.VITALS
    if categories & LIFE and not categories & LABORATORY:
        return Section.HISTORY
    return Section.RESULTS


def looks_like_laboratory(resource: Json) -> bool:
    """Whether something other than its category says that a sample was examined."""
    quantity = obj(resource.get("valueQuantity"))
    if resource.get("specimen"):
        return True
    said = " ".join([concept(resource.get("code")), *(d for _s, _c, d in codings(resource.get("code")))])
    if LABORATORY_WORDS.search(said) and "pressure" not in said.lower():
        return True
    return bool(LABORATORY_UNITS.search(unit(quantity.get("unit"), quantity.get("code")))) or bool(
        items(resource.get("referenceRange")) and "vital-signs" not in text(category_of(resource))
    )
