"""What an audit line says to the person whose chart it is, in one plain sentence."""

from __future__ import annotations

from enum import StrEnum

from rxportal.core.access import Permission, Relationship
from rxportal.core.text import _
from rxportal.core.usecase import REGISTRY


class EndReason(StrEnum):
    """Why the desk ended somebody's access."""

    PATIENT_ASKED = "patient_asked"
    HOLDER_ASKED = "holder_asked"
    LAW = "law"
    MISTAKE = "mistake"
    OTHER = "other"


REASONS = {
    EndReason.PATIENT_ASKED: _("the patient asked for it"),
    EndReason.HOLDER_ASKED: _("the person with the access asked for it"),
    EndReason.LAW: _("a court order or a change of custody"),
    EndReason.MISTAKE: _("it was given by mistake"),
    EndReason.OTHER: _("another reason"),
}
# (by the reader, by somebody else). A use case may have words of its own; else those of its permission count.
SENTENCES: dict[str, tuple[str, str]] = {
    Permission.VIEW_HOME: (_("You opened the home page."), _("{name} opened the home page of this chart.")),
    Permission.VIEW_RESULTS: (_("You looked at the test results."), _("{name} looked at the test results.")),
    Permission.VIEW_RECORD: (_("You looked at the health record."), _("{name} looked at the health record.")),
    Permission.VIEW_MEDICINES: (_("You looked at the medicines."), _("{name} looked at the medicines.")),
    Permission.VIEW_APPOINTMENTS: (
        _("You looked at appointments and visits."),
        _("{name} looked at appointments and visits."),
    ),
    Permission.SEARCH_CHART: (_("You searched the chart."), _("{name} searched the chart.")),
    Permission.OPEN_DOCUMENT: (_("You opened a document."), _("{name} opened a document.")),
    Permission.EXPORT_CHART: (_("You downloaded a copy of the record."), _("{name} made a copy of the record.")),
    Permission.VIEW_ACCESS_LOG: (_("You looked at this list."), _("{name} looked at this list.")),
    Permission.REVOKE_GRANT: (_("You removed the access of {person}."), _("{name} removed the access of {person}.")),
    Permission.SEE_RESULT_QUEUE: (_("You looked at a test result."), _("{name} looked at a test result.")),
    Permission.DECIDE_RELEASE: (_("You decided on a test result."), _("{name} decided on a test result.")),
    Permission.SEE_ACCESS: (
        _("You looked at who may open this chart."),
        _("{name} looked at who may open this chart."),
    ),
    Permission.IMPORT_RECORDS: (_("You took in new records."), _("{name} took in new records.")),
    Permission.DECIDE_ACCESS: (
        _("You ended the access of {person}: {reason}."),
        _("{name} ended the access of {person}: {reason}."),
    ),
    Permission.FREE_SIGN_INS: (
        _("You took passkeys and codes off the owner’s sign-in."),
        _("{name} took passkeys and codes off the owner’s sign-in, after looking at proof of who they are."),
    ),
    Permission.MAKE_CLAIMS: (
        _("You proved with a code that this is your chart."),
        _("{name} proved with a code that this is their chart."),
    ),
    Permission.SEE_CLAIMS: (
        _("You compared somebody’s request for a chart with this one."),
        _("{name} compared somebody’s request for a chart with this one."),
    ),
    Permission.DECIDE_CLAIMS: (
        _("You opened this chart to {person}."),
        _("{name} opened this chart to {person}."),
    ),
    Permission.ISSUE_CODES: (
        _("You made or withdrew a code to open this chart."),
        _("{name} made or withdrew a code to open this chart."),
    ),
    Permission.RECORD_ORDERS: (
        _("You recorded or lifted a court order about this chart."),
        _("{name} recorded or lifted a court order about this chart."),
    ),
    "see_proof": (
        _("You looked at codes and court orders of this chart."),
        _("{name} looked at codes and court orders of this chart."),
    ),
    Permission.SEE_SIGN_INS: (
        _("You looked at how an account signs in."),
        _("{name} looked at how an account signs in."),
    ),
    Permission.VIEW_GRANTS: (
        _("You looked at who can open this chart."),
        _("{name} looked at who can open this chart."),
    ),
    Permission.CHANGE_GRANT: (
        _("You changed what {person} may do and see."),
        _("{name} changed what {person} may do and see."),
    ),
    Permission.LEAVE_CHART: (_("You gave up access to this chart."), _("{name} gave up access to this chart.")),
    Permission.CHOOSE_SHARING: (_("You chose what parents see."), _("{name} chose what parents see.")),
    Permission.CHOOSE_TIMING: (
        _("You chose when test results are shown."),
        _("{name} chose when test results are shown."),
    ),
    Permission.INVITE: (_("You looked at your invitation."), _("{name} looked at an invitation.")),
    "prepare_invitation": (_("You prepared an invitation."), _("{name} prepared an invitation.")),
    "send_invitation": (_("You invited somebody to this chart."), _("{name} invited somebody to this chart.")),
    "withdraw_invitation": (_("You withdrew an invitation."), _("{name} withdrew an invitation.")),
    "enter_passcode": (
        _("You opened an invitation to this chart."),
        _("{name} typed a passcode for an invitation to this chart."),
    ),
    "accept_invitation": (
        _("You accepted the invitation to this chart."),
        _("{name} answered the invitation to this chart with yes."),
    ),
    "decline_invitation": (
        _("You declined the invitation to this chart."),
        _("{name} answered the invitation to this chart with no."),
    ),
    "family_home": (_("You opened your home page."), _("{name} saw what is new in this chart on their home page.")),
    "open_result": (_("You opened a test result."), _("{name} opened a test result.")),
    "mark_seen": (_("You marked a test result as seen."), _("{name} marked a test result as seen.")),
    "mark_normal_seen": (_("You marked a test result as seen."), _("{name} marked a test result as seen.")),
    "release_result": (_("You released a test result."), _("{name} released a test result.")),
    "hold_result": (_("You held a test result back."), _("{name} held a test result back.")),
}
NAMED = (_("You opened “{title}”."), _("{name} opened “{title}”."))
UNKNOWN = (_("You used this chart."), _("{name} used this chart."))
SYSTEM = _("The practice’s computer")
SOMEBODY = _("somebody")
ROLES = {
    Relationship.FULL: _("Full access"),
    Relationship.READ_ONLY: _("Read only"),
    Relationship.PARENT_OF_CHILD: _("Parent"),
    Relationship.PARENT_OF_TEEN: _("Parent of a teen"),
    Relationship.CLINICIAN: _("Clinician"),
    Relationship.FRONT_DESK: _("Front desk"),
    Relationship.BILLING: _("Billing office"),
    Relationship.ADMINISTRATOR: _("Practice administration"),
}


def sentence(use_case: str, name: str, *, mine: bool, title: str = "", person: str = "", reason: str = "") -> str:
    """One line in words. `mine`: the reader did it; `title`: what was opened, where the reader may see it."""
    known = REGISTRY.get(use_case)
    words = SENTENCES.get(use_case) or SENTENCES.get(known.permission if known else "", UNKNOWN)
    if title:
        words = NAMED
    why = REASONS[EndReason(reason)] if reason in set(EndReason) else REASONS[EndReason.OTHER]
    return words[0 if mine else 1].format(name=name, title=title, person=person or SOMEBODY, reason=why)


def role_of(relationship: str) -> str:
    """As what somebody acted, "" for the owner and the system."""
    return ROLES.get(Relationship(relationship), "") if relationship in set(Relationship) else ""
