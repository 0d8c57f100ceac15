"""A chart given back as FHIR R4: exactly what this viewer may see, every resource as it was sent.

`chart.select(Record)` is the only way to the records, so the release rules and the grant decide here as on every page.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col

from rxportal.core.access import Access, Permission, Relationship
from rxportal.core.errors import InvalidInput
from rxportal.core.record_store import told_only_by_hidden
from rxportal.core.scopes import Chart, Desk
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.fhir.json_text import decode
from rxportal.fhir.shapes import references, text
from rxportal.models.records import Record, Section
from rxportal.rules.release import Viewer
from rxportal.services.imports_find import Known

ROUNDS = 3
VIEWERS = {
    "owner": Relationship.OWNER,
    "full": Relationship.FULL,
    "read_only": Relationship.READ_ONLY,
    "clinician": Relationship.CLINICIAN,
}
COLUMNS = (Record.id, Record.organization_id, Record.source_url, Record.body)
Kept = tuple[UUID, str, str]
"""Organization, fullUrl and original JSON of one resource."""


@use_case(Permission.EXPORT_CHART, fresh=True)
def export_chart(chart: Chart) -> str:
    """Give back everything of this chart that the viewer may see, as one FHIR R4 collection Bundle."""
    rows = chart.exec(_in_order(chart.select(Record))).all()
    traces = told_only_by_hidden(chart.session, chart.patient.id, to_proxy=chart.viewer is not Viewer.OWNER)
    kept = [(row[1], row[2], row[3]) for row in rows if row[0] not in traces]
    chart.note(records=len(kept))
    return bundle([*kept, *shared_with(chart.session, kept)], chart.now)


@use_case(Permission.EXPORT_CHART)
def export_for(desk: Desk, *, patient_id: UUID, viewer: str = "owner") -> str:
    """Give back what somebody would see of one patient's chart, for the operator of the command line.

    `viewer`: owner, full, read_only or clinician.
    """
    relationship = VIEWERS.get(viewer)
    if relationship is None:
        raise InvalidInput("viewer", _("Choose owner, full, read_only or clinician."))
    patient = desk.patient(patient_id)
    desk.note(patient_id=patient.id, viewer=viewer)
    if relationship is Relationship.CLINICIAN:
        rows = desk.exec(_in_order(desk.select(Record).where(col(Record.patient_id) == patient.id))).all()
        kept = [(row[1], row[2], row[3]) for row in rows]
        return bundle([*kept, *shared_with(desk.session, kept)], desk.now)
    access = Access(Permission.EXPORT_CHART, relationship)
    chart = Chart(desk.session, desk.actor, access, desk.now, patient=patient, practice=desk.practice)
    return export_chart(chart)


def _in_order(statement: Any) -> Any:
    first = col(Record.resource_type) != "Patient"
    # by what was sent alone, so that the same chart is always written the same way
    order = (first, col(Record.resource_type), col(Record.occurred_at).asc().nulls_first(), col(Record.source_id))
    return statement.with_only_columns(*COLUMNS, maintain_column_froms=True).order_by(*order)


def bundle(kept: Iterable[Kept], now: datetime) -> str:
    """A collection Bundle around texts that are not touched."""
    entries = [f'{{{_full_url(url)}"resource":{body}}}' for _organization, url, body in kept]
    head = f'{{"resourceType":"Bundle","type":"collection","timestamp":"{now.isoformat(timespec="seconds")}","entry":['
    return head + ",\n".join(entries) + "]}"


def _full_url(url: str) -> str:
    return f'"fullUrl":{json.dumps(url)},' if url else ""


def shared_with(session: Session, kept: Iterable[Kept]) -> list[Kept]:
    """The people, places and medications that these resources name, and those that they name in turn."""
    found: dict[UUID, tuple[str, str, Kept]] = {}
    frontier = list(kept)
    for _round in range(ROUNDS):
        wanted: dict[UUID, list[str]] = defaultdict(list)
        for organization, _url, body in frontier:
            wanted[organization] += [text(reference["reference"]) for _where, reference in references(decode(body))]
        frontier = []
        for organization, targets in wanted.items():
            for row in _shared(Known(session, organization), targets):
                if row[2] not in found:
                    found[row[2]] = (row[0], row[1], (organization, row[3], row[4]))
                    frontier.append(found[row[2]][2])
    return [one for _kind, _identity, one in sorted(found.values(), key=lambda each: each[:2])]


def _shared(known: Known, targets: list[str]) -> list[Any]:
    columns = [Record.id, Record.source_url, Record.body, Record.section, Record.patient_id, Record.struck]
    rows = known.by_reference([target for target in targets if not target.startswith("#")], columns).values()
    return [row for row in rows if row[5] == Section.SHARED.value and row[6] is None and not row[7]]
