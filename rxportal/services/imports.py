"""Use cases of `import-fhir`: one batch of resources is one transaction; the end of a run settles what it touched.

`services/import_run.py` reads the files and calls these. Running the same import again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.record_store import chunks, sum_reports, summarize
from rxportal.core.scopes import Desk
from rxportal.core.usecase import use_case
from rxportal.fhir.extract import unusable
from rxportal.fhir.shapes import text
from rxportal.models.records import Gate, Organization, Record, Sensitivity
from rxportal.services.imports_find import Known
from rxportal.services.imports_inbox import Order, Tally, take
from rxportal.services.imports_links import link
from rxportal.services.imports_rows import Incoming
from rxportal.services.imports_store import Importing, store
from rxportal.services.releases import settle_records
from rxportal.services.selecting import only


@use_case(Permission.IMPORT_RECORDS, kind="write")
def import_batch(desk: Desk, *, batch_id: UUID) -> Tally:
    """Store one batch of FHIR resources of an organization.

    `batch_id`: where the batch waits (`imports_inbox.put`).
    """
    batch = take(batch_id)
    tally = Tally()
    zone = ZoneInfo(desk.practice.time_zone)
    organization = _organization(desk, batch.order)
    job = Importing(
        desk.session, desk.practice.id, organization.id, batch.order, desk.now, zone,
        Known(desk.session, organization.id), tally,
    )  # fmt: skip
    usable: list[Incoming] = []
    for sent in batch.sent:
        if reason := unusable(sent.data):
            tally.skipped[sent.file, text(sent.data.get("resourceType")) or "?", reason] += 1
        else:
            usable.append(Incoming(sent, zone))
    for wave in _waves(usable):
        link(job, store(job, wave))
    desk.note(batch=str(batch.order.run_id), resources=len(batch.sent), changed=_changes(tally))
    return tally


@use_case(Permission.IMPORT_RECORDS, kind="write")
def finish_import(desk: Desk, *, batch_id: UUID) -> int:
    """Settle the charts that an import touched: what stands on its own, what its reports carry, who may see it.

    Gives the number of charts. Open pages of the changed ones are told, and each has a line in its own log, unless all
    that arrived is hidden from somebody who reads it.
    """
    batch = take(batch_id)
    sum_reports(desk.session, sorted(batch.patients))
    settle_records(desk.session, batch.patients, desk.now)
    summarize(desk.session, sorted(batch.patients))
    for patient_id in sorted(batch.changed):
        desk.publish(patient_id, "results")
        desk.publish(patient_id, "records")
        desk.publish(patient_id, "home")
    desk.patients = _tellable(desk, batch.order.run_id, batch.changed)
    desk.note(batch=str(batch.order.run_id), charts=len(batch.patients))
    return len(batch.patients)


def _tellable(desk: Desk, run_id: UUID, changed: Iterable[UUID]) -> list[UUID]:
    """The charts whose log may say that records arrived: something did of which every reader may know.

    Orders and specimens don't count: they may be there for a hidden result alone.
    """
    found: list[UUID] = []
    for part in chunks(sorted(changed)):
        arrived = only(desk.select(Record), col(Record.patient_id)).where(
            col(Record.import_run_id) == run_id,
            col(Record.patient_id).in_(part),
            col(Record.resource_type).not_in(("Specimen", "ServiceRequest")),
            col(Record.gate) != Gate.WITHHELD.value,
            col(Record.sensitivity) == Sensitivity.NONE.value,
        )
        found += desk.exec(arrived.distinct()).scalars()
    return sorted(found)


def _organization(desk: Desk, order: Order) -> Organization:
    found = desk.session.execute(
        select(Organization).where(
            col(Organization.practice_id) == desk.practice.id, col(Organization.name) == order.organization
        )
    ).scalar_one_or_none()
    if found is None:
        found = Organization(practice_id=desk.practice.id, name=order.organization)
        desk.session.add(found)
        desk.session.flush()
    return found


def _waves(incoming: list[Incoming]) -> list[list[Incoming]]:
    """Patients first; a resource that stands twice in a batch is stored twice, one after the other."""
    waves: list[list[Incoming]] = []
    depth: dict[tuple[str, str], int] = {}
    for each in sorted(incoming, key=lambda one: one.identity[0] != "Patient"):
        step = depth.get(each.identity, 0) * 2 + (each.identity[0] != "Patient")
        depth[each.identity] = depth.get(each.identity, 0) + 1
        while len(waves) <= step:
            waves.append([])
        waves[step].append(each)
    return [wave for wave in waves if wave]


def _changes(tally: Tally) -> int:
    return sum(number for (_file, _type, fate), number in tally.fates.items() if fate != "unchanged")
