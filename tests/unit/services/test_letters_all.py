"""Everybody does everything that writes a letter, without a mail server: what `tests/faults/test_mail.py` then sends."""

from __future__ import annotations

from rxportal.core.kernel import Kernel
from tests.factories import World
from tests.faults.reading import acts
from tests.faults.writing import Day


def test_every_act_that_writes_a_letter_is_known(kernel: Kernel) -> None:
    World(kernel).practice()
    day = Day(kernel)
    day.live()
    assert acts() <= day.done, f"tests/faults/writing.py does not do: {sorted(acts() - day.done)}"
