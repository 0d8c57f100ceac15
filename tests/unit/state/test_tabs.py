"""The open tabs of a worker: whom a change concerns, which tabs a session has."""

from __future__ import annotations

import pytest

from rxportal.core.live import Change
from rxportal.state.tabs import Tab, Tabs


@pytest.mark.parametrize(
    ("change", "concerns"),
    [
        (Change("chart", "p1", "results"), True),
        (Change("chart", "p1", "access_log"), False),
        (Change("chart", "p2", "results"), False),
        (Change("chart", "", "results"), False),
        (Change("desk", "d1", "results"), True),
        (Change("account", "p1", "results"), False),
        (Change("all", "", ""), True),
    ],
)
def test_a_tab_is_told_of_what_it_shows(change: Change, concerns: bool) -> None:
    tab = Tab("t", patient_id="p1", practice_id="d1", account_id="a1", topics=frozenset({"results"}))
    assert tab.concerns(change) is concerns


def test_a_page_of_all_charts_is_told_of_each() -> None:
    tab = Tab("t", patient_id="p1", topics=frozenset({"home"}), wide=True, family=frozenset({"p2"}))
    assert tab.concerns(Change("chart", "p2", "home"))
    assert not tab.concerns(Change("chart", "p3", "home"))


def test_the_tabs_of_each_session() -> None:
    tabs = Tabs()
    for token, session in (("a", "s1"), ("b", "s1"), ("c", "s2"), ("d", "")):
        tabs.of(token).session_id = session
    assert {key: [tab.token for tab in found] for key, found in tabs.by_session().items()} == {
        "s1": ["a", "b"],
        "s2": ["c"],
    }
