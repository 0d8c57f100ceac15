"""The audit lines of one chart of which its reader may be told.

A result that is withheld from the reader leaves no trace, so neither does what anybody did with it. It lives in the
kernel because it has to look at what the reader must not see.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, String, cast, exists, func, or_
from sqlmodel import col

from rxportal.core.sight import PATIENT, Sight
from rxportal.models.audit import AuditEntry
from rxportal.models.records import Gate, Record, Sensitivity
from rxportal.rules.release import Viewer


def trail(sight: Sight, *columns: Any) -> Select[Any]:
    """Columns of the lines about the chart, newest first; run it with `Chart.exec`."""
    lines = sight.select(AuditEntry).with_only_columns(*columns, maintain_column_froms=True)
    return lines.where(~_about_hidden(sight)).order_by(col(AuditEntry.seq).desc())


def _about_hidden(sight: Sight) -> Any:
    """Lines that name a record of which this reader must not know: withheld, and for a proxy also confidential.

    Ids stand in the detail as text, with hyphens; SQLite keeps them without.
    """
    hidden: Any = col(Record.gate) == Gate.WITHHELD.value
    if sight.viewer is not Viewer.OWNER:
        hidden = or_(hidden, col(Record.sensitivity) != Sensitivity.NONE.value)
    named = func.replace(col(AuditEntry.detail), "-", "").contains(func.replace(cast(col(Record.id), String), "-", ""))
    return exists().where(col(Record.patient_id) == PATIENT, hidden, named, col(AuditEntry.detail) != "")
