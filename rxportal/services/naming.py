"""What the people, places and organizations that resources refer to are called.

Only records that are nobody's in particular are asked (a doctor, a building): another person's name never comes out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, or_
from sqlmodel import col

from rxportal.core.scopes import Chart
from rxportal.core.sight import Sight
from rxportal.fhir.links import read_reference
from rxportal.fhir.names import reference_name
from rxportal.fhir.shapes import Json, references, text
from rxportal.models.records import Record

_KINDS: Any = bindparam("kinds", expanding=True)
_IDS: Any = bindparam("ids", expanding=True)
_URLS: Any = bindparam("urls", expanding=True)
_WITHIN = col(Record.organization_id) == bindparam("within")
PEOPLE_AND_PLACES = ("participant", "location", "serviceProvider", "author", "performer", "custodian", "requester")


class Names:
    """The names of one answer, by organization and reference."""

    def __init__(self, found: dict[tuple[UUID, str], str]) -> None:
        self._found = found

    def within(self, organization_id: UUID) -> Callable[[str], str]:
        """How one organization's resources are to be read: a reference in, a name or "" out."""
        return lambda reference: self._found.get((organization_id, reference), "")


def names_for(chart: Chart, sent: Iterable[tuple[UUID, Json]]) -> Names:
    """The names of whom and what these resources refer to without saying it themselves.

    `sent`: (organization id, resource). A few statements per organization, however many resources there are.
    """
    wanted: dict[UUID, list[str]] = defaultdict(list)
    for organization_id, resource in sent:
        wanted[organization_id] += _nameless(resource)
    found: dict[tuple[UUID, str], str] = {}
    for organization_id, targets in wanted.items():
        for target, name in _called(chart, organization_id, list(dict.fromkeys(targets))).items():
            found[organization_id, target] = name
    return Names(found)


def _called(chart: Chart, organization_id: UUID, targets: list[str]) -> dict[str, str]:
    """The titles of what these references of one organization name; a statement for each kind of reference at most."""
    read = {target: read_reference(target) for target in targets if target}
    typed = {target: pair for target, pair in read.items() if pair[0]}
    urns = {target: pair[1] for target, pair in read.items() if not pair[0]}
    found: dict[str, str] = {}
    if typed:
        kinds, ids = (list(dict.fromkeys(part)) for part in zip(*typed.values(), strict=True))
        rows = chart.read(_by_identity, within=organization_id, kinds=kinds, ids=ids)
        titles = {(row.resource_type, row.source_id): row.title for row in rows}
        found = {target: titles[pair] for target, pair in typed.items() if pair in titles}
    for row in (
        chart.read(_by_url, within=organization_id, urls=list(urns), ids=list(filter(None, urns.values())))
        if urns
        else ()
    ):
        for target in (row.source_url, f"urn:uuid:{row.source_id}", f"urn:oid:{row.source_id}"):
            if target in urns and (target not in found or row.source_url == target):
                found[target] = row.title
    return found


def _by_identity(sight: Sight) -> Select[Any]:
    rows = sight.select_shared(col(Record.resource_type), col(Record.source_id), col(Record.title))
    return rows.where(_WITHIN, col(Record.resource_type).in_(_KINDS), col(Record.source_id).in_(_IDS))


def _by_url(sight: Sight) -> Select[Any]:
    rows = sight.select_shared(col(Record.source_url), col(Record.source_id), col(Record.title))
    return rows.where(_WITHIN, or_(col(Record.source_url).in_(_URLS), col(Record.source_id).in_(_IDS)))


def _nameless(resource: Json) -> list[str]:
    return [
        text(reference["reference"])
        for where, reference in references(resource)
        if where.startswith(PEOPLE_AND_PLACES)
        and not reference_name(reference)
        and not reference["reference"].startswith("#")
    ]
