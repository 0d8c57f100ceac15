"""A grant in words: who, as what, since when, what they see, and why it can't be ended here."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from rxportal.core.text import _
from rxportal.models.accounts import Basis, Grant, Level
from rxportal.models.records import Section
from rxportal.rules.ages import Stage
from rxportal.rules.grants import OVER, Removal, Standing
from rxportal.rules.sections import Part, parts_of, stored
from rxportal.services.access_views import GrantRow
from rxportal.services.result_journey import day

A_MOMENT = timedelta(seconds=1)
REMOVED = _("Somebody whose account was removed")
PARTS = {
    Section.PROFILE: _("name and contact"),
    Section.RESULTS: _("test results"),
    Section.VITALS: _("vital signs"),
    Section.HISTORY: _("history"),
    Section.CONDITIONS: _("conditions"),
    Section.ALLERGIES: _("allergies"),
    Section.MEDICINES: _("medicines"),
    Section.IMMUNIZATIONS: _("immunizations"),
    Section.PROCEDURES: _("procedures"),
    Section.VISITS: _("visits"),
    Section.DOCUMENTS: _("documents"),
    Section.CARE_TEAM: _("care team"),
    Section.CARE_PLANS: _("care plans"),
    Section.APPOINTMENTS: _("appointments"),
    Section.MESSAGES: _("messages"),
    Section.BILLS: _("bills"),
    Section.OTHER: _("other records"),
    Section.SHARED: _("people and places"),
}
# The parts that people choose among; each is one or several sections.
OFFERED = {
    Part.RESULTS: _("Test results"),
    Part.MEDICINES: _("Medicines"),
    Part.RECORD: _("Health record"),
    Part.APPOINTMENTS: _("Appointments and visits"),
    Part.MESSAGES: _("Messages"),
    Part.BILLS: _("Bills"),
}
TAGS = {
    Standing.OPEN: "",
    Standing.INVITED: _("Invited, not accepted yet"),
    Standing.LATER: _("Begins later"),
    Standing.REMOVED: _("Removed"),
    Standing.ENDED: _("Ended"),
    Standing.GROWN_UP: _("Ended at 18"),
}


def grant_row(grant: Grant, name: str, where: Standing, stage: Stage, zone: tzinfo) -> GrantRow:
    """The words for one grant; of one that is over, only who and when."""
    row = GrantRow(
        id=str(grant.id),
        name=name or REMOVED,
        level=level_words(grant, stage),
        when=_when(grant, where, zone),
        tag=TAGS[where],
        over=where in OVER,
        own=grant.level == Level.SELF,
    )
    if not row.over:
        row.relation, row.sees = grant.relationship, _sees(grant, stage)
    return row


def with_removal(row: GrantRow, answer: Removal, *, owner: bool) -> GrantRow:
    """The row with what its reader can do about it. `owner`: whether the reader is the person whose chart it is."""
    if row.over or row.own:
        return row
    row.removable = owner and answer is Removal.HERE
    if not row.removable:
        row.why = why_not(answer, row.name) if owner else _("Only the practice can end this access.")
    return row


def why_not(answer: Removal, name: str) -> str:
    """Why the owner can't end it on the portal, and what now."""
    return {
        Removal.OWN: _("This is the access of the person whose chart it is. The practice can end it."),
        Removal.AT_DESK: _("A parent’s or guardian’s access is ended by the practice. Call us, and we look at it."),
        Removal.OVER: _("The access of {name} was over before.").format(name=name),
    }.get(answer, "")


def level_words(grant: Grant, stage: Stage) -> str:
    """What kind of access it is, in two or three words."""
    if grant.level == Level.SELF:
        return _("Own chart")
    if grant.level == Level.READ_ONLY:
        return _("Read only")
    if grant.basis == Basis.PARENT:
        return _("Parent of a teen") if stage is Stage.TEEN else _("Parent")
    return _("Full access")


def _sees(grant: Grant, stage: Stage) -> str:
    if grant.level == Level.SELF:
        return _("Sees everything that is released.")
    can = _("Can only look.") if grant.level == Level.READ_ONLY else _("Can look and make changes.")
    hidden = _("Does not see what is confidential.")
    if grant.basis == Basis.PARENT and stage is Stage.CHILD:
        hidden = _("Does not see what is confidential, and sees less from the 12th birthday on.")
    return " ".join(part for part in (can, hidden, _parts(grant)) if part)


def _parts(grant: Grant) -> str:
    parts = parts_of(grant.sections)
    if grant.sections and parts and stored(parts) == grant.sections:
        return _("Only these parts: {parts}.").format(parts=", ".join(OFFERED[part].lower() for part in parts))
    named = [PARTS[Section(word)] for word in grant.sections.split(",") if word]
    return _("Only these parts: {parts}.").format(parts=", ".join(named)) if named else ""


def last_day(until: datetime | None, zone: tzinfo) -> str:
    """The last day of an access. `until` is the first instant without it, most often a midnight."""
    return day(until - A_MOMENT, zone) if until else ""


def _when(grant: Grant, where: Standing, zone: tzinfo) -> str:
    since = day(grant.since, zone)
    if where is Standing.REMOVED:
        return _("{since} to {day}").format(since=since, day=day(grant.revoked_at, zone))
    if where is Standing.ENDED:
        return _("{since} to {day}").format(since=since, day=last_day(grant.until, zone))
    if where in (Standing.INVITED, Standing.LATER):
        return _("From {since}").format(since=since)
    if grant.until is not None:
        return _("Since {since}, until {day}").format(since=since, day=last_day(grant.until, zone))
    return _("Since {since}").format(since=since)
