"""Who will see a result after a click, said before the click: by the same rule that decides after it."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import col

from rxportal.core.access import Relationship
from rxportal.core.authorize import live_grants, relationship_of, shown_to
from rxportal.core.release_store import comments_of, policy_for
from rxportal.core.scopes import VIEWERS, Desk
from rxportal.core.text import _
from rxportal.models.accounts import Account, Grant, Level, Patient
from rxportal.models.records import Record, Section
from rxportal.rules.release import Outcome, Policy, Stored, Viewer, WaitsFor, decide, once, stored_facts

LEVELS = {
    Relationship.FULL: _("full access"),
    Relationship.READ_ONLY: _("read only"),
    Relationship.PARENT_OF_CHILD: _("parent"),
    Relationship.PARENT_OF_TEEN: _("parent"),
}


def who_will_see(desk: Desk, record: Record, patient: Patient, *, released: bool) -> str:
    """One or two sentences: who sees this result at once when it is released (or, else, marked as seen)."""
    policy = policy_for(desk.session, desk.practice, patient.id, desk.now)
    facts = replace(stored_facts(record), commented_at=comments_of(desk.session, patient.id).get(record.id))
    after = once(facts, seen_at=desk.now, released_at=desk.now if released else None)
    for_owner = decide(after, policy, Viewer.OWNER, desk.now)
    if for_owner.outcome is Outcome.WITHHELD:
        return _("Nobody sees it online, also later.")
    if for_owner.waits_for is WaitsFor.WISH:
        return _("Nobody sees it yet, unless you write a comment: {name} asked to wait for your word.").format(
            name=patient.name
        )
    if for_owner.outcome is Outcome.WAITING:
        return _("Nobody sees it yet. It goes on waiting.")
    return _told(desk, after, policy, patient)


def _told(desk: Desk, after: Stored, policy: Policy, patient: Patient) -> str:
    sees: list[str] = []
    sees_not: list[str] = []
    for grant, name in _grants(desk, patient):
        relationship = relationship_of(grant, patient, desk.practice, desk.now)
        if relationship is None:
            continue
        person = name if relationship is Relationship.OWNER else f"{name} ({LEVELS[relationship]})"
        opens = not grant.sections or Section.RESULTS.value in grant.sections.split(",")
        shown = shown_to(desk.session, grant, desk.practice, relationship)
        visible = opens and decide(after, policy, VIEWERS[relationship], desk.now, shown).visible
        (sees if visible else sees_not).append(person)
    return " ".join([_seen_by(sees, patient), *([_hidden(sees_not)] if sees_not else [])])


def _grants(desk: Desk, patient: Patient) -> list[tuple[Grant, str]]:
    wanted = desk.select(Grant, Account.name).join(Account, col(Account.id) == col(Grant.account_id))
    wanted = wanted.where(col(Grant.patient_id) == patient.id, *live_grants(desk.now))
    found = [(grant, name) for grant, name in desk.exec(wanted.order_by(col(Account.name)))]
    return sorted(found, key=lambda pair: Level(pair[0].level) is not Level.SELF)


def _seen_by(people: list[str], patient: Patient) -> str:
    if not people:
        return _("Nobody sees it online yet: {name} has no account here.").format(name=patient.name)
    return _("{people} will see it at once.").format(people=_listing(people))


def _hidden(people: list[str]) -> str:
    return _("{people} will not: it is confidential, or outside what was granted.").format(people=_listing(people))


def _listing(people: list[str]) -> str:
    if len(people) == 1:
        return people[0]
    return _("{most} and {last}").format(most=", ".join(people[:-1]), last=people[-1])
