"""What stands around every page: who is signed in, whose chart is open, which other charts there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from rxportal.core.access import Permission, Relationship, allows, covers
from rxportal.core.authorize import CHARTS, open_chart, relationship_of, sections_of
from rxportal.core.clock import day_in
from rxportal.core.errors import PortalError
from rxportal.core.scopes import AccountScope
from rxportal.core.text import _, plural
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Level, Patient, Practice, Role
from rxportal.models.records import Section
from rxportal.rules.ages import age, earliest

COLOURS = 3
#: The places of a chart that a grant may leave out; its record opens always, and says itself what it leaves out.
PLACES = {
    "results": Permission.VIEW_RESULTS,
    "medicines": Permission.VIEW_MEDICINES,
    "visits": Permission.VIEW_APPOINTMENTS,
}
LEVEL_WORDS = {
    Relationship.OWNER: "",
    Relationship.FULL: _("Full access"),
    Relationship.READ_ONLY: _("Read only"),
    Relationship.PARENT_OF_CHILD: _("Parent"),
    Relationship.PARENT_OF_TEEN: _("Parent of a teen"),
}
DESKS = {
    Role.CLINICIAN: "/desk/results",
    Role.FRONT_DESK: "/desk/claims",
    Role.ADMINISTRATOR: "/desk/claims",
}


@dataclass
class Person:
    """One chart that this account may open. `grant` is "" for one's own; `colour` is 1 for one's own, else 2 or 3.

    `log`: whether they may read who looked at it. `years`: how old the person is, in words, for somebody else's.
    `closed`: of the chart that is open, the places to which the grant does not reach.
    """

    name: str
    initials: str
    grant: str
    level: str
    current: bool
    colour: int
    log: bool = False
    years: str = ""
    closed: list[str] = field(default_factory=list)


@dataclass
class Shell:
    """The frame of a page. `chart` is None where `?for=` names no chart of this account.

    `desk`: the address of this person's desk, "" for whoever has none. `preview`: as whom an owner tries their own
    chart out before inviting them.
    `patient_id` and `family` (everybody in the list) are for the server's own live updates and never leave it.
    """

    name: str
    initials: str
    staff: bool
    clinician: bool
    has_own_chart: bool
    desk: str = ""
    preview: str = ""
    text_size: str = ""
    people: list[Person] = field(default_factory=list)
    chart: Person | None = None
    patient_id: str = ""
    family: list[str] = field(default_factory=list)


def initials_of(name: str) -> str:
    """First letters of the first and the last word of a name."""
    words = [word for word in name.split() if word[:1].isalpha()]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"


def level_words(relationship: Relationship, level: Level | None) -> str:
    """What one may do in a chart, in words; "" for one's own."""
    return LEVEL_WORDS[Relationship.READ_ONLY if level == Level.READ_ONLY else relationship]


def colour_of(place: int) -> int:
    """The colour of the chart at this place among those of others, from 0; one's own is always 1."""
    return 2 + place % (COLOURS - 1)


def closed_places(sections: frozenset[Section]) -> list[str]:
    """The places of a chart that a grant of these sections does not open, by the same rule that refuses their pages."""
    return [name for name, permission in PLACES.items() if not covers(permission, sections)]


@use_case(Permission.VIEW_SESSION, audited=False)
def view_shell(account: AccountScope, *, chart: str = "") -> Shell:
    """Who is signed in and which charts they may open; `chart` is the page's `?for=`."""
    rows = account.session.execute(CHARTS, {"account": account.account_id, "now": account.now})
    people: list[Person] = []
    family: list[str] = []
    opened = ""
    for grant, patient, practice in rows:
        relationship = relationship_of(grant, patient, practice, account.now)
        if relationship is None:
            continue
        own = grant.level == Level.SELF
        key = "" if own else str(grant.id)
        level = level_words(relationship, Level(grant.level))
        colour = 1 if own else colour_of(sum(1 for person in people if person.grant))
        opened = str(patient.id) if key == chart else opened
        family.append(str(patient.id))
        log = allows(Permission.VIEW_ACCESS_LOG, relationship, Level(grant.level))
        years = "" if own else years_words(patient, practice, account)
        closed = closed_places(sections_of(grant.sections)) if key == chart else []
        initials = initials_of(patient.name)
        people.append(Person(patient.name, initials, key, level, key == chart, colour, log, years, closed))
    shown, tried, preview = next((person for person in people if person.current), None), "", ""
    if shown is None and chart:
        shown, tried, preview = _previewed(account, chart)
    return Shell(
        name=account.actor.name,
        initials=initials_of(account.actor.name),
        staff=bool(account.actor.places),
        clinician=any(place.role == "clinician" for place in account.actor.places),
        has_own_chart=any(person.grant == "" for person in people),
        desk=next((DESKS[place.role] for place in account.actor.places if place.role in DESKS), ""),
        preview=preview,
        text_size=account.actor.text_size,
        people=people,
        chart=shown,
        patient_id=opened or tried,
        family=family,
    )


def _previewed(account: AccountScope, chart: str) -> tuple[Person | None, str, str]:
    """One's own chart as somebody will see it who is being invited: the person, the patient's id, for whom."""
    try:
        found = open_chart(account.session, account.actor, UUID(chart), Permission.VIEW_HOME, account.now)
    except (PortalError, ValueError):
        return None, "", ""
    name, level = found.patient.name, LEVEL_WORDS[found.access.relationship]
    closed = closed_places(found.access.sections)
    return (
        Person(name, initials_of(name), chart, level, True, 2, closed=closed),
        str(found.patient.id),
        found.access.preview,
    )


def years_words(patient: Patient, practice: Practice, account: AccountScope) -> str:
    """How old somebody is today where their practice is; "" where the birth date is not wholly known."""
    born = earliest(patient.birth_date) if len(patient.birth_date) == len("1985-03-14") else None
    today = day_in(practice.time_zone, account.now)
    return plural("{count} year", "{count} years", age(born, today)) if born else ""
