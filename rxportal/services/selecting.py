"""Narrowing a scoped statement to some of its columns or words, without losing whose rows it may give."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select


def only(statement: Select[Any], *columns: Any) -> Select[Any]:
    """The same rows, with these columns (or functions) alone; joins and conditions stay."""
    narrowed: Select[Any] = statement.with_only_columns(*columns, maintain_column_froms=True)
    return narrowed


def patterns(asked: str) -> dict[str, str]:
    """The words looked for as parameters of LIKE (`word0`, …), whose own signs stand for themselves (escape "/")."""
    escaped = (word.replace("/", "//").replace("%", "/%").replace("_", "/_") for word in asked.lower().split())
    return {f"word{place}": f"%{word}%" for place, word in enumerate(escaped)}
