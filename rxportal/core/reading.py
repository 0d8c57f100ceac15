"""What one act read, in order, so that the database can be asked whether it would read the same again (ADR 0006)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NoReturn, Protocol

from sqlalchemy import Connection
from sqlmodel import Session

from rxportal.core import quick
from rxportal.core.access import Permission

SAME_MOMENT = timedelta(0)


class Step(Protocol):
    """One thing that was read."""

    def same(self, reading: Reading) -> Callable[[], bool]:
        """What tells whether it reads the same now; a statement may be on its way already."""

    def size(self) -> int:
        """About how many bytes it holds."""


@dataclass(frozen=True)
class Rows:
    """A statement, what went into it, and what the driver gave. An instant goes in as its distance from this act's."""

    statement: Any
    values: Mapping[str, Any]
    found: quick.Raw

    def same(self, reading: Reading) -> Callable[[], bool]:
        """Whether the same statement gives the same rows."""
        rows = quick.send(reading.connection, self.statement, reading.at(self.values))
        return lambda: rows() == self.found

    def size(self) -> int:
        """Text is most of it."""
        return sum(len(value) if isinstance(value, str) else 16 for row in self.found for value in row)


@dataclass(frozen=True)
class Answer:
    """What a pure question about this act's instant was answered."""

    question: Callable[..., Any]
    given: tuple[Any, ...]
    answer: Any

    def same(self, reading: Reading) -> Callable[[], bool]:
        """Whether the answer still holds."""
        return lambda: bool(self.question(reading.now, *self.given) == self.answer)

    def size(self) -> int:
        """Small."""
        return 32 * len(self.given)


@dataclass(frozen=True)
class Charts:
    """Which charts an account could open with a permission, and how."""

    permission: Permission
    found: list[Any]

    def same(self, reading: Reading) -> Callable[[], bool]:
        """Decided anew, by the one function that decides."""
        opens = reading.opens
        assert opens is not None
        return lambda: opens(self.permission) == self.found

    def size(self) -> int:
        """A few facts of each."""
        return 1_000 * len(self.found)


class Closed:
    """Stands where an act must not look whose result is kept: its scope's session and clock."""

    def __getattr__(self, name: str) -> NoReturn:
        """Say what to do instead."""
        raise RuntimeError(f"a kept use case reads by `read` and `asks` alone, not by .{name}")


@dataclass
class Reading:
    """The transaction and the instant of one act, and the steps that it read by. `opens`: how it opens charts."""

    session: Session
    now: datetime
    opens: Callable[[Permission], list[Any]] | None = None
    steps: list[Step] = field(default_factory=list)

    @property
    def connection(self) -> Connection:
        """Where statements run."""
        return self.session.connection()

    def at(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as this act sends them: distances from its instant become instants."""
        return {name: self.now + one if isinstance(one, timedelta) else one for name, one in values.items()}

    def rows(self, statement: Any, values: Mapping[str, Any]) -> list[Any]:
        """Rows of a kept statement of columns."""
        made, found = quick.fetch(self.connection, statement, self.at(values))
        self.steps.append(Rows(statement, values, found))
        return made.rows(found)

    def asks(self, question: Callable[..., Any], *given: Any) -> Any:
        """The answer of a pure function of this act's instant and of `given`."""
        answer = question(self.now, *given)
        self.steps.append(Answer(question, given, answer))
        return answer
