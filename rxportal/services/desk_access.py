"""The desk for access: find a patient of the practice, see who may open the chart, end one access with a reason."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.errors import Conflict, NotFound
from rxportal.core.scopes import Desk
from rxportal.core.text import _, plural
from rxportal.core.usecase import use_case
from rxportal.fhir.dates import MONTHS, date_words
from rxportal.models.accounts import Account, Grant, Level, Patient
from rxportal.rules.ages import stage_of
from rxportal.rules.grants import OVER, standing
from rxportal.services.access_views import Found, PatientAccess, PatientRow
from rxportal.services.access_words import REASONS, EndReason
from rxportal.services.desk_finding import MOST_FOUND, first_found, looked_for
from rxportal.services.grants import end, row_of
from rxportal.services.results_views import Choice

MOST_WORDS = 8
TOPIC = "desk_access"
MONTH_NUMBERS = {name.lower(): at + 1 for at, name in enumerate(MONTHS)}
NUMBERS = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
NAMED_MONTH = re.compile(r"(\d{1,2})\s+([a-z]{3})[a-z]*\.?,?\s+(\d{4})", re.IGNORECASE)


@use_case(Permission.SEE_ACCESS)
def find_patients(desk: Desk, *, words: str) -> Found:
    """The patients of this practice whom every one of these words fits: name, MRN or birth date. No words: nobody.

    Raises:
        InvalidInput: one character, or a hundred and more.
    """
    given = looked_for(words, _("Write two letters or more of the name, the MRN or the birth date."))
    if not given:
        return Found()
    wanted = desk.select(Patient).where(*fit(given)).order_by(col(Patient.name), col(Patient.birth_date))
    shown, sentence = first_found(
        desk,
        list(desk.exec(wanted.limit(MOST_FOUND + 1)).scalars()),
        lambda count: plural("{count} patient found", "{count} patients found", count),
        nobody=_("Nobody of this practice fits these words."),
        more=_("The first {count}. Write more of the name or the birth date."),
    )
    rows = [PatientRow(str(one.id), one.name, date_words(one.birth_date), one.mrn) for one in shown]
    return Found(rows, sentence, given)


@use_case(Permission.SEE_ACCESS)
def see_access(desk: Desk, *, patient_id: UUID) -> PatientAccess:
    """Who may open one patient's chart.

    Raises:
        NotFound: no such patient, or another practice's.
    """
    patient = desk.patient(patient_id)
    desk.note(patient_id=patient.id)
    return _access(desk, patient)


@use_case(Permission.DECIDE_ACCESS, kind="write")
def end_access(desk: Desk, *, grant_id: UUID, reason: EndReason) -> PatientAccess:
    """End one access, for a reason that is kept; its open pages close at once.

    Raises:
        NotFound: no such grant in this practice.
        Conflict: it was over before.
    """
    wanted = desk.select(Grant).where(col(Grant.id) == grant_id).with_for_update(of=Grant)
    grant: Grant | None = desk.exec(wanted).scalars().first()
    if grant is None:
        raise NotFound
    patient = desk.patient(grant.patient_id)
    if standing(grant, stage_of(patient.birth_date, desk.today, desk.practice.state), desk.now) in OVER:
        raise Conflict(_("This access was over before."))
    end(desk, grant)
    desk.note(patient_id=patient.id, reason=reason.value)
    desk.publish(patient.id, TOPIC)
    return _access(desk, patient)


def _access(desk: Desk, patient: Patient) -> PatientAccess:
    named = desk.select(Grant, col(Account.name)).join(Account, col(Account.id) == col(Grant.account_id))
    named = named.where(col(Grant.patient_id) == patient.id).order_by(
        col(Grant.level) != Level.SELF.value, col(Account.name), col(Grant.since).desc(), col(Grant.id)
    )
    rows = [row_of(desk, grant, name, born=patient.birth_date) for grant, name in desk.exec(named)]
    return PatientAccess(
        id=str(patient.id),
        name=patient.name,
        born=date_words(patient.birth_date),
        mrn=patient.mrn,
        people=[row for row in rows if not row.over],
        past=[row for row in rows if row.over],
        reasons=[Choice("", _("Choose a reason")), *(Choice(one.value, _sentence(REASONS[one])) for one in EndReason)],
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def fit(given: str) -> list[ColumnElement[bool]]:
    """Every word is part of the name, begins the MRN, or is the birth date."""
    born = birth_date(given)
    if born:
        return [col(Patient.birth_date) == born]
    return [
        or_(
            col(Patient.name).icontains(word, autoescape=True),
            col(Patient.mrn).istartswith(word, autoescape=True),
            col(Patient.birth_date) == (birth_date(word) or word),
        )
        for word in given.split()[:MOST_WORDS]
    ]


def birth_date(given: str) -> str:
    """A whole date as people at a US desk write it, as a FHIR date: "3/14/1985", "14 Mar 1985", "1985-03-14"; or ""."""
    numbers, named = NUMBERS.fullmatch(given), NAMED_MONTH.fullmatch(given)
    try:
        if numbers:
            month, day, year = (int(part) for part in numbers.groups())
            return date(year, month, day).isoformat()
        if named:
            return date(int(named[3]), MONTH_NUMBERS.get(named[2].lower(), 0), int(named[1])).isoformat()
        return date.fromisoformat(given).isoformat() if re.fullmatch(r"\d{4}-\d\d-\d\d", given) else ""
    except ValueError:
        return ""
