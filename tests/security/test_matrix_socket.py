"""The matrix over the raw socket: every handler of every state, everybody, own, foreign and unknown charts and ids.

The event goes to the served portal with nothing but a cookie and made-up router data, no page was ever opened.
"""

from __future__ import annotations

import json
import re

import pytest

from rxportal.core.access import Relationship
from tests.counts import proved
from tests.security.canaries import words_in
from tests.security.cells import CASES, Event, Handler, converse, handlers, state_in
from tests.security.conftest import ServedTown
from tests.security.socket_client import Socket
from tests.security.talk import UUID
from tests.security.town import ADULT, CHARTS, FAR, STRANGER, Town, Who, closed_to, unknown
from tests.write_counter import AUDIT, JOBS

HANDLERS = handlers()
NAMES = [
    "owner", "full proxy", "read-only proxy", "parent of a child", "read-only parent", "parent of a teen", "the teen",
    "parent of a grown-up", "ended", "revoked", "revoked parent", "invited, not accepted", "not begun",
    "owner of another chart", "owner elsewhere", "proxy of a stranger", "two charts", "none, with a proxy's grant",
    "none, with a patient's id", "none, with no sense", "none", "clinician here", "clinician elsewhere",
    "front_desk here", "front_desk elsewhere", "billing here", "billing elsewhere", "administrator here",
    "administrator elsewhere", "clinician with a proxy's grant", "anonymous", "made-up cookie", "expired: idle too long",
    "expired: too old", "expired: signed out", "disabled account",
]  # fmt: skip
# Where the focus goes next is counted up with each event, whatever its answer is.
TURNS = re.compile(r"\.(turn|focus|ticks)")


def other(who: Who) -> str:
    """A chart that is none of theirs."""
    return next(chart for chart in (STRANGER, ADULT, FAR) if chart not in who.charts and chart != who.chart)


def foreign_grant(town: Town, who: Who) -> str:
    """A live grant to that chart, somebody else's."""
    return town.grants[{STRANGER: "proxy of a stranger", ADULT: "read-only proxy", FAR: "owner elsewhere"}[other(who)]]


def heard_of(text: str) -> set[str]:
    """Charts whose person is named, or of which anything else is told."""
    return {chart for chart in CHARTS if chart.lower() in text.lower()}


def same(text: str, *keys: str) -> str:
    """An answer without the ids that were asked for."""
    for key in keys:
        text = text.replace(key, "…") if key else text
    return UUID.sub("…", text)


def cells_of(town: Town, who: Who, handler: Handler) -> dict[str, Event]:
    """Addresses and ids: all foreign, all unknown, and one's own address with a foreign and an unknown id."""
    theirs = town.records(other(who), {"open"})[0]
    known, nobody = foreign_grant(town, who), unknown()
    made = {}
    for name, grant, key in (
        ("unknown", unknown(), unknown()),
        ("unknown again", nobody, unknown()),
        ("foreign", known, theirs),
        ("own address, unknown id", who.grant, unknown()),
        ("own address, foreign id", who.grant, theirs),
    ):
        made[name] = (handler.name, handler.payload(key), handler.address(grant, key))
    return made


@pytest.mark.parametrize("name", NAMES)
def test_what_is_closed_stays_closed_over_the_raw_socket(served_town: ServedTown, name: str) -> None:
    town, who = served_town.town, served_town.town.who(name)
    cells: list[tuple[Handler, str, Event]] = []
    for handler in HANDLERS:
        for target, event in cells_of(town, who, handler).items():
            if closed_to(handler.permission, CASES, who, "own" if target.startswith("own") else "foreign"):
                cells.append((handler, target, event))
    before = served_town.counter.read()
    with Socket(served_town.portal.url, cookie=who.cookie) as socket:
        answers = converse(socket, [event for _, _, event in cells])
    written = served_town.counter.since(before, ignore=JOBS)
    assert not set(written) - set(AUDIT), written
    said: dict[str, dict[str, dict[str, str]]] = {}
    for (handler, target, _event), answer in zip(cells, answers, strict=True):
        cell = (name, handler.short, target)
        assert words_in(answer, CHARTS) == set(), cell
        assert not heard_of(answer) - set(who.charts), cell
        assert "went wrong" not in answer, cell
        told = {field: same(value) for field, value in state_in(answer).items() if not TURNS.search(field)}
        said.setdefault(handler.name, {})[target] = told
    for handler_name, by_target in said.items():
        if "foreign" in by_target:
            assert by_target["foreign"] == by_target["unknown again"], (name, handler_name)
    proved("refused cells of the matrix over the raw socket: no word told, nothing written but audit lines", len(cells))


@pytest.mark.parametrize(
    "name", [name for name in NAMES if not name.startswith(("anonymous", "made-up", "expired", "disabled"))]
)
def test_what_is_open_tells_of_the_chart_in_the_address_alone(served_town: ServedTown, name: str) -> None:
    town, who = served_town.town, served_town.town.who(name)
    cells: list[tuple[Handler, str, Event]] = []
    for handler in HANDLERS:
        closed = closed_to(handler.permission, CASES, who)
        if handler.writes or closed:
            continue
        keys = town.visible_to(who) if "[id]" in handler.page and handler.loads else (town.visible_to(who) or [""])[:1]
        hidden = town.hidden_from(who)[:3] if "[id]" in handler.page else []
        cells += [
            (handler, who.chart, (handler.name, handler.payload(key), handler.address(who.grant, key)))
            for key in [*keys, *hidden]
        ]
    if not cells:
        pytest.fail("nothing is open")
    with Socket(served_town.portal.url, cookie=who.cookie) as socket:
        answers = converse(socket, [event for _, _, event in cells])
    at_desk = {chart for chart in CHARTS if (chart == FAR) == (who.practice == FAR)} if who.desk else set()
    opened = set()
    for (handler, chart, _event), answer in zip(cells, answers, strict=True):
        allowed = who.may_hear(chart) if who.relationship else set()
        if who.desk is Relationship.CLINICIAN and handler.page.startswith("/desk"):
            allowed = {
                word
                for one in at_desk
                for word in ((one, "wait"), (one, "held"), (one, "open"), (one, "free"), (one, "secret"), (one, "gone"))
            }
        told = words_in(answer, CHARTS)
        assert told <= allowed, (name, handler.short, told - allowed)
        assert not heard_of(answer) - set(who.charts) - (at_desk if handler.page.startswith("/desk") else set()), (
            name,
            handler.short,
        )
        if told:
            opened.add(handler.page)
    if name == "owner":
        chart_pages = {
            handler.page
            for handler in HANDLERS
            if handler.loads
            and handler.permission.value.endswith(":view")
            and not handler.page.startswith(("/desk", "/account"))
        }
        assert chart_pages - opened <= {"/home"}, (
            f"nothing was told on {chart_pages - opened}: this proves nothing there"
        )
    proved("allowed cells over the raw socket that told of their own chart alone", len(cells))


def test_the_socket_matrix_is_everybody_and_every_handler(served_town: ServedTown) -> None:
    assert {who.name for who in served_town.town.browsers} == set(NAMES)
    assert len(HANDLERS) >= 25
    assert json.dumps([handler.page for handler in HANDLERS])
