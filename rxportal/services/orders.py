"""Who ordered a result and when, where an order that this reader may see says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam
from sqlmodel import col

from rxportal.core.scopes import Chart, Desk
from rxportal.core.sight import Sight
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
    found = scope.read_of(_orders, keys)
    return {key: Order(doctor, ordered or occurred) for key, doctor, ordered, occurred in found}


def _orders(reader: Sight | Desk) -> Select[Any]:
    orders = reader.select_named().where(col(RecordLink.parent_id).in_(bindparam("keys", expanding=True)))
    orders = orders.where(col(Record.resource_type) == "ServiceRequest")
    return only(orders, col(RecordLink.parent_id), col(Record.author), col(Record.ordered), col(Record.occurred))
