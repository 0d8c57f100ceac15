"""What an import hands to its use cases: resources are too large for a form, so they wait here under an id."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from uuid import UUID, uuid4

from rxportal.core.errors import NotFound
from rxportal.fhir.read import Sent


class Vault(Protocol):
    """Where the bytes of attachments are kept, outside the web root and encrypted."""

    def keep(self, content: bytes) -> str:
        """Store bytes and give the name under which they are found again."""
        ...


@dataclass(frozen=True)
class Order:
    """What one import run was asked to do. `run_id` names the run before it has written anything."""

    organization: str
    vault: Vault
    seen_before: date | None = None
    released_before: date | None = None
    run_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Batch:
    """The resources of one transaction, or at the end of a run the patients to settle."""

    order: Order
    sent: tuple[Sent, ...] = ()
    patients: frozenset[UUID] = frozenset()
    changed: frozenset[UUID] = frozenset()


@dataclass
class Tally:
    """What became of the resources: by type and fate, and the reasons of those that were skipped or have no chart."""

    fates: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    skipped: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    chartless: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    imperfect: Counter[tuple[str, str]] = field(default_factory=Counter)
    patients: set[UUID] = field(default_factory=set)
    changed: set[UUID] = field(default_factory=set)

    def add(self, other: Tally) -> None:
        """Count another batch in."""
        self.fates.update(other.fates)
        self.skipped.update(other.skipped)
        self.chartless.update(other.chartless)
        self.imperfect.update(other.imperfect)
        self.patients |= other.patients
        self.changed |= other.changed


_waiting: dict[UUID, Batch] = {}


def put(batch: Batch) -> UUID:
    """Leave a batch; its id is what the use case is given."""
    key = uuid4()
    _waiting[key] = batch
    return key


def take(key: UUID) -> Batch:
    """The batch, once.

    Raises:
        NotFound: nothing waits under this id.
    """
    found = _waiting.pop(key, None)
    if found is None:
        raise NotFound
    return found
