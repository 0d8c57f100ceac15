"""A request for a chart in words: to the person who made it, and why the desk refused it."""

from __future__ import annotations

from datetime import datetime, tzinfo
from enum import StrEnum

from rxportal.core.text import _
from rxportal.fhir.dates import clock_words, date_words
from rxportal.models.people import Claim, ClaimKind, ClaimState, FileCode
from rxportal.services.claims_views import ClaimRow, Given, Typed
from rxportal.services.court_orders import KEPT_OUT
from rxportal.services.result_journey import day
from rxportal.services.results_views import Step


class Refusal(StrEnum):
    """Why the desk refused a request."""

    NO_MATCH = "no_match"
    PAPERS = "papers"
    COME = "come"
    LAW = "law"


# (what the desk chooses, what the person reads)
REFUSALS = {
    Refusal.NO_MATCH: (
        _("What they wrote fits no chart"),
        _("We found no chart that fits what you wrote. Check it and ask again, or call us."),
    ),
    Refusal.PAPERS: (
        _("Papers are missing"),
        _("We need to see papers first. Bring them to the front desk, then ask again."),
    ),
    Refusal.COME: (
        _("They need to come in with an ID"),
        _("Come to the front desk with a photo ID. We can open the chart for you there."),
    ),
    Refusal.LAW: (_("A court order or a rule stands against it (no reason is shown)"), KEPT_OUT),
}


def claim_row(claim: Claim, zone: tzinfo, now: datetime, code: FileCode | None) -> ClaimRow:
    """One request with its journey; of one that is over, what became of it."""
    live = claim.state == ClaimState.OPEN
    title = _("Your own chart") if claim.kind == ClaimKind.OWN else _("The chart of {name}").format(name=claim.name)
    row = ClaimRow(
        id=str(claim.id) if live else "", key=str(claim.id), title=title, open=live, steps=_steps(claim, zone)
    )
    if claim.state == ClaimState.APPROVED:
        row.tag, row.tone, row.sentence = _("Open to you"), "good", _("It is behind the arrow beside your name.")
    elif claim.state == ClaimState.REFUSED:
        known = Refusal(claim.reason) if claim.reason in set(Refusal) else Refusal.COME
        row.tag, row.tone, row.sentence = _("Not opened"), "act", REFUSALS[known][1]
    elif live:
        late = claim.due_at <= now
        row.tag, row.tone = (_("Late"), "act") if late else (_("The front desk looks at it"), "wait")
        row.sentence = _("You get an answer by {day}. This page moves by itself.").format(day=day(claim.due_at, zone))
        if late:
            row.sentence = _("You should have an answer by now. Call us, and we look at it at once.")
        row.given = _given(claim)
        row.code = _sent(code, zone)
    return row


def typed_of(claim: Claim) -> Typed:
    """What was written, to be written better."""
    return Typed(claim.name, date_words(claim.birth_date), claim.postal_code, claim.phone, claim.mrn)


def _given(claim: Claim) -> list[Given]:
    pairs = (
        (_("Name"), claim.name),
        (_("Born"), date_words(claim.birth_date)),
        (_("ZIP code"), claim.postal_code),
        (_("Phone"), claim.phone),
        (_("MRN"), claim.mrn),
        (_("You are"), claim.relationship),
        (_("What shows it"), claim.proof),
    )
    return [Given(label, words) for label, words in pairs if words]


def _sent(code: FileCode | None, zone: tzinfo) -> str:
    """The same whether anybody was found: it says what happens if."""
    if code is None:
        return ""
    until = clock_words(code.expires_at.astimezone(zone))
    return _(
        "If what you wrote fits a person here with an e-mail address on file, a code went to that address. "
        "It works until {time}."
    ).format(time=until)


def _steps(claim: Claim, zone: tzinfo) -> list[Step]:
    asked = Step(_("You asked"), day(claim.created_at, zone), "done")
    if claim.state == ClaimState.OPEN:
        return [asked, Step(_("The front desk answers"), _("by {day}").format(day=day(claim.due_at, zone)), "now")]
    return [asked, Step(_("Answered"), day(claim.decided_at, zone), "done")]
