"""Twenty teens with charts full of canaries: what a parent hears in every way there is, and what a choice changes.

Lists, counts, search, notices, exports and the log; before any choice, after the teen showed all there is to show, and
after it is hidden again. What the law withholds is heard by nobody at any time.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, event

from rxportal.adapters.attachments import EncryptedFolder
from rxportal.core.errors import NotAllowed
from rxportal.core.identity import Operator, SessionToken
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Basis, Level, Patient
from rxportal.models.audit import OutboxMessage
from rxportal.models.records import Record
from rxportal.rules.sharing import Thing
from rxportal.services import notices
from rxportal.services.access_log import access_log
from rxportal.services.appointments import list_appointments
from rxportal.services.exports import export_chart
from rxportal.services.family import family_home
from rxportal.services.home import home
from rxportal.services.medicines import list_medicines
from rxportal.services.notices import due_notices
from rxportal.services.record import open_record
from rxportal.services.released import RESULT_RELEASED, notice_of
from rxportal.services.results import list_results
from rxportal.services.search import search_chart
from rxportal.services.sharing import choose_sharing
from tests.counts import proved
from tests.factories import World
from tests.importing import KEY, Importer
from tests.kernels import kernel_on, sqlite_engine
from tests.security.canaries import CLASSES, chart_of, word_of, words_in
from tests.security.town import birthday

CHARTS = [f"{letter.upper()}teenglyph" for letter in "abcdefghijklmnopqrst"]
NEVER = {"gone", "held"}
READS: tuple[tuple[Any, dict[str, Any]], ...] = (
    (home, {}), (list_results, {}), (list_medicines, {"whole": True}), (list_appointments, {}), (open_record, {}),
    (export_chart, {}),
)  # fmt: skip


def teen(kernel: Kernel, folder: Path, chart: str, number: int) -> tuple[SessionToken, SessionToken, str]:
    """One imported chart: the teen's sign-in, a parent's, and the parent's grant."""
    world = World(kernel)
    today = world.now.date()
    importer = Importer(kernel, folder, EncryptedFolder(folder / "attachments", KEY))
    old, fresh = chart_of(chart, birthday(today, 12 + number % 6), today)
    importer.take(*old, organization=f"{chart} sender", seen_before=today, released_before=today)
    importer.take(*fresh, organization=f"{chart} sender", seen_before=date(2020, 1, 1))
    patient = next(row for row in world.rows(Patient) if chart in row.name)
    account, _ = world.owner(patient)
    parent = world.account()
    grant = world.grant(parent, patient, Level.FULL, basis=Basis.PARENT)
    return world.sign_in(account), world.sign_in(parent), str(grant.id)


def heard(kernel: Kernel, parent: SessionToken, grant: str, chart: str) -> set[str]:
    """The classes of canaries that a parent hears of one chart, on every page, in the export and on their own home."""
    told = "".join(repr(kernel.perform(case, parent, grant, **inputs)) for case, inputs in READS)
    return {kind for _, kind in words_in(told + repr(kernel.perform(family_home, parent)), [chart])}


def found(kernel: Kernel, parent: SessionToken, grant: str, chart: str) -> set[str]:
    """The classes of which a search tells more than of a word that stands nowhere."""

    def ask(words: str) -> str:
        return repr(kernel.perform(search_chart, parent, grant, words=words)).replace(words, "…")

    nothing = ask("zzquuxnowhere")
    return {kind for kind in CLASSES if ask(word_of(chart, kind)) != nothing}


def told(kernel: Kernel, chart: str) -> dict[UUID, set[frozenset[str]]]:
    """Who is written to when every result of this chart is told of: of each account, the classes within those results."""
    world = World(kernel)
    patient = next(row for row in world.rows(Patient) if chart in row.name)
    about: dict[UUID, frozenset[str]] = {}
    for record in world.rows(Record):
        if record.patient_id == patient.id and record.listed:
            ids = json.dumps(notice_of(record.id, patient.id), default=str)
            queued = OutboxMessage(topic=RESULT_RELEASED, payload=ids, created_at=world.now, due_at=world.now)
            about[world.store(queued).id] = frozenset(kind for _, kind in words_in(record.body, [chart]))
    assert {"open", "secret", "gone", "held"} <= {kind for kinds in about.values() for kind in kinds}
    readers: dict[UUID, set[frozenset[str]]] = {}
    for notice in kernel.perform(due_notices, Operator(), origin="https://tests.example"):
        assert words_in(repr(notice), CHARTS) == set()
        for reader in notice.readers:
            readers.setdefault(reader.account_id, set()).add(about[notice.message_id])
    with world.database() as database:
        database.execute(delete(OutboxMessage))
    return readers


def test_a_parent_hears_nothing_confidential_of_twenty_teens_in_any_way(
    tmp_path: Path, sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "AT_ONCE", 1000)
    engine = sqlite_engine(sqlite_file, tmp_path)
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    kernel = kernel_on(engine)
    wrong = []
    for number, chart in enumerate(CHARTS):
        own, parent, grant = teen(kernel, tmp_path, chart, number)
        before = heard(kernel, parent, grant, chart)
        wrong += [(chart, kind) for kind in before - {"open", "wait"}]
        wrong += [(chart, kind) for kind in found(kernel, parent, grant, chart) - {"open", "wait"}]
        assert "open" in before, "nothing is told: this proves nothing"
        teens, parents = (kernel.actor_of(one).account_id for one in (own, parent))
        only, all_of_it = {frozenset({"open"})}, {frozenset({"open"}), frozenset({"secret"})}
        assert told(kernel, chart) == {parents: only, teens: all_of_it}
        with pytest.raises(NotAllowed):
            kernel.perform(access_log, parent, grant)
        for thing in Thing:
            kernel.perform(choose_sharing, own, thing=thing.value, shown=True)
        shown = heard(kernel, parent, grant, chart)
        assert told(kernel, chart) == {parents: all_of_it, teens: all_of_it}
        assert {"free", "secret"} <= shown, "a choice that changes nothing proves nothing"
        wrong += [(chart, kind) for kind in (shown | found(kernel, parent, grant, chart)) & NEVER]
        for thing in Thing:
            kernel.perform(choose_sharing, own, thing=thing.value, shown=False)
        assert heard(kernel, parent, grant, chart) == before
        assert told(kernel, chart) == {parents: only, teens: all_of_it}
    assert wrong == []
    proved("teens of whom a parent heard nothing confidential, before and after a choice", len(CHARTS))
    engine.dispose()
