"""What comes over the wire is what the signature asks for, or InvalidInput: nothing bends, nothing crashes."""

from __future__ import annotations

import contextlib
import string
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rxportal.core.access import Permission
from rxportal.core.errors import InvalidInput
from rxportal.core.inputs import LONGEST_TEXT, MOST_BYTES, validate
from rxportal.core.scopes import PublicScope
from rxportal.core.usecase import registered, use_case
from tests.unit.core.cases import Colour, try_inputs

MODEL = registered(try_inputs).inputs
FIELDS = tuple(MODEL.model_fields)
KEY = UUID("6b1f0a52-8a55-4f6e-9c58-0a9c4f3c2b11")  # names tests: the same in every process


@pytest.mark.parametrize(
    ("field", "sent", "arrives"),
    [
        ("number", 7, 7),
        ("number", -(2**40), -(2**40)),
        ("yes", True, True),
        ("text", "", ""),
        ("text", "Grüße 🙂 \t\n", "Grüße 🙂 \t\n"),
        ("key", str(KEY), KEY),
        ("key", KEY, KEY),
        ("key", None, None),
        ("day", "2026-02-28", date(2026, 2, 28)),
        ("colour", "blue", Colour.BLUE),
        ("colour", Colour.BLUE, Colour.BLUE),
        ("keys", [str(KEY)], [KEY]),
    ],
)
def test_what_fits_arrives_as_its_type(field: str, sent: Any, arrives: Any) -> None:
    assert validate(MODEL, {field: sent})[field] == arrives


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("number", "7"),
        ("number", 7.0),
        ("number", 7.5),
        ("number", True),
        ("number", None),
        ("number", [7]),
        ("number", {"$ne": 1}),
        ("number", float("nan")),
        ("number", float("inf")),
        ("yes", 1),
        ("yes", "true"),
        ("yes", None),
        ("text", 1),
        ("text", None),
        ("text", ["a"]),
        ("text", {"a": 1}),
        ("text", "a\0b"),
        ("text", "\ud800"),
        ("text", "x" * (LONGEST_TEXT + 1)),
        ("text", "x" * (MOST_BYTES + 1)),
        ("key", "17"),
        ("key", "not a key"),
        ("key", f"{KEY}' OR '1'='1"),
        ("key", 17),
        ("key", [str(KEY)]),
        ("key", b"\x00" * 16),
        ("day", "2026-02-30"),
        ("day", "yesterday"),
        ("day", "2026-02"),
        ("day", 1),
        ("colour", "green"),
        ("colour", "RED"),
        ("colour", 0),
        ("keys", str(KEY)),
        ("keys", [17]),
        ("keys", {"0": str(KEY)}),
        ("unknown", 1),
        ("__class__", "x"),
        ("self", 1),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(field: str, sent: Any) -> None:
    with pytest.raises(InvalidInput) as refusal:
        validate(MODEL, {field: sent})
    assert refusal.value.message
    assert refusal.value.field in {"", field}
    assert str(sent)[:40] not in refusal.value.message or str(sent) in {"1", "x", "7", "0"}


def test_a_value_nested_too_deep_is_refused() -> None:
    deep: Any = []
    for _ in range(20_000):
        deep = [deep]
    with pytest.raises(InvalidInput):
        validate(MODEL, {"keys": deep})


def test_a_number_too_large_for_the_database_is_no_crash() -> None:
    assert validate(MODEL, {"number": 10**30})["number"] == 10**30  # pages clamp; storage refuses below


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from([*FIELDS, "other", "session", "chart"]), JSON, max_size=5))
def test_any_json_is_taken_as_typed_or_refused(inputs: dict[str, Any]) -> None:
    try:
        checked = validate(MODEL, inputs)
    except InvalidInput as refusal:
        assert refusal.message
        return
    assert set(checked) == set(FIELDS)
    assert type(checked["number"]) is int
    assert type(checked["yes"]) is bool
    assert type(checked["text"]) is str
    assert checked["key"] is None or type(checked["key"]) is UUID
    assert checked["day"] is None or type(checked["day"]) is date
    assert type(checked["colour"]) is Colour
    assert checked["keys"] is None or all(type(one) is UUID for one in checked["keys"])


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_text_arrives_exactly_as_typed(typed: str) -> None:
    try:
        assert validate(MODEL, {"text": typed})["text"] == typed
    except InvalidInput:
        assert "\0" in typed or any("\ud800" <= letter <= "\udfff" for letter in typed)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=string.hexdigits + "-", max_size=40))
def test_only_whole_keys_are_keys(typed: str) -> None:
    with contextlib.suppress(InvalidInput):
        assert validate(MODEL, {"key": typed})["key"] == UUID(typed)


def _positional(chart: Any, key: UUID) -> None: ...
def _no_scope(*, key: UUID) -> None: ...
def _nothing() -> None: ...


@pytest.mark.parametrize("wrong", [_positional, _no_scope, _nothing])
def test_a_function_that_is_no_use_case_is_not_registered(wrong: Callable[..., None]) -> None:
    with pytest.raises(TypeError):
        use_case(Permission.VIEW_RESULTS)(wrong)


def test_a_name_is_taken_only_once() -> None:
    def try_inputs(public: PublicScope) -> None: ...

    try_inputs.__module__ = "somewhere.else"
    with pytest.raises(ValueError, match="twice"):
        use_case(Permission.SIGN_IN)(try_inputs)
