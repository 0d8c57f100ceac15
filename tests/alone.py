"""Tests run side by side; one marked `alone` measures time, and has the machine to itself while it is called.

Every worker holds a lock that all share from the start of a test to its end. A test marked `alone` gives its share back
once its fixtures stand, and takes the lock for itself: the other workers finish the test they are at, then wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fasteners import InterProcessLock, InterProcessReaderWriterLock

ALONE = pytest.StashKey[bool]()


def run_folder(config: pytest.Config) -> Path:
    """A folder that all workers of this run see: above the workers' own folders for temporary files."""
    return Path(config.option.basetemp).parent


class Turns:
    """Whose turn it is. Who waits to be alone holds the door, so that a stream of others cannot keep it waiting."""

    def __init__(self, folder: Path) -> None:
        self._door = InterProcessLock(folder / "door.lock")
        self._room = InterProcessReaderWriterLock(folder / "room.lock")

    @contextmanager
    def together(self) -> Iterator[None]:
        """One of several."""
        self._share()
        try:
            yield
        finally:
            self._room.release_read_lock()

    def leave_others(self) -> None:
        """From one of several to alone; waits until the others have finished what they are at."""
        self._room.release_read_lock()
        try:
            self._door.acquire()
            self._room.acquire_write_lock()
        except BaseException:  # its time was up while it waited
            if self._door.acquired:
                self._door.release()
            self._share()
            raise

    def join_others(self) -> None:
        """From alone to one of several."""
        self._room.release_write_lock()
        self._door.release()
        self._share()

    def _share(self) -> None:
        with self._door:
            self._room.acquire_read_lock()


class Turnstile:
    """The plugin of a worker."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Iterator[None]:
        """Every test: one of several from its start to its end."""
        with self._turns.together():
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        """The waiting is counted to the fixtures, not to the test."""
        yield
        if item.get_closest_marker("alone"):
            self._turns.leave_others()
            item.stash[ALONE] = True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        """What was measured is measured: the others may go on."""
        if item.stash.get(ALONE, False):
            item.stash[ALONE] = False
            self._turns.join_others()
        return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Where there is one process, every test is alone already."""
    if hasattr(config, "workerinput"):
        config.pluginmanager.register(Turnstile(Turns(run_folder(config))), "turnstile")
