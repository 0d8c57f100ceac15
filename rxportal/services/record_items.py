"""From heads and bodies to the items of the record page: words, provenance, earlier times, ways to more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rxportal.core.text import _, plural
from rxportal.fhir.display import date_words
from rxportal.fhir.record_views import told
from rxportal.fhir.told import Reader, Told, begun, listed
from rxportal.services.naming import Names
from rxportal.services.record_rows import Head, Tie
from rxportal.services.record_views import Before, RecordItem
from rxportal.services.result_journey import day

MOST_BEFORE = 12
#: What a tie to one of these says beside the item: the condition that a plan is for, its goals.
TIED = {"Condition": _("Because of"), "Goal": _("Goals"), "AllergyIntolerance": _("Because of")}


@dataclass(frozen=True)
class Group:
    """The same thing at several times, newest first."""

    heads: list[Head] = field(default_factory=list)

    @property
    def newest(self) -> Head:
        """The one that is told in full."""
        return self.heads[0]


def grouped(heads: Sequence[Head], *, together: bool) -> list[Group]:
    """One group per thing, in the order of their newest; each record alone where they do not stand together."""
    if not together:
        return [Group([head]) for head in heads]
    found: dict[tuple[str, str], Group] = {}
    for head in heads:
        found.setdefault((head.resource_type, head.title.strip().lower()), Group()).heads.append(head)
    return list(found.values())


@dataclass(frozen=True)
class Sources:
    """What the items of one answer are made from."""

    bodies: Mapping[UUID, dict[str, Any]]
    ties: Mapping[UUID, list[Tie]]
    names: Names
    zone: ZoneInfo

    def said(self, head: Head) -> Told:
        """What one record says of itself."""
        names = self.names.within(head.organization_id)
        return told(self.bodies.get(head.id, {}) | {"resourceType": head.resource_type}, Reader(self.zone, names))


def items_of(
    groups: Iterable[Group], sources: Sources, *, with_past: bool
) -> tuple[list[RecordItem], list[RecordItem]]:
    """The things in their order; `with_past`: those that their own words call past (a ruled-out allergy) apart."""
    now: list[RecordItem] = []
    past: list[RecordItem] = []
    for group in groups:
        said = sources.said(group.newest)
        (past if with_past and not said.current else now).append(item(group, said, sources))
    return now, past


def item(group: Group, said: Told, sources: Sources) -> RecordItem:
    """One thing with everything that stands beside it. Always dated, by itself or by its arrival."""
    head = group.newest
    tied = sources.ties.get(head.id, [])
    title = begun(said.title or head.title)
    who = said.who or ("" if head.resource_type == "Patient" or head.author == title else head.author)
    href, words = _way(head, tied)
    return RecordItem(
        id=f"r-{head.id}",
        title=title,
        status=said.status,
        tone=said.tone,
        when=" · ".join(part for part in (said.when or _undated(head, sources.zone), who) if part),
        facts=[*([name, words] for name, words in said.facts), *_tied(tied)],
        notes=list(said.notes),
        before=[_before(earlier, sources) for earlier in group.heads[1 : MOST_BEFORE + 1]],
        before_words=_before_words(len(group.heads) - 1),
        href=href,
        href_words=words,
        origin=came_from(head.source, head.arrived_at, sources.zone),
    )


def came_from(source: str, arrived_at: datetime, zone: ZoneInfo) -> str:
    """Who sent it, and when it came."""
    return _("From {source}, {day}").format(source=source, day=day(arrived_at, zone))


def _undated(head: Head, zone: ZoneInfo) -> str:
    """The date of the record where its own words name none; people and plans without one are not dated at all."""
    if head.resource_type in {"Patient", "RelatedPerson", "CareTeam", "Device"}:
        return ""
    shown = date_words(head.occurred, zone)
    return _("Dated {day}").format(day=shown) if shown else _("Date not known")


def _tied(tied: Sequence[Tie]) -> list[list[str]]:
    found = []
    for kind, label in TIED.items():
        if words := listed(begun(tie.title) for tie in tied if tie.resource_type == kind):
            found.append([label, words])
    return found


def _way(head: Head, tied: Sequence[Tie]) -> tuple[str, str]:
    """Where more of it stands: the visit itself, or the visit or result that it belongs to."""
    if head.resource_type == "Encounter":
        return f"/visits/{head.id}", _("Open this visit")
    visit = next((tie for tie in tied if tie.resource_type == "Encounter"), None)
    return (f"/visits/{visit.id}", _("The visit this belongs to")) if visit else ("", "")


def _before(head: Head, sources: Sources) -> Before:
    said = sources.said(head).facts if head.id in sources.bodies else ()
    return Before(
        when=date_words(head.occurred, sources.zone) or day(head.arrived_at, sources.zone),
        said=said[0][1] if said else "",
        source=head.source,
    )


def _before_words(count: int) -> str:
    return plural("{count} earlier time", "{count} earlier times", count) if count else ""


def told_in_full(groups: Iterable[Group]) -> list[Head]:
    """The records whose bodies are needed: the newest of each, and earlier answers, which say something else."""
    found = []
    for group in groups:
        answers = group.newest.resource_type == "Observation"
        found += group.heads[: MOST_BEFORE + 1] if answers else [group.newest]
    return found
