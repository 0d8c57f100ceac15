"""Visit codes: the desk prints one or sends it to the address on file; with it, facts open a chart (S13)."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.errors import Conflict, PortalError
from rxportal.core.identity import token_hash
from rxportal.core.proving import owner_of
from rxportal.core.scopes import Desk
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.fhir.dates import date_words
from rxportal.models.accounts import Patient
from rxportal.models.people import CourtOrder, VisitCode
from rxportal.rules.claims import VISIT_CODE_LIVES, new_code, spoken_code
from rxportal.services.claims_open import proves_alone
from rxportal.services.claims_views import CodeRow, NewCode, OrderRow, ProofCard
from rxportal.services.court_orders import live_orders
from rxportal.services.letters import Words, write_letter
from rxportal.services.result_journey import day

TOPIC = "desk_codes"


class NoAddress(PortalError):
    """Nothing can be sent: there is no address on file."""

    code = "no_address"


@use_case(Permission.SEE_CLAIMS)
def see_proof(desk: Desk, *, patient_id: UUID) -> ProofCard:
    """What one patient has to prove who they are with, and whom a court order keeps from the chart.

    Raises:
        NotFound: no such patient in this practice.
    """
    patient = desk.patient(patient_id)
    desk.note(patient_id=patient.id)
    zone = ZoneInfo(desk.practice.time_zone)
    codes = desk.select(VisitCode).where(col(VisitCode.patient_id) == patient.id)
    listed = desk.exec(codes.order_by(col(VisitCode.created_at).desc(), col(VisitCode.id)).limit(10)).scalars()
    return ProofCard(
        id=str(patient.id),
        name=patient.name,
        born=date_words(patient.birth_date),
        mrn=patient.mrn,
        owned=owner_of(desk.session, patient.id, desk.now) is not None,
        sendable=patient.email != "",
        codes=[_code_row(one, desk, zone) for one in listed],
        orders=[_order_row(one, zone) for one in live_orders(desk.session, patient.id, desk.now)],
    )


@use_case(Permission.ISSUE_CODES, kind="write")
def issue_code(desk: Desk, *, patient_id: UUID) -> NewCode:
    """Make a visit code for one patient and show it once, to be printed; older ones work no more.

    Raises:
        NotFound: no such patient in this practice.
        Conflict: the chart has its owner.
    """
    patient = desk.patient(patient_id)
    return _new(desk, patient)


@use_case(Permission.ISSUE_CODES, kind="write")
def send_code(desk: Desk, *, patient_id: UUID) -> NewCode:
    """Make a visit code and send it to the e-mail address on file; the desk doesn't see it.

    Raises:
        NotFound: no such patient in this practice.
        NoAddress: there is none on file, or another person reads it too.
        Conflict: the chart has its owner.
    """
    patient = desk.patient(patient_id)
    if not patient.email:
        raise NoAddress(_("There is no e-mail address on file. Print the code instead."))
    if not proves_alone(desk, patient):
        raise NoAddress(_("Somebody else reads this e-mail address too: it stands on another file, or is a parent’s. "
                          "Print the code instead."))  # fmt: skip
    made = _new(desk, patient)
    words = Words(
        subject=_("A code to see your chart online"),
        above=(
            _("You can see your chart online. Register, or sign in, and open “Ask for a chart”."),
            _("Write your name and birth date there, then this code: {code}").format(code=made.code),
        ),
        link=(_("Ask for a chart"), "/account/verify"),
        below=(
            _("The code works once, until {day}. Give it to nobody, not even to us.").format(day=made.until),
            _("You did not ask for it? Call us."),
        ),
    )
    write_letter(desk, patient.email, words)
    return NewCode(until=made.until, sent=True)


@use_case(Permission.ISSUE_CODES, kind="write")
def withdraw_code(desk: Desk, *, code_id: UUID) -> None:
    """Make a visit code worthless: it was lost, or given to the wrong person.

    Raises:
        NotFound: no such code in this practice.
        Conflict: it was used, withdrawn or over before.
    """
    found = desk.get(VisitCode, code_id)
    if found.used_at or found.withdrawn_at or found.expires_at <= desk.now:
        raise Conflict(_("This code doesn’t work any more."))
    found.withdrawn_at = desk.now
    desk.add(found)
    desk.note(patient_id=found.patient_id)
    desk.publish(found.patient_id, TOPIC)


def _new(desk: Desk, patient: Patient) -> NewCode:
    if owner_of(desk.session, patient.id, desk.now):
        raise Conflict(_("This patient opens the chart online already. End that access first if it is not theirs."))
    codes = desk.select(VisitCode).where(col(VisitCode.patient_id) == patient.id)
    for old in desk.exec(
        codes.where(col(VisitCode.used_at).is_(None), col(VisitCode.withdrawn_at).is_(None))
    ).scalars():
        old.withdrawn_at = desk.now
        desk.add(old)
    code = new_code()
    expires = desk.now + VISIT_CODE_LIVES
    desk.add(
        VisitCode(
            patient_id=patient.id, code_hash=token_hash(code), created_at=desk.now, expires_at=expires,
            made_by=desk.access.place.staff_id if desk.access.place else None,
        )
    )  # fmt: skip
    desk.note(patient_id=patient.id)
    desk.publish(patient.id, TOPIC)
    return NewCode(code=spoken_code(code), until=day(expires, ZoneInfo(desk.practice.time_zone)))


def _code_row(one: VisitCode, desk: Desk, zone: ZoneInfo) -> CodeRow:
    live = one.used_at is None and one.withdrawn_at is None and one.expires_at > desk.now
    state = _("Works until {day}").format(day=day(one.expires_at, zone))
    if one.used_at:
        state = _("Used on {day}").format(day=day(one.used_at, zone))
    elif one.withdrawn_at:
        state = _("Withdrawn on {day}").format(day=day(one.withdrawn_at, zone))
    elif not live:
        state = _("Ran out on {day}").format(day=day(one.expires_at, zone))
    return CodeRow(str(one.id), _("Made on {day}").format(day=day(one.created_at, zone)), state, live)


def _order_row(one: CourtOrder, zone: ZoneInfo) -> OrderRow:
    since = _("Since {since}").format(since=day(one.since, zone))
    if one.until:
        since = _("{since} to {day}").format(since=day(one.since, zone), day=day(one.until, zone))
    return OrderRow(str(one.id), one.name, one.email, one.reason, since)
