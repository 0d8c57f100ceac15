"""People who ask for a chart, and the practice that knows them: shared by the tests of requests and of the desk."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Account, Grant, Patient, Role
from rxportal.models.mail import Letter
from rxportal.services.claims import claim_child_chart, claim_own_chart
from rxportal.services.visit_codes import issue_code
from tests.factories import World

FACTS: dict[str, Any] = {"name": "Ann Quagga", "birth_date": "3/14/1985", "postal_code": "94000"}
CHILD: dict[str, Any] = {
    "name": "Kit Quagga", "birth_date": "5/2/2021", "postal_code": "94000", "kin": "parent",
    "relationship": "mother", "proof": "Birth certificate",
}  # fmt: skip


def ann(world: World, **columns: Any) -> Patient:
    """The person whom FACTS fit."""
    row = world.patient("Ann Quagga", born="1985-03-14")
    row.email, row.phone, row.postal_code = "ann@mail.example", "555-0100", "94000-1234"
    for name, value in columns.items():
        setattr(row, name, value)
    stored: Patient = world.store(row)
    return stored


def kit(world: World, **columns: Any) -> Patient:
    """The five-year-old whom CHILD fits."""
    return ann(world, name="Kit Quagga", birth_date=date(2021, 5, 2).isoformat(), **columns)


def asker(world: World, name: str = "Ann Quagga", **facts: Any) -> tuple[Account, SessionToken]:
    """Somebody who registered and is signed in."""
    account = world.account(name, **facts)
    return account, world.sign_in(account)


def asks(kernel: Kernel, who: SessionToken, **facts: Any) -> UUID:
    """Ask for one's own chart."""
    return kernel.perform(claim_own_chart, who, practice=kernel.practice.name, **{**FACTS, **facts})


def asks_for_child(kernel: Kernel, who: SessionToken, **facts: Any) -> UUID:
    """Ask for the five-year-old's chart."""
    return kernel.perform(claim_child_chart, who, practice=kernel.practice.name, **{**CHILD, **facts})


def front_desk(world: World, role: Role = Role.FRONT_DESK) -> SessionToken:
    """Somebody at the desk."""
    return world.sign_in(world.staff(role))


def visit_code(world: World, patient: Patient) -> str:
    """A code as the desk prints it."""
    return world.kernel.perform(issue_code, front_desk(world), patient_id=patient.id).code


def letters(world: World, to: str) -> list[Letter]:
    """What waits in the outbox for an address."""
    return [one for one in world.rows(Letter) if one.to == to]


def grants_of(world: World, account: Account) -> list[Grant]:
    """What an account has."""
    return [one for one in world.rows(Grant) if one.account_id == account.id and one.revoked_at is None]
