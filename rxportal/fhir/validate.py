"""Whether a resource is valid FHIR R4, by the models of `fhir.resources` (R4B, the nearest there is).

Only ever a note: near-valid resources are taken like the others, and nothing is re-written.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from pydantic import ValidationError

from rxportal.fhir.shapes import Json


@cache
def _model(resource_type: str) -> Any:
    try:
        module = importlib.import_module(f"fhir.resources.R4B.{resource_type.lower()}")
    except (ImportError, ValueError):
        return None
    return getattr(module, resource_type, None)


def is_valid(resource: Json) -> bool:
    """Whether every element has the type and cardinality that FHIR asks for; unknown types are not judged."""
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not kind.isascii() or not kind.isalpha():
        return False
    model = _model(kind)
    if model is None:
        return True
    try:
        model.model_validate(resource)
    except (ValidationError, ValueError, TypeError, AttributeError, RecursionError):
        return False
    return True
