"""Codes open a claim: one from the practice (a visit code), or one sent to the e-mail address on file."""

from __future__ import annotations

import hmac
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, func, select

from rxportal.core.access import Permission
from rxportal.core.clock import day_in
from rxportal.core.errors import NotFound, TooMany
from rxportal.core.identity import token_hash
from rxportal.core.proving import facts_of, held, holder_of, the_one
from rxportal.core.scopes import AccountScope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Basis, Patient, Practice, Staff
from rxportal.models.people import Claim, ClaimKind, FileCode, VisitCode
from rxportal.rules.claims import FILE_CODE_LIVES, OWN_FROM, Facts, is_person, new_code, spoken_code, typed_code
from rxportal.services.claims import my_claim, newest_code
from rxportal.services.claims_open import obstacle, open_chart_of, proves_alone, self_grant, tell
from rxportal.services.claims_tries import admit_try, count_try
from rxportal.services.claims_views import Tried
from rxportal.services.letters import Words, write_letter

MOST_TRIES = 5
MOST_SENT = 3
DAY = timedelta(days=1)
WRONG = _("That code does not open a chart with what you wrote. Check both, or wait for the front desk.")
AT_DESK = _("The code is right, but the front desk has to look at this first. You don’t need to do anything.")
ENOUGH = _("Three codes were sent today. Wait until tomorrow, or ask at the front desk for a visit code.")


@use_case(Permission.MAKE_CLAIMS, kind="write")
def send_file_code(account: AccountScope, *, claim_id: UUID) -> None:
    """Send a code to the e-mail address on file of whom the facts fit. What it answers is the same if they fit nobody.

    Raises:
        NotFound: no request of this account for its own chart.
        Conflict: it is over.
        TooMany: three codes were sent for this account today.
    """
    claim = _own(account, claim_id)
    admit_try(account, "code")
    mine = select(col(Claim.id)).where(Claim.account_id == account.account_id)
    if _sent(account, col(FileCode.claim_id).in_(mine)) >= MOST_SENT:
        raise TooMany(ENOUGH)
    found = the_one(account.session, claim.practice_id, _facts(claim))
    code = new_code()
    # somebody whom nobody knows is looked for all the same, so that both answers take as long
    nobody = Patient(id=claim.id, practice_id=claim.practice_id, name="", birth_date="", email=f"{code}@nobody.invalid")
    known = found if _may_be_written_to(account, found or nobody) and found else None
    account.add(
        FileCode(
            claim_id=claim.id, patient_id=known.id if known else None, code_hash=token_hash(code),
            created_at=account.now, expires_at=account.now + FILE_CODE_LIVES,
        )
    )  # fmt: skip
    if known:
        write_letter(account, known.email, _code_letter(code))
    account.note(claim=str(claim.id))
    tell(account, claim)


@use_case(Permission.MAKE_CLAIMS, kind="write")
def try_code(account: AccountScope, *, claim_id: UUID, code: str, own_from: int = OWN_FROM) -> Tried:
    """Open one's own chart with a code: a visit code, or the one that was sent to the address on file.

    Raises:
        NotFound: no request of this account for its own chart.
        Conflict: it is over.
        TooMany: too many wrong codes, from this account or this internet address.
    """
    claim = _own(account, claim_id)
    admit_try(account, "code")
    account.note(claim=str(claim.id))
    used, patient = _holder(account, claim, token_hash(typed_code(code)))
    if used is None or patient is None:
        count_try(account, "code")
        return Tried(sentence=WRONG)
    practice = account.session.get(Practice, claim.practice_id)
    today = day_in(practice.time_zone if practice else "UTC", account.now)
    why_not = obstacle(account, claim, patient, basis=Basis.SELF, today=today, own_from=own_from)
    if why_not or _made_by_oneself(account, used):
        claim.conflict = True
        account.add(claim)
        count_try(account, "code")
        tell(account, claim)
        return Tried(sentence=AT_DESK)
    used.used_at = account.now
    if isinstance(used, VisitCode):
        used.used_by = account.account_id
    account.add(used)
    open_chart_of(account, claim, self_grant(claim, patient.id, account, papers=_papers(used)))
    _tell_address_on_file(account, patient)
    return Tried(opened=True)


def _own(account: AccountScope, claim_id: UUID) -> Claim:
    """A child's chart is opened by the desk alone, whatever code there is."""
    claim = my_claim(account, claim_id)
    if claim.kind != ClaimKind.OWN:
        raise NotFound
    return claim


def _holder(account: AccountScope, claim: Claim, typed: str) -> tuple[FileCode | VisitCode | None, Patient | None]:
    """The live code with this hash and whose it is; a visit code counts only together with the facts."""
    sent = newest_code(account, claim)
    if sent and sent.tries < MOST_TRIES:
        if hmac.compare_digest(sent.code_hash, typed) and sent.patient_id:
            return sent, held(account.session, sent.patient_id)
        sent.tries += 1
        account.add(sent)
    found = holder_of(account.session, claim.practice_id, typed, account.now)
    if found and is_person(_facts(claim), facts_of(found[1])):
        return found
    return None, None


def _facts(claim: Claim) -> Facts:
    return Facts(claim.name, claim.birth_date, claim.postal_code, claim.phone, claim.mrn)


def _may_be_written_to(account: AccountScope, patient: Patient) -> bool:
    """Whether a code goes to the address on file; many accounts that know the same facts do not flood it."""
    enough = _sent(account, FileCode.patient_id == patient.id) >= MOST_SENT
    return patient.email != "" and not enough and proves_alone(account, patient)


def _made_by_oneself(account: AccountScope, used: FileCode | VisitCode) -> bool:
    """Whether whoever types this code printed it at the desk: nobody vouches for themselves."""
    if not isinstance(used, VisitCode) or used.made_by is None:
        return False
    return account.session.exec(select(Staff.account_id).where(Staff.id == used.made_by)).first() == account.account_id


def _papers(used: FileCode | VisitCode) -> str:
    return _("visit code") if isinstance(used, VisitCode) else _("code sent to the e-mail address on file")


def _sent(account: AccountScope, which: object) -> int:
    counted = select(func.count()).select_from(FileCode).where(which, col(FileCode.created_at) > account.now - DAY)  # type: ignore[arg-type]
    return account.session.exec(counted).one()


def _code_letter(code: str) -> Words:
    return Words(
        subject=_("Your code"),
        above=(
            _("Somebody asked to open your chart online. If it was you, type this code on the page:"),
            spoken_code(code),
        ),
        below=(
            _("It works once, for 30 minutes. Give it to nobody, not even to us."),
            _("It was not you? Then do nothing: without the code the chart stays closed. You can call us."),
        ),
    )


def _tell_address_on_file(account: AccountScope, patient: Patient) -> None:
    """Whoever reads the mail of the person on file learns of it, also where another address opened the chart."""
    mine = account.session.get(Account, account.account_id)
    if patient.email and mine and patient.email.casefold() != mine.email:
        words = Words(
            subject=_("Your chart was opened online"),
            above=(_("Somebody proved with a code from us that they are you, and opened your chart online."),),
            below=(_("It was not you? Call us at once, and we close it."),),
        )
        write_letter(account, patient.email, words)
