"""The medicines of one chart: what is taken, what was, each with its directions, its standing and one next step (F2).

Every query starts from the reader's sight. Prescriptions of the same medicine stand together, the newest told in full;
fills count for the prescription that they name, else for the newest of the same name.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Select, bindparam
from sqlmodel import col

from rxportal.core.access import Permission
from rxportal.core.scopes import Chart
from rxportal.core.sight import Sight
from rxportal.core.text import _, plural
from rxportal.core.usecase import use_case
from rxportal.fhir.medicine_view import medicine_facts
from rxportal.models.records import Organization, Record, Section
from rxportal.rules.medicines import PAST, Medicine, Standing, standing
from rxportal.rules.release import Viewer
from rxportal.services.medicines_rows import Reading, earlier_row, given_row, medicine_row
from rxportal.services.medicines_views import MedicineRow, MedicinesPage
from rxportal.services.record_rows import Tie, ties
from rxportal.services.selecting import only

MOST, PAST_AT_FIRST, GIVEN_AT_MOST = 500, 10, 20
PRESCRIBED = frozenset({"MedicationRequest", "MedicationStatement"})
KINDS = ("MedicationAdministration", "MedicationDispense", "MedicationRequest", "MedicationStatement")
FILLED = frozenset({"completed", "active", "unknown"})
ACT = frozenset({Standing.NONE_LEFT, Standing.RAN_OUT, Standing.PAUSED, Standing.UNKNOWN})
COLUMNS: tuple[Any, ...] = (
    col(Record.id), col(Record.title), col(Record.author), col(Record.occurred), col(Record.arrived_at),
    col(Organization.name).label("source"), col(Record.body),
)  # fmt: skip


@use_case(Permission.VIEW_MEDICINES)
def list_medicines(chart: Chart, *, whole: bool = False) -> MedicinesPage:
    """The medicines of this chart, the newest first. `whole`: everything that is past too, not only the last of it."""
    zone = ZoneInfo(chart.practice.time_zone)
    found = _readings(chart, zone)
    groups = _grouped(chart, found)
    now = sorted((group for group in groups if group.standing not in PAST), key=_place)
    past = [group for group in groups if group.standing in PAST]
    shown = past if whole else past[:PAST_AT_FIRST]
    own = chart.viewer is Viewer.OWNER
    given = [one for one in found if one.facts.kind == "MedicationAdministration"][:GIVEN_AT_MOST]
    rest = len(past) - len(shown)
    return MedicinesPage(
        now=[_row(group, own=own) for group in now],
        past=[replace(_row(group, own=own), directions=[]) for group in shown],  # nobody follows them any more
        more=plural("Show {count} more", "Show {count} more", rest) if rest else "",
        given=[given_row(one) for one in given],
        partly="" if own else _("Some medicines may be private. Those are shown to the person alone."),
        own=own,
        nothing=not groups and not given,
    )


def _place(group: Group) -> int:
    """What needs the reader comes first, what nobody prescribed last; else the newest first."""
    order = (ACT, frozenset(Standing) - ACT - {Standing.REPORTED})
    return next((place for place, some in enumerate(order) if group.standing in some), len(order))


def _readings(chart: Chart, zone: ZoneInfo) -> list[Reading]:
    """Every record of a medicine that the viewer may see; two statements."""
    rows = chart.exec(chart.prepared(_found), most=MOST).all()
    tied = ties(chart, [row.id for row in rows])
    return [_reading(row, tied.get(row.id, []), zone) for row in rows]


def _found(sight: Sight) -> Select[Any]:
    rows = only(sight.select(Record), *COLUMNS)
    rows = rows.join(Organization, col(Organization.id) == col(Record.organization_id))
    # by section too, which is what the index of a long chart knows
    rows = rows.where(col(Record.section) == Section.MEDICINES.value, col(Record.resource_type).in_(KINDS))
    newest = col(Record.occurred_at).desc().nulls_last(), col(Record.title), col(Record.id)
    return rows.order_by(*newest).limit(bindparam("most", type_=Integer))


def _reading(row: Any, tied: Sequence[Tie], zone: ZoneInfo) -> Reading:
    key, title, author, occurred, arrived_at, source, body = row
    facts = medicine_facts(json.loads(body))
    return Reading(key, title, author, occurred, arrived_at, source, facts, tuple(tied), zone)


@dataclass
class Group:
    """The same medicine at several times, newest first, with its fills; `standing` is that of the newest."""

    readings: list[Reading] = field(default_factory=list)
    fills: list[Reading] = field(default_factory=list)
    medicine: Medicine = field(default_factory=Medicine)
    standing: Standing = Standing.UNKNOWN


def _grouped(chart: Chart, found: Sequence[Reading]) -> list[Group]:
    """One group per medicine; what is taken and what is past of the same name stand apart."""
    fills = _fills(found)
    groups: dict[tuple[str, bool], Group] = {}
    for one in found:
        if one.facts.kind not in PRESCRIBED:
            continue
        medicine = _medicine(chart, one, fills.get(one.id, []))
        now = standing(medicine, chart.today)
        group = groups.setdefault((one.name, now in PAST), Group(medicine=medicine, standing=now))
        group.readings.append(one)
        group.fills += fills.get(one.id, [])
    return [*groups.values(), *_unprescribed(chart, fills.get(None, []))]


def _fills(found: Sequence[Reading]) -> dict[UUID | None, list[Reading]]:
    """The fills of each prescription, newest first; those of none that is known under None."""
    newest = {one.name: one.id for one in reversed(found) if one.facts.kind in PRESCRIBED}
    known = {one.id for one in found if one.facts.kind in PRESCRIBED}
    fills: dict[UUID | None, list[Reading]] = defaultdict(list)
    for one in found:
        if one.facts.kind == "MedicationDispense" and one.facts.status in FILLED:
            named = next((tie.id for tie in one.tied if tie.id in known), None)
            fills[named or newest.get(one.name)].append(one)
    return fills


def _medicine(chart: Chart, one: Reading, fills: Sequence[Reading]) -> Medicine:
    facts = one.facts
    return Medicine(
        name=one.title,
        status=facts.status,
        intent=facts.intent,
        reported=facts.reported,
        coded=facts.coded,
        own=one.source == chart.practice.name,
        allowed=facts.allowed,
        fills=len(fills),
        written=one.day(one.occurred),
        good_until=one.day(facts.good_until),
        ends=one.day(facts.ends),
    )


def _unprescribed(chart: Chart, fills: Sequence[Reading]) -> list[Group]:
    """Fills without any prescription: over when the last supply is."""
    groups: dict[str, Group] = {}
    for one in fills:
        groups.setdefault(one.name, Group()).fills.append(one)
    for group in groups.values():
        newest = group.fills[0]
        until = newest.lasts_until
        group.readings, group.medicine = [newest], replace(_medicine(chart, newest, group.fills), own=True)
        group.standing = Standing.FINISHED if until and until < chart.today else Standing.HANDED_OUT
    return list(groups.values())


def _row(group: Group, *, own: bool) -> MedicineRow:
    row = medicine_row(group.readings[0], group.medicine, group.standing, group.fills, own=own)
    earlier = [*group.readings[1:], *group.fills[1:]]
    row.earlier = [earlier_row(one) for one in sorted(earlier, key=lambda one: one.occurred, reverse=True)]
    row.told = [f"m-{one.id}" for one in (*group.readings, *group.fills)]
    row.earlier_words = plural("{count} earlier entry", "{count} earlier entries", len(earlier)) if earlier else ""
    return row
