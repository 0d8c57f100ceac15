"""The audit lines of one chart of which its reader may be told.

A result that is withheld from the reader leaves no trace, so neither does what anybody did with it. It lives in the
kernel because it has to look at what the reader must not see.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, String, cast, exists, func, or_, select
from sqlmodel import col

from rxportal.core.sight import PATIENT, Sight
from rxportal.models.audit import AuditEntry
from rxportal.models.records import Gate, Record, Sensitivity
from rxportal.rules.release import Viewer


def trail(sight: Sight, *columns: Any) -> Select[Any]:
    """Columns of the lines about the chart, newest first; run it with `Chart.exec`."""
    lines = sight.select(AuditEntry).with_only_columns(*columns, maintain_column_froms=True)
    hidden = _hidden(sight).cte("hidden").prefix_with("MATERIALIZED")  # else it is looked for anew at every line
    told = func.replace(col(AuditEntry.detail), "-", "")
    about_hidden = exists(select(hidden.c.key).where(told.contains(hidden.c.key)))
    return lines.where(~about_hidden).order_by(col(AuditEntry.seq).desc())


def _hidden(sight: Sight) -> Select[Any]:
    """Ids of records of which this reader must not know: withheld, and for a proxy also confidential.

    Without hyphens: in an audit line's detail they have some, and SQLite keeps them without.
    """
    hidden: Any = col(Record.gate) == Gate.WITHHELD.value
    if sight.viewer is not Viewer.OWNER:
        hidden = or_(hidden, col(Record.sensitivity) != Sensitivity.NONE.value)
    key = func.replace(cast(col(Record.id), String), "-", "").label("key")
    return select(key).where(col(Record.patient_id) == PATIENT, hidden)
