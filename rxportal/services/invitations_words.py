"""Invitations in words: what is offered, where it stands, the letter, and why somebody can't be invited."""

from __future__ import annotations

from datetime import datetime, tzinfo

from rxportal.core.text import _, plural
from rxportal.models.accounts import Level
from rxportal.models.people import Invitation
from rxportal.rules.invitations import MOST_TRIES, Stand
from rxportal.rules.sections import Part, parts_of
from rxportal.services.connections_views import InvitationRow, PartRow
from rxportal.services.grants_words import A_MOMENT, OFFERED, last_day
from rxportal.services.letters import Words
from rxportal.services.result_journey import day

LEVELS = {Level.READ_ONLY: _("Read only"), Level.FULL: _("Full access")}
MAY = {Level.READ_ONLY: _("Can only look."), Level.FULL: _("Can look and make changes.")}
TAGS = {
    Stand.PREPARED: (_("Prepared, not sent"), "look"),
    Stand.OPEN: (_("Waits for an answer"), "wait"),
    Stand.DECLINED: (_("Declined"), "look"),
    Stand.LOCKED: (_("Closed: the passcode was wrong {count} times").format(count=MOST_TRIES), "look"),
    Stand.EXPIRED: (_("Ran out"), "look"),
}
OVER = {
    Stand.ACCEPTED: _("This invitation was used. If it was you, sign in and choose the person beside your name."),
    Stand.DECLINED: _("This invitation was declined. Whoever sent it can invite you again."),
    Stand.LOCKED: _("The passcode was wrong too often, so this invitation is closed. Ask for a new one."),
    Stand.EXPIRED: _("This invitation is older than 7 days. Ask for it to be sent again."),
}
GONE = _("This link doesn’t lead to an invitation any more. Ask whoever invited you to send it again.")
ONESELF = _("This is your own address. Invite somebody else: your own chart is open to you.")
SENT_IT = _("You sent this invitation yourself. The person whom you invited opens it, with an account of their own.")
KNOWN = _("You can open this chart already: choose the person beside your name. Nothing was changed.")
NOT_OPEN = _("This chart can’t be shared just now. Ask whoever invited you.")


def parts_words(sections: str) -> str:
    """Which parts a grant or an invitation opens."""
    parts = parts_of(sections)
    if not sections or len(parts) == len(Part):
        return _("All parts of the chart.")
    return _("Only these parts: {parts}.").format(parts=", ".join(OFFERED[part].lower() for part in parts))


def part_rows(sections: str) -> list[PartRow]:
    """The six parts, those chosen that these sections open."""
    chosen = parts_of(sections)
    return [PartRow(part.value, label, part in chosen) for part, label in OFFERED.items()]


def sees_words(level: Level, sections: str) -> str:
    """What somebody may do and see."""
    return f"{MAY[level]} {parts_words(sections)}"


def until_words(until: datetime | None, zone: tzinfo) -> str:
    """Until when an access lasts. `until` is the first instant without it."""
    return _("Until {day}").format(day=last_day(until, zone)) if until else _("Until it is ended")


def last_date(until: datetime | None, zone: tzinfo) -> str:
    """The same as a form keeps it, "2026-12-31"; "" where there is no end."""
    return (until - A_MOMENT).astimezone(zone).date().isoformat() if until else ""


def invitation_row(one: Invitation, where: Stand, zone: tzinfo) -> InvitationRow:
    """An invitation as its sender sees it."""
    tag, tone = TAGS[where]
    when = _("Sent {day}, answer until {last}").format(day=day(one.created_at, zone), last=day(one.expires_at, zone))
    return InvitationRow(
        id=str(one.id),
        name=one.name,
        email=one.email,
        level=LEVELS[Level(one.level)],
        relation=one.relationship,
        sees=f"{sees_words(Level(one.level), one.sections)} {until_words(one.until, zone)}.",
        when="" if where is Stand.PREPARED else when,
        tag=tag,
        tone=tone,
        prepared=where is Stand.PREPARED,
        over=where in (Stand.DECLINED, Stand.LOCKED, Stand.EXPIRED),
    )


def wrong_passcode(left: int) -> str:
    """What a wrong passcode says."""
    if left == 0:
        return OVER[Stand.LOCKED]
    again = plural("{count} try is left.", "{count} tries are left.", left)
    return _("This is not the passcode. Ask whoever invited you, then type it again.") + " " + again


def letter_to_invited(token: str, last: str) -> Words:
    """The letter with the link. Who sent it and whose chart it is stay on the portal, behind the passcode."""
    return Words(
        _("You are invited to help somebody with their care online"),
        (
            _("Somebody who trusts you asks you to open their chart in our patient portal."),
            _("Open the invitation, sign in or register with your own details, and type the passcode that they tell "
              "you themselves. Then you see what you would accept, and you can decline it."),
        ),
        link=(_("Open the invitation"), f"/invitations/{token}"),
        below=(
            _("The link works until {last}, for one person.").format(last=last),
            _("You don’t know who this could be? Then do nothing. Without the passcode nobody can use this link."),
        ),
    )  # fmt: skip


def letter_to_owner(what: str) -> Words:
    """What the owner of a chart is told after somebody was let in, or asked."""
    return Words(
        _("About who can open your chart"),
        (what, _("You see who can open it, and end it at once, on the portal.")),
        link=(_("See your connections"), "/account/connections"),
        below=(_("This was not you? Call us at once."),),
    )
