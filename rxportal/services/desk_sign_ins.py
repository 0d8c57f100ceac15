"""Everything lost: the desk looks who it is, and takes passkeys and codes off an account (ADR 0051).

Found are the accounts that have to do with this practice: who opens or asks for a chart here, and its staff. For a
member of staff an administrator does it, and nobody for themselves.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.authorize import live_grants
from rxportal.core.errors import Conflict, NotFound
from rxportal.core.live import Change
from rxportal.core.scopes import Desk
from rxportal.core.text import _, plural
from rxportal.core.usecase import use_case
from rxportal.fhir.dates import date_words
from rxportal.models.accounts import Account, Grant, Level, Patient, Role, Staff
from rxportal.models.credentials import Authenticator, Passkey, RecoveryCode
from rxportal.models.people import Claim, ClaimState
from rxportal.services.desk_access import fit
from rxportal.services.desk_finding import LONGEST, LONGEST_EMAIL, MOST_FOUND, first_found, looked_for
from rxportal.services.desk_sign_ins_views import SignInCase, SignInRow, SignInsFound
from rxportal.services.factors_lost import take_off
from rxportal.services.results_views import Choice
from rxportal.services.selecting import only
from rxportal.services.sessions import normal_email

TOPIC = "desk_sign_ins"


class Seen(StrEnum):
    """How somebody proved at the desk who they are."""

    PHOTO_ID = "photo_id"
    PASSPORT = "passport"
    PAPERS = "papers"


SEEN = {
    Seen.PHOTO_ID: _("Driver’s license or other photo ID, seen in person"),
    Seen.PASSPORT: _("Passport, seen in person"),
    Seen.PAPERS: _("Two other papers with name and birth date, seen in person"),
}


@use_case(Permission.SEE_SIGN_INS)
def find_sign_ins(desk: Desk, *, words: str) -> SignInsFound:
    """The accounts with this e-mail address, or those that open the chart of a patient whom these words fit.

    Raises:
        InvalidInput: one character, or a hundred and more.
    """
    address = "@" in words
    ask = _("Write the e-mail address, or two letters or more of the patient’s name.")
    given = looked_for(words, ask, longest=LONGEST_EMAIL if address else LONGEST)
    if not given:
        return SignInsFound()
    named = col(Account.email) == normal_email(given) if address else col(Account.id).in_(_holders(desk, given))
    shown, sentence = first_found(
        desk,
        desk.session.exec(_accounts(desk).where(named).order_by(col(Account.name)).limit(MOST_FOUND + 1)).all(),
        lambda count: plural("{count} account found", "{count} accounts found", count),
        nobody=_("No account of this practice fits."),
        more=_("The first {count}. Write more of the name."),
    )
    return SignInsFound([_row(desk, one) for one in shown], sentence)


@use_case(Permission.SEE_SIGN_INS)
def see_sign_in(desk: Desk, *, account_id: UUID) -> SignInCase:
    """One account: what its holder is compared with, and what can be taken off.

    Raises:
        NotFound: no account that has to do with this practice.
    """
    return _case(desk, _account(desk, account_id))


@use_case(Permission.FREE_SIGN_INS, kind="write", fresh=True)
def free_sign_in(desk: Desk, *, account_id: UUID, basis: Seen) -> SignInCase:
    """Take every passkey, app and recovery code off an account, once its holder proved at the desk who they are.

    Every sign-in of the account ends, and a letter goes to its address.

    Raises:
        NotFound: no account that has to do with this practice.
        Conflict: there is nothing, or somebody else has to do it.
    """
    account = _account(desk, account_id, lock=True)
    why_not = _why_not(desk, account)
    if why_not:
        raise Conflict(why_not)
    take_off(desk, account)
    desk.note(basis=basis.value)
    own = _own_patient(desk, account)
    if own is not None:
        desk.note(patient_id=own.id)  # its owner reads in their own log that it was done
    desk.changes.append(Change("desk", str(desk.practice.id), TOPIC))
    desk.session.flush()
    return _case(desk, account)


def _accounts(desk: Desk) -> Any:
    """Accounts that have to do with this practice."""
    asks = select(Claim.account_id).where(Claim.practice_id == desk.practice.id, Claim.state == ClaimState.OPEN)
    works = select(Staff.account_id).where(Staff.practice_id == desk.practice.id, *_employed(desk))
    ties = [col(Account.id).in_(each) for each in (_holders(desk), asks, works)]
    return select(Account).where(col(Account.disabled_at).is_(None), or_(*ties))


def _holders(desk: Desk, words: str = "") -> Any:
    """Ids of the accounts that open a chart here; with words, that of a patient whom they fit."""
    held = only(desk.select(Grant), col(Grant.account_id)).where(*live_grants(desk.now))
    return held.join(Patient, col(Patient.id) == col(Grant.patient_id)).where(*fit(words)) if words else held


def _employed(desk: Desk) -> tuple[Any, ...]:
    return (or_(col(Staff.until).is_(None), col(Staff.until) > desk.now),)


def _account(desk: Desk, account_id: UUID, *, lock: bool = False) -> Account:
    wanted = _accounts(desk).where(Account.id == account_id)
    found: Account | None = desk.session.exec(wanted.with_for_update(of=Account) if lock else wanted).first()
    if found is None:
        raise NotFound
    return found


def _case(desk: Desk, account: Account) -> SignInCase:
    row = _row(desk, account)
    bases = [Choice("", _("Choose what you looked at")), *(Choice(one.value, SEEN[one]) for one in Seen)]
    why_not = _why_not(desk, account)
    return SignInCase(row.id, row.name, row.email, row.steps, tie=_tie(desk, account), why_not=why_not, bases=bases)


def _row(desk: Desk, account: Account) -> SignInRow:
    return SignInRow(str(account.id), account.name, account.email, _steps(desk, account))


def _tie(desk: Desk, account: Account) -> str:
    """With what an ID is compared; told of the account that is opened alone."""
    own = _own_patient(desk, account)
    if own is None:
        return _("No chart of their own: compare the name with the ID.")
    return _("{name}, born {born}, MRN {mrn}").format(name=own.name, born=date_words(own.birth_date), mrn=own.mrn)


def _own_patient(desk: Desk, account: Account) -> Patient | None:
    own = desk.select(Patient).join(Grant, col(Grant.patient_id) == col(Patient.id))
    own = own.where(col(Grant.account_id) == account.id, col(Grant.level) == Level.SELF.value, *live_grants(desk.now))
    found: Patient | None = desk.exec(own).scalars().first()
    return found


def _counts(desk: Desk, account: Account) -> tuple[int, int, int]:
    keys, apps, codes = (
        desk.session.exec(select(func.count()).select_from(model).where(model.account_id == account.id, *more)).one()
        for model, more in (
            (Passkey, ()),
            (Authenticator, (col(Authenticator.confirmed_at).is_not(None),)),
            (RecoveryCode, (col(RecoveryCode.used_at).is_(None),)),
        )
    )
    return keys, apps, codes


def _steps(desk: Desk, account: Account) -> str:
    keys, apps, codes = _counts(desk, account)
    told = [
        plural("{count} passkey", "{count} passkeys", keys) if keys else "",
        _("authenticator app") if apps else "",
        plural("{count} recovery code", "{count} recovery codes", codes) if codes else "",
    ]
    return ", ".join(one for one in told if one) or _("No second step")


def _why_not(desk: Desk, account: Account) -> str:
    """Why nothing is taken off here and now, and who can; "" where it can be done."""
    places = desk.session.exec(select(Staff).where(Staff.account_id == account.id, *_employed(desk))).all()
    if account.id == desk.actor.account_id:
        return _("This is your own account. Another administrator does it, after looking at your ID.")
    if places and desk.role is not Role.ADMINISTRATOR:
        return _("This person works here. Only practice administration takes their second step off.")
    if any(place.practice_id != desk.practice.id for place in places):
        return _("This person works at another practice too. Whoever runs this portal does it for them.")
    if not any(_counts(desk, account)):
        return _("There is no second step on this account, so there is nothing to take off.")
    return ""
