"""Who ordered a result and when, where an order that this reader may see says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col

from rxportal.core.scopes import Chart, Desk
from rxportal.models.records import Record, RecordLink
from rxportal.services.selecting import only


@dataclass(frozen=True)
class Order:
    """The order of a result: a doctor's name and a FHIR date, either may be ""."""

    doctor: str = ""
    ordered: str = ""


def orders_of(scope: Chart | Desk, keys: Sequence[UUID]) -> dict[UUID, Order]:
    """The order behind each of these results; one statement."""
    if not keys:
        return {}
    orders = scope.select(Record).join(RecordLink, col(RecordLink.child_id) == col(Record.id))
    orders = orders.where(col(RecordLink.parent_id).in_(keys), col(Record.resource_type) == "ServiceRequest")
    named = only(orders, col(RecordLink.parent_id), col(Record.author), col(Record.ordered), col(Record.occurred))
    return {key: Order(doctor, ordered or occurred) for key, doctor, ordered, occurred in scope.exec(named)}
