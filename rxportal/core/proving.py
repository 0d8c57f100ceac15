"""People of a practice, looked up by what somebody says of themselves, before there is a chart to look into.

It lives in the kernel because it reads patients without a scope of theirs. Whoever calls it tells nobody what it found:
a wrong fact, a missing person and a person with an account already have one answer.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from rxportal.models.accounts import Grant, Level, Patient
from rxportal.models.people import VisitCode
from rxportal.rules.claims import Facts, is_named, is_person
from rxportal.rules.invitations import mailbox_of


def facts_of(patient: Patient) -> Facts:
    """What the practice has on file to know this person by."""
    return Facts(patient.name, patient.birth_date, patient.postal_code, patient.phone, patient.mrn)


def the_one(session: Session, practice_id: UUID, given: Facts) -> Patient | None:
    """The one person whom these facts fit. None where there is nobody, or a second one of that name and birth date."""
    born = select(Patient).where(Patient.practice_id == practice_id, Patient.birth_date == given.birth_date)
    named = [one for one in session.exec(born) if is_named(given, facts_of(one))]
    return named[0] if len(named) == 1 and is_person(given, facts_of(named[0])) else None


def holder_of(session: Session, practice_id: UUID, code_hash: str, now: datetime) -> tuple[VisitCode, Patient] | None:
    """The visit code behind a hash that still works, with its patient; both are kept from others till the end."""
    wanted = select(VisitCode, Patient).where(
        VisitCode.code_hash == code_hash,
        Patient.id == VisitCode.patient_id,
        Patient.practice_id == practice_id,
        col(VisitCode.used_at).is_(None),
        col(VisitCode.withdrawn_at).is_(None),
        col(VisitCode.expires_at) > now,
    )
    return session.exec(wanted.with_for_update()).first()


def held(session: Session, patient_id: UUID) -> Patient | None:
    """A patient, kept from other transactions till the end of this one: two accounts can't become its owner at once."""
    return session.exec(select(Patient).where(Patient.id == patient_id).with_for_update()).first()


def on_files(session: Session, practice_id: UUID, email: str) -> set[UUID]:
    """The patients of a practice on whose file this mailbox stands, however the address is spelt."""
    mailbox = mailbox_of(email)
    local, _sign, domain = mailbox.rpartition("@")
    alike = select(Patient.id, Patient.email).where(
        Patient.practice_id == practice_id,
        col(Patient.email).istartswith(local, autoescape=True),
        col(Patient.email).iendswith(domain, autoescape=True),
    )
    return {key for key, filed in session.exec(alike) if mailbox_of(filed) == mailbox}


def owner_of(session: Session, patient_id: UUID, now: datetime) -> UUID | None:
    """The account that has this chart as its own."""
    own = select(Grant.account_id).where(Grant.patient_id == patient_id, Grant.level == Level.SELF)
    return session.exec(own.where(or_(col(Grant.revoked_at).is_(None), col(Grant.revoked_at) > now))).first()
