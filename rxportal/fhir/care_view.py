"""Who cares for somebody, by which plan, towards what (FHIR R4 CareTeam, CarePlan, Goal)."""

from __future__ import annotations

from rxportal.core.text import _
from rxportal.fhir.names import tidy
from rxportal.fhir.shapes import Json, items, lines, obj, path, text
from rxportal.fhir.told import Pair, Reader, Told, coded, listed, notes_of, pairs, several, spoken, status_of, written
from rxportal.fhir.values import part_value, quantity

OVER = {"completed", "revoked", "cancelled", "rejected", "inactive", "stopped", "not-started-cancelled"}
PLAN = {
    "draft": _("Being written"), "on-hold": _("On hold"), "revoked": _("Ended early"), "completed": _("Completed"),
    "unknown": _("Not known if it still holds"), "proposed": _("Proposed"), "suspended": _("On hold"),
    "inactive": _("Ended"),
}  # fmt: skip
ACTIVITY = {
    "not-started": _("not started"), "scheduled": _("planned"), "in-progress": _("under way"), "on-hold": _("on hold"),
    "completed": _("done"), "cancelled": _("not needed any more"), "stopped": _("stopped"),
}  # fmt: skip
GOAL = {
    "proposed": _("Proposed"), "planned": _("Planned"), "accepted": _("Agreed"), "on-hold": _("On hold"),
    "completed": _("Completed"), "cancelled": _("Ended"), "rejected": _("Not agreed"),
}  # fmt: skip
REACHED = {
    "in-progress": _("In progress"), "improving": _("Getting better"), "worsening": _("Getting worse"),
    "no-change": _("No change"), "achieved": _("Reached"), "sustaining": _("Reached and kept"),
    "not-achieved": _("Not reached"), "no-progress": _("No progress"), "not-attainable": _("Can’t be reached"),
}  # fmt: skip
KIND = {
    "assess-plan": _("Assessment and plan"), "longitudinal": _("Plan over a long time"), "encounter": _("For a visit"),
    "episode": _("For one illness"), "condition": _("For one condition"), "event": _("For one event"),
}  # fmt: skip


def care_team(resource: Json, read: Reader) -> Told:
    """A team: its members, each with their part in it."""
    state = status_of(resource)
    return Told(
        title=text(resource.get("name")) or several(resource.get("category")) or _("Care team"),
        status=PLAN.get(state, ""),
        tone="wait" if state in PLAN else "good",
        current=state not in OVER,
        when=read.span(resource.get("period")),
        facts=(
            *(member for entry in items(resource.get("participant")) if (member := _member(entry, read))[1]),
            *pairs(
                (_("For"), several(resource.get("reasonCode"))),
                (_("Run by"), read.all_names(resource.get("managingOrganization"))),
                (_("Phone"), _phone(resource)),
            ),
        ),
        notes=notes_of(resource),
    )


def _member(entry: Json, read: Reader) -> Pair:
    if text(path(entry, "member.reference")).rpartition("/")[0].endswith("Patient"):
        return "", ""  # the person whose team it is
    part = several(entry.get("role")) or _("Member")
    return part, listed([read.name(entry.get("member")), read.name(entry.get("onBehalfOf"))])


def _phone(resource: Json) -> str:
    found = [text(entry.get("value")) for entry in items(resource.get("telecom")) if entry.get("system") != "fax"]
    return listed(found)


def care_plan(resource: Json, read: Reader) -> Told:
    """A plan: for when, what is to be done, how far each part is."""
    state = status_of(resource)
    kind = listed(coded(entry, KIND) for entry in items(resource.get("category")))
    activities = [words for entry in items(resource.get("activity")) if (words := _activity(entry, read))]
    return Told(
        title=text(resource.get("title")) or kind or _("Care plan"),
        status=PLAN.get(state, ""),
        tone="wait" if state in {"draft", "on-hold"} else "good",
        current=state not in OVER,
        when=read.span(resource.get("period")),
        who=read.all_names(resource.get("author")),
        facts=pairs((_("Kind of plan"), kind if text(resource.get("title")) and kind.lower() != "care plan" else "")),
        notes=(*lines(resource.get("description")), *activities, *notes_of(resource), *written(resource)),
    )


def _activity(entry: Json, read: Reader) -> str:
    detail = obj(entry.get("detail"))
    named = spoken(detail.get("code")) or text(detail.get("description")) or read.name(entry.get("reference"))
    state = ACTIVITY.get(status_of(detail), "")
    return f"{named} ({state})" if named and state else named


def goal(resource: Json, read: Reader) -> Told:
    """A goal: what, by when, how far."""
    state = status_of(resource, "lifecycleStatus") or status_of(resource)
    reached = coded(resource.get("achievementStatus"), REACHED)
    begun = read.day(resource.get("startDate")) or read.day(resource.get("statusDate"))
    return Told(
        title=tidy(spoken(resource.get("description")) or text(resource.get("description"))) or _("Goal"),
        status=reached or GOAL.get(state, ""),
        tone="good" if reached else "wait",
        current=state not in OVER,
        when=_("Since {start}").format(start=begun) if begun else "",
        who=read.all_names(resource.get("expressedBy")),
        facts=pairs(
            (_("Target"), listed(_target(entry) for entry in items(resource.get("target")))),
            (_("By"), listed(read.day(entry.get("dueDate")) for entry in items(resource.get("target")))),
            (_("How far"), "" if reached else GOAL.get(state, "")),
            (_("Because of"), read.all_names(resource.get("addresses"))),
        ),
        notes=notes_of(resource, "statusReason"),
    )


def _target(entry: Json) -> str:
    measured = spoken(entry.get("measure"))
    bounds = obj(entry.get("detailRange"))
    aim = quantity(entry.get("detailQuantity")).text if entry.get("detailQuantity") else ""
    if bounds:
        aim = part_value({"valueRange": bounds}).text
    aim = aim or spoken(entry.get("detailCodeableConcept")) or text(entry.get("detailString"))
    return f"{measured}: {aim}" if measured and aim else aim or measured
