"""Every visit of the real sample records has its line and its page, in words, dated, with where it came from."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Patient
from rxportal.models.records import Record
from rxportal.services.appointments import list_appointments
from rxportal.services.documents import open_note
from rxportal.services.visits import open_visit
from rxportal.services.visits_views import VisitDetail, VisitRow
from tests.factories import World
from tests.importing import Importer
from tests.samples import FILES, needs_samples

WANTED = ("Josue_Sipes", "Jenna_Hagenes", "Louis_Maggio", "V3.1.1_US", "2Asample")
SHOWN = [path for path in FILES if path.name.startswith(WANTED)]
#: Codes, references, mark-up, senders' own tags, numbers that nobody rounded.
RAW = re.compile(
    r"urn:|https?:|<[a-z]+|\((?:procedure|finding|disorder|qualifier value)\)|\d\.\d{4,}|Unknown|None|\bnull\b"
)


@pytest.fixture
def importer(sqlite_kernel: Kernel, tmp_path: Path) -> Importer:
    return Importer(sqlite_kernel, tmp_path)


def opened(world: World, person: Patient) -> tuple[list[VisitRow], list[VisitDetail]]:
    """Every line of the list of one patient, and the page behind each."""
    account, _ = world.owner(person)
    session = world.sign_in(account)
    rows: list[VisitRow] = []
    number = pages = 1
    while number <= pages:
        page = world.kernel.perform(list_appointments, session, page=number)
        rows += [*(page.coming if number == 1 else []), *(row for year in page.years for row in year.rows)]
        number, pages = number + 1, page.pages
    visits = [world.kernel.perform(open_visit, session, visit_id=row.id) for row in rows]
    for note in (note for visit in visits for note in visit.notes):
        world.kernel.perform(open_note, session, note_id=note.id)
    return rows, visits


@needs_samples
@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.stem)
def test_every_visit_of_the_samples_is_listed_and_opens_in_words(importer: Importer, path: Path) -> None:
    importer.files(path)
    world = World(importer.kernel)
    for person in importer.rows(Patient):
        rows, visits = opened(world, person)
        sent = [row for row in importer.rows(Record) if row.patient_id == person.id]
        assert len(rows) == sum(row.resource_type == "Encounter" for row in sent)
        assert len({row.id for row in rows}) == len(rows)
        for row in rows:
            assert row.title, row
            assert re.search(r"\d{4}", row.when), row
            assert row.source, row
        for visit in visits:
            assert all(part.origin or item.detail for part in visit.parts for item in part.rows), visit
        told = [str(asdict(one)) for one in (*rows, *visits)]
        assert [raw for text in told for raw in RAW.findall(text)] == []


@needs_samples
def test_the_samples_fill_the_pages_of_visits(importer: Importer) -> None:
    importer.files(*(path for path in FILES if path.name.startswith("Josue_Sipes")))
    _rows, visits = opened(World(importer.kernel), importer.rows(Patient)[0])
    headings = {part.name for visit in visits for part in visit.parts}
    assert {"Measured and asked", "Test results", "Done at this visit", "Medicines", "What it was about"} <= headings
    assert any(
        "/" in item.said and item.title == "Blood pressure" for one in visits for p in one.parts for item in p.rows
    )
