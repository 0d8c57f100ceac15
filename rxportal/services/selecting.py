"""Narrowing a scoped statement to some of its columns, without losing whose rows it may give."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select


def only(statement: Select[Any], *columns: Any) -> Select[Any]:
    """The same rows, with these columns (or functions) alone; joins and conditions stay."""
    narrowed: Select[Any] = statement.with_only_columns(*columns, maintain_column_froms=True)
    return narrowed
