"""Visits, appointments and documents for tests, as they would have been imported."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta
from typing import Any
from uuid import uuid4

from rxportal.models.accounts import Patient
from rxportal.models.records import Attachment, Record, RecordLink, Section
from tests.factories import World


def _dated(world: World, days: int, hour: int = 18) -> Any:
    return (world.now + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def encounter(world: World, patient: Patient, title: str = "Check-up", days: int = -10, **fields: Any) -> Record:
    """A finished visit, `days` from now (negative: it was), at 18:00 UTC."""
    at = _dated(world, days)
    columns = {key: fields.pop(key) for key in ("sensitivity", "own_sensitivity", "struck") if key in fields}
    body = {
        "resourceType": "Encounter", "id": uuid4().hex, "status": "finished", "type": [{"text": title}],
        "class": {"code": "AMB"}, "participant": [{"individual": {"reference": "Practitioner/1", "display": "Dr. Lee"}}],
        "period": {"start": at.isoformat(), "end": (at.replace(minute=25)).isoformat()}, **fields,
    }  # fmt: skip
    return world.record(
        patient, resource_type="Encounter", section=Section.VISITS, title=title, body=json.dumps(body),
        status=body["status"], occurred=at.isoformat(), occurred_at=at, **columns,
    )  # fmt: skip


def appointment(world: World, patient: Patient, title: str = "Follow-up", days: int = 3, **fields: Any) -> Record:
    """A booked appointment, `days` from now, at 18:00 UTC."""
    at = _dated(world, days)
    body = {
        "resourceType": "Appointment", "id": uuid4().hex, "status": "booked", "serviceType": [{"text": title}],
        "start": at.isoformat(), "end": at.replace(minute=25).isoformat(),
        "participant": [{"actor": {"reference": "Practitioner/1", "display": "Dr. Lee"}, "status": "accepted"}],
        **fields,
    }  # fmt: skip
    start = body.get("start")
    return world.record(
        patient, resource_type="Appointment", section=Section.APPOINTMENTS, title=title, body=json.dumps(body),
        status=body["status"], occurred=start or "", occurred_at=at if start else None,
    )  # fmt: skip


def paper(
    world: World, patient: Patient, title: str = "Visit note", words: str = "All is well.", *,
    media: str = "text/plain", visit: Record | None = None, **columns: Any,
) -> tuple[Record, Attachment]:  # fmt: skip
    """A document with one file inside, of that visit."""
    attached = {"contentType": media, "title": "note", "data": b64encode(words.encode()).decode()}
    body = {"resourceType": "DocumentReference", "id": uuid4().hex, "content": [{"attachment": attached}]}
    facts = {"status": "current", "author": "Dr. Lee"} | columns
    row = world.record(
        patient,
        resource_type="DocumentReference",
        section=Section.DOCUMENTS,
        title=title,
        body=json.dumps(body),
        **facts,
    )
    file = world.store(
        Attachment(record_id=row.id, place="/content/0/attachment", content_type=media, title="note",
                   size=len(words), digest="", file="a" * 40)
    )  # fmt: skip
    if visit:
        belongs(world, row, visit)
    return row, file


def belongs(world: World, row: Record, visit: Record) -> None:
    """This record names that visit."""
    world.store(RecordLink(parent_id=row.id, child_id=visit.id, position=-1))


def thing(world: World, patient: Patient, kind: str, section: Section, title: str, **columns: Any) -> Record:
    """Any record that is called by its code."""
    body = {"resourceType": kind, "id": uuid4().hex, "code": {"text": title}, "vaccineCode": {"text": title}}
    return world.record(patient, resource_type=kind, section=section, title=title, body=json.dumps(body), **columns)
