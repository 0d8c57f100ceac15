"""When each resource of the demo practice came in: the last eight days are lived through again at loading."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from rxportal.demo.terms import Resource

#: Days before loading on which records arrived; what is newer than the last of them comes on the day itself.
ARRIVALS = (8, 4, 0)
#: The elements that say when a resource was written; one of them tells when it could have been sent.
WRITTEN = (
    "issued",
    "effectiveDateTime",
    "date",
    "authoredOn",
    "whenHandedOver",
    "performedDateTime",
)


def batches(resources: list[Resource], now: datetime) -> list[tuple[int, list[Resource]]]:
    """The resources by the day on which they arrived, oldest first, as (days ago, resources).

    A report's observations, order and specimen come with it, however old they are.
    """
    days = {id(one): _arrival(one, now) for one in resources}
    by_name = {f"{one['resourceType']}/{one['id']}": one for one in resources}
    for report in (one for one in resources if one["resourceType"] == "DiagnosticReport"):
        for part in (*report.get("result", []), *report.get("basedOn", []), *report.get("specimen", [])):
            days[id(by_name[part["reference"]])] = days[id(report)]
    return [(ago, [one for one in resources if days[id(one)] == ago]) for ago in ARRIVALS]


def moment(now: datetime, days_ago: int, clock: str) -> datetime:
    """That time of that day in the zone of `now`; never later than `now`."""
    day = now.date() - timedelta(days=days_ago)
    return min(datetime.combine(day, time.fromisoformat(clock), tzinfo=now.tzinfo), now)


def _arrival(resource: Resource, now: datetime) -> int:
    """The first day on which a resource with these dates could have come in."""
    written = next((resource[key] for key in WRITTEN if key in resource), "")
    if resource["resourceType"] == "Encounter":
        written = resource["period"]["end"]
    if len(written) < len("2026-11-23T"):
        return ARRIVALS[0]
    ready = datetime.fromisoformat(written).date()
    return next((ago for ago in ARRIVALS if ready <= now.date() - timedelta(days=ago)), ARRIVALS[-1])
