"""Everything in a resource by which the release rules can tell what kind of result or record it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rxportal.fhir.attachments import SentFile, sent_files, words_of
from rxportal.fhir.shapes import Json, all_codings, codings, concept, items, text, unmarked, words

WORDS = {
    "text", "display", "conclusion", "description", "title", "valueString", "comment", "note", "patientInstruction",
    "onsetString", "name", "summary", "details", "contentString", "disposition", "valueMarkdown", "occurrenceString",
}  # fmt: skip
MOST_CODINGS = 400
MOST_TEXTS = 400
LONGEST = 2000
OVERLAP = 100


@dataclass(frozen=True)
class Clues:
    """The same fields as `rules.kinds.Facts`, told without knowing the rules. Codings are (system, code, display)."""

    resource_type: str
    codings: tuple[tuple[str, str, str], ...]
    texts: tuple[str, ...]
    categories: tuple[str, ...]
    modalities: tuple[str, ...]
    labels: tuple[str, ...]


def clues_of(resource: Json, files: Sequence[SentFile] | None = None) -> Clues:
    """Codes and words from all over the resource, contained resources and readable forms (`files`) included."""
    return Clues(
        text(resource.get("resourceType")),
        tuple(dict.fromkeys(all_codings(resource)))[:MOST_CODINGS],
        _texts(resource, sent_files(resource) if files is None else files),
        _categories(resource),
        _modalities(resource),
        tuple(dict.fromkeys(c for part in [resource, *items(resource.get("contained"))] for c in _labels(part))),
    )


def _texts(resource: Json, files: Sequence[SentFile]) -> tuple[str, ...]:
    said = [
        value
        for key, value in words({k: v for k, v in resource.items() if k != "meta"})
        if key in WORDS or key == "div"
    ]
    told = [" ".join(unmarked(value)) if value.lstrip().startswith("<") else text(value) for value in said]
    forms = [piece for form in files for piece in _pieces(" ".join(words_of(form)))]
    return tuple(dict.fromkeys([*forms, *(part[:LONGEST] for part in told if part)]))[:MOST_TEXTS]


def _pieces(told: str) -> list[str]:
    """The whole of a text: a guarded word on its last page counts as much.

    Every piece is of full length, because a short one would be taken for a name.
    """
    if len(told) <= LONGEST:
        return [told] if told else []
    starts = range(0, len(told) - LONGEST, LONGEST - OVERLAP)
    return [*(told[start : start + LONGEST] for start in starts), told[-LONGEST:]]


def _labels(resource: Json) -> list[str]:
    meta = resource.get("meta")
    return [c for part in items(meta) for _s, c, _d in codings(part.get("security")) if c]


def _categories(resource: Json) -> tuple[str, ...]:
    found = [value for entry in items(resource.get("category")) for value in (*_both(entry), concept(entry))]
    return tuple(dict.fromkeys(value for value in found if value))


def _both(entry: Json) -> list[str]:
    return [part for _s, c, d in codings(entry) for part in (c, d)]


def _modalities(resource: Json) -> tuple[str, ...]:
    series = items(resource.get("series"))
    found = [entry for part in [resource, *series] for entry in codings(part.get("modality"))]
    return tuple(dict.fromkeys(c for _s, c, _d in found if c))
