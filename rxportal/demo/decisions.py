"""What the demo doctors did with the results that came in: comments, releases and one hold, by day."""

from __future__ import annotations

from dataclasses import dataclass

from rxportal.models.releases import HoldReason


@dataclass(frozen=True)
class Act:
    """One act at the desk. `result` is the FHIR id of the report; `days_ago` when it was done.

    `do`: "seen", "release" or "hold"; a hold has a reason and lasts until `until_in_days` after the day of loading.
    """

    result: str
    do: str
    days_ago: int
    comment: str = ""
    reason: HoldReason | None = None
    until_in_days: int = 0


ACTS = (
    Act(
        "maya-samplewood-mammogram",
        "release",
        7,
        "Good news: nothing to worry about on your mammogram. See you next year.",
    ),
    Act("maya-samplewood-iron-new", "seen", 7, "Your iron store is low. Take the iron tablet every other day."),
    Act("maya-samplewood-tsh-corrected", "seen", 7),
    Act("maya-samplewood-letter", "seen", 7),
    Act("theo-samplewood-throat", "seen", 6, "Theo has strep throat. He should finish all ten days of amoxicillin."),
    Act("maya-samplewood-urine-new", "seen", 3),
    Act("maya-samplewood-culture-new", "seen", 3, "The medicine you have fits. Finish the five days."),
    Act(
        "maya-samplewood-bmp-new",
        "seen",
        3,
        "Your glucose is a little high, as we expected. Everything else is fine. We’ll look at it together.",
    ),
    Act("maya-samplewood-cbc-new", "seen", 3),
    Act("grace-samplewood-a1c-held", "hold", 3, reason=HoldReason.TALK_FIRST, until_in_days=5),
)

#: Done at the other practice, by its own doctor.
ACTS_ELSEWHERE = (Act("petra-elsewhere-knee", "release", 3, "Some wear, as expected at our age."),)
