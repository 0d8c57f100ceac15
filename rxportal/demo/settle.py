"""The use cases that only the demo practice has: its accounts, desks and grants."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.scopes import Desk
from rxportal.core.usecase import use_case
from rxportal.demo.people import MEMBERS, Tie, named
from rxportal.models.accounts import Account, Basis, Grant, Level, Patient, Role, Staff
from rxportal.models.records import Record


@use_case(Permission.LOAD_DEMO, audited=False)
def demo_accounts(desk: Desk) -> dict[str, UUID]:
    """The demo accounts that are here already: e-mail → id."""
    return {email: account.id for email, account in _accounts(desk).items()}


@use_case(Permission.LOAD_DEMO, audited=False)
def demo_results(desk: Desk) -> dict[str, UUID]:
    """The reports of this practice by their FHIR id."""
    reports = desk.exec(desk.select(Record).where(col(Record.resource_type) == "DiagnosticReport")).scalars()
    return {report.source_id: report.id for report in reports}


@use_case(Permission.LOAD_DEMO, kind="write")
def open_demo_accounts(desk: Desk, *, hashes: dict[str, str], elsewhere: bool = False) -> int:
    """Make the accounts of one of the two practices: `hashes` is e-mail → password hash. Returns how many."""
    members = [member for member in MEMBERS if member.elsewhere is elsewhere]
    for member in members:
        account = desk.add(
            Account(email=member.email, name=member.name, password_hash=hashes[member.email], created_at=desk.now)
        )
        desk.session.flush()
        if member.role:
            _seat(desk, account, member.role, member.title)
    desk.note(accounts=len(members))
    return len(members)


@use_case(Permission.LOAD_DEMO, kind="write")
def tie_demo_accounts(desk: Desk, *, elsewhere: bool = False) -> int:
    """Give the accounts their charts, once the people have arrived with their records. Returns how many grants."""
    patients = {patient.name: patient for patient in desk.exec(desk.select(Patient)).scalars()}
    accounts = _accounts(desk)
    made = 0
    for member in (member for member in MEMBERS if member.elsewhere is elsewhere):
        own = [Tie(member.person, Level.SELF, Basis.SELF)] if member.person else []
        for tie in (*own, *member.ties):
            desk.add(_grant(desk, accounts[member.email], patients[named(tie.person)], tie))
            made += 1
    desk.note(grants=made)
    return made


def _accounts(desk: Desk) -> dict[str, Account]:
    emails = [member.email for member in MEMBERS]
    return {found.email: found for found in desk.session.exec(select(Account).where(col(Account.email).in_(emails)))}


def _seat(desk: Desk, account: Account, role: Role, title: str) -> None:
    since = desk.now - timedelta(days=400)
    desk.add(Staff(account_id=account.id, practice_id=desk.practice.id, role=role, title=title, since=since))


def _grant(desk: Desk, account: Account, patient: Patient, tie: Tie) -> Grant:
    def ago(days: int) -> datetime:
        return desk.now - timedelta(days=days)

    return Grant(
        account_id=account.id,
        patient_id=patient.id,
        level=tie.level,
        basis=tie.basis,
        relationship=tie.relationship,
        since=ago(tie.since_days_ago),
        accepted_at=ago(tie.since_days_ago),
        until=None if tie.ended_days_ago is None else ago(tie.ended_days_ago),
        revoked_at=None if tie.revoked_days_ago is None else ago(tie.revoked_days_ago),
    )
