"""What a teen shows to parents of what the law gives to the teen, and takes back (F7; 45 CFR 164.502(g)(3))."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from rxportal.core.access import Permission
from rxportal.core.authorize import live_grants
from rxportal.core.errors import PortalError
from rxportal.core.live import GRANTS, Change
from rxportal.core.scopes import Chart
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Account, Basis, Grant
from rxportal.models.people import TeenChoice
from rxportal.models.records import Sensitivity
from rxportal.rules.ages import Stage, stage_of
from rxportal.rules.invitations import mailbox_of
from rxportal.rules.sharing import Thing, law_of
from rxportal.services.connections_views import ThingRow

PARENTS = (Basis.PARENT, Basis.GUARDIAN, Basis.COURT)
KINDS = {
    Sensitivity.SEXUAL_HEALTH: _("sexual health"),
    Sensitivity.MENTAL_HEALTH: _("mental health"),
    Sensitivity.SUBSTANCE_USE: _("alcohol and drugs"),
}
TITLES = {
    Thing.CARE: _("Care that is yours by law"),
    Thing.HISTORY: _("Family and social history"),
    Thing.DOCUMENTS: _("Documents and visit notes"),
    Thing.MESSAGES: _("Messages"),
    Thing.BILLS: _("Bills"),
}
ABOUT = {
    Thing.HISTORY: _("What you told about your life and your family."),
    Thing.DOCUMENTS: _("What was written about a visit, in full sentences."),
    Thing.MESSAGES: _("What you and your care team write to each other."),
    Thing.BILLS: _("What was done and what it cost."),
}


class NotYours(PortalError):
    """The law leaves this choice to somebody from 12 to 17."""

    code = "not_yours"


@use_case(Permission.CHOOSE_SHARING, kind="write")
def choose_sharing(chart: Chart, *, thing: Thing, shown: bool) -> ThingRow:
    """Show one thing to one's parents, or hide it from them again; their open pages follow at once.

    Raises:
        NotYours: the owner of this chart is younger or older.
    """
    if not is_teen(chart):
        raise NotYours(_("This choice is for people from 12 to 17. Nobody sees your chart but whom you invited."))
    wanted = chart.select(TeenChoice).where(col(TeenChoice.thing) == thing.value)
    choice = chart.exec(wanted.with_for_update()).scalars().first()
    choice = choice or TeenChoice(patient_id=chart.patient.id, thing=thing.value, changed_at=chart.now)
    choice.shown, choice.changed_at = shown, chart.now
    chart.add(choice)
    for grant in parents_of(chart.session, chart.patient.id, chart.now):
        chart.changes.append(Change("account", str(grant.account_id), GRANTS))
    return _row(chart, thing, shown=shown)


def is_teen(chart: Chart) -> bool:
    """Whether the owner of this chart is of the age at which the law gives them a part of it."""
    return stage_of(chart.patient.birth_date, chart.today, chart.practice.state) is Stage.TEEN


def things(chart: Chart) -> list[ThingRow]:
    """What a teen decides about, as it stands; nothing for whoever is no teen."""
    if not is_teen(chart):
        return []
    chosen = {one.thing for one in chart.exec(chart.select(TeenChoice)).scalars() if one.shown}
    return [_row(chart, thing, shown=thing.value in chosen) for thing in Thing]


def parents_of(session: Session, patient_id: UUID, now: datetime) -> list[Grant]:
    """The accesses of parents, guardians and whom a court named."""
    held = select(Grant).where(Grant.patient_id == patient_id, col(Grant.basis).in_([one.value for one in PARENTS]))
    return list(session.exec(held.where(*live_grants(now))))


def guardian_mailboxes(session: Session, patient_id: UUID, now: datetime) -> set[str]:
    """The mailboxes of those who open this chart as parent or guardian: none of them can be its owner's own (P-17)."""
    ids = [grant.account_id for grant in parents_of(session, patient_id, now)]
    return {mailbox_of(email) for email in session.exec(select(Account.email).where(col(Account.id).in_(ids)))}


def _row(chart: Chart, thing: Thing, *, shown: bool) -> ThingRow:
    kinds = ", ".join(KINDS[kind] for kind in law_of(chart.practice.state).kinds)
    about = ABOUT.get(thing) or _("From your 12th birthday on: {kinds}. They are shown or hidden together.").format(
        kinds=kinds
    )
    return ThingRow(thing.value, TITLES[thing], about, shown)
