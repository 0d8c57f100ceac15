"""A request for a chart in words for the desk: what was written beside what is on file.

Name, birth date and record number of a patient are shown; of address and phone only whether they are the same, because
whoever stands at the counter could read them from the screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo

from rxportal.core.text import _
from rxportal.fhir.dates import date_words
from rxportal.models.accounts import Account, Basis, Grant, Level, Patient
from rxportal.models.people import Claim, ClaimKind
from rxportal.rules.claims import BASES, Facts, Fit, Kin, fits
from rxportal.services.claims_views import Candidate, ClaimCase, Compared, QueueRow
from rxportal.services.claims_words import REFUSALS
from rxportal.services.result_journey import day
from rxportal.services.results_views import Choice

KINS = {
    Kin.PARENT: _("Parent of a child"),
    Kin.GUARDIAN: _("Guardian"),
    Kin.COURT: _("Appointed by a court"),
}
FACTS = {
    "name": _("Name"), "birth_date": _("Born"), "postal_code": _("ZIP code"), "phone": _("Phone"), "mrn": _("MRN"),
}  # fmt: skip
FITS = {
    Fit.SAME: (_("Same"), "good"),
    Fit.OTHER: (_("Different"), "act"),
    Fit.NOT_GIVEN: ("", "wait"),
    Fit.NOT_ON_FILE: (_("Nothing on file"), "wait"),
}
LEVELS = {Level.SELF: _("own chart"), Level.FULL: _("full access"), Level.READ_ONLY: _("read only")}


def queue_row(claim: Claim, by: str, zone: tzinfo, now: datetime) -> QueueRow:
    """One line of the queue."""
    asks = _("Own chart") if claim.kind == ClaimKind.OWN else _("Chart of {name}").format(name=claim.name)
    return QueueRow(
        id=str(claim.id),
        name=by,
        asks=asks,
        due=day(claim.due_at, zone),
        late=claim.due_at <= now,
        tag=_("Has an owner") if claim.conflict else "",
    )


def case_of(claim: Claim, account: Account, zone: tzinfo, now: datetime) -> ClaimCase:
    """One request, without its candidates."""
    child = claim.kind == ClaimKind.CHILD
    kin = next((kin for kin, basis in BASES.items() if basis.value == claim.basis), Kin.PARENT)
    return ClaimCase(
        id=str(claim.id),
        title=_("Chart of {name}").format(name=claim.name) if child else _("{name}: own chart").format(name=claim.name),
        child=child,
        asked_by=f"{account.name}, {account.email}",
        asked=day(claim.created_at, zone),
        due=day(claim.due_at, zone),
        late=claim.due_at <= now,
        conflict=claim.conflict,
        relation=claim.relationship,
        proof=claim.proof,
        kin=kin.value if child else "",
        kins=[Choice(one.value, words) for one, words in KINS.items()] if child else [],
        reasons=[
            Choice("", _("Choose a reason")), *(Choice(one.value, words[0]) for one, words in REFUSALS.items())
        ],
    )  # fmt: skip


def candidate(
    given: Facts, patient: Patient, why_not: str, people: Iterable[tuple[Grant, str]], *, owned: bool
) -> Candidate:
    """One patient who could be meant, fact by fact."""
    filed = Facts(patient.name, patient.birth_date, patient.postal_code, patient.phone, patient.mrn)
    shown = {"name": patient.name, "birth_date": date_words(patient.birth_date), "mrn": patient.mrn}
    wrote = {
        "name": given.name, "birth_date": date_words(given.birth_date), "postal_code": given.postal_code,
        "phone": given.phone, "mrn": given.mrn,
    }  # fmt: skip
    rows = [
        Compared(FACTS[name], wrote[name] or _("Not written"), shown.get(name, ""), *FITS[answer])
        for name, answer in fits(given, filed).items()
    ]
    stands = [_("Nobody opens this chart as their own yet.")] if not owned else []
    stands += [_stands(grant, name) for grant, name in people]
    return Candidate(str(patient.id), patient.name, date_words(patient.birth_date), patient.mrn, rows, stands, why_not)


def _stands(grant: Grant, name: str) -> str:
    what = grant.relationship or LEVELS[Level(grant.level)]
    if grant.basis == Basis.PARENT:
        what = grant.relationship or _("parent")
    return _("{name} has access: {what}").format(name=name, what=what)
