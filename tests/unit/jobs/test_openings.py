"""What the clock alone brings about is told like any act: once, and never of what is hidden."""

from __future__ import annotations

from datetime import timedelta

from rxportal.core.identity import Operator
from rxportal.core.kernel import Kernel
from rxportal.core.live import Change
from rxportal.models.audit import OutboxMessage
from rxportal.models.live import Lease
from rxportal.models.records import Kind
from rxportal.services.notices import due_notices
from rxportal.services.openings import Due, look_at_the_clock, settle_on_a_new_day, tell_openings
from tests.factories import World
from tests.fakes import RecordingBus, StoppedClock

JOB = Operator("openings")


def told(kernel: Kernel) -> list[Change]:
    """What was published so far, and forget it."""
    assert isinstance(kernel.bus, RecordingBus)
    found, kernel.bus.published = kernel.bus.published, []
    return found


def test_a_result_that_opens_on_its_latest_day_moves_its_pages_and_is_told_of_once(
    world: World, kernel: Kernel, clock: StoppedClock
) -> None:
    owner, patient = world.owner()
    result = world.result(patient, kind=Kind.RADIOLOGY)
    assert result.latest_at is not None
    assert kernel.perform(tell_openings, JOB) == 0
    clock.now = result.latest_at - timedelta(seconds=1)
    assert kernel.perform(tell_openings, JOB) == 0
    assert told(kernel) == []
    clock.now = result.latest_at
    assert kernel.perform(tell_openings, JOB) == 1
    assert Change("chart", str(patient.id), "results") in told(kernel)
    (notice,) = kernel.perform(due_notices, JOB, live=True, origin="https://portal.example")
    assert [reader.email for reader in notice.readers] == [owner.email]
    clock.advance(hours=1)
    assert kernel.perform(tell_openings, JOB) == 0
    assert len(world.rows(OutboxMessage)) == 1


def test_what_is_withheld_or_released_by_a_doctor_does_not_open_by_itself(
    world: World, kernel: Kernel, clock: StoppedClock
) -> None:
    _, patient = world.owner()
    kernel.perform(tell_openings, JOB)
    world.result(patient, kind=Kind.HIV)
    clock.advance(minutes=1)
    world.released(patient)
    clock.advance(days=60)
    assert kernel.perform(tell_openings, JOB) == 0
    assert world.rows(OutboxMessage) == []


def look(kernel: Kernel) -> Due:
    """What the job sees every few seconds."""
    return kernel.perform(look_at_the_clock, JOB, live=True)


def test_looking_writes_nothing_until_something_opened(world: World, kernel: Kernel, clock: StoppedClock) -> None:
    _, patient = world.owner()
    result = world.result(patient, kind=Kind.RADIOLOGY)
    assert look(kernel) == Due(openings=True, new_day=True)  # nobody ever looked
    kernel.perform(tell_openings, JOB)
    kernel.perform(settle_on_a_new_day, JOB)
    before = world.rows(Lease)
    assert look(kernel) == Due(openings=False, new_day=False)
    assert world.rows(Lease) == before
    assert result.latest_at is not None
    clock.now = result.latest_at
    assert look(kernel).openings
    kernel.perform(tell_openings, JOB)
    assert not look(kernel).openings


def test_charts_are_settled_once_on_a_new_day(world: World, kernel: Kernel, clock: StoppedClock) -> None:
    world.practice()
    assert not kernel.perform(settle_on_a_new_day, JOB)
    clock.advance(hours=1)
    assert not kernel.perform(settle_on_a_new_day, JOB)
    clock.advance(days=1)
    assert kernel.perform(settle_on_a_new_day, JOB)
    assert not kernel.perform(settle_on_a_new_day, JOB)
