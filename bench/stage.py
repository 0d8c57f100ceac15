"""What the measures run on: servers that are started when the first measure asks for them and stopped at the end."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import Self

from bench.practice import FREE, Hospital, Practice, embedded, hospital
from bench.served import Target, bare
from rxportal.core.cookies import credentials_of
from rxportal.services.results import list_results


@dataclass
class Stage:
    """Servers for one run of the bench."""

    _open: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @cached_property
    def practice(self) -> Practice:
        """The portal in memory mode without an event budget."""
        return self._open.enter_context(embedded(**FREE))

    @cached_property
    def hospital(self) -> Hospital:
        """PostgreSQL and Redis with the demo, for portals as a hospital runs them."""
        return self._open.enter_context(hospital())

    @cached_property
    def ours(self) -> Target:
        """Its list of results, read by Maya of the demo."""
        return self.practice.target()

    @cached_property
    def plain(self) -> Target:
        """The bare app, with as many rows as stand on our list."""
        return self._open.enter_context(bare(self.rows))

    @cached_property
    def rows(self) -> int:
        """How many results and results on their way stand on Maya's first page."""
        shown = self.practice.kernel.perform(list_results, credentials_of(self.ours.cookie), live=True)
        return len(shown.rows) + len(shown.waiting)
