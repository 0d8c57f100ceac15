"""What leaves the outbox: to whom, in which words, once, and again after a fault."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from rxportal.core.identity import Operator
from rxportal.core.kernel import Kernel
from rxportal.core.runtime import Runtime
from rxportal.jobs.outbox import deliver_once
from rxportal.models.accounts import Level
from rxportal.models.audit import OutboxMessage
from rxportal.models.records import Kind, Sensitivity
from rxportal.services.notices import due_notices, keep_letter, read_mailbox, take_lease
from rxportal.settings import Settings
from tests.factories import World
from tests.fakes import Postbox, StoppedClock

OUTBOX = Operator("outbox")


def queued(world: World, record_id: object) -> OutboxMessage:
    """An outbox row that tells of one result."""
    payload = json.dumps({"record": str(record_id), "patient": ""})
    return world.store(OutboxMessage(topic="result_released", payload=payload, created_at=world.now, due_at=world.now))


def due(world: World) -> list[tuple[str, ...]]:
    """The addresses of every notice that is due."""
    world.practice()
    notices = world.kernel.perform(due_notices, OUTBOX, live=True, origin="https://portal.example")
    return [tuple(sorted(reader.email for reader in notice.readers)) for notice in notices]


def test_owner_and_proxy_are_told_of_a_released_result(world: World) -> None:
    owner, patient = world.owner()
    proxy, _ = world.proxy(patient, Level.READ_ONLY)
    queued(world, world.released(patient).id)
    assert due(world) == [tuple(sorted((owner.email, proxy.email)))]


def test_nobody_is_told_of_a_result_that_waits_again(world: World) -> None:
    _, patient = world.owner()
    queued(world, world.result(patient, kind=Kind.PATHOLOGY).id)
    assert due(world) == [()]


def test_nobody_is_told_of_a_withheld_result(world: World) -> None:
    _, patient = world.owner()
    queued(world, world.released(patient, kind=Kind.HIV).id)
    assert due(world) == [()]


def test_a_proxy_is_not_told_of_a_sensitive_result(world: World) -> None:
    owner, patient = world.owner()
    world.proxy(patient, Level.FULL)
    queued(world, world.released(patient, sensitivity=Sensitivity.SEXUAL_HEALTH).id)
    assert due(world) == [(owner.email,)]


@pytest.mark.parametrize("ended", ["until", "revoked_at"])
def test_who_lost_the_chart_is_not_told(world: World, ended: str) -> None:
    owner, patient = world.owner()
    world.proxy(patient, **{ended: world.now - timedelta(hours=1)})
    queued(world, world.released(patient).id)
    assert due(world) == [(owner.email,)]


def test_the_words_say_nothing_of_health(world: World) -> None:
    _, patient = world.owner()
    queued(world, world.released(patient, "Potassium").id)
    world.practice()
    (notice,) = world.kernel.perform(due_notices, OUTBOX, live=True, origin="https://portal.example")
    told = f"{notice.subject} {notice.text}".lower()
    assert "potassium" not in told
    assert patient.name.lower() not in told
    assert "https://portal.example/sign-in" in told


def deliver(kernel: Kernel, box: Postbox) -> int:
    """One look of the job."""
    return asyncio.run(deliver_once(Runtime(kernel, Settings(env="test", secret_key="s" * 48)), box))


def test_a_notice_that_failed_is_due_again_later_and_then_delivered_once(
    world: World, kernel: Kernel, clock: StoppedClock
) -> None:
    _, patient = world.owner()
    queued(world, world.released(patient).id)
    box = Postbox()
    box.closed = True
    assert deliver(kernel, box) == 1
    assert due(world) == []
    box.closed = False
    clock.advance(minutes=5)
    assert deliver(kernel, box) == 1
    assert deliver(kernel, box) == 0
    assert len(box.letters) == 1


def test_an_address_that_fails_is_tried_again_and_nobody_else_is_told_twice(
    world: World, kernel: Kernel, clock: StoppedClock
) -> None:
    owner, patient = world.owner()
    proxy, _ = world.proxy(patient, Level.READ_ONLY)
    queued(world, world.released(patient).id)
    box = Postbox(refused={proxy.email})
    assert deliver(kernel, box) == 1
    assert [letter.to for letter in box.letters] == [owner.email]
    clock.advance(minutes=5)
    assert due(world) == [(proxy.email,)]
    box.refused.clear()
    assert deliver(kernel, box) == 1
    assert sorted(letter.to for letter in box.letters) == sorted([owner.email, proxy.email])
    clock.advance(hours=1)
    assert deliver(kernel, box) == 0


def test_one_worker_leads_until_its_lease_is_over(world: World, kernel: Kernel, clock: StoppedClock) -> None:
    world.practice()

    def lead(holder: str) -> bool:
        return kernel.perform(take_lease, OUTBOX, name="outbox", holder=holder, seconds=30)

    assert lead("one")
    assert not lead("two")
    assert lead("one")
    clock.advance(seconds=31)
    assert lead("two")
    assert not lead("one")


def test_the_development_mailbox_shows_its_letters_newest_first(
    world: World, kernel: Kernel, clock: StoppedClock
) -> None:
    world.practice()
    for subject in ("first", "second"):
        kernel.perform(keep_letter, OUTBOX, to="maya@tests.example", subject=subject, text="Sign in to read it.")
        clock.advance(minutes=1)
    letters = kernel.perform(read_mailbox, OUTBOX, live=True)
    assert [(letter.subject, letter.to) for letter in letters] == [
        ("second", "maya@tests.example"),
        ("first", "maya@tests.example"),
    ]
