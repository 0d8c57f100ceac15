"""Twenty writers at once: everybody's act is done once, nobody reads "database is locked", the chain is whole."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from rxportal.core.errors import NotFound
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Patient
from rxportal.models.audit import AuditEntry
from tests.factories import World
from tests.unit.core.cases import try_append_mrn, try_one_record, try_read_chart, try_titles

WRITERS, EACH = 20, 6


def test_twenty_writers_of_one_row_lose_nothing(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    before = len(patient.mrn)
    tokens = [world.sign_in(account) for _ in range(WRITERS)]

    def write(number: int) -> None:
        for _ in range(EACH):
            kernel.perform(try_append_mrn, tokens[number], mark="x")

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    (row,) = world.rows(Patient)
    assert len(row.mrn) == before + WRITERS * EACH
    assert len(world.rows(AuditEntry)) == WRITERS * EACH
    assert kernel.audit_fault() == ""


def test_readers_writers_and_refusals_together(kernel: Kernel, world: World) -> None:
    people = [world.owner() for _ in range(10)]
    tokens = [world.sign_in(account) for account, _ in people]

    def visit(number: int) -> int:
        token = tokens[number % 10]
        refused = 0
        for _ in range(EACH):
            kernel.perform(try_append_mrn, token, mark="x")
            kernel.perform(try_titles, token, live=True)
            kernel.perform(try_read_chart, token)
            try:
                kernel.perform(try_one_record, token, record_id=str(uuid4()))
            except NotFound:
                refused += 1
        return refused

    with ThreadPoolExecutor(WRITERS) as pool:
        assert sum(pool.map(visit, range(WRITERS))) == WRITERS * EACH
    kernel.flush_refusals()
    entries = world.rows(AuditEntry)
    assert sum(line.count for line in entries if line.outcome == "done") == 2 * WRITERS * EACH
    assert sum(line.count for line in entries if line.outcome == "not_found") == WRITERS * EACH
    assert sorted(line.seq for line in entries) == list(range(1, len(entries) + 1))
    assert kernel.audit_fault() == ""


def test_a_live_read_does_not_wait_for_a_slow_writer(sqlite_kernel: Kernel) -> None:
    world = World(sqlite_kernel)
    account, _ = world.owner()
    token = world.sign_in(account)
    with sqlite_kernel.engine.connect() as writer:
        writer.exec_driver_sql("UPDATE patient SET name = name")
        begun = time.monotonic()
        sqlite_kernel.perform(try_titles, token, live=True)
        assert time.monotonic() - begun < 1
        writer.rollback()
