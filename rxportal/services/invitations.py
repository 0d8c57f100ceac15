"""An owner asks somebody to be their proxy: prepared, tried out, sent, sent again, withdrawn (S23-S25, N6).

The link is in the letter, the passcode is told outside it; neither is kept, only what they can be checked against.
"""

from __future__ import annotations

import secrets
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.errors import Conflict, InvalidInput, NotFound, TooMany
from rxportal.core.identity import token_hash
from rxportal.core.live import GRANTS, Change
from rxportal.core.scopes import Chart
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Level
from rxportal.models.people import Invitation
from rxportal.rules.addresses import normal_address, person_name
from rxportal.rules.invitations import LIVES, Stand, heard, is_passcode, mailbox_of, stand
from rxportal.rules.sections import Part, stored
from rxportal.services.connections_views import Draft, SentInvitation
from rxportal.services.court_orders import day_after
from rxportal.services.grants import GRANTS_TOPIC
from rxportal.services.invitations_check import check_address, check_person, check_terms, me, open_invitations, waiting
from rxportal.services.invitations_words import (
    LEVELS,
    last_date,
    letter_to_invited,
    letter_to_owner,
    part_rows,
    sees_words,
    until_words,
)  # fmt: skip
from rxportal.services.letters import write_letter
from rxportal.services.result_journey import day
from rxportal.services.sessions import subject
from rxportal.services.tries import DAY, Limit, reserve

MOST_OPEN = 10
# Letters a day: of one chart, of one chart to one person, of all charts to one mailbox
MOST_LETTERS, MOST_TO_ONE, MOST_TO_MAILBOX = 30, 5, 15
LONGEST_RELATION = 60


@use_case(Permission.INVITE)
def draft_invitation(chart: Chart) -> Draft:
    """The invitation that is prepared and not sent yet; without one an empty form."""
    found = _prepared(chart)
    return _draft(chart, found) if found else Draft(parts=part_rows(""))


@use_case(Permission.INVITE)
def resend_draft(chart: Chart, *, invitation_id: UUID) -> Draft:
    """An invitation that was sent before, to be looked at before it is sent again.

    Raises:
        NotFound: no such invitation of this chart, or it is over for good.
    """
    found = _mine(chart, invitation_id)
    if stand(found, chart.now) in (Stand.ACCEPTED, Stand.WITHDRAWN):
        raise NotFound
    return _draft(chart, found)


@use_case(Permission.INVITE, kind="write")
def prepare_invitation(
    chart: Chart,
    *,
    name: str,
    email: str,
    level: Level,
    parts: list[Part],
    relationship: str = "",
    until: date | None = None,
) -> Draft:
    """Prepare an invitation, so that its sender can try it out. Nobody is told; one before it that was not sent goes.

    `until`: the last day of the access.

    Raises:
        InvalidInput: naming the field.
        NotInvitable: oneself, somebody who opens the chart already, or whom a court order keeps out.
        Conflict: an invitation to this address waits for its answer.
    """
    who, address = person_name(name), normal_address(email)
    check_address(who, address)
    check_terms(chart, level, parts, until)
    check_person(chart, who, address)
    found = _prepared(chart) or Invitation(
        patient_id=chart.patient.id, invited_by=me(chart), name="", email="", level=level,
        token_hash=token_hash(secrets.token_urlsafe(32)), passcode_hash="", created_at=chart.now,
        expires_at=chart.now,
    )  # fmt: skip
    found.invited_by = me(chart)  # of an owner before this one nothing is left but the row
    found.name, found.email, found.relationship = who, address, person_name(relationship)[:LONGEST_RELATION]
    found.level, found.sections, found.created_at = level, stored(parts), chart.now
    found.until = day_after(until, chart.practice.time_zone) if until else None
    chart.add(found)
    chart.session.flush()
    chart.note(invitation=str(found.id))
    return _draft(chart, found)


