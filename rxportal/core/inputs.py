"""Strict validation of what came over the wire, against the use case's own signature."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from rxportal.core.errors import InvalidInput
from rxportal.core.text import _

LONGEST_TEXT = 20_000
SENTENCES = {
    "uuid": _("That link doesn’t lead anywhere. Go back and choose it from the list."),
    "date": _("Write the date as day, month and year."),
    "enum": _("Choose one from the list."),
    "missing": _("Fill this in."),
    "too_long": _("That is too long. Shorten it."),
}
MOST_BYTES = 200_000


def input_model(function: Callable[..., Any]) -> type[BaseModel]:
    """A strict pydantic model of the keyword-only parameters of a use case."""
    hints = get_type_hints(function)
    fields: dict[str, Any] = {}
    for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[name] = (hints[name], default)
    config = ConfigDict(strict=True, extra="forbid", str_max_length=LONGEST_TEXT, arbitrary_types_allowed=True)
    return create_model(f"{function.__name__}_inputs", __config__=config, **fields)


def validate(model: type[BaseModel], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs as the signature asks for them.

    Strings become UUIDs, dates and enums; nothing else bends.

    Raises:
        InvalidInput: naming the first field that is wrong.
    """
    try:
        text = json.dumps(dict(inputs), default=str, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as fault:
        raise InvalidInput("", _("We didn’t understand that. Reload the page and try again.")) from fault
    if len(text) > MOST_BYTES:
        raise InvalidInput("", SENTENCES["too_long"])
    if "\\u0000" in text:
        raise InvalidInput("", _("That text has a character we can’t keep. Remove it and try again."))
    try:
        checked = model.model_validate_json(text)
    except (ValidationError, RecursionError, UnicodeError) as fault:
        raise _refusal(fault) from None
    return {name: getattr(checked, name) for name in type(checked).model_fields}


def _refusal(fault: Exception) -> InvalidInput:
    if not isinstance(fault, ValidationError):
        return InvalidInput("", _("We didn’t understand that. Reload the page and try again."))
    first = fault.errors(include_url=False, include_context=False, include_input=False)[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    for word, sentence in SENTENCES.items():
        if word in first["type"]:
            return InvalidInput(field, sentence)
    return InvalidInput(field, _("We didn’t understand that value. Change it and try again."))
