"""A result's journey in words: ordered, collected, report ready, waiting for whom until when, shown (N1)."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any, Protocol

from rxportal.core.text import _
from rxportal.fhir.display import date_words
from rxportal.models.records import Kind
from rxportal.models.releases import HoldReason
from rxportal.rules.release import WaitsFor
from rxportal.services.orders import Order
from rxportal.services.results_views import Step, WaitingRow


class Sorted(Protocol):
    """What has a kind."""

    kind: Any


class OnItsWay(Protocol):
    """What a journey needs of a result: a `Record`, or a row of a statement with these columns."""

    id: Any
    title: Any
    kind: Any
    occurred: Any
    ordered: Any
    final_at: Any
    visible_from: Any
    latest_at: Any
    waits_for: Any
    hold_reason: Any


KIND_LABELS = {
    Kind.NOT_A_RESULT: "",
    Kind.ORDINARY: _("Laboratory"),
    Kind.RADIOLOGY: _("Imaging"),
    Kind.PATHOLOGY: _("Tissue"),
    Kind.GENETIC: _("Genetics"),
    Kind.HEPATITIS: _("Laboratory"),
    Kind.DRUG_ABUSE: _("Laboratory"),
    Kind.HIV: _("Laboratory"),
    Kind.RESTRICTED: _("Laboratory"),
}


def kind_label(record: Sorted) -> str:
    """What kind of result it is, in a word that tells nothing about the test."""
    return KIND_LABELS[Kind(record.kind)]


def day(moment: datetime | None, zone: tzinfo) -> str:
    """The calendar day of an instant where the practice is, "18 Nov 2026"."""
    return date_words(moment.astimezone(zone).date().isoformat()) if moment else ""


def waiting_row(record: OnItsWay, order: Order, zone: tzinfo, *, asked_by: str = "") -> WaitingRow:
    """The line of a waiting result. `asked_by`: whose chart it is, "" for one's own."""
    return WaitingRow(
        id=str(record.id),
        title=record.title,
        kind_label=kind_label(record),
        tag=_tag(record),
        steps=steps(record, order, zone),
        sentence=sentence(record, order.doctor, zone, asked_by=asked_by),
        latest=day(record.latest_at, zone),
    )


def steps(record: OnItsWay, order: Order, zone: tzinfo, *, shown: bool = False) -> list[Step]:
    """The stations of a result, the last one shown or still to come."""
    ready = record.final_at is not None
    taken = _("Taken") if Kind(record.kind) is Kind.RADIOLOGY else _("Collected")
    return [
        Step(_("Ordered"), date_words(record.ordered or order.ordered, zone), "done"),
        Step(taken, date_words(record.occurred, zone), "done" if record.occurred or ready else "now"),
        Step(_("Report ready"), day(record.final_at, zone), "done" if ready else "now"),
        _last(record, order.doctor, zone, shown=shown, ready=ready),
    ]


def _last(record: OnItsWay, doctor: str, zone: tzinfo, *, shown: bool, ready: bool) -> Step:
    if shown:
        return Step(_("Shown here"), day(record.visible_from, zone), "done")
    latest = day(record.latest_at, zone)
    when = _("at latest {day}").format(day=latest) if latest else ""
    acts = {
        WaitsFor.ORDER: _("{doctor} releases it"),
        WaitsFor.HOLD: _("{doctor} releases it"),
        WaitsFor.WISH: _("{doctor} writes about it"),
        WaitsFor.NOTHING: _("Shown here"),
    }
    words = acts.get(WaitsFor(record.waits_for), _("{doctor} sees it"))
    return Step(words.format(doctor=doctor or _("Your doctor")), when, "now" if ready else "todo")


def _tag(record: OnItsWay) -> str:
    return {
        WaitsFor.FINAL: _("Not ready yet"),
        WaitsFor.SEEN: _("Waiting for the doctor"),
        WaitsFor.ORDER: _("Waiting for release"),
        WaitsFor.HOLD: _("Held for now"),
        WaitsFor.WISH: _("Waiting, as asked"),
        WaitsFor.NOTHING: _("Opens soon"),
    }[WaitsFor(record.waits_for)]


def sentence(record: OnItsWay, doctor: str, zone: tzinfo, *, asked_by: str = "") -> str:
    """Why it waits, for whom, and the latest day, in one or two short sentences."""
    who = doctor or _("Your doctor")
    waits = WaitsFor(record.waits_for)
    told = {
        WaitsFor.FINAL: _("The report is not finished yet."),
        WaitsFor.SEEN: _("{who} looks at it first."),
        WaitsFor.ORDER: _("{who} releases it."),
        WaitsFor.HOLD: _held(record, asked_by),
        WaitsFor.WISH: _("As asked, it waits until {who} has written about it."),
        WaitsFor.NOTHING: _("It opens by itself."),
    }[waits].format(who=who, name=asked_by)
    latest = day(record.latest_at, zone)
    return " ".join([told, _("It opens on {day} at the latest.").format(day=latest)]) if latest else told


def _held(record: OnItsWay, asked_by: str) -> str:
    reasons = {
        HoldReason.HARM.value: _("{who} keeps it back for now."),
        HoldReason.TALK_FIRST.value: _("{who} wants to talk about it first."),
        HoldReason.CORRECTION.value: _("The report is being corrected."),
        HoldReason.PATIENT_ASKED.value: _("{name} asked us to wait.") if asked_by else _("You asked us to wait."),
    }
    return reasons.get(record.hold_reason, reasons[HoldReason.HARM.value])
