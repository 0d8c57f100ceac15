"""What a browser sent with a form, one field at a time: whatever it sent, reading it fails never."""

from __future__ import annotations

from typing import Any


def field_of(form: Any, name: str) -> Any:
    """One field as it was sent, for a use case to check; "" where there is none."""
    return form.get(name, "") if isinstance(form, dict) else ""


def text_of(form: Any, name: str) -> str:
    """One field as text; "" where there is none, or something else than text."""
    value = field_of(form, name)
    return value if isinstance(value, str) else ""
