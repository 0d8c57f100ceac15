"""The parts of a chart as a person grants them, and the sections of the record behind each (F7).

People choose among six parts; what the chart needs to be read at all (who it is about, people and places that are
named) goes with every one of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from rxportal.models.records import Section


class Part(StrEnum):
    """What can be granted by itself."""

    RESULTS = "results"
    MEDICINES = "medicines"
    RECORD = "record"
    APPOINTMENTS = "appointments"
    MESSAGES = "messages"
    BILLS = "bills"


ALWAYS = frozenset({Section.PROFILE, Section.SHARED})
BEHIND = {
    Part.RESULTS: frozenset({Section.RESULTS}),
    Part.MEDICINES: frozenset({Section.MEDICINES}),
    Part.APPOINTMENTS: frozenset({Section.APPOINTMENTS, Section.VISITS}),
    Part.MESSAGES: frozenset({Section.MESSAGES}),
    Part.BILLS: frozenset({Section.BILLS}),
}
# The record is whatever has no part of its own, so that a section made later is nowhere forgotten.
BEHIND[Part.RECORD] = frozenset(Section) - ALWAYS - frozenset[Section]().union(*BEHIND.values())


def stored(parts: Iterable[Part]) -> str:
    """What a grant keeps of some parts: the words of its sections, "" for all of them.

    Raises:
        ValueError: none.
    """
    chosen = set(parts)
    if not chosen:
        raise ValueError("a grant opens one part at least")
    if chosen == set(Part):
        return ""
    sections = ALWAYS.union(*(BEHIND[part] for part in chosen))
    return ",".join(sorted(section.value for section in sections))


def parts_of(stored_sections: str) -> tuple[Part, ...]:
    """The parts that a grant opens wholly, in the order in which they are shown."""
    if not stored_sections:
        return tuple(Part)
    open_sections = {Section(word) for word in stored_sections.split(",") if word}
    return tuple(part for part in Part if BEHIND[part] <= open_sections)
