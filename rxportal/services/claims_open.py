"""The last step of every request: the chart opens, everybody concerned is told, and nobody gets it twice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from rxportal.core.authorize import live_grants
from rxportal.core.errors import Conflict
from rxportal.core.live import GRANTS, Change
from rxportal.core.proving import on_files, owner_of
from rxportal.core.scopes import AccountScope, Desk
from rxportal.core.text import _
from rxportal.models.accounts import Account, Basis, Grant, Level, Patient
from rxportal.models.people import Claim, ClaimKind, ClaimState
from rxportal.rules.ages import Stage, stage_of
from rxportal.rules.claims import old_enough
from rxportal.rules.invitations import mailbox_of
from rxportal.services.court_orders import kept_out
from rxportal.services.letters import Words, write_letter
from rxportal.services.sharing import guardian_mailboxes

CLAIMS = "claims"
"""Topic of an account and of a desk of which a request was made, proved or decided."""


def proves_alone(scope: AccountScope | Desk, patient: Patient) -> bool:
    """Whether a code to the e-mail address on file reaches this person alone, as far as the practice knows.

    On most files of teens stands a parent's address, on many of couples one for both: whoever reads it could be either.
    """
    guardians = guardian_mailboxes(scope.session, patient.id, scope.now)
    files = on_files(scope.session, patient.practice_id, patient.email)
    return mailbox_of(patient.email) not in guardians and files == {patient.id}


def obstacle(
    scope: AccountScope | Desk, claim: Claim, patient: Patient, *, basis: Basis, today: date, own_from: int
) -> str:
    """Why this claim can't open that chart, in words for the desk; "" where it can."""
    if isinstance(scope, Desk) and claim.account_id == scope.actor.account_id:
        return _("This is your own request. Somebody else at the desk decides on it.")
    account = scope.session.get(Account, claim.account_id)
    if account is None or account.disabled_at or account.removed_at:
        return _("The account that asked is closed.")
    child = claim.kind == ClaimKind.CHILD
    # a person may be called like whom an order keeps from their chart; anybody else who is called so is stopped
    name = account.name if child else ""
    if kept_out(scope.session, patient.id, scope.now, account_id=account.id, name=name, email=account.email):
        return _("A court order keeps this person from the chart.")
    if child:
        return _childs(scope, claim, patient, basis, today)
    return _ones_own(scope, claim, patient, today, own_from)


def _childs(scope: AccountScope | Desk, claim: Claim, patient: Patient, basis: Basis, today: date) -> str:
    if basis == Basis.PARENT and stage_of(patient.birth_date, today) is Stage.ADULT:
        return _("This patient is 18 or older: a parent’s access is over.")
    held = select(Grant.id).where(Grant.account_id == claim.account_id, Grant.patient_id == patient.id)
    known = scope.session.exec(held.where(*live_grants(scope.now), col(Grant.level) != Level.READ_ONLY)).first()
    return _("This person opens the chart already.") if known else ""


def _ones_own(scope: AccountScope | Desk, claim: Claim, patient: Patient, today: date, own_from: int) -> str:
    if owner_of(scope.session, patient.id, scope.now):
        return _("Another account has this chart as its own. Look at its access before you decide.")
    own = select(Grant.id).where(Grant.account_id == claim.account_id, Grant.level == Level.SELF)
    if scope.session.exec(own.where(col(Grant.revoked_at).is_(None))).first():
        return _("This account has a chart of its own already.")
    account = scope.session.get(Account, claim.account_id)
    if account and mailbox_of(account.email) in guardian_mailboxes(scope.session, patient.id, scope.now):
        return _("This is the e-mail address of a parent or guardian of this patient.")
    if not old_enough(patient.birth_date, today, own_from):
        return _("This patient is too young for a chart of their own ({age} years).").format(age=own_from)
    return ""


def open_chart_of(scope: AccountScope | Desk, claim: Claim, grant: Grant) -> None:
    """Give the access, close the claim, tell the open pages after commit and the people by mail."""
    scope.add(grant)
    try:
        scope.session.flush()
    except IntegrityError:  # one owner per chart, one own chart per account: the database's word is the last
        raise Conflict(_("Somebody was first: this chart has its owner now. Reload the page.")) from None
    claim.state, claim.decided_at = ClaimState.APPROVED, scope.now
    claim.patient_id, claim.grant_id = grant.patient_id, grant.id
    scope.add(claim)
    scope.note(claim=str(claim.id), grant=str(grant.id), patient_id=grant.patient_id)
    scope.changes.append(Change("account", str(claim.account_id), GRANTS))
    scope.changes.append(Change("chart", str(grant.patient_id), GRANTS))
    tell(scope, claim)
    words = Words(
        subject=_("A chart is open to you"),
        above=(_("A chart that you asked for is open to you now."),),
        link=(_("Go to the portal"), "/home"),
        below=(_("You did not ask for it? Call us."),),
    )
    _write(scope, claim, words)


def tell(scope: AccountScope | Desk, claim: Claim) -> None:
    """The person's open pages and the desk's queue read again after commit."""
    scope.changes.append(Change("account", str(claim.account_id), CLAIMS))
    scope.changes.append(Change("desk", str(claim.practice_id), CLAIMS))


def self_grant(claim: Claim, patient_id: UUID, scope: AccountScope | Desk, papers: str = "") -> Grant:
    """One's own chart."""
    return Grant(
        account_id=claim.account_id, patient_id=patient_id, level=Level.SELF, basis=Basis.SELF, since=scope.now,
        accepted_at=scope.now, papers=papers,
    )  # fmt: skip


def write_refusal(scope: AccountScope | Desk, claim: Claim) -> None:
    """Say by mail that there is an answer; what it is stands in the portal alone."""
    words = Words(
        subject=_("Your request was answered"),
        above=(_("We answered your request for a chart. Sign in to read the answer."),),
        link=(_("Read the answer"), "/account/verify"),
    )
    _write(scope, claim, words)


def _write(scope: AccountScope | Desk, claim: Claim, words: Words) -> None:
    account = scope.session.get(Account, claim.account_id)
    if account and account.email:
        write_letter(scope, account.email, words, account_id=account.id)
