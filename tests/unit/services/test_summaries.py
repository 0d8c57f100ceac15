"""What stands in the rows of the list is what counting the parts gives, for everybody who may use it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import Session as Database
from sqlmodel import col, select

from rxportal.core.access import Access, Actor, Permission, Relationship
from rxportal.core.kernel import Kernel
from rxportal.core.scopes import Chart
from rxportal.models.accounts import Patient, Practice
from rxportal.models.records import Gate, Record
from rxportal.services.result_rows import tallies
from tests.factories import World
from tests.importing import Importer, patient, report
from tests.samples import FILES, needs_samples, observation, quantity

VIEWERS = [
    Relationship.OWNER,
    Relationship.FULL,
    Relationship.READ_ONLY,
    Relationship.PARENT_OF_CHILD,
    Relationship.PARENT_OF_TEEN,
]


@dataclass
class Seen:
    """What of a row decides where its tally comes from."""

    id: UUID
    summary: str
    even: bool


def chart_of(world: World, session: Database, person: Patient, relationship: Relationship) -> Chart:
    practice = session.get_one(Practice, person.practice_id)
    access = Access(Permission.VIEW_RESULTS, relationship)
    return Chart(session, Actor("test"), access, world.now, patient=person, practice=practice)


def compared(world: World) -> tuple[int, int]:
    """Count every row of every chart as every viewer, with and without what stands in it: (even ones, all)."""
    even, rows_seen = 0, 0
    with world.database() as session:
        for person in session.exec(select(Patient)).all():
            for relationship in VIEWERS:
                chart = chart_of(world, session, person, relationship)
                rows = chart.exec(chart.select(Record).where(col(Record.listed))).scalars()
                kept = [Seen(row.id, row.summary, row.even) for row in rows]
                stored = tallies(chart, kept)
                counted = tallies(chart, [replace(row, summary="") for row in kept])
                assert stored == counted, (person.name, relationship)
                even, rows_seen = even + sum(row.even for row in kept), rows_seen + len(kept)
    return even, rows_seen


@pytest.fixture
def importer(kernel: Kernel, tmp_path: Path) -> Importer:
    """On both databases."""
    return Importer(kernel, tmp_path)


def test_a_row_says_what_its_parts_say(importer: Importer) -> None:
    """Parts of one panel, one of them entered in error, one that another report carries too and that waits with it."""
    importer.take(
        patient(),
        report("r1", "low", "fine", "wrong"),
        report("r2", "fine", "unfinished", status="preliminary"),
        observation(id="low", valueQuantity=quantity(20), referenceRange=[{"low": {"value": 70}}]),
        observation(id="fine", valueQuantity=quantity(80), referenceRange=[{"low": {"value": 70}}]),
        observation(id="wrong", valueQuantity=quantity(1), status="entered-in-error"),
        observation(id="unfinished", valueQuantity=quantity(3), status="preliminary"),
        observation(id="alone", valueQuantity=quantity(500), referenceRange=[{"high": {"value": 99}}]),
        released_before=date(2100, 1, 1),
    )
    even, rows = compared(World(importer.kernel))
    assert rows >= even >= len(VIEWERS)
    first = importer.record("r1", "DiagnosticReport")
    assert json.loads(first.summary)[:2] == [2, 1]


def test_a_part_that_waits_longer_makes_its_whole_uneven(importer: Importer) -> None:
    """Its values are not counted for whoever does not see them yet."""
    importer.take(
        patient(),
        report("r1", "told"),
        observation(id="told", valueQuantity=quantity(80), derivedFrom=[{"reference": "Observation/later"}]),
        observation(id="later", valueQuantity=quantity(3), status="preliminary"),
        released_before=date(2100, 1, 1),
    )
    compared(World(importer.kernel))
    report_row, part = importer.record("r1", "DiagnosticReport"), importer.record("told")
    assert report_row.even == (part.gate == report_row.gate == Gate.OPEN.value)


@needs_samples
@pytest.mark.parametrize("file", FILES[:4], ids=lambda file: file.stem[:24])
def test_real_records_count_the_same_either_way(importer: Importer, file: Path) -> None:
    importer.files(file, released_before=date(2100, 1, 1))
    even, rows = compared(World(importer.kernel))
    print(f"{file.name}: {rows} rows compared, {even} of them with what stands in the row")
    assert even > 0 or not rows
