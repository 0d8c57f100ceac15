"""A practice's release policy: laying down the shipped lines, switching the preset, settling everything again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from rxportal.core.access import Permission
from rxportal.core.scopes import Desk
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Patient
from rxportal.models.policies import ReleaseRule
from rxportal.rules.policy import PolicyLine, Preset, preset_lines
from rxportal.services.releases import settle_records
from rxportal.services.selecting import only

WORDS = {
    Preset.DEFAULT: _(
        "Results open after the doctor has seen them; imaging, tissue and genetics on the doctor’s order; all of them "
        "on their latest day. The federal rule on information blocking (45 CFR 171) asks for a reason in each single "
        "case: ask your counsel whether this policy fits your practice."
    ),
    Preset.IMMEDIATE: _(
        "Results open as soon as they are final. What a state’s law withholds stays withheld. A clinician can hold a "
        "single result before it is final, with a coded reason and an end date."
    ),
}


@dataclass(frozen=True)
class PolicyChange:
    """What a switch did: how many records stand differently now, and what the policy means in words."""

    preset: str
    changed: int
    meaning: str


@use_case(Permission.SET_POLICY, kind="write")
def set_policy(desk: Desk, *, preset: Preset) -> PolicyChange:
    """Switch this practice to a shipped policy and settle every chart again. State law stays above it."""
    lay_down_policy(desk.session)
    desk.session.execute(delete(ReleaseRule).where(col(ReleaseRule.practice_id) == desk.practice.id))
    if preset is not Preset.DEFAULT:
        desk.session.add_all(_row(line, desk.practice.id) for line in preset_lines(preset))
    desk.note(preset=preset.value)
    return PolicyChange(preset.value, _settle_all(desk), WORDS[preset])


@use_case(Permission.SET_POLICY, kind="write")
def settle_practice(desk: Desk) -> int:
    """Settle every chart by the policy in force today; for the day on which a dated line begins or ends."""
    return _settle_all(desk)


def lay_down_policy(session: Session) -> int:
    """Store the shipped general and state lines where no such line is stored yet; how many were stored."""
    if session.execute(select(ReleaseRule).where(col(ReleaseRule.practice_id).is_(None)).limit(1)).first():
        return 0
    rows = [_row(line) for line in preset_lines(Preset.DEFAULT)]
    session.add_all(rows)
    session.flush()
    return len(rows)


def _row(line: PolicyLine, practice_id: UUID | None = None) -> ReleaseRule:
    return ReleaseRule(
        practice_id=practice_id,
        state=line.state,
        kind=line.kind,
        mode=line.mode,
        latest_days=line.latest_days,
        valid_from=line.valid_from,
        valid_until=line.valid_until,
        source=line.source,
    )


def _settle_all(desk: Desk) -> int:
    keys = list(desk.exec(only(desk.select(Patient), col(Patient.id))).scalars())
    changed = settle_records(desk.session, keys, desk.now)
    for key in keys:
        desk.publish(key, "results")
    return changed
