"""What any record says of itself on the record page, and the few readings that every kind of record shares.

Pure: JSON in, words out. Codes without words stay away: a code is not something that a person can read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

from rxportal.core.text import _
from rxportal.fhir.dates import date_words, period_words
from rxportal.fhir.names import tidy
from rxportal.fhir.shapes import Json, codings, items, lines, obj, path, text, unmarked

Pair = tuple[str, str]
MOST_NOTES = 12


@dataclass(frozen=True)
class Told:
    """A record in words. Empty text: not sent. `title`: a better one than the stored; `current`: it holds today.

    `status` is a short phrase where something should be said, `tone` as in a tag. `when` is a whole phrase: "Since
    May 2023". `facts` are (name, words), `notes` whole paragraphs.
    """

    title: str = ""
    status: str = ""
    tone: str = "good"
    current: bool = True
    when: str = ""
    who: str = ""
    facts: tuple[Pair, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reader:
    """How dates and references are read: the practice's `zone`, and `names` of "Practitioner/7" or ""."""

    zone: tzinfo = UTC
    names: Callable[[str], str] = field(default=lambda _reference: "")

    def day(self, value: Any) -> str:
        """A date in words."""
        return date_words(value, self.zone)

    def span(self, value: Any) -> str:
        """A Period in words, as a phrase that can stand alone."""
        return begun(period_words(value, self.zone))

    def name(self, reference: Any) -> str:
        """Who or what a Reference means, "" where nobody says."""
        return text(obj(reference).get("display")) or self.names(text(obj(reference).get("reference")))

    def all_names(self, references: Any) -> str:
        """The names of several references, each once."""
        return listed(self.name(reference) for reference in items(references))


def pairs(*given: Pair) -> tuple[Pair, ...]:
    """The facts that have words."""
    return tuple((name, begun(words)) for name, words in given if words)


def begun(words: str) -> str:
    """With a capital where a sentence begins: "skin rash" → "Skin rash"; "pH" stays."""
    return words[:1].upper() + words[1:] if words[1:2].islower() or words[1:2] == " " else words


def listed(words: Iterable[str]) -> str:
    """Several words with commas, each once."""
    return ", ".join(dict.fromkeys(word for word in words if word))


def spoken(value: Any) -> str:
    """A concept in words, without its code: its text, else its first display; "" where it has neither."""
    for entry in items(value):
        if words := text(entry.get("text")) or text(entry.get("display")):
            return tidy(words)
    return tidy(next((display for _system, _code, display in codings(value) if display), ""))


def named(value: Any, kind: str) -> str:
    """What a concept is called; one that came as a bare code says so: "Procedure (code 33249)"."""
    if words := spoken(value):
        return words
    code = next((code for _system, code, _display in codings(value) if code), "")
    return _("{kind} (code {code})").format(kind=kind, code=code) if code else kind


def several(value: Any) -> str:
    """Several concepts in words."""
    return listed(spoken(entry) for entry in items(value))


def coded(value: Any, words: Mapping[str, str]) -> str:
    """The words that we have for a code, else its own; "" for a code that nobody explains."""
    found = next((words[code] for _system, code, _display in codings(value) if code in words), "")
    return found or spoken(value)


def status_of(resource: Json, key: str = "status") -> str:
    """A status code in lower case, whether it stands bare or as a concept."""
    return next((code.lower() for _system, code, _display in codings(resource.get(key)) if code), "")


def notes_of(resource: Json, *keys: str) -> tuple[str, ...]:
    """What people wrote: the notes, then the texts under `keys`."""
    found = [line for entry in items(resource.get("note")) for line in lines(entry.get("text"))]
    found += [line for key in keys for line in lines(path(resource, key))]
    return tuple(dict.fromkeys(found))[:MOST_NOTES]


def written(resource: Json) -> tuple[str, ...]:
    """The narrative, where a person wrote more in it than the fields hold."""
    if text(path(resource, "text.status")) not in {"additional", "extensions"}:
        return ()
    return tuple(unmarked(path(resource, "text.div")))[:MOST_NOTES]


def onset(resource: Json, stem: str, read: Reader) -> str:
    """The words of onset[x], abatement[x], performed[x] and their like."""
    for kind in ("DateTime", "Date", "String"):
        if words := read.day(resource.get(stem + kind)):
            return words
    if words := read.span(resource.get(f"{stem}Period")):
        return words
    age = obj(resource.get(f"{stem}Age"))
    if years := text(age.get("value")):
        return _("at age {age}").format(age=years)
    return text(path(resource, f"{stem}Range.low.value"))
