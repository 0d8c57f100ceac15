"""Which line of a release policy counts: per practice, US state and day.

Law first (a state's `withheld` line), then the practice's own line, then the state's, then the line for everybody.
Where two lines of the same rank disagree, the more guarded one counts. A kind without a line follows the seed's rule.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from uuid import UUID

from rxportal.models.policies import Mode, ReleaseRule
from rxportal.models.records import Kind

RESULT_KINDS = tuple(kind for kind in Kind if kind is not Kind.NOT_A_RESULT)
_STRICTNESS = {Mode.IMMEDIATE: 0, Mode.AFTER_SEEN: 1, Mode.ON_ORDER: 2, Mode.WITHHELD: 3}
_FOREVER = 100_000


class Preset(StrEnum):
    """A ready policy that a practice can switch to."""

    DEFAULT = "default"
    IMMEDIATE = "immediate"


@dataclass(frozen=True, slots=True)
class Line:
    """What happens with one kind of result. `latest_days`: days until it opens by itself; None: never by itself."""

    mode: Mode
    latest_days: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The lines that count for one practice, state and day.

    `wishes`: since when one patient wants to wait for a doctor's word on results of a kind (N2, `rules.timing`).
    """

    lines: Mapping[Kind, Line]
    wishes: Mapping[Kind, datetime] = field(default_factory=dict)

    def line(self, kind: Kind) -> Line:
        """The line of one kind; a kind nobody wrote a line for follows the seed's rules."""
        return self.lines.get(kind) or _seed_lines()[kind]

    def withholds(self, kind: Kind) -> bool:
        """Whether results of this kind are kept from the patient altogether."""
        return kind is not Kind.NOT_A_RESULT and self.line(kind).mode is Mode.WITHHELD


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One line of a preset as it stands in `data/policies.csv`."""

    preset: Preset
    state: str
    kind: Kind
    mode: Mode
    latest_days: int | None
    valid_from: date | None
    valid_until: date | None
    source: str
    practice_id: UUID | None = None


#: What resolution reads: a stored line or one of a preset.
Rule = ReleaseRule | PolicyLine


def resolve(rules: Iterable[Rule], practice_id: UUID | None, state: str, on: date) -> Policy:
    """The policy of one practice in one state (two letters) on one day (`valid_until` is the last day that counts)."""
    best: dict[Kind, tuple[tuple[int, int, int], Line]] = {}
    for rule in rules:
        if not _applies(rule, practice_id, state.upper(), on):
            continue
        kind, mode = Kind(rule.kind), Mode(rule.mode)
        days = _FOREVER if rule.latest_days is None else rule.latest_days
        weight = (_rank(rule, mode), _STRICTNESS[mode], days)
        if kind not in best or weight > best[kind][0]:
            best[kind] = (weight, Line(mode, rule.latest_days, rule.source))
    return Policy({kind: line for kind, (_, line) in best.items()})


def _applies(rule: Rule, practice_id: UUID | None, state: str, on: date) -> bool:
    return (
        rule.practice_id in (None, practice_id)
        and rule.state.upper() in ("", state)
        and (rule.valid_from is None or rule.valid_from <= on)
        and (rule.valid_until is None or on <= rule.valid_until)
    )


def _rank(rule: Rule, mode: Mode) -> int:
    if rule.practice_id is None and rule.state and mode is Mode.WITHHELD:
        return 3
    if rule.practice_id is not None:
        return 2
    return 1 if rule.state else 0


@cache
def preset_lines(preset: Preset) -> tuple[PolicyLine, ...]:
    """The lines of one preset, as shipped."""
    text = files("rxportal.rules.data").joinpath("policies.csv").read_text(encoding="utf-8")
    return tuple(line for line in map(_line, csv.DictReader(text.splitlines())) if line.preset is preset)


def _line(row: dict[str, str]) -> PolicyLine:
    return PolicyLine(
        preset=Preset(row["preset"]),
        state=row["state"],
        kind=Kind(row["kind"]),
        mode=Mode(row["mode"]),
        latest_days=int(row["latest_days"]) if row["latest_days"] else None,
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        source=row["source"],
    )


@cache
def _seed_lines() -> Mapping[Kind, Line]:
    rules = preset_lines(Preset.DEFAULT)
    return {rule.kind: Line(rule.mode, rule.latest_days, rule.source) for rule in rules if not rule.state}


DEFAULT_POLICY = Policy(_seed_lines())
