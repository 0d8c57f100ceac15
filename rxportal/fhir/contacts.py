"""Where to reach a person, one value each: compared with what somebody writes who asks for a chart (FHIR Patient)."""

from __future__ import annotations

from rxportal.fhir.shapes import Json, items, obj, text

LONGEST = 200


def holding(entries: object) -> list[Json]:
    """The telecoms or addresses that are not out of date, in the order in which the sender prefers them."""
    listed = [
        entry for entry in items(entries) if text(entry.get("use")) != "old" and not obj(entry.get("period")).get("end")
    ]
    return sorted(listed, key=_rank)


def contact(resource: Json, system: str) -> str:
    """The first phone number ("phone") or e-mail address ("email") that still holds, or ""."""
    found = (text(entry.get("value")) for entry in holding(resource.get("telecom")) if entry.get("system") == system)
    return next((value.strip()[:LONGEST] for value in found if value.strip()), "")


def postal_code(resource: Json) -> str:
    """The postal code of the first address that still holds and has one, or ""."""
    found = (text(entry.get("postalCode")).strip() for entry in holding(resource.get("address")))
    return next((value[:LONGEST] for value in found if value), "")


def _rank(entry: Json) -> int:
    """`ContactPoint.rank`: 1 is preferred; without one, last."""
    rank = entry.get("rank")
    return rank if isinstance(rank, int) and not isinstance(rank, bool) and rank > 0 else 1_000_000
