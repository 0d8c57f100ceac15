"""What the people, places and organizations that resources refer to are called.

Only records that are nobody's in particular are asked (a doctor, a building): another person's name never comes out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from rxportal.core.scopes import Chart
from rxportal.fhir.names import reference_name
from rxportal.fhir.shapes import Json, references, text
from rxportal.models.records import Record, Section
from rxportal.services.imports_find import Known

COLUMNS = (Record.title, Record.section, Record.patient_id, Record.struck)
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
        if not targets:
            continue
        rows: dict[str, Any] = Known(chart.session, organization_id).by_reference(dict.fromkeys(targets), COLUMNS)
        for target, row in rows.items():
            if row[3] == Section.SHARED.value and row[4] is None and not row[5]:
                found[organization_id, target] = row[2]
    return Names(found)


def _nameless(resource: Json) -> list[str]:
    return [
        text(reference["reference"])
        for where, reference in references(resource)
        if where.startswith(PEOPLE_AND_PLACES)
        and not reference_name(reference)
        and not reference["reference"].startswith("#")
    ]
