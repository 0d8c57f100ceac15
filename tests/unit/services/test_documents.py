"""Documents of a chart: listed, read as text, given out; each as visible as its record, and no more."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from rxportal.core.access import Permission
from rxportal.core.errors import NotFound
from rxportal.core.kernel import Kernel
from rxportal.core.scopes import Chart
from rxportal.core.usecase import REGISTRY, use_case
from rxportal.models.records import Section, Sensitivity
from rxportal.services.documents import document_rows, file_kind, open_document, open_note, size_words
from rxportal.services.documents_views import DocumentRow
from rxportal.services.results import open_result
from tests.factories import World
from tests.unit.services.visiting import encounter, paper


@pytest.fixture
def kernel(sqlite_kernel: Kernel) -> Kernel:
    return sqlite_kernel


@pytest.fixture
def listing() -> Any:
    """A use case that lists documents, as the record page does."""

    def list_documents_of_the_test(chart: Chart) -> list[DocumentRow]:
        """The documents."""
        return document_rows(chart)

    yield use_case(Permission.VIEW_RECORD)(list_documents_of_the_test)
    del REGISTRY["list_documents_of_the_test"]


def test_documents_are_listed_newest_first_with_where_they_come_from(
    kernel: Kernel, world: World, listing: Any
) -> None:
    account, patient = world.owner()
    for year in ("2024", "2026", "2025"):
        when = world.now.replace(year=int(year), month=1, day=5)
        paper(world, patient, f"Note of {year}", occurred=f"{year}-01-05", occurred_at=when)
    rows = kernel.perform(listing, world.sign_in(account))
    assert [row.title for row in rows] == ["Note of 2026", "Note of 2025", "Note of 2024"]
    assert rows[0].detail.startswith("Dr. Lee · 5 Jan 2026 · Sender")
    assert rows[0].href == f"/notes/{rows[0].id}"
    assert rows[0].files[0].href == f"/documents/{rows[0].files[0].id}"
    assert rows[0].paragraphs == [], "a list carries no texts"


def test_a_document_is_read_with_its_visit(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    visit = encounter(world, patient, "Encounter for check up (procedure)")
    row, file = paper(world, patient, "After-visit summary", "Rest.\n\nDrink.", visit=visit)
    note = kernel.perform(open_note, world.sign_in(account), note_id=str(row.id))
    assert (note.row.title, note.row.paragraphs) == ("After-visit summary", ["Rest.", "Drink."])
    assert (note.visit_id, note.visit_title) == (str(visit.id), "Check-up")
    assert [one.id for one in note.row.files] == [str(file.id)]


def test_a_visit_that_a_proxy_may_not_see_is_not_named_by_its_document(kernel: Kernel, world: World) -> None:
    _account, patient = world.owner()
    tells = {"sensitivity": Sensitivity.MENTAL_HEALTH, "own_sensitivity": Sensitivity.MENTAL_HEALTH}
    row, _file = paper(world, patient, visit=encounter(world, patient, "Talk", **tells))
    proxy, grant = world.proxy(patient)
    note = kernel.perform(open_note, world.sign_in(proxy), grant.id, note_id=str(row.id))
    assert (note.visit_id, note.visit_title) == ("", "")
    assert note.row.files[0].href.endswith(f"?for={grant.id}")


@pytest.mark.parametrize(
    ("kind", "words"),
    [("text/html", "<p>All <b>well</b></p><script>steal()</script>"), ("text/plain", "All well")],
)
def test_marked_up_text_is_read_without_its_marks(kernel: Kernel, world: World, kind: str, words: str) -> None:
    account, patient = world.owner()
    row, _file = paper(world, patient, words=words, media=kind)
    note = kernel.perform(open_note, world.sign_in(account), note_id=str(row.id))
    assert note.row.paragraphs == ["All well"]


def test_sections_of_a_composition_are_read(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    body = {"resourceType": "Composition", "section": [{"title": "Plan", "text": {"div": "<div><p>Walk.</p></div>"}}]}
    row = world.record(
        patient, resource_type="Composition", section=Section.DOCUMENTS, title="Letter", body=json.dumps(body)
    )
    note = kernel.perform(open_note, world.sign_in(account), note_id=str(row.id))
    assert (note.row.paragraphs, note.row.missing) == (["Plan", "Walk."], "")


def test_a_document_that_came_without_its_file_says_whom_to_ask(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    row = world.record(patient, resource_type="DocumentReference", section=Section.DOCUMENTS, title="CCD Document")
    note = kernel.perform(open_note, world.sign_in(account), note_id=str(row.id))
    assert note.row.missing.startswith("Only the name of this document came with the record. Ask Sender")


@pytest.mark.parametrize(("status", "tag"), [("superseded", "Replaced by a newer one"), ("current", "")])
def test_a_replaced_document_says_so(kernel: Kernel, world: World, listing: Any, status: str, tag: str) -> None:
    account, patient = world.owner()
    paper(world, patient, status=status)
    assert kernel.perform(listing, world.sign_in(account))[0].tag == tag


def test_a_parent_of_a_teen_lists_and_opens_no_document(kernel: Kernel, world: World, listing: Any) -> None:
    teen = world.child(14)
    row, file = paper(world, teen)
    parent, grant = world.parent(teen)
    session = world.sign_in(parent)
    assert kernel.perform(listing, session, grant.id) == []
    with pytest.raises(NotFound):
        kernel.perform(open_note, session, grant.id, note_id=str(row.id))
    with pytest.raises(NotFound):
        kernel.perform(open_document, session, grant.id, document_id=str(file.id))


def test_another_kind_of_record_is_no_document(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    session = world.sign_in(account)
    for key in (encounter(world, patient).id, world.released(patient).id, uuid4()):
        with pytest.raises(NotFound):
            kernel.perform(open_note, session, note_id=str(key))


def test_the_files_of_a_result_open_from_its_page(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    result = world.released(patient, "Chest X-ray")
    _row, file = paper(world, patient)
    file.record_id = result.id
    world.store(file)
    proxy, grant = world.proxy(patient)
    own = kernel.perform(open_result, world.sign_in(account), result_id=str(result.id)).attachments
    theirs = kernel.perform(open_result, world.sign_in(proxy), grant.id, result_id=str(result.id)).attachments
    assert [one.href for one in own] == [f"/documents/{file.id}"]
    assert [one.href for one in theirs] == [f"/documents/{file.id}?for={grant.id}"]


def test_kinds_and_sizes_are_words() -> None:
    assert [file_kind(kind) for kind in ("application/pdf", "text/plain; charset=x", "image/png", "text/rtf")] == [
        "PDF", "Text", "Picture", "Download",
    ]  # fmt: skip
    assert [size_words(size) for size in (0, 10, 120_400, 1_400_000)] == ["", "1 kB", "120 kB", "1.4 MB"]
