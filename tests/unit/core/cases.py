"""Use cases of the tests' own, one of each scope: the portal's own change with every feature."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.errors import Conflict
from rxportal.core.scopes import AccountScope, Chart, Desk, PublicScope
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Patient
from rxportal.models.records import Record


class Colour(StrEnum):
    """Some enum."""

    RED = "red"
    BLUE = "blue"


@use_case(Permission.VIEW_RESULTS)
def try_read_chart(chart: Chart) -> UUID:
    """Whose chart this is."""
    return chart.patient.id


@use_case(Permission.VIEW_RESULTS)
def try_titles(chart: Chart) -> list[str]:
    """The titles of what this viewer may see."""
    return sorted(row.title for row in chart.exec(chart.select(Record)).scalars())


@use_case(Permission.VIEW_RESULTS)
def try_one_record(chart: Chart, *, record_id: UUID) -> str:
    """One record's title."""
    chart.note(record=record_id)
    return chart.get(Record, record_id).title


@use_case(Permission.VIEW_RESULTS, kind="write")
def try_rename(chart: Chart, *, name: str, fail: str = "") -> None:
    """Write, and then perhaps fail."""
    chart.patient.name = name
    chart.add(chart.patient)
    chart.session.flush()
    if fail == "refused":
        raise Conflict("somebody was first")
    if fail == "fault":
        raise ZeroDivisionError(name)


@use_case(Permission.SEE_RESULT_QUEUE)
def try_read_desk(desk: Desk) -> list[UUID]:
    """The patients of this desk."""
    return sorted(row.id for row in desk.exec(desk.select(Patient)).scalars())


@use_case(Permission.SEE_RESULT_QUEUE)
def try_desk_patient(desk: Desk, *, patient_id: UUID) -> str:
    """One patient of this desk."""
    return desk.patient(patient_id).name


@use_case(Permission.LIST_PATIENTS)
def try_operate(desk: Desk) -> str:
    """Something that only the operator does."""
    return desk.practice.name


@use_case(Permission.VIEW_SESSION)
def try_read_account(account: AccountScope) -> UUID:
    """Whose account this is."""
    return account.account_id


@use_case(Permission.SIGN_IN)
def try_public(public: PublicScope) -> bool:
    """Whether somebody is signed in."""
    return public.actor.account_id is not None


@use_case(Permission.SIGN_IN, audited=False)
def try_inputs(
    public: PublicScope,
    *,
    number: int = 0,
    yes: bool = False,
    text: str = "",
    key: UUID | None = None,
    day: date | None = None,
    colour: Colour = Colour.RED,
    keys: list[UUID] | None = None,
) -> tuple[object, ...]:
    """Give back what arrived."""
    return number, yes, text, key, day, colour, keys


@use_case(Permission.VIEW_RESULTS, kind="write")
def try_append_mrn(chart: Chart, *, mark: str) -> int:
    """Read, then write: what deadlocks where a transaction begins as a reader."""
    patient = chart.session.exec(select(Patient).where(col(Patient.id) == chart.patient.id).with_for_update()).one()
    chart.session.refresh(patient)
    patient.mrn = f"{patient.mrn}{mark}"
    chart.add(patient)
    return len(patient.mrn)
