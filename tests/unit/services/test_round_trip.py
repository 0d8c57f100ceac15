"""A chart taken out and put into an empty portal comes out the same: every sample, every viewer, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from rxportal.core.clock import system_clock
from rxportal.core.identity import Operator
from rxportal.core.kernel import Kernel
from rxportal.demo.load import load
from rxportal.demo.receive import Inbox
from rxportal.models.records import Attachment, Record
from rxportal.services.exports import export_for
from rxportal.services.patients import PatientLine, list_patients
from tests.fakes import QuickPasswords
from tests.importing import Importer
from tests.kernels import kernel_on, sqlite_engine
from tests.samples import FILES, needs_samples

LATER = date(2100, 1, 1)
SMALL = [path for path in FILES if path.stat().st_size < 400_000]
Empty = Callable[[], Importer]


@pytest.fixture
def empty(sqlite_file: Path, tmp_path: Path) -> Any:
    """Makes empty portals on SQLite."""
    engines = []

    def made() -> Importer:
        folder = tmp_path / f"portal{len(engines)}"
        folder.mkdir()
        engines.append(sqlite_engine(sqlite_file, folder))
        return Importer(kernel_on(engines[-1]), folder)

    yield made
    for engine in engines:
        engine.dispose()


def take(portal: Importer, *paths: Path) -> None:
    """Import as seen and released, so that what may be shown at all is shown."""
    report = portal.files(*paths, seen_before=LATER, released_before=LATER)
    assert not report.faults, report.faults


def people(portal: Importer) -> list[PatientLine]:
    """Everybody who has a chart at this practice."""
    return list(portal.kernel.perform(list_patients, Operator()))


def out(kernel: Kernel, person: PatientLine, viewer: str = "owner") -> str:
    """The export of one chart."""
    return str(kernel.perform(export_for, Operator(), patient_id=person.id, viewer=viewer))


def entries(bundle: str) -> list[Any]:
    """What it holds, in its order; not when it was made."""
    return list(json.loads(bundle)["entry"])


def resources(bundle: str) -> dict[str, Any]:
    """Resources by type and id (or content)."""
    found = [each["resource"] for each in json.loads(bundle)["entry"]]
    return {f"{one['resourceType']}/{one.get('id') or json.dumps(one, sort_keys=True)}": one for one in found}


def again(first: Importer, person: PatientLine, second: Importer, viewer: str) -> None:
    """Out of the first, into the second, out again: the same, to the letter."""
    once = out(first.kernel, person, viewer)
    path = second.folder / "chart.json"
    path.write_text(once, encoding="utf-8")
    take(second, path)
    (there,) = people(second)
    assert resources(out(second.kernel, there, viewer)) == resources(once)
    assert out(second.kernel, there, viewer) == once


@needs_samples
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_chart_of_every_sample_comes_out_the_same(empty: Empty, path: Path) -> None:
    first = empty()
    take(first, path)
    for person in people(first):
        again(first, person, empty(), "owner")


@needs_samples
@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_what_a_proxy_takes_out_comes_out_the_same(empty: Empty, path: Path) -> None:
    first = empty()
    take(first, path)
    for person in people(first):
        again(first, person, empty(), "read_only")


@pytest.mark.parametrize("viewer", ["owner", "full"])
def test_every_chart_of_the_demo_comes_out_the_same(empty: Empty, viewer: str) -> None:
    first = empty()
    first.kernel = replace(first.kernel, clock=system_clock)  # the demo's days are counted from today
    load(first.kernel, Inbox(first.vault), QuickPasswords().hash, b"key")
    for person in people(first):
        second = empty()
        second.kernel = replace(second.kernel, clock=system_clock)
        path = second.folder / "chart.json"
        path.write_text(out(first.kernel, person, viewer), encoding="utf-8")
        take(second, path)
        (there,) = people(second)
        assert entries(out(second.kernel, there, viewer)) == entries(path.read_text())


@needs_samples
@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_both_databases_write_the_same_chart(empty: Empty, postgres_kernel: Kernel, tmp_path: Path, path: Path) -> None:
    sqlite, postgresql = empty(), Importer(postgres_kernel, tmp_path)
    for portal in (sqlite, postgresql):
        take(portal, path)
    written = [{out(portal.kernel, person) for person in people(portal)} for portal in (sqlite, postgresql)]
    assert written[0] == written[1]


@needs_samples
def test_nothing_that_may_be_seen_is_left_out(empty: Empty) -> None:
    portal = empty()
    take(portal, *SMALL)
    for person in people(portal):
        there = resources(out(portal.kernel, person, "clinician"))
        with Session(portal.kernel.engine) as session:
            mine = select(Record).where(col(Record.patient_id) == UUID(person.id), col(Record.struck).is_(False))
            rows = list(session.exec(mine))
        assert len(rows) <= len(there)
        assert all(json.loads(row.body) in there.values() for row in rows)


@needs_samples
def test_files_inside_records_come_back_whole(empty: Empty) -> None:
    first = empty()
    take(first, *SMALL)
    for person in people(first):
        second = empty()
        path = second.folder / "chart.json"
        path.write_text(out(first.kernel, person, "clinician"), encoding="utf-8")
        take(second, path)
        with Session(first.kernel.engine) as session:
            join = select(Attachment.digest).join(Record, col(Record.id) == Attachment.record_id)
            had = set(
                session.exec(join.where(col(Record.patient_id) == UUID(person.id), col(Record.struck).is_(False)))
            )
        assert had <= {each.digest for each in second.rows(Attachment)}
