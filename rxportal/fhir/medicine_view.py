"""What a prescription, a fill, a statement or a dose says, in words. Pure: JSON in, facts out.

Source: HL7 FHIR R4, MedicationRequest, MedicationDispense, MedicationStatement, MedicationAdministration, Dosage and
Timing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rxportal.core.text import _, plural
from rxportal.fhir.numbers import decimal, number
from rxportal.fhir.shapes import Json, codings, concept, items, obj, path, text
from rxportal.fhir.told import begun, listed, spoken, status_of
from rxportal.fhir.units import unit

#: Days in one of a UCUM unit of time, and what people call it.
DAYS = {"d": 1, "day": 1, "days": 1, "wk": 7, "week": 7, "weeks": 7, "mo": 30, "month": 30, "months": 30}
#: What prescriptions abbreviate; the abbreviation stays, its meaning is added.
SHORT = {
    "PO": _("by mouth"), "BID": _("twice a day"), "TID": _("3 times a day"), "QID": _("4 times a day"),
    "QD": _("once a day"), "QHS": _("at bedtime"), "HS": _("at bedtime"), "PRN": _("as needed"),
    "SL": _("under the tongue"), "SC": _("under the skin"), "SQ": _("under the skin"), "IM": _("into the muscle"),
    "AC": _("before meals"), "PC": _("after meals"),
}  # fmt: skip
WORD = re.compile(r"[A-Z]{2,3}(?![A-Za-z])")


@dataclass(frozen=True)
class MedicineFacts:
    """One record of a medicine in words; dates as sent, "" where nothing was.

    `allowed`: refills after the first fill. `days`: how long one fill lasts. `amount`: "90 tablets".
    """

    kind: str
    status: str
    intent: str = ""
    coded: bool = True
    reported: bool = False
    directions: tuple[str, ...] = ()
    reasons: str = ""
    because: str = ""
    allowed: int | None = None
    days: int | None = None
    amount: str = ""
    good_until: str = ""
    starts: str = ""
    ends: str = ""
    handed: str = ""
    who: str = ""


def medicine_facts(resource: Json) -> MedicineFacts:
    """The facts of one resource about a medicine."""
    kind = text(resource.get("resourceType"))
    supply = obj(resource.get("dispenseRequest"))
    period = obj(resource.get("effectivePeriod"))
    taken = text(resource.get("effectiveDateTime")) or text(period.get("start"))
    return MedicineFacts(
        kind=kind,
        status=status_of(resource) or "active",
        intent=text(resource.get("intent")).lower(),
        coded=_coded(resource),
        reported=_reported(resource, kind),
        directions=_directions(resource),
        reasons=_reasons(resource),
        because=_because(resource),
        allowed=_whole(supply.get("numberOfRepeatsAllowed")),
        days=_days(supply.get("expectedSupplyDuration")) or _days(resource.get("daysSupply")),
        amount=_amount(resource.get("quantity")),
        good_until=text(path(supply, "validityPeriod.end")),
        starts=taken,
        ends=text(period.get("end")),
        handed=text(resource.get("whenHandedOver")) or text(resource.get("whenPrepared")) or taken,
        who=_who(resource),
    )


def _coded(resource: Json) -> bool:
    """Whether a computer can tell which medicine it is."""
    if resource.get("medicationReference"):
        return True
    return any(code for _system, code, _display in codings(resource.get("medicationCodeableConcept")))


def _reported(resource: Json, kind: str) -> bool:
    """Whether it was told by somebody rather than prescribed."""
    if kind == "MedicationStatement":
        return not items(resource.get("basedOn"))
    if resource.get("reportedBoolean") is True or text(path(resource, "reportedReference.reference")):
        return True
    return text(path(resource, "requester.reference")).startswith(("Patient/", "RelatedPerson/"))


def _reasons(resource: Json) -> str:
    told = [spoken(entry) for entry in items(resource.get("reasonCode"))]
    told += [text(entry.get("display")) for entry in items(resource.get("reasonReference"))]
    return listed(begun(words) for words in told)


def _because(resource: Json) -> str:
    """Why it has the status it has."""
    return begun(spoken(resource.get("statusReason")) or spoken(resource.get("statusReasonCodeableConcept")))


def _who(resource: Json) -> str:
    """The pharmacy that handed it over, or who gave it."""
    actors = [obj(entry.get("actor")) for entry in items(resource.get("performer"))]
    return listed(text(actor.get("display")) for actor in actors)


def _directions(resource: Json) -> tuple[str, ...]:
    doses = items(resource.get("dosageInstruction") or resource.get("dosage"))
    told = [line for dose in doses for line in _dose(dose)]
    return tuple(dict.fromkeys(told))


def _dose(dose: Json) -> list[str]:
    written, also = text(dose.get("text")), text(dose.get("patientInstruction"))
    found = [part for part in dict.fromkeys((also, written)) if part] or [_composed(dose)]
    found += [words for entry in items(dose.get("additionalInstruction")) if (words := concept(entry))]
    return [explained(part) for part in found if part]


def explained(words: str) -> str:
    """Directions as they were written, with what their abbreviations mean."""
    meant = {short: SHORT[short] for short in WORD.findall(words) if short in SHORT}
    if not meant:
        return begun(words)
    return f"{words} ({'; '.join(f'{short}: {means}' for short, means in meant.items())})"


def _composed(dose: Json) -> str:
    """Directions out of their parts, where nobody wrote a sentence."""
    amount = next(
        (shown for rate in items(dose.get("doseAndRate")) if (shown := _amount(rate.get("doseQuantity")))), ""
    )
    parts = [
        _("{amount} at a time").format(amount=amount) if amount else "",
        _often(dose.get("timing")),
        _when_needed(dose),
    ]
    return begun(listed(parts))


def _often(timing: Any) -> str:
    """How often: "3 times a day", "every 8 hours"."""
    if named := spoken(obj(timing).get("code")):
        return named
    repeat = obj(obj(timing).get("repeat"))
    times, period, each = (
        _whole(repeat.get("frequency")) or 1,
        _whole(repeat.get("period")),
        text(repeat.get("periodUnit")),
    )
    if not period or each not in ("h", "d", "wk", "mo"):
        return ""
    once = {
        "h": plural("every hour", "every {count} hours", period),
        "d": plural("every day", "every {count} days", period),
        "wk": plural("every week", "every {count} weeks", period),
        "mo": plural("every month", "every {count} months", period),
    }[each]
    if each == "d" and period == 1:
        return {1: _("once a day"), 2: _("twice a day")}.get(times, _("{count} times a day").format(count=times))
    return once if times == 1 else _("{count} times {every}").format(count=times, every=once)


def _when_needed(dose: Json) -> str:
    reason = spoken(dose.get("asNeededCodeableConcept"))
    if reason:
        return _("when needed for {reason}").format(reason=reason[:1].lower() + reason[1:])
    return _("when needed") if dose.get("asNeededBoolean") is True else ""


def _amount(quantity: Any) -> str:
    """A Quantity as people say it: "90 tablets"; a bare number stays one."""
    given = obj(quantity)
    if decimal(given.get("value")) is None:
        return ""
    called = unit(text(given.get("unit")) or text(given.get("code")))
    return f"{number(given.get('value'))} {called}".strip()


def _whole(value: Any) -> int | None:
    found = decimal(value)
    return int(found) if found is not None and 0 <= found < 1000 and found == int(found) else None


def _days(duration: Any) -> int | None:
    given = obj(duration)
    named = text(given.get("unit")).lower()
    each = DAYS.get(text(given.get("code"))) or DAYS.get(named)
    count = _whole(given.get("value"))
    return count * (each or 1) if count and (each or not named) else None
