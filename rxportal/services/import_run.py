"""One run of `import-fhir`: read files as a stream, store them batch by batch, patients and shared records first.

Three passes over each file, so that memory does not grow with it: is it sound, whom is it about, and all the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from rxportal.core.identity import Credentials
from rxportal.core.kernel import Kernel
from rxportal.fhir.read import Fault, Sent, find_files, read_file
from rxportal.fhir.types import SHARED
from rxportal.fhir.validate import is_valid
from rxportal.services.imports import finish_import, import_batch
from rxportal.services.imports_inbox import Batch, Order, Tally, Vault, put

FIRST = SHARED | {"Patient"}
MOST = 500
LARGEST = 8 << 20
CHARTS = 20
SEEN_AFTER_DAYS = 30
Source = Callable[[], Iterable[Sent | Fault]]
Progress = Callable[[int], None]


@dataclass
class Report:
    """What an import did: counts by file, type and fate, and what could not be read."""

    tally: Tally = field(default_factory=Tally)
    faults: list[Fault] = field(default_factory=list)

    @property
    def broken(self) -> bool:
        """Whether something was broken enough for an exit code of 1."""
        return any(fault.broken for fault in self.faults)


def import_paths(
    kernel: Kernel,
    credentials: Credentials,
    paths: Iterable[Path],
    *,
    organization: str,
    vault: Vault,
    seen_before: date | None = None,
    released_before: date | None = None,
    progress: Progress = lambda _stored: None,
) -> Report:
    """Import FHIR files and folders. `seen_before` absent: results older than 30 days count as seen.

    Raises:
        PortalError: nothing of the batch it happened in was stored; running it again goes on from there.
    """
    sources: list[tuple[Source, bool]] = []
    for path, named in find_files(paths):
        sources.append((_reader(path, named), True))
    before = seen_before or (kernel.clock() - timedelta(days=SEEN_AFTER_DAYS)).date()
    order = Order(organization, vault, before, released_before)
    return import_sources(kernel, credentials, [source for source, _ in sources], order=order, progress=progress)


def _reader(path: Path, named: bool) -> Source:
    return lambda: read_file(path, named=named)


def import_sources(
    kernel: Kernel,
    credentials: Credentials,
    sources: Iterable[Source],
    *,
    order: Order,
    progress: Progress = lambda _stored: None,
) -> Report:
    """Import from anything that can be read again and again: files, or bundles made in memory."""
    report = Report()
    sound = [source for source in sources if _is_sound(source, report)]

    def stored(batch: tuple[Sent, ...]) -> None:
        report.tally.add(kernel.perform(import_batch, credentials, batch_id=put(Batch(order, batch))))
        progress(len(batch))

    for first in (True, False):
        for batch in _batches(_chosen(sound, first=first)):
            stored(batch)
    _finish(kernel, credentials, order, report.tally)
    return report


def _is_sound(source: Source, report: Report) -> bool:
    """Read a source to its end: its faults are noted, and a file that breaks off is not taken at all."""
    sound = True
    for each in source():
        if isinstance(each, Fault):
            report.faults.append(each)
            sound = sound and not each.whole
        elif not is_valid(each.data):
            report.tally.imperfect[each.file, str(each.data.get("resourceType"))[:64]] += 1
    return sound


def _chosen(sources: Iterable[Source], *, first: bool) -> Iterator[Sent]:
    for source in sources:
        for each in source():
            if isinstance(each, Sent) and (each.data.get("resourceType") in FIRST) is first:
                yield each


def _batches(sent: Iterable[Sent]) -> Iterator[tuple[Sent, ...]]:
    waiting: list[Sent] = []
    size = 0
    for each in sent:
        waiting.append(each)
        size += len(each.text)
        if len(waiting) >= MOST or size >= LARGEST:
            yield tuple(waiting)
            waiting, size = [], 0
    if waiting:
        yield tuple(waiting)


def _finish(kernel: Kernel, credentials: Credentials, order: Order, tally: Tally) -> None:
    patients = sorted(tally.patients)
    for start in range(0, len(patients), CHARTS):
        part: frozenset[UUID] = frozenset(patients[start : start + CHARTS])
        batch = Batch(order, patients=part, changed=part & tally.changed)
        kernel.perform(finish_import, credentials, batch_id=put(batch))
