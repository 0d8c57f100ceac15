"""Where to reach a person: what still holds, what the sender prefers, nothing where nothing was sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rxportal.core.kernel import Kernel
from rxportal.fhir.contacts import contact, postal_code
from rxportal.models.accounts import Patient
from tests.factories import World
from tests.importing import Importer

PERSON: dict[str, Any] = {
    "resourceType": "Patient", "id": "ann", "meta": {"versionId": "1"}, "name": [{"text": "Ann Quagga"}],
    "birthDate": "1985-03-14",
    "telecom": [
        {"system": "phone", "value": "555-0001", "use": "old"},
        {"system": "phone", "value": "555-0002", "period": {"end": "2020-01-01"}},
        {"system": "phone", "value": " 555-0003 ", "rank": 2},
        {"system": "phone", "value": "555-0004", "rank": 1},
        {"system": "email", "value": "ann@mail.example"},
    ],
    "address": [{"use": "old", "postalCode": "11111"}, {"city": "Fairhaven"}, {"postalCode": "94000"}],
}  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "system", "use"]), inner),
    max_leaves=8,
)


def test_what_still_holds_and_is_preferred_counts() -> None:
    assert contact(PERSON, "phone") == "555-0004"
    assert contact(PERSON, "email") == "ann@mail.example"
    assert postal_code(PERSON) == "94000"


@pytest.mark.parametrize("empty", [{}, {"telecom": [], "address": {}}, {"telecom": [{"system": "phone"}]}])
def test_nothing_sent_is_nothing(empty: dict[str, Any]) -> None:
    assert (contact(empty, "phone"), contact(empty, "email"), postal_code(empty)) == ("", "", "")


@given(ANYTHING)
def test_whatever_is_sent_it_is_a_text(sent: Any) -> None:
    odd = {"telecom": sent, "address": sent}
    assert isinstance(contact(odd, "phone") + contact(odd, "email") + postal_code(odd), str)


def test_an_import_fills_and_renews_what_is_on_file(sqlite_kernel: Kernel, tmp_path: Path) -> None:
    importer = Importer(sqlite_kernel, tmp_path)
    importer.take(PERSON)
    kept = World(sqlite_kernel).rows(Patient)[0]
    assert (kept.phone, kept.email, kept.postal_code) == ("555-0004", "ann@mail.example", "94000")
    importer.take({**PERSON, "meta": {"versionId": "2"}, "telecom": [{"system": "email", "value": "new@mail.example"}]})
    kept = World(sqlite_kernel).rows(Patient)[0]
    assert (kept.phone, kept.email, kept.postal_code) == ("", "new@mail.example", "94000")