@use_case(Permission.INVITE, kind="write", fresh=True)
def send_invitation(chart: Chart, *, invitation_id: UUID, seal: str) -> SentInvitation:
    """Send the letter, for the first time or again: a new link, a new passcode, seven days. The old ones are dead.

    `seal`: of the passcode, see `sealed`.

    Raises:
        NotFound: no such invitation of this chart.
        NotInvitable, Conflict: as when it was prepared; or it was accepted or withdrawn.
        TooMany: ten wait for their answer, or enough was sent today.
    """
    found = _mine(chart, invitation_id)
    where = stand(found, chart.now)
    if where in (Stand.ACCEPTED, Stand.WITHDRAWN):
        raise Conflict(_("This invitation is over. Invite the person again."))
    if not seal:
        raise InvalidInput("passcode", _("Choose a passcode."))
    check_person(chart, found.name, found.email, but=found.id)
    if len(waiting(chart)) >= MOST_OPEN and where is not Stand.OPEN:
        raise TooMany(_("Ten invitations wait for an answer. Withdraw one first."))
    _admit_letter(chart, found.email)
    token, found.invited_by = secrets.token_urlsafe(32), me(chart)
    found.token_hash, found.passcode_hash, found.passcode_tries = token_hash(token), kept_seal(found.id, seal), 0
    found.created_at, found.expires_at, found.declined_at = chart.now, chart.now + LIVES, None
    chart.add(found)
    chart.note(invitation=str(found.id))
    zone = ZoneInfo(chart.practice.time_zone)
    write_letter(chart, found.email, letter_to_invited(token, day(found.expires_at, zone)))
    tell_owner(chart, me(chart), _("Somebody was invited to open your chart."))
    told(chart)
    return SentInvitation(str(found.id), found.name, found.email, day(found.expires_at, zone))


@use_case(Permission.INVITE, kind="write")
def withdraw_invitation(chart: Chart, *, invitation_id: UUID) -> str:
    """Take an invitation back; its link is dead at once. The name of whoever was invited.

    Raises:
        NotFound: no such invitation of this chart.
        Conflict: it was accepted, or withdrawn before.
    """
    found = _mine(chart, invitation_id)
    if stand(found, chart.now) is Stand.ACCEPTED:
        raise Conflict(_("{name} accepted it in the meantime. Remove the access instead.").format(name=found.name))
    if found.withdrawn_at is not None:
        raise Conflict(_("This invitation was withdrawn before."))
    found.withdrawn_at = chart.now
    chart.add(found)
    chart.note(invitation=str(found.id))
    told(chart)
    return found.name


def _admit_letter(chart: Chart, email: str) -> None:
    """Count one letter to somebody who did not ask for it.

    Raises:
        TooMany: this chart or this mailbox had enough for a day.
    """
    there = token_hash(f"invited:{mailbox_of(email)}")
    limits = [
        Limit(token_hash(f"invited by:{chart.patient.id}"), MOST_LETTERS, DAY),
        Limit(token_hash(f"invited by:{chart.patient.id}:{there}"), MOST_TO_ONE, DAY),
        Limit(there, MOST_TO_MAILBOX, DAY),
    ]
    reserve(chart, limits, _("Enough letters for one day. Wait until tomorrow, or tell the person by telephone."))


def sealed(key: bytes, passcode: str) -> str:
    """A passcode as use cases take it: a keyed digest, so that a stolen table is no list of passcodes.

    Raises:
        InvalidInput: too short or too long.
    """
    if not is_passcode(passcode):
        raise InvalidInput("passcode", _("Use 6 characters or more, 64 at most."))
    return subject(key, "passcode", heard(passcode))


def kept_seal(invitation_id: UUID, seal: str) -> str:
    """What is kept of a passcode: of no use for another invitation."""
    return token_hash(f"{invitation_id}:{seal}")


def told(chart: Chart) -> None:
    """The sender's open pages read again: a preview that is over closes."""
    chart.changes.append(Change("account", str(me(chart)), GRANTS))
    chart.publish(GRANTS_TOPIC)


def tell_owner(scope: Chart, account_id: UUID, what: str) -> None:
    """A letter to the account whose chart it is."""
    address = scope.session.exec(select(Account.email).where(Account.id == account_id)).first()
    if address:
        write_letter(scope, address, letter_to_owner(what), account_id=account_id)


def _prepared(chart: Chart) -> Invitation | None:
    return next((one for one, where in open_invitations(chart) if where is Stand.PREPARED), None)


def _mine(chart: Chart, invitation_id: UUID) -> Invitation:
    wanted = chart.select(Invitation).where(col(Invitation.id) == invitation_id).with_for_update()
    found: Invitation | None = chart.exec(wanted).scalars().first()
    if found is None:
        raise NotFound
    return found


def _draft(chart: Chart, found: Invitation) -> Draft:
    level, zone = Level(found.level), ZoneInfo(chart.practice.time_zone)
    until = found.until
    return Draft(
        id=str(found.id),
        name=found.name,
        first=next(iter(found.name.split(maxsplit=1)), ""),
        email=found.email,
        relation=found.relationship,
        full=level is Level.FULL,
        level=LEVELS[level],
        parts=part_rows(found.sections),
        sees=sees_words(level, found.sections),
        last_day=last_date(until, zone),
        until=until_words(until, zone),
    )
