"""Upsert of one batch: created, updated (the older version kept), unchanged, or skipped with the reason.

The same resource is known by organization, type and id. A record never moves from one chart to another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, update
from sqlmodel import Session, SQLModel, col

from rxportal.core.record_store import body_of, was_replaced
from rxportal.core.text import _
from rxportal.fhir.contacts import contact, postal_code
from rxportal.fhir.dates import starts_at
from rxportal.fhir.names import person_name
from rxportal.fhir.shapes import codings, items, text
from rxportal.models.accounts import Patient
from rxportal.models.records import Attachment, ImportRun, PendingLink, Reading, Record, RecordLink, RecordVersion
from rxportal.services.imports_find import Known
from rxportal.services.imports_inbox import Order, Tally
from rxportal.services.imports_rows import (
    Incoming,
    Names,
    Row,
    attachment_rows,
    history,
    new_record,
    reading_rows,
    record_columns,
    version_of,
)  # fmt: skip

STORED = (
    Record.id, Record.digest, Record.patient_id, Record.own_kind, Record.final_at,
)  # fmt: skip


@dataclass(frozen=True)
class Importing:
    """Everything one batch needs while it is stored."""

    session: Session
    practice_id: UUID
    organization_id: UUID
    order: Order
    now: datetime
    zone: ZoneInfo
    known: Known
    tally: Tally


@dataclass(frozen=True)
class Placed:
    """A resource that was created or updated: what links and readings hang on."""

    incoming: Incoming
    record_id: UUID
    patient_id: UUID | None


def bulk(session: Session, model: type[SQLModel], rows: list[Row]) -> None:
    """Insert many rows of one table at once."""
    if rows:
        session.execute(insert(model), rows)


def store(job: Importing, wave: list[Incoming]) -> list[Placed]:
    """Store resources of which no two are the same. Gives those that are new or changed."""
    stored = job.known.by_identity([each.identity for each in wave], STORED)
    same = {each for each in wave if each.identity in stored and stored[each.identity][3] == each.digest}
    _count_same(job, [(each, stored[each.identity][4]) for each in wave if each in same])
    fresh = [each for each in wave if each not in same]
    charts = _charts(job, fresh)
    names = names_for(job.known, fresh)
    created, updated = [], []
    for each in fresh:
        before = stored.get(each.identity)
        if before is None:
            created.append(_created(job, each, charts, names))
        elif change := _changed(job, each, before, charts, names):
            updated.append(change)
    if created or updated:
        ensure_run(job)
    bulk(job.session, Record, [row for _placed, row in created])
    if updated:
        job.session.execute(update(Record), [row for _placed, row in updated])
        _clear(job.session, [placed.record_id for placed, _row in updated])
    placed = [each for each, _row in [*created, *updated]]
    _hang(job, placed)
    return placed


def _count_same(job: Importing, same: list[tuple[Incoming, UUID | None]]) -> None:
    """What is here already, word for word."""
    for each, patient_id in same:
        count(job, each, "unchanged", patient_id)
    lost = [each for each, patient_id in same if patient_id is None and not each.facts.shared]
    charts = _charts(job, lost)
    for each in lost:
        explain_chartless(job, each, charts, None)


def ensure_run(job: Importing) -> None:
    """The row of this run, made only once something changes, so that a run that changes nothing leaves none."""
    if job.session.get(ImportRun, job.order.run_id) is None:
        days = {name: day.isoformat() if day else "" for name, day in _days(job.order)}
        run = ImportRun(id=job.order.run_id, organization_id=job.organization_id, started_at=job.now, **days)
        job.session.add(run)
        job.session.flush()


def _days(order: Order) -> list[tuple[str, date | None]]:
    return [("seen_before", order.seen_before), ("released_before", order.released_before)]


def _hang(job: Importing, placed: list[Placed]) -> None:
    files = [row for each in placed for row in attachment_rows(each.incoming, each.record_id, job.order.vault)]
    bulk(job.session, Attachment, files)
    numbers = [row for each in placed for row in reading_rows(each.incoming, each.record_id, each.patient_id)]
    bulk(job.session, Reading, numbers)


def _clear(session: Session, record_ids: Iterable[UUID]) -> None:
    """What hung on the older version; the newer one brings its own."""
    ids = list(record_ids)
    for model, column in ((Reading, Reading.record_id), (Attachment, Attachment.record_id),
                          (PendingLink, PendingLink.record_id), (RecordLink, RecordLink.parent_id)):  # fmt: skip
        session.execute(delete(model).where(col(column).in_(ids)))


def _created(job: Importing, each: Incoming, charts: dict[str, UUID], names: Names) -> tuple[Placed, Row]:
    row = new_record(each, names, organization_id=job.organization_id, order=job.order, now=job.now, zone=job.zone)
    if each.facts.resource_type == "Patient":
        row["patient_id"] = _new_patient(job, each)
    else:
        row["patient_id"] = chart_of(each, charts)[0]
    count(job, each, "created", row["patient_id"])
    explain_chartless(job, each, charts, row["patient_id"])
    return Placed(each, row["id"], row["patient_id"]), row


def _changed(
    job: Importing, each: Incoming, before: Any, charts: dict[str, UUID], names: Names
) -> tuple[Placed, Row] | None:
    """The update, or nothing: the same, older, or about somebody else."""
    record_id, digest, patient_id, *_rest = before[2:]
    body = body_of(job.session, record_id)
    about = [charts[target] for target in each.facts.patients if target in charts]
    if reason := _moved(each, patient_id, about) or _refused(job, each, record_id, body):
        if reason == SEEN_BEFORE:
            count(job, each, "unchanged", patient_id)
        else:
            skip(job, each, reason)
        return None
    bulk(job.session, RecordVersion, [{
        "id": uuid4(), "record_id": record_id, "source_version": version_of(body)[0], "digest": digest, "body": body,
        "replaced_at": job.now,
    }])  # fmt: skip
    row = record_columns(each, names) | {"id": record_id, "import_run_id": job.order.run_id}
    row["patient_id"] = patient_id or chart_of(each, charts)[0]
    if row["final_at"] is None and each.facts.status in {"final", "amended", "corrected", "appended"}:
        row["final_at"] = job.now
    row |= _acts(job, row, kind=before[5], final=before[6])
    if each.facts.resource_type == "Patient" and patient_id:
        job.session.execute(update(Patient).where(col(Patient.id) == patient_id).values(**person_columns(each)))
    count(job, each, "updated", row["patient_id"])
    return Placed(each, record_id, row["patient_id"]), row


def _acts(job: Importing, row: Row, *, kind: str, final: datetime | None) -> Row:
    """A corrected result keeps what the desk decided; one of another kind, or only now final, is looked at anew."""
    if row["own_kind"] != kind:
        return {"seen_at": None, "released_at": None}
    return history(row, job.order, job.zone, job.now) if final is None and row["final_at"] is not None else {}


SEEN_BEFORE = "seen before"


def _moved(each: Incoming, patient_id: UUID | None, about: list[UUID]) -> str:
    """A record never moves from one chart to another, whoever says so."""
    if patient_id and about and patient_id not in about and each.facts.resource_type != "Patient":
        return _("it now names another patient; a record never moves from one chart to another")
    return ""


def _refused(job: Importing, each: Incoming, record_id: UUID, body: str) -> str:
    """Why a different text under a known id is not taken; "" when it is a newer version."""
    version, updated = version_of(body)
    stored_at = starts_at(updated, job.zone)
    if stored_at and each.facts.updated and each.facts.updated != stored_at:
        return "" if each.facts.updated > stored_at else _("an older version than the one that is here")
    if version.isdigit() and each.facts.source_version.isdigit() and version != each.facts.source_version:
        return "" if int(each.facts.source_version) > int(version) else _("an older version than the one that is here")
    return SEEN_BEFORE if was_replaced(job.session, record_id, each.facts.digest) else ""


def _charts(job: Importing, wave: list[Incoming]) -> dict[str, UUID]:
    return job.known.patients([target for each in wave for target in each.facts.patients])


def chart_of(each: Incoming, charts: dict[str, UUID]) -> tuple[UUID | None, str]:
    """The one patient a resource is about, or why it has no chart (yet)."""
    if each.facts.shared:
        return None, ""
    found = {charts[target] for target in each.facts.patients if target in charts}
    if len(found) == 1:
        return found.pop(), ""
    if found:
        return None, _("it is about more than one patient")
    if each.facts.patients:
        return None, _("its patient is not here yet; it joins the chart when the patient arrives")
    return None, _("it names no patient")


def explain_chartless(job: Importing, each: Incoming, charts: dict[str, UUID], patient_id: UUID | None) -> None:
    """Count why a resource is kept without a chart."""
    if patient_id is None and (reason := chart_of(each, charts)[1]):
        job.tally.chartless[each.sent.file, each.facts.resource_type, reason] += 1


def names_for(known: Known, wave: list[Incoming]) -> Names:
    """What the references to people and medications in these resources stand for."""
    authors = [each.facts.author_ref for each in wave if each.facts.author_ref and not each.facts.author]
    medicines = [each.facts.named_by for each in wave if each.facts.named_by]
    titles = {target: row[2] for target, row in known.by_reference(authors, [Record.title]).items()}
    bodies = known.by_reference(medicines, [Record.title, Record.body])
    titles |= {target: row[2] for target, row in bodies.items()}
    return Names(titles, {target: row[3] for target, row in bodies.items()})


def _new_patient(job: Importing, each: Incoming) -> UUID:
    patient = Patient(practice_id=job.practice_id, created_at=job.now, **person_columns(each))
    job.session.add(patient)
    job.session.flush()
    return patient.id


def person_columns(each: Incoming) -> dict[str, Any]:
    """Name, birth date (partial as partial), sex, MRN and where to reach them, of a Patient resource."""
    data = each.sent.data
    return {
        "name": person_name(data.get("name"), titles=False) or _("Name not given"),
        "birth_date": text(data.get("birthDate"))[:10],
        "sex": text(data.get("gender"))[:20],
        "mrn": _mrn(data)[:100],
        "email": contact(data, "email"),
        "phone": contact(data, "phone"),
        "postal_code": postal_code(data),
    }


def _mrn(data: dict[str, Any]) -> str:
    identifiers = items(data.get("identifier"))
    marked = [part for part in identifiers if any(c == "MR" for _s, c, _d in codings(part.get("type")))]
    return next((number for part in [*marked, *identifiers[:1]] if (number := text(part.get("value")))), "")


def count(job: Importing, each: Incoming, fate: str, patient_id: UUID | None) -> None:
    """Count what became of a resource, and whose chart it touched."""
    job.tally.fates[each.sent.file, each.identity[0], fate] += 1
    if patient_id:
        job.tally.patients.add(patient_id)
        if fate != "unchanged":
            job.tally.changed.add(patient_id)


def skip(job: Importing, each: Incoming, reason: str) -> None:
    """Count a resource that was not taken."""
    job.tally.skipped[each.sent.file, each.facts.resource_type, reason] += 1
