"""Where a medicine stands today, and why it may not be renewed online (S21, F2). Pure: facts and a day in.

`not_online` is the one place that says no: list, detail and, once there are renewals, the request itself ask it.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from rxportal.rules.words import plain

#: How long after its day a prescription without a fill still counts as on its way to the pharmacy.
FRESH = timedelta(days=30)
#: Intents of FHIR that a pharmacy may act on; a plan or a proposal is none.
ORDERS = frozenset({"", "order", "original-order", "reflex-order", "filler-order", "instance-order"})


class Standing(StrEnum):
    """Where a medicine stands; those of PAST are not taken any more."""

    REFILLS = "refills"
    NONE_LEFT = "none_left"
    RAN_OUT = "ran_out"
    NEW = "new"
    NO_FILL = "no_fill"
    UNTOLD = "untold"
    PAUSED = "paused"
    DRAFT = "draft"
    UNKNOWN = "unknown"
    REPORTED = "reported"
    HANDED_OUT = "handed_out"
    STOPPED = "stopped"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    NOT_TAKEN = "not_taken"


PAST = frozenset({Standing.STOPPED, Standing.FINISHED, Standing.CANCELLED, Standing.NOT_TAKEN})
#: FHIR R4 medicationrequest-status and medication-statement-status, but for "active", which the facts decide.
BY_STATUS = {
    "on-hold": Standing.PAUSED, "cancelled": Standing.CANCELLED, "completed": Standing.FINISHED,
    "stopped": Standing.STOPPED, "draft": Standing.DRAFT, "intended": Standing.DRAFT, "not-taken": Standing.NOT_TAKEN,
    "active": Standing.UNTOLD,
}  # fmt: skip


class NotOnline(StrEnum):
    """Why a medicine cannot be renewed online: how it was entered, or what it is."""

    REPORTED = "reported"
    CONTROLLED = "controlled"
    ELSEWHERE = "elsewhere"
    PLANNED = "planned"
    UNCODED = "uncoded"


@dataclass(frozen=True)
class Medicine:
    """What the rules know of one medicine.

    `allowed`: refills after the first fill, None where nobody said. `fills`: how often it was handed over, as far as
    is known. `good_until`: the last day of the prescription. `ends`: the last day that it is taken.
    """

    name: str = ""
    status: str = ""
    intent: str = ""
    reported: bool = False
    coded: bool = True
    own: bool = True
    allowed: int | None = None
    fills: int = 0
    written: date | None = None
    good_until: date | None = None
    ends: date | None = None


def standing(medicine: Medicine, today: date) -> Standing:
    """Where it stands today."""
    found = BY_STATUS.get(medicine.status, Standing.UNKNOWN)
    return _of_active(medicine, today) if found is Standing.UNTOLD else found


def _of_active(medicine: Medicine, today: date) -> Standing:
    if medicine.ends and medicine.ends < today:
        return Standing.FINISHED
    if medicine.reported:
        return Standing.REPORTED
    if medicine.good_until and medicine.good_until < today:
        return Standing.RAN_OUT
    return _of_supply(medicine, today)


def _of_supply(medicine: Medicine, today: date) -> Standing:
    left = refills_left(medicine)
    if left is None:
        return Standing.UNTOLD
    if not medicine.fills:
        return Standing.NEW if medicine.written and medicine.written >= today - FRESH else Standing.NO_FILL
    return Standing.REFILLS if left else Standing.NONE_LEFT


def refills_left(medicine: Medicine) -> int | None:
    """How many refills are left after the fills that are known; the first fill is none."""
    if medicine.allowed is None:
        return None
    return max(0, medicine.allowed - max(0, medicine.fills - 1))


def not_online(medicine: Medicine) -> NotOnline | None:
    """Why it cannot be renewed online, None where it could be."""
    if medicine.reported:
        return NotOnline.REPORTED
    if controlled(medicine.name):
        return NotOnline.CONTROLLED
    if not medicine.own:
        return NotOnline.ELSEWHERE
    if medicine.intent not in ORDERS:
        return NotOnline.PLANNED
    return None if medicine.coded else NotOnline.UNCODED


def controlled(name: str) -> bool:
    """Whether a medicine of this name is a controlled substance (21 CFR 1308, schedules II to V)."""
    return bool(_names().search(plain(name)))


@cache
def _names() -> re.Pattern[str]:
    text = files("rxportal.rules.data").joinpath("controlled.csv").read_text(encoding="utf-8")
    names = sorted((plain(row["name"]) for row in csv.DictReader(text.splitlines())), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(names) + r")\b")
