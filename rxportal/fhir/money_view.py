"""Insurance, claims and bills as facts: what was sent, nothing computed (FHIR R4 financial module)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from typing import Any

from rxportal.core.text import _
from rxportal.fhir.numbers import decimal
from rxportal.fhir.shapes import Json, codings, items, lines, obj, path, text
from rxportal.fhir.told import (
    Pair,
    Reader,
    Told,
    begun,
    coded,
    listed,
    named,
    notes_of,
    pairs,
    several,
    spoken,
    status_of,
)
from rxportal.fhir.visit_words import TITLES

CENTS = decimal("0.01")
KIND = {
    "institutional": _("Hospital or clinic"), "professional": _("Doctor or other professional"),
    "pharmacy": _("Pharmacy"), "oral": _("Dental"), "vision": _("Vision"),
}  # fmt: skip
USE = {"preauthorization": _("Asked beforehand"), "predetermination": _("An estimate")}
OUTCOME = {
    "queued": _("Waiting at the insurance"), "complete": "", "partial": _("Partly decided"),
    "error": _("Sent back by the insurance"),
}  # fmt: skip
STATE = {
    "cancelled": _("Cancelled"), "draft": _("Being written"), "inactive": _("Not active"), "on-hold": _("On hold"),
    "balanced": _("Settled"), "issued": _("Sent"), "billable": _("Ready to be billed"), "billed": _("Billed"),
    "not-billable": _("Not billed"), "aborted": _("Given up"), "planned": _("Planned"),
}  # fmt: skip
TOTALS = {
    "submitted": _("Charged"), "benefit": _("Covered by the insurance"), "copay": _("Copay"),
    "deductible": _("Deductible"), "eligible": _("Accepted for payment"), "unallocdeduct": _("Deductible"),
}  # fmt: skip
RELATION = {
    "self": _("Policy holder"), "spouse": _("Spouse"), "child": _("Child"), "parent": _("Parent"),
    "common": _("Partner"), "other": _("Somebody else"), "injured": _("Injured party"),
}  # fmt: skip
CLASS = {"group": _("Group"), "plan": _("Plan"), "class": _("Class"), "rxbin": _("Rx BIN"), "rxpcn": _("Rx PCN")}


def amount(money: Any) -> str:
    """Money in words, to the cent: "$129.16", "40.00 EUR"; "" where none was sent."""
    found = decimal(obj(money).get("value"))
    if found is None or CENTS is None or abs(found) >= 10**12:
        return ""
    rounded = found.quantize(CENTS, rounding=ROUND_HALF_UP)
    unit = text(obj(money).get("currency")) or "USD"
    return f"{'-' if rounded < 0 else ''}${abs(rounded):,.2f}" if unit == "USD" else f"{rounded:,.2f} {unit}"


def coverage(resource: Json, read: Reader) -> Told:
    """An insurance: who pays, for whom, member and group, from when to when."""
    state = status_of(resource)
    classes = [
        (
            CLASS.get(status_of(entry, "type"), _("Part of the plan")),
            text(entry.get("name")) or text(entry.get("value")),
        )
        for entry in items(resource.get("class"))
    ]
    return Told(
        title=read.all_names(resource.get("payor")) or spoken(resource.get("type")) or _("Insurance"),
        status=STATE.get(state, ""),
        current=state not in {"cancelled", "inactive"},
        when=read.span(resource.get("period")),
        facts=pairs(
            (_("Kind"), spoken(resource.get("type"))),
            (_("Member number"), text(resource.get("subscriberId"))),
            (_("Insured as"), coded(resource.get("relationship"), RELATION)),
            *classes,
            (_("Network"), text(resource.get("network"))),
        ),
    )


def eligibility(resource: Json, read: Reader) -> Told:
    """A question to an insurance whether it pays, or its answer."""
    inforce = [entry.get("inforce") for entry in items(resource.get("insurance")) if "inforce" in entry]
    answer = resource.get("resourceType") == "CoverageEligibilityResponse"
    day = read.day(resource.get("created"))
    return Told(
        title=_("What the insurance answered") if answer else _("Question to the insurance"),
        status=OUTCOME.get(status_of(resource, "outcome"), ""),
        tone="wait",
        when=_("Dated {day}").format(day=day) if day else "",
        who=read.all_names(resource.get("insurer")),
        facts=pairs((_("In force"), (_("Yes") if all(inforce) else _("No")) if inforce else "")),
        notes=tuple(lines(resource.get("disposition"))),
    )


def claim(resource: Json, read: Reader) -> Told:
    """What was asked of an insurance or answered by it: for what, how much."""
    state = status_of(resource)
    service = _services(resource)
    day = _serviced(resource, read)
    kind = coded(resource.get("type"), KIND)
    return Told(
        title=service[0] if service else kind or _("Claim"),
        status=STATE.get(state, "") or OUTCOME.get(status_of(resource, "outcome"), ""),
        tone="wait",
        when=_("Service of {day}").format(day=day) if day else "",
        who=read.all_names(resource.get("provider")) or read.all_names(resource.get("requestor")),
        facts=pairs(
            (_("Kind"), kind),
            (_("What it is"), _role(resource)),
            (_("Also for"), listed(service[1:6])),
            *_totals(resource),
            (_("Insurance paid"), amount(path(resource, "payment.amount"))),
            (_("Insurance"), listed([begun(read.all_names(resource.get("insurer"))), *_insurers(resource, read)])),
        ),
        notes=tuple(lines(resource.get("disposition"))),
    )


def _role(resource: Json) -> str:
    use = USE.get(text(resource.get("use")), "")
    if resource.get("resourceType") == "Claim":
        return use or _("What was asked of the insurance")
    return use or _("What the insurance decided. This is not a bill.")


def _services(resource: Json) -> list[str]:
    found = [spoken(entry.get("productOrService")) for entry in items(resource.get("item"))]
    called = [TITLES.get(words.lower().strip("'\""), words) for words in found]
    return list(dict.fromkeys(words for words in called if words))


def _serviced(resource: Json, read: Reader) -> str:
    line = obj(resource.get("item"))
    for given in (
        path(resource, "billablePeriod.start"), line.get("servicedDate"), path(line, "servicedPeriod.start"),
        resource.get("created"),
    ):  # fmt: skip
        if words := read.day(given):
            return words
    return ""


def _totals(resource: Json) -> list[Pair]:
    whole = resource.get("total")
    if isinstance(whole, dict) and "value" in whole:
        return [(_("Charged"), amount(whole))]
    found: list[Pair] = []
    for entry in items(whole):
        code = next((code for _system, code, _display in codings(entry.get("category")) if code in TOTALS), "")
        if code:
            found.append((TOTALS[code], amount(entry.get("amount"))))
    return found


def _insurers(resource: Json, read: Reader) -> list[str]:
    shown = [read.name(entry.get("coverage")) for entry in items(resource.get("insurance"))]
    return [begun(words) for words in shown]


def bill(resource: Json, read: Reader) -> Told:
    """An account, an invoice, a charge, a payment: what it is for and how much."""
    kind = text(resource.get("resourceType"))
    label = {
        "Account": _("Account with the practice"), "Invoice": _("Invoice"), "ChargeItem": _("Charge"),
        "PaymentNotice": _("Notice of a payment"), "PaymentReconciliation": _("Payment from an insurance"),
    }.get(kind, _("Bill"))  # fmt: skip
    day = next((words for key in DATES if (words := read.day(path(resource, key)))), "")
    return Told(
        title=named(resource.get("code"), label) if kind == "ChargeItem" else label,
        status=STATE.get(status_of(resource), ""),
        tone="wait",
        when=_("Dated {day}").format(day=day) if day else "",
        who=read.all_names(resource.get("issuer")) or read.all_names(resource.get("owner")),
        facts=pairs(
            (_("For"), several(resource.get("type")) or text(resource.get("description"))),
            (_("Before tax"), amount(resource.get("totalNet"))),
            (_("In all"), amount(resource.get("totalGross"))),
            (_("Price"), amount(resource.get("priceOverride"))),
            (_("Paid"), amount(resource.get("paymentAmount")) or amount(resource.get("amount"))),
        ),
        notes=notes_of(resource, "disposition"),
    )


DATES = (
    "date", "servicePeriod.start", "occurrenceDateTime", "occurrencePeriod.start", "paymentDate", "created",
    "enteredDate",
)  # fmt: skip
