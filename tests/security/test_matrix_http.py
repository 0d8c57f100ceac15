"""The matrix over plain HTTP: every route that the app registers and every page, everybody, own, foreign, unknown ids.

New routes are covered by themselves: they are read off the application's own table. A route that gives nothing even to
a chart's owner must be named in NOTHING_PERSONAL, so that nobody forgets to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests.counts import proved
from tests.security.canaries import words_in
from tests.security.conftest import ServedTown
from tests.security.pipeline import portal
from tests.security.test_matrix_socket import NAMES, foreign_grant, heard_of, other
from tests.security.town import CHARTS, Town, Who, unknown
from tests.write_counter import AUDIT, JOBS

PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
# What says the same to everybody, and the two that begin and end a session (their own tests: test_socket, test_session).
NOTHING_PERSONAL = {
    "/session", "/session/end", "/session/second",
    *(f"/passkeys/{act}{step}" for act in ("sign-in", "new", "proof") for step in ("", "/options")),
    "/auth/{provider:str}/start", "/auth/{provider:str}/callback", "/auth/new/{flow:str}", "/auth/proved",
    "/dev/outside/{provider:str}/authorize", "/dev/outside/facebook/{version:str}/dialog/oauth",
    "/password/{token:str}", "/dev/mailbox", "/healthz", "/readyz",
    "/registration", "/confirm/{token:str}", "/reset", "/reset/{token:str}", "/new-email/{token:str}",
}  # fmt: skip


@dataclass(frozen=True)
class Door:
    """One HTTP route and method."""

    path: str
    method: str

    def url(self, grant: str, key: str) -> str:
        """Its address for one chart and one id."""
        return PARAMETER.sub(key or "x", self.path) + (f"?for={grant}" if grant else "")


def doors() -> list[Door]:
    """Every route of our own that is not the same for everybody, read off the assembled app."""
    return [
        Door(route.path, method)
        for route in portal().routes.routes
        for method in sorted(route.methods or {"GET"})
        if route.path not in NOTHING_PERSONAL and method != "HEAD"
    ]


def pages() -> list[Door]:
    """Every page, which is the same document for everybody: what it shows comes over the socket."""
    from rxportal.pages.routes import PAGES

    return [Door(re.sub(r"\[(\w+)\]", r"{\1}", page.route), "GET") for page in PAGES]


DOORS = doors()
PAGE_DOORS = pages()


@pytest.fixture(scope="module")
def client(served_town: ServedTown) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served_town.portal.url, timeout=30) as made:
        yield made


def knock(client: httpx.Client, served: ServedTown, door: Door, who: Who, grant: str, key: str) -> httpx.Response:
    """One request as a browser on our own page sends it."""
    headers = {"origin": served.portal.url, "sec-fetch-site": "same-origin"}
    if who.cookie:
        headers["cookie"] = who.cookie
    data = {"for": grant, "grant": grant, "id": key} if door.method == "POST" else None
    return client.request(door.method, door.url(grant, key), headers=headers, data=data)


def told(answer: httpx.Response) -> set[tuple[str, str]]:
    """The canaries in the body (in whatever it is encoded) and in the headers."""
    return words_in(f"{answer.content.decode('latin-1')} {answer.headers}", CHARTS)


def same(answer: httpx.Response, *ids: str) -> tuple[int, str, str]:
    """What a stranger could tell two refusals by."""
    text = answer.content.decode("latin-1")
    # hop by hop: the server closes a connection now and then whose form it has not read to its end
    told_by = [(name, value) for name, value in answer.headers.items() if name not in {"date", "connection"}]
    headers = "\n".join(sorted(f"{name}: {value}" for name, value in told_by))
    for one in ids:
        text, headers = text.replace(one, "…"), headers.replace(one, "…")
    return answer.status_code, text, headers


def closed_ids(town: Town, who: Who) -> list[str]:
    """Ids of a chart that is none of theirs, one of each sort of record that has files or pages."""
    theirs = town.everything_of(other(who))
    return [*theirs[:: max(1, len(theirs) // 8)], *town.records(other(who), {"free"})[:2]]


@pytest.mark.parametrize("name", NAMES)
def test_no_route_gives_anybody_what_is_not_theirs(served_town: ServedTown, client: httpx.Client, name: str) -> None:
    town, who = served_town.town, served_town.town.who(name)
    before = served_town.counter.read()
    looked = 0
    for door in DOORS:
        grant = foreign_grant(town, who)
        for key in [unknown()] if "{" not in door.path else closed_ids(town, who):
            nobody, nothing = unknown(), unknown()
            answers = [
                knock(client, served_town, door, who, nobody, nothing),
                knock(client, served_town, door, who, grant, key),
                *([knock(client, served_town, door, who, who.grant, key)] if "{" in door.path else []),
            ]
            for answer in answers:
                assert answer.status_code in {303, 401, 403, 404, 405}, (name, door, answer.status_code)
                assert told(answer) == set(), (name, door)
                assert not heard_of(answer.text) - set(who.charts), (name, door)
            one, two = same(answers[0], nobody, nothing), same(answers[1], grant, key)
            assert one == two, (name, door)
            if len(answers) > 2 and who.relationship:
                mine = knock(client, served_town, door, who, who.grant, nothing)
                assert same(mine, nothing) == same(answers[2], key), (name, door)
            looked += len(answers)
    written = served_town.counter.since(before, ignore=JOBS)
    assert not set(written) - set(AUDIT), written
    proved("refused cells of the matrix over HTTP: nothing given, nothing written but audit lines", looked)


@pytest.mark.parametrize("name", NAMES)
def test_a_route_gives_of_ones_own_chart_what_one_may_read(
    served_town: ServedTown, client: httpx.Client, name: str
) -> None:
    town, who = served_town.town, served_town.town.who(name)
    looked, gave = 0, set()
    for door in DOORS:
        chart = who.chart or other(who)
        keys = town.records(chart, {"open", "free", "secret", "wait", "gone"}) if "{" in door.path else [""]
        hidden = set(town.hidden_from(who)) if who.relationship else set(keys)
        for key in keys:
            answer = knock(client, served_town, door, who, who.grant, key)
            assert answer.status_code < 500, (name, door)
            allowed = who.may_hear(who.chart) if who.relationship else set()
            assert told(answer) <= allowed, (name, door, told(answer) - allowed)
            assert not (answer.status_code == 200 and key in hidden), (name, door)
            if told(answer):
                gave.add(door)
                guarded(answer)
            looked += 1
    if name == "owner":
        assert {door.path for door in DOORS} == {door.path for door in gave}, "gives its owner nothing: proves nothing"
    proved("answers over HTTP about one's own chart, with what this reader may know alone", looked)


def guarded(answer: httpx.Response) -> None:
    """Patient data over HTTP is kept by nobody, run by nobody, and named after nobody."""
    headers = answer.headers
    assert "no-store" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers
    disposition = headers.get("content-disposition", "")
    assert not heard_of(disposition)
    kind = headers["content-type"].partition(";")[0]
    if kind not in {"application/pdf", "image/png", "image/jpeg", "text/plain"}:
        assert disposition.startswith("attachment"), kind
    assert kind not in {"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"} or (
        disposition.startswith("attachment")
    )


@pytest.mark.parametrize("door", PAGE_DOORS, ids=lambda door: door.path)
def test_a_page_is_the_same_document_for_everybody(served_town: ServedTown, client: httpx.Client, door: Door) -> None:
    said = set()
    town = served_town.town
    for who in (town.who("owner"), town.who("none"), town.who("clinician here"), town.who("anonymous")):
        for grant in (who.grant, unknown()):
            for key in (town.records("Aquaglyph", {"open"})[0], unknown()):
                answer = knock(client, served_town, door, who, grant, key)
                said.add((answer.status_code, answer.content))
                assert told(answer) == set()
    assert len(said) == 1, door
    proved("pages whose document is the same for everybody and every id")
