"""The desk decides who is who: requests by due time, each beside the patients who could be meant (S13)."""

from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import false, or_
from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.errors import Conflict, InvalidInput, NotFound
from rxportal.core.proving import facts_of, held, owner_of
from rxportal.core.scopes import Desk
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Basis, Grant, Level, Patient
from rxportal.models.people import Claim, ClaimKind, ClaimState
from rxportal.rules.claims import BASES, OWN_FROM, Facts, Kin, fits, is_named, mrn_of, words_of
from rxportal.services.claims_open import obstacle, open_chart_of, self_grant, tell, write_refusal
from rxportal.services.claims_views import Candidate, ClaimCase, QueueRow
from rxportal.services.claims_words import Refusal
from rxportal.services.court_orders import day_after
from rxportal.services.desk_claims_words import candidate, case_of, queue_row

MOST_CANDIDATES, MOST_LOOKED_AT, MOST_WAITING = 5, 40, 200
LONGEST_PAPERS = 1_000


@use_case(Permission.SEE_CLAIMS)
def list_claims(desk: Desk) -> list[QueueRow]:
    """The open requests of this practice, the one that is due first on top."""
    wanted = select(Claim, Account).where(
        Claim.practice_id == desk.practice.id, Claim.state == ClaimState.OPEN, Account.id == Claim.account_id
    )
    found = desk.session.exec(wanted.order_by(col(Claim.due_at), col(Claim.id)).limit(MOST_WAITING))
    zone = ZoneInfo(desk.practice.time_zone)
    return [queue_row(claim, account.name, zone, desk.now) for claim, account in found]


@use_case(Permission.SEE_CLAIMS)
def see_claim(desk: Desk, *, claim_id: UUID, own_from: int = OWN_FROM) -> ClaimCase:
    """One request beside the patients who could be meant, the likeliest first.

    Raises:
        NotFound: no request of this practice.
        Conflict: it was answered or taken back.
    """
    claim = _open_claim(desk, claim_id)
    account = desk.session.get(Account, claim.account_id)
    if account is None:
        raise NotFound
    found = _candidates(desk, claim)
    desk.patients = [one.id for one in found]
    desk.note(claim=str(claim.id))
    case = case_of(claim, account, ZoneInfo(desk.practice.time_zone), desk.now)
    case.candidates = [_candidate(desk, claim, one, own_from) for one in found]
    return case


@use_case(Permission.DECIDE_CLAIMS, kind="write")
def approve_claim(
    desk: Desk,
    *,
    claim_id: UUID,
    patient_id: UUID,
    papers: str = "",
    kin: Kin | None = None,
    until: date | None = None,
    representative: bool = False,
    own_from: int = OWN_FROM,
) -> None:
    """Open one patient's chart to whoever asked. `papers`: what was looked at; `until`: the last day of the access.

    `representative`: a parent holds it as personal representative (45 CFR 164.502(g)(3)): a teen can't narrow it.

    Raises:
        NotFound: no such request or patient in this practice.
        InvalidInput: no papers, or a day that is over.
        Conflict: it was answered before, or something stands against it.
    """
    claim = _open_claim(desk, claim_id)
    desk.patient(patient_id)
    patient = held(desk.session, patient_id)
    if patient is None:
        raise NotFound
    seen = _looked_at(papers)
    if until is not None and until < desk.today:
        raise InvalidInput("until", _("That day is over. Write the last day of the access, or leave it empty."))
    basis = BASES[kin] if kin else Basis(claim.basis or Basis.SELF)
    why_not = obstacle(desk, claim, patient, basis=basis, today=desk.today, own_from=own_from)
    if why_not:
        raise Conflict(why_not)
    grant = self_grant(claim, patient.id, desk, papers=seen)
    if claim.kind == ClaimKind.CHILD:
        grant.level, grant.basis, grant.relationship = Level.FULL, basis, claim.relationship
        grant.representative = representative
        grant.until = day_after(until, desk.practice.time_zone) if until else None
    _decided(desk, claim)
    open_chart_of(desk, claim, grant)


