"""`rxportal import-fhir`, `rxportal export`, `rxportal patients`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from rxportal.adapters.attachments import EncryptedFolder
from rxportal.commands.import_report import as_json, as_table, as_text
from rxportal.commands.outcome import REFUSED, Stopped
from rxportal.compose import compose, prepare_database
from rxportal.core.identity import Operator
from rxportal.core.kernel import Kernel
from rxportal.services.exports import VIEWERS, export_for
from rxportal.services.import_run import import_paths
from rxportal.services.patients import list_patients
from rxportal.settings import Settings, load_settings

DAY = click.DateTime(formats=["%Y-%m-%d"])


@contextmanager
def _opened() -> Iterator[tuple[Settings, Kernel]]:
    settings = load_settings()
    prepare_database(settings)
    kernel = compose(settings).kernel
    try:
        yield settings, kernel
    finally:
        kernel.engine.dispose()


@click.command("import-fhir")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--organization", required=True, help="Who sent these records.")
@click.option(
    "--seen-before", type=DAY, help="Ordinary results collected before this day count as seen (default: 30 days ago)."
)
@click.option(
    "--released-before", type=DAY, help="Pathology and imaging collected before this day were released elsewhere."
)
@click.option("--json", "machine", is_flag=True, help="Print the outcome as JSON.")
@click.option("--by-file", is_flag=True, help="Print one row per file, as a table for docs/import.md.")
def import_fhir(
    *,
    paths: tuple[Path, ...],
    organization: str,
    seen_before: datetime | None,
    released_before: datetime | None,
    machine: bool,
    by_file: bool,
) -> int:
    """Import FHIR R4 Bundles, NDJSON, or folders of them. Running it twice changes nothing."""
    if not organization.strip():
        raise Stopped("Say who sent these records: --organization NAME. Nothing was changed.")
    with _opened() as (settings, kernel):
        report = import_paths(
            kernel,
            Operator(),
            paths,
            organization=organization.strip()[:200],
            vault=EncryptedFolder(settings.attachments, settings.database_key or settings.secret_key),
            seen_before=seen_before.date() if seen_before else None,
            released_before=released_before.date() if released_before else None,
            progress=_progress(machine),
        )
    for fault in report.faults:
        where = f"{fault.file}: {fault.place}" if fault.place else fault.file
        click.echo(f"{where}: {fault.message}." + (" Nothing of this file was taken." if fault.whole else ""), err=True)
    click.echo(json.dumps(as_json(report), indent=1) if machine else as_table(report) if by_file else as_text(report))
    return REFUSED if report.broken else 0


class _Counter:
    """Counts on the screen, where somebody is looking."""

    def __init__(self) -> None:
        self.stored = 0

    def __call__(self, number: int) -> None:
        self.stored += number
        click.echo(f"\r{self.stored} resources", nl=False, err=True)


def _progress(machine: bool) -> _Counter:
    counter = _Counter()
    if machine or not sys.stderr.isatty():
        return _Silent()
    return counter


class _Silent(_Counter):
    def __call__(self, number: int) -> None:
        self.stored += number


@click.command("export")
@click.argument("patient_id", type=click.UUID)
@click.option("--format", "form", type=click.Choice(["fhir", "pdf", "csv"]), default="fhir", show_default=True)
@click.option(
    "--as", "viewer", type=click.Choice(list(VIEWERS)), default="owner", show_default=True, help="Whose eyes."
)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
def export(patient_id: object, form: str, viewer: str, out: Path) -> None:
    """Write what a viewer may see of one patient's chart. The export is audited."""
    if form != "fhir":
        raise Stopped(f"{form.upper()} comes with a later version. Use --format fhir. Nothing was written.")
    with _opened() as (_settings, kernel):
        text = kernel.perform(export_for, Operator(), patient_id=str(patient_id), viewer=viewer)
    _write_privately(out, text)
    click.echo(f"{out}: {len(text.encode())} bytes")


def _write_privately(out: Path, text: str) -> None:
    """A chart is for its owner alone: readable by this user only."""
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as fault:
        raise Stopped(f"{out} can’t be written ({fault.strerror}). Choose another place with --out.") from None


@click.command("patients")
@click.option("--json", "machine", is_flag=True, help="Print them as JSON.")
def patients(machine: bool) -> None:
    """List the patients: id, name, birth date, MRN, and what their charts hold."""
    with _opened() as (_settings, kernel):
        found = kernel.perform(list_patients, Operator())
    if machine:
        click.echo(json.dumps([asdict(each) for each in found], indent=1, ensure_ascii=False))
        return
    for each in found:
        born, number, held = each.birth_date or "-", each.mrn or "-", sum(each.counts.values())
        click.echo(f"{each.id}  {born:10}  {number:36.36}  {held:5}  {each.name}")
    click.echo(f"{len(found)} patients", err=True)


COMMANDS = (import_fhir, export, patients)
