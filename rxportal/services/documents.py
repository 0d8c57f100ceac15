"""The documents of a chart: listed, read as text on a page, given out as files. Each is checked like its record.

A document that is a result, names a waiting one or tells a secret is hidden by `chart.select`, and its files with it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam
from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.errors import NotFound
from rxportal.core.scopes import Chart, Desk
from rxportal.core.sight import Sight
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.fhir.attachments import readable, sent_files
from rxportal.fhir.display import date_words
from rxportal.fhir.document_text import kind_of
from rxportal.fhir.shapes import Json, items, path, text, unmarked
from rxportal.fhir.visit_view import title_of
from rxportal.models.records import Attachment, Organization, Record, RecordLink
from rxportal.rules.release import Viewer
from rxportal.services.documents_views import DocumentDetail, DocumentRow, OpenedFile
from rxportal.services.result_journey import day
from rxportal.services.results_views import AttachmentRow
from rxportal.services.selecting import only

MOST = 200
NOTE = bindparam("note", type_=Record.__table__.c.id.type)  # type: ignore[attr-defined]
PAPERS = ("DocumentReference", "Composition")
COLUMNS: tuple[Any, ...] = (
    Record.id, Record.title, Record.occurred, Record.author, Record.status, Organization.name, Record.arrived_at,
)  # fmt: skip
TAGS = {
    "superseded": _("Replaced by a newer one"),
    "preliminary": _("Draft"),
    "inactive": _("No longer in force"),
}


def document_rows(chart: Chart) -> list[DocumentRow]:
    """Every document of this chart that the viewer may see, newest first, without their texts; two statements."""
    found = chart.exec(chart.prepared(_documents)).all()
    files = files_of(chart, [row[0] for row in found])
    zone = ZoneInfo(chart.practice.time_zone)
    return [document_row(row, files.get(row[0], []), zone) for row in found]


def _documents(sight: Sight) -> Select[Any]:
    rows = only(sight.select(Record), *COLUMNS).join(Organization, col(Organization.id) == col(Record.organization_id))
    rows = rows.where(col(Record.resource_type).in_(PAPERS))
    return rows.order_by(col(Record.occurred_at).desc().nulls_last(), col(Record.title), col(Record.id)).limit(MOST)


def document_row(row: Any, files: list[AttachmentRow], zone: ZoneInfo) -> DocumentRow:
    """A row of COLUMNS as it stands in a list."""
    return DocumentRow(
        id=str(row[0]),
        title=row[1] or _("Document"),
        detail=" · ".join(part for part in (row[3], date_words(row[2], zone) or _("No date"), row[5]) if part),
        tag=TAGS.get(row[4], ""),
        href=f"/notes/{row[0]}",
        files=files,
    )


def files_of(chart: Chart, keys: Sequence[UUID]) -> dict[UUID, list[AttachmentRow]]:
    """The files inside each of these records, as links that are checked again when they are followed; one statement."""
    found: dict[UUID, list[AttachmentRow]] = defaultdict(list)
    if keys:
        for file in chart.exec(chart.prepared(_files), keys=list(keys)).scalars():
            found[file.record_id].append(file_row(chart, file))
    return found


def _files(sight: Sight) -> Select[Any]:
    mine = col(Attachment.record_id).in_(bindparam("keys", expanding=True))
    return sight.select(Attachment).where(mine).order_by(col(Attachment.place))


def file_row(scope: Chart | Desk, file: Attachment) -> AttachmentRow:
    """One file: what it is called, what it is, where it is opened. Files of a chart are not opened from the desk."""
    return AttachmentRow(str(file.id), file.title or _("File"), file_kind(file.content_type), size_words(file.size),
                         f"/documents/{file.id}{_whose(scope)}" if isinstance(scope, Chart) else "")  # fmt: skip


def _whose(chart: Chart) -> str:
    """How an address names this chart: one's own needs no word."""
    return "" if chart.viewer is Viewer.OWNER else f"?for={chart.access.grant_id}"


def file_kind(content_type: str) -> str:
    """A media type as people say it."""
    kind = kind_of(content_type)
    known = {"application/pdf": _("PDF"), "text/plain": _("Text")}
    if kind in known:
        return known[kind]
    return _("Picture") if kind.startswith("image/") else _("Download")


def size_words(size: int) -> str:
    """A file's size as people say it: "120 kB", "1.4 MB"."""
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{max(1, round(size / 1000))} kB" if size else ""


@use_case(Permission.OPEN_DOCUMENT)
def open_note(chart: Chart, *, note_id: UUID) -> DocumentDetail:
    """Read one document: its text, its files, the visit it belongs to.

    Raises:
        NotFound: no such document, somebody else's, or one that is not shown here.
    """
    row = chart.exec(chart.prepared(_note), note=note_id).first()
    if row is None:
        raise NotFound
    chart.note(record=str(note_id))
    zone = ZoneInfo(chart.practice.time_zone)
    shown = document_row(row, files_of(chart, [note_id]).get(note_id, []), zone)
    with_text(shown, json.loads(row[-1]), row[5])
    visit = chart.exec(chart.prepared(_visit_of), note=note_id).first()
    return DocumentDetail(
        row=shown,
        visit_id=str(visit[0]) if visit else "",
        visit_title=title_of(json.loads(visit[1])) if visit else "",
        provenance=_("From {source}, here since {day}").format(source=row[5], day=day(row[6], zone)),
    )


def _note(sight: Sight) -> Select[Any]:
    rows = sight.select_by_id(*COLUMNS, Record.body)
    rows = rows.join_from(Record, Organization, col(Organization.id) == col(Record.organization_id))
    return rows.where(col(Record.id) == NOTE, col(Record.resource_type).in_(PAPERS))


def with_text(row: DocumentRow, body: Json, source: str) -> None:
    """Put a document's own words into its row, or say why there is nothing to open."""
    about = text(body.get("description"))
    row.about = "" if about.lower() == row.title.lower() else about
    row.tag = row.tag or TAGS.get(text(body.get("docStatus")), "")
    row.paragraphs = _paragraphs(body, row.title)
    if not row.paragraphs and not row.files:
        row.missing = _("Only the name of this document came with the record. Ask {source} for the document itself.")
        row.missing = row.missing.format(source=source)


def _paragraphs(body: Json, title: str) -> list[str]:
    """What it says; a text that begins with its own title begins behind it."""
    told = [line for file in sent_files(body) for line in readable(file)]
    for section in items(body.get("section")):
        told += [text(section.get("title")), *unmarked(path(section, "text.div"))]
    found = [line for line in told if line]
    return found[1:] if found and found[0].lower() == title.lower() else found


def _visit_of(sight: Sight) -> Select[Any]:
    """(id, original) of the visit that a document names."""
    visits = sight.select_by_id(col(Record.id), col(Record.body))
    visits = visits.join_from(Record, RecordLink, col(RecordLink.child_id) == col(Record.id))
    return visits.where(col(RecordLink.parent_id) == NOTE, col(Record.resource_type) == "Encounter").limit(1)


@use_case(Permission.OPEN_DOCUMENT)
def open_document(chart: Chart, *, document_id: UUID) -> OpenedFile:
    """Give out one file that came inside a record of this chart.

    Raises:
        NotFound: no such file, somebody else's, or one whose record is not shown here.
    """
    file = chart.get(Attachment, document_id)
    chart.note(document=str(document_id), record=str(file.record_id))
    return OpenedFile(file.file, file.content_type, file.size, str(document_id)[:8])