@use_case(Permission.DECIDE_CLAIMS, kind="write")
def refuse_claim(desk: Desk, *, claim_id: UUID, reason: Refusal) -> None:
    """Refuse a request; the person reads a sentence that tells nothing about anybody's chart.

    Raises:
        NotFound: no request of this practice.
        Conflict: it was answered before.
    """
    claim = _open_claim(desk, claim_id)
    claim.state, claim.decided_at, claim.reason = ClaimState.REFUSED, desk.now, reason.value
    _decided(desk, claim)
    desk.note(claim=str(claim.id), reason=reason.value)
    tell(desk, claim)
    write_refusal(desk, claim)


def _looked_at(papers: str) -> str:
    """What the desk wrote of the papers it saw: something, and no novel."""
    seen = papers.strip()
    if not seen or len(seen) > LONGEST_PAPERS:
        raise InvalidInput("papers", _("Write what you looked at, such as a photo ID or a birth certificate."))
    return seen


def _decided(desk: Desk, claim: Claim) -> None:
    claim.decided_by = desk.access.place.staff_id if desk.access.place else None
    desk.add(claim)


def _open_claim(desk: Desk, claim_id: UUID) -> Claim:
    wanted = select(Claim).where(Claim.id == claim_id, Claim.practice_id == desk.practice.id)
    claim = desk.session.exec(wanted.with_for_update()).first()
    if claim is None:
        raise NotFound
    if claim.state != ClaimState.OPEN:
        raise Conflict(_("This request was answered or taken back in the meantime."))
    return claim


def _candidates(desk: Desk, claim: Claim) -> list[Patient]:
    """Patients with the same record number, the same birth date and a word of the name, or the whole name."""
    given = _facts(claim)
    words = words_of(given.name)
    longest = max(given.name.split(), key=len)
    likely = or_(
        col(Patient.birth_date) == given.birth_date,
        col(Patient.name).icontains(longest, autoescape=True),
        col(Patient.mrn) == given.mrn if given.mrn else false(),
    )
    looked_at = desk.exec(desk.select(Patient).where(likely).order_by(
        col(Patient.birth_date) != given.birth_date, col(Patient.name), col(Patient.id)
    ).limit(MOST_LOOKED_AT)).scalars()  # fmt: skip
    ranked = []
    for one in looked_at:
        filed = facts_of(one)
        common = len(set(words) & set(words_of(filed.name)))
        number = bool(given.mrn) and mrn_of(given.mrn) == mrn_of(filed.mrn)
        born = given.birth_date == filed.birth_date
        if number or (born and common) or common == len(words):
            same = sum(answer == "same" for answer in fits(given, filed).values())
            ranked.append((-is_named(given, filed), -same, -common, one.name, str(one.id), one))
    return [row[-1] for row in sorted(ranked, key=lambda row: row[:-1])[:MOST_CANDIDATES]]


def _candidate(desk: Desk, claim: Claim, patient: Patient, own_from: int) -> Candidate:
    basis = Basis(claim.basis or Basis.SELF)
    why_not = obstacle(desk, claim, patient, basis=basis, today=desk.today, own_from=own_from)
    named = desk.select(Grant, Account).join(Account, col(Account.id) == col(Grant.account_id))
    live = named.where(col(Grant.patient_id) == patient.id, col(Grant.revoked_at).is_(None))
    people = [(grant, account.name) for grant, account in desk.exec(live.order_by(col(Account.name))).all()]
    owned = owner_of(desk.session, patient.id, desk.now) is not None
    return candidate(_facts(claim), patient, why_not, people, owned=owned)


def _facts(claim: Claim) -> Facts:
    return Facts(claim.name, claim.birth_date, claim.postal_code, claim.phone, claim.mrn)
