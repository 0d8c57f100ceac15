"""The release rule in SQL: the twin of `rules.release.decide` over the columns that `settle` writes.

Both answer the same for every record that stands on its own; tests/unit/core/test_release_filter.py proves it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true

from rxportal.models.records import Gate, Kind, Record, Sensitivity
from rxportal.rules.release import TEEN_CLOSED, Viewer

NOTHING: frozenset[str] = frozenset()


def visible(viewer: Viewer, now: Any, record: Any = Record, shown: frozenset[str] = NOTHING) -> ColumnElement[bool]:
    """Records that this viewer may read at `now` (aware UTC, or a parameter for it).

    `record`: Record or an alias. `shown`: what a parent of a teen sees beyond what all do (`rules.sharing`).
    """
    if viewer is Viewer.CLINICIAN:
        return _not_struck(record)
    return and_(
        _not_struck(record),
        record.gate != Gate.WITHHELD.value,
        record.visible_from <= now,
        _told_to(viewer, record, shown),
    )


def waiting(viewer: Viewer, now: Any, record: Any = Record, shown: frozenset[str] = NOTHING) -> ColumnElement[bool]:
    """Results on their way of which this viewer may know. Withheld ones are never among them.

    What opens later than now was not open when it was settled, so the gate alone finds the few that may be waiting.
    """
    return and_(
        _not_struck(record),
        record.listed.is_(True),
        record.gate == Gate.WAITING.value,
        or_(record.visible_from.is_(None), record.visible_from > now),
        _told_to(viewer, record, shown) if viewer is not Viewer.CLINICIAN else ~true(),
    )


def _not_struck(record: Any) -> ColumnElement[bool]:
    clause: ColumnElement[bool] = record.struck.is_(False)
    return clause


def _told_to(viewer: Viewer, record: Any, shown: frozenset[str]) -> ColumnElement[bool]:
    if viewer is Viewer.OWNER:
        return true()
    nothing_secret: ColumnElement[bool] = record.sensitivity == Sensitivity.NONE.value
    if viewer is not Viewer.PARENT_OF_TEEN:
        return nothing_secret
    if told := sorted(shown & {one.value for one in Sensitivity}):
        # what a record is beside its sensitivity is kept nowhere but in its kind
        nothing_secret = or_(nothing_secret, and_(record.sensitivity.in_(told), record.kind != Kind.GENETIC.value))
    closed = sorted({section.value for section in TEEN_CLOSED} - shown)
    return and_(nothing_secret, record.section.not_in(closed)) if closed else nothing_secret
