"""Column helpers that every table shares: ids nobody can guess, aware UTC instants, enums kept as plain text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime, String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlmodel import Field


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values: a clock without a zone has already lost an hour somewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("instants carry a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every instant back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def key() -> UUID:
    """A primary key: random, so that ids cannot be guessed or counted."""
    return Field(default_factory=uuid4, primary_key=True)  # type: ignore[no-any-return]


def instant(**options: Any) -> Any:
    """A column of aware UTC instants."""
    return Field(sa_type=Instant, **options)


def word(**options: Any) -> Any:
    """A column holding one member of a StrEnum as text, the same on both databases."""
    return Field(sa_type=String, **options)
