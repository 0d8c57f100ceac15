"""What one kind of reader may see of a chart, as statements that are built once.

Whose chart and when are bound at execution (PATIENT, NOW), so a statement depends on nothing but the reader's rights
and may be kept: building SQLAlchemy statements anew was most of the time of an event (ADR 0004).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col

from rxportal.core.release_filter import visible, waiting
from rxportal.models.accounts import Patient
from rxportal.models.base import Instant
from rxportal.models.records import Record, RecordLink, Section
from rxportal.rules.release import Viewer

PATIENT = bindparam("chart_patient", type_=Record.__table__.c.id.type)  # type: ignore[attr-defined]
NOW: Any = bindparam("chart_now", type_=Instant())
MOST_KEPT = 1_000
# In a form that no index serves, so that a database starts from what is joined.
_MINE: Any = func.coalesce(col(Record.patient_id), col(Record.id)) == PATIENT


@dataclass(frozen=True)
class Sight:
    """The rights of a reader, without a person and without a clock. `sections` empty: all of them.

    `shown`: what a parent of a teen sees beyond what all of them do.
    """

    viewer: Viewer
    sections: frozenset[Section] = field(default_factory=frozenset)
    shown: frozenset[str] = field(default_factory=frozenset)

    def select(self, model: type[Any], *entities: Any) -> Select[Any]:
        """Rows of `model` that this reader may see: patient, sections, release, in SQL.

        For a table that hangs on a record, the visible record is joined, so Record's columns may be used after it.
        """
        if model is RecordLink:
            return self._select_links(*entities)
        statement = sql_select(model, *entities)
        if model is Record:
            return self._seen(statement)
        if "record_id" in model.model_fields:
            return self._select_dependent(statement, model)
        if model is Patient:
            return statement.where(col(Patient.id) == PATIENT)
        return statement.where(model.patient_id == PATIENT)

    def _select_dependent(self, statement: Select[Any], model: type[Any]) -> Select[Any]:
        """Starting from the table itself, not from every record of a long chart: see `_select_links`."""
        statement = statement.join(Record, col(Record.id) == model.record_id)
        if "patient_id" in model.model_fields:
            statement = statement.where(model.patient_id == PATIENT)
        return self._may_read(statement.where(_MINE), Record)

    def select_waiting(self, *entities: Any) -> Select[Any]:
        """Results that exist, may be told of, and are not released yet; never a withheld one."""
        mine = self._in_sections(sql_select(Record, *entities).where(col(Record.patient_id) == PATIENT), Record)
        return mine.where(waiting(self.viewer, NOW, shown=self.shown))

    def _select_links(self, *entities: Any) -> Select[Any]:
        """Links of which both ends may be seen; Record is the child.

        The child's patient is compared in a form that no index serves: starting from every record of a long chart, or
        from every pair of them, costs minutes where starting from the links costs milliseconds.
        """
        parent = aliased(Record)
        statement = sql_select(RecordLink, *entities).join(Record, col(Record.id) == RecordLink.child_id)
        statement = statement.join(parent, col(parent.id) == RecordLink.parent_id)
        same_chart = func.coalesce(col(Record.patient_id), col(Record.id)) == parent.patient_id
        return self._seen(self._may_read(statement.where(same_chart), Record), parent)

    def select_by_id(self, *columns: Any) -> Select[Any]:
        """Columns of records that this reader may see, for a few whose ids are known."""
        return self._may_read(sql_select(*columns).where(_MINE), Record)

    def select_rows_with(self) -> Select[Any]:
        """(part, row) for parts whose ids are known: the row of a list in which each can be opened; Record is the part.

        Both patients are compared in the form that no index serves, so that a database starts from the known parts.
        """
        row = aliased(Record)
        statement: Any = sql_select(col(RecordLink.child_id), col(RecordLink.parent_id))
        statement = statement.join(Record, col(Record.id) == RecordLink.child_id)
        statement = statement.join(row, col(row.id) == RecordLink.parent_id)
        statement = statement.where(_MINE, func.coalesce(col(row.patient_id), col(row.id)) == PATIENT, col(row.listed))
        return self._may_read(self._may_read(statement, Record), row)

    def select_shared(self, *columns: Any) -> Select[Any]:
        """Columns of records that are nobody's in particular (a doctor, a building), the same for every reader."""
        nobodys = col(Record.section) == Section.SHARED.value, col(Record.patient_id).is_(None)
        return sql_select(*columns).where(*nobodys, col(Record.struck).is_(False))

    def select_named(self, *entities: Any) -> Select[Any]:
        """Records that this reader may see, by the links of what names them (RecordLink; the namer may be hidden)."""
        statement = sql_select(Record, *entities).join(RecordLink, col(RecordLink.child_id) == col(Record.id))
        return self._may_read(statement.where(_MINE), Record)

    def _seen(self, statement: Select[Any], record: Any = Record) -> Select[Any]:
        return self._may_read(statement.where(record.patient_id == PATIENT), record)

    def _may_read(self, statement: Select[Any], record: Any) -> Select[Any]:
        return self._in_sections(statement, record).where(visible(self.viewer, NOW, record, self.shown))

    def _in_sections(self, statement: Select[Any], record: Any) -> Select[Any]:
        """Narrowed to the grant's sections; what was entered in error is left out by `visible` and `waiting`."""
        if self.sections:
            statement = statement.where(record.section.in_(sorted(self.sections)))
        return statement


@lru_cache(maxsize=MOST_KEPT)
def prepared(build: Callable[..., Select[Any]], sight: Sight, *shape: Any) -> Select[Any]:
    """The statement that `build(sight, *shape)` makes, built once per kind of reader and shape.

    `build` gets no chart and no clock, so that nothing of one person's event can stay in what the next one uses; what
    changes from event to event is a `bindparam` and goes to `Chart.exec`.
    """
    return build(sight, *shape)
