"""Where a medicine stands, and why it can't be renewed online: every status, every edge of a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rxportal.rules.medicines import (
    PAST,
    Medicine,
    NotOnline,
    Standing,
    controlled,
    not_online,
    refills_left,
    standing,
)

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def active(**facts: Any) -> Medicine:
    """A prescription that is in force."""
    return Medicine(**({"name": "Lisinopril", "status": "active", "intent": "order"} | facts))


@pytest.mark.parametrize(
    ("medicine", "expected"),
    [
        (active(allowed=3, fills=1), Standing.REFILLS),
        (active(allowed=3, fills=3), Standing.REFILLS),
        (active(allowed=3, fills=4), Standing.NONE_LEFT),
        (active(allowed=0, fills=1), Standing.NONE_LEFT),
        (active(allowed=3), Standing.NO_FILL),
        (active(allowed=3, written=TODAY - 30 * DAY), Standing.NEW),
        (active(allowed=3, written=TODAY - 31 * DAY), Standing.NO_FILL),
        (active(fills=2), Standing.UNTOLD),
        (active(allowed=3, fills=1, good_until=TODAY), Standing.REFILLS),
        (active(allowed=3, fills=1, good_until=TODAY - DAY), Standing.RAN_OUT),
        (active(reported=True), Standing.REPORTED),
        (active(reported=True, ends=TODAY - DAY), Standing.FINISHED),
        (active(reported=True, ends=TODAY), Standing.REPORTED),
        (active(status="on-hold", allowed=3), Standing.PAUSED),
        (active(status="stopped"), Standing.STOPPED),
        (active(status="completed"), Standing.FINISHED),
        (active(status="cancelled"), Standing.CANCELLED),
        (active(status="not-taken"), Standing.NOT_TAKEN),
        (active(status="draft"), Standing.DRAFT),
        (active(status="intended"), Standing.DRAFT),
        (active(status="unknown"), Standing.UNKNOWN),
        (active(status="nonsense"), Standing.UNKNOWN),
    ],
)
def test_where_it_stands(medicine: Medicine, expected: Standing) -> None:
    assert standing(medicine, TODAY) is expected


@pytest.mark.parametrize(
    ("medicine", "expected"),
    [
        (active(), None),
        (active(reported=True, own=False), NotOnline.REPORTED),
        (active(name="Zolpidem 5 mg tablet"), NotOnline.CONTROLLED),
        (active(own=False), NotOnline.ELSEWHERE),
        (active(intent="plan"), NotOnline.PLANNED),
        (active(intent=""), None),
        (active(coded=False), NotOnline.UNCODED),
    ],
)
def test_why_it_cannot_be_renewed_online(medicine: Medicine, expected: NotOnline | None) -> None:
    assert not_online(medicine) is expected


@pytest.mark.parametrize(
    "name",
    [
        "Acetaminophen 300 MG / HYDROcodone Bitartrate 5 MG [Vicodin]", "buprenorphine / naloxone", "Diazepam [Valium]",
        "Alprazolam 0.25mg (Xanax)", "Oxycodone HCl", "Methylphenidate Hydrochloride 20 MG Oral Tablet",
        "Meperidine Hydrochloride 50 MG Oral Tablet", "DIAZEPAM", "testosterone cypionate 200 MG/ML",
    ],
)  # fmt: skip
def test_controlled_medicines_are_known_by_their_names(name: str) -> None:
    assert controlled(name)


@pytest.mark.parametrize(
    "name",
    [
        "Tylenol PM Pill", "Acetaminophen 325 MG Oral Tablet [Tylenol]", "Naltrexone 50 mg", "Dextromethorphan",
        "lisinopril 10 MG Oral Tablet", "", "Ice pack", "Loratadine", "Trazodone",
    ],
)  # fmt: skip
def test_other_medicines_are_not(name: str) -> None:
    assert not controlled(name)


@given(st.one_of(st.none(), st.integers(0, 20)), st.integers(0, 40))
def test_refills_never_run_below_zero_nor_above_what_was_allowed(allowed: int | None, fills: int) -> None:
    left = refills_left(Medicine(allowed=allowed, fills=fills))
    assert left is None if allowed is None else 0 <= (left or 0) <= allowed


@given(
    st.builds(
        Medicine,
        status=st.sampled_from(["active", "on-hold", "stopped", "completed", "x", ""]),
        allowed=st.one_of(st.none(), st.integers(0, 9)), fills=st.integers(0, 9), reported=st.booleans(),
        good_until=st.one_of(st.none(), st.dates()), ends=st.one_of(st.none(), st.dates()),
        written=st.one_of(st.none(), st.dates()),
    )
)  # fmt: skip
def test_only_what_is_active_has_refills(medicine: Medicine) -> None:
    found = standing(medicine, TODAY)
    assert medicine.status == "active" or found not in {Standing.REFILLS, Standing.NONE_LEFT, Standing.UNTOLD}
    assert found is not Standing.REFILLS or refills_left(medicine)
    assert found in Standing
    assert set(Standing) > PAST
