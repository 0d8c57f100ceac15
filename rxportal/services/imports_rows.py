"""From an extracted resource to the rows that are stored: the record itself, its numbers, its files, its references."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from rxportal.fhir.attachments import decoded
from rxportal.fhir.clues import Clues, clues_of
from rxportal.fhir.extract import Extracted, extract, identity_of
from rxportal.fhir.json_text import decode
from rxportal.fhir.read import Sent
from rxportal.fhir.shapes import Json
from rxportal.models.records import Gate, Kind, Section
from rxportal.rules.kinds import Facts, classify
from rxportal.services.imports_inbox import Order, Vault

STANDING = {"Observation", "DiagnosticReport", "ImagingStudy"}
Row = dict[str, Any]


class Incoming:
    """One resource on its way in: as sent, what makes it itself, and (once asked for) what is read out of it."""

    def __init__(self, sent: Sent, zone: ZoneInfo) -> None:
        self.sent = sent
        self.identity, self.digest = identity_of(sent.data)
        self._zone = zone

    @cached_property
    def facts(self) -> Extracted:
        """What the portal stores of it."""
        return extract(self.sent.data, url=self.sent.url, zone=self._zone)


@dataclass(frozen=True)
class Names:
    """What references to shared records stand for: titles of people and places, bodies of medications."""

    titles: Mapping[str, str]
    medicines: Mapping[str, str]


def read_again(body: str, url: str, zone: ZoneInfo) -> Incoming:
    """A stored resource, read anew out of its original JSON."""
    data: Json = decode(body)
    return Incoming(Sent(data, body, url), zone)


def record_columns(incoming: Incoming, names: Names) -> Row:
    """The columns of a Record that come from the resource alone."""
    facts = incoming.facts
    medicine = names.medicines.get(facts.named_by, "")
    kind, sensitivity = classified(facts.clues, medicine)
    section = _section(facts, kind)
    return {
        "source_url": facts.source_url,
        "source_version": facts.source_version,
        "digest": facts.digest,
        "body": incoming.sent.text,
        "section": section.value,
        "status": facts.status,
        "struck": facts.struck,
        "title": facts.title if facts.title != facts.resource_type else names.titles.get(facts.named_by, facts.title),
        "code_system": facts.code_system,
        "code": facts.code,
        "category": facts.category,
        "author": facts.author or names.titles.get(facts.author_ref, ""),
        "occurred": facts.occurred,
        "occurred_at": facts.occurred_at,
        "ordered": facts.ordered,
        "issued": facts.issued,
        "final_at": facts.final_at,
        "search": facts.search,
        "listed": _listed(facts, kind),
        "own_kind": kind.value,
        "own_sensitivity": sensitivity,
        "values": facts.values,
        "flagged": facts.flagged,
    }


def classified(clues: Clues, medicine: str = "") -> tuple[Kind, str]:
    """Kind and sensitivity of one resource by itself; a prescription counts with the medication it names elsewhere."""
    codings, texts = clues.codings, clues.texts
    labels = clues.labels
    if medicine:
        other = clues_of(decode(medicine))
        codings, texts, labels = codings + other.codings, texts + other.texts, labels + other.labels
    answer = classify(Facts(clues.resource_type, codings, texts, clues.categories, clues.modalities, labels))
    return answer.kind, answer.sensitivity.value


def _section(facts: Extracted, kind: Kind) -> Section:
    """Guarded or tested things are results whatever their category says; bedside answers are not."""
    if facts.resource_type != "Observation":
        return facts.section
    if kind is Kind.NOT_A_RESULT:
        return facts.section if facts.section is not Section.RESULTS else Section.HISTORY
    return facts.section if facts.section is Section.VITALS and kind is Kind.ORDINARY else Section.RESULTS


def _listed(facts: Extracted, kind: Kind) -> bool:
    if facts.resource_type == "DiagnosticReport":
        return True
    return (
        facts.resource_type in STANDING and _section(facts, kind) is Section.RESULTS and kind is not Kind.NOT_A_RESULT
    )


def new_record(
    incoming: Incoming, names: Names, *, organization_id: UUID, order: Order, now: datetime, zone: ZoneInfo
) -> Row:
    """A whole new row. It waits unseen until the end of the run settles it."""
    columns = record_columns(incoming, names)
    return columns | history(columns, order, zone, now) | {
        "id": uuid4(),
        "patient_id": None,
        "organization_id": organization_id,
        "import_run_id": order.run_id,
        "resource_type": incoming.facts.resource_type,
        "source_id": incoming.facts.source_id,
        "arrived_at": now,
        "final_at": columns["final_at"] or _never_dated(incoming.facts, now),
        "kind": columns["own_kind"],
        "sensitivity": columns["own_sensitivity"],
        "gate": Gate.WAITING.value,
        "hold_reason": "",
        "hold_until": None,
        "visible_from": None,
        "latest_at": None,
        "waits_for": "",
    }  # fmt: skip


def _never_dated(facts: Extracted, now: datetime) -> datetime | None:
    """Final results and ready documents that carry no date at all count as final when they arrive."""
    undated = not facts.occurred_at and not facts.issued
    final = facts.status in {"final", "amended", "corrected", "appended", "cancelled"}
    return now if undated and (final or facts.resource_type not in {"Observation", "DiagnosticReport"}) else None


def history(columns: Row, order: Order, zone: ZoneInfo, now: datetime) -> Row:
    """What was decided elsewhere before: ordinary results seen, pathology and imaging released, by collection date."""
    collected: datetime | None = columns["occurred_at"] or columns["final_at"]
    kind = Kind(columns["own_kind"])
    before = {"seen_at": order.seen_before, "released_at": order.released_before}
    took_part = {"seen_at": kind is Kind.ORDINARY, "released_at": kind in {Kind.PATHOLOGY, Kind.RADIOLOGY}}
    return {
        name: now if took_part[name] and _earlier(collected, day, zone) and columns["final_at"] else None
        for name, day in before.items()
    }


def _earlier(moment: datetime | None, day: date | None, zone: ZoneInfo) -> bool:
    return moment is not None and day is not None and moment.astimezone(zone).date() < day


def reading_rows(incoming: Incoming, record_id: UUID, patient_id: UUID | None) -> list[Row]:
    """The points of trends; none for records without a chart or entered in error."""
    facts = incoming.facts
    if patient_id is None or facts.struck:
        return []
    return [
        {
            "id": uuid4(), "record_id": record_id, "patient_id": patient_id, "position": position,
            "analyte": number.analyte, "name": number.name, "unit": number.unit, "value": number.value,
            "display": number.display, "low": number.low, "high": number.high, "flag": number.flag,
            "at": facts.occurred_at,
        }
        for position, number in enumerate(facts.readings)
    ]  # fmt: skip


def attachment_rows(incoming: Incoming, record_id: UUID, vault: Vault) -> list[Row]:
    """The files of a resource, put into the vault; what is not base64 stays in the original only."""
    rows: list[Row] = []
    for file in incoming.facts.files:
        content = decoded(file)
        if content is None:
            continue
        rows.append({
            "id": uuid4(), "record_id": record_id, "place": file.place, "content_type": file.content_type,
            "title": file.title, "size": len(content), "digest": hashlib.sha256(content).hexdigest(),
            "file": vault.keep(content),
        })  # fmt: skip
    return rows


def version_of(body: str) -> tuple[str, str]:
    """(versionId, lastUpdated) of a stored body; "" where they were not sent."""
    meta = json.loads(body).get("meta")
    found = meta if isinstance(meta, dict) else {}
    return str(found.get("versionId") or ""), str(found.get("lastUpdated") or "")


def without(rows: Iterable[Row], *names: str) -> list[Row]:
    """Rows without some of their columns."""
    return [{key: value for key, value in row.items() if key not in names} for row in rows]
