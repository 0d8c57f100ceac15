"""Attacks over the raw socket of the served portal: C-01 to C-20 as far as they apply. All are refused."""

from __future__ import annotations

import contextlib
import json
import random
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from reflex_base.registry import RegistrationContext
from websockets.exceptions import ConnectionClosed

from rxportal.state.guard import PUBLIC, is_framework, policy_of
from tests.security.pipeline import framework, name_of
from tests.security.socket_client import Refused, Socket, router_data
from tests.security.talk import HYDRATE, UUID, ask, closed_within, log_of, page, settle
from tests.serving import Served

from rxportal.desk.state.results import DeskResultsState  # isort: skip
from rxportal.state.home import HomeState  # isort: skip
from rxportal.state.result import ResultState  # isort: skip
from rxportal.state.results import ResultsState  # isort: skip
from rxportal.state.session import SessionState  # isort: skip

PATIENTS = {
    "maya": "Maya Samplewood", "grace": "Grace Samplewood", "ben": "Ben Samplewood", "lena": "Lena Exampleton",
    "noah": "Noah Exampleton", "nora": "Nora Placeholder", "petra": "Petra Elsewhere",
}  # fmt: skip
# A client for each request would spend its time on certificates; a connection that is kept may be one that the server is
# just closing, since it refused what was sent there before.
HTTP = httpx.Client(timeout=30, limits=httpx.Limits(max_keepalive_connections=0))
HANDLERS = sorted(RegistrationContext.get().event_handlers)
CLOSED = [name for name in HANDLERS if not is_framework(name) and policy_of(name) != PUBLIC]


@pytest.fixture(autouse=True)
def healthy(served: Served) -> Iterator[None]:
    """After every attack the portal is as well as before, and its log says nothing personal."""
    before = len(served.printed())
    yield
    assert HTTP.get(f"{served.url}/readyz").status_code == 200
    log = log_of(served, before)
    assert "Traceback" not in log
    assert "__Host-rxportal=" not in log.replace("__Host-rxportal=[hidden]", "")
    for name in PATIENTS.values():
        assert name not in log


@pytest.fixture(scope="module")
def cookies(served: Served) -> dict[str, str]:
    """A session of everybody."""
    return {one["email"].split("@")[0]: served.cookie(one["email"]) for one in served.accounts}


def cookie(cookies: dict[str, str], first: str) -> str:
    return next(value for name, value in cookies.items() if name.startswith(first))


def filled(text: str) -> bool:
    """Whether any list of rows in it has a row."""
    return '"rows": [{' in text or any(name in text for name in PATIENTS.values())


def results_of(text: str) -> list[str]:
    """Ids of results in a page's rows."""
    return sorted(set(UUID.findall(text)))


# --- C-01, C-02, C-19: nobody in particular


def test_every_handler_turns_an_anonymous_away(served: Served) -> None:
    for start in range(0, len(CLOSED), 20):
        with Socket(served.url) as socket:
            for name in CLOSED[start : start + 20]:
                socket.send(name, {}, router_data("/results"))
            text = json.dumps(settle(socket))
            assert not filled(text)
            assert not any(name in text for name in PATIENTS.values())


@pytest.mark.parametrize(
    "wanted", ["setvar", "set_is_hydrated", "update_vars_internal", "handle_frontend_exception", "hydrate"]
)
def test_the_frameworks_handlers_give_an_anonymous_nothing(served: Served, wanted: str) -> None:
    with Socket(served.url) as socket:
        for name in [one for one in HANDLERS if one.rpartition(".")[2] == wanted]:
            for payload in ({}, {"var_name": "signed_in", "value": True}, {"vars": {"x": 1}}, {"value": "yes"}):
                socket.send(name, payload, router_data("/"))
        text = json.dumps(settle(socket))
        assert '"signed_in_rx_state_": true' not in text


def test_a_visit_to_the_sign_in_page_is_no_sign_in(served: Served) -> None:
    """C-19: a half-filled session passes for nothing."""
    with page(served, path="/sign-in") as socket:
        text = ask(socket, name_of(ResultsState.load))
        assert "/sign-in" in text
        assert not filled(text)


def test_unknown_names_private_methods_and_classes_are_dropped(served: Served, cookies: dict[str, str]) -> None:
    state = ResultsState.get_full_name()
    with page(served, cookie(cookies, "maya")) as socket:
        settle(socket, 1.5)
        for name in (
            f"{state}._perform", f"{state}._show", f"{state}.reset", f"{state}.__init__", f"{state}.get_state",
            f"{state}._get_root_state", f"{state}.dict", "", ".", "x" * 10_000, "__import__('os')", f"{state}.load\0",
            "_redirect", "_call_function", "reflex___state____state.set_page",
        ):  # fmt: skip
            assert ask(socket, name, {"value": 1}, gap=0.1) == "[]", name[:60]


# --- C-03, C-05, C-11: what is sent and what is believed


@pytest.mark.parametrize("first", ["maya", "grace", "ben", "lena", "noah", "nora", "carl", "petra"])
def test_no_role_is_sent_anything_of_people_it_has_nothing_to_do_with(
    served: Served, cookies: dict[str, str], first: str
) -> None:
    own = next(one for one in served.accounts if one["email"].startswith(first))
    allowed = {own["patient"], *(tie["patient"] for tie in own["acts_for"])}
    with page(served, cookie(cookies, first), "/home") as socket:
        for path in ("/home", "/results", "/desk/results"):
            socket.send(framework("on_load_internal"), {}, router_data(path))
            settle(socket)
        for name in PATIENTS.values():
            if name not in allowed:
                assert name not in socket.text, name


@pytest.mark.parametrize("first", ["fran", "bill", "ada"])
def test_staff_without_clinical_rights_are_sent_no_patient(served: Served, cookies: dict[str, str], first: str) -> None:
    with page(served, cookie(cookies, first), "/desk/results") as socket:
        for handler in (DeskResultsState.load, ResultsState.load, HomeState.load):
            socket.send(name_of(handler), {}, router_data("/desk/results"))
        settle(socket)
        assert not any(name in socket.text for name in PATIENTS.values())


def test_a_clinician_elsewhere_sees_no_patient_of_this_practice(served: Served, cookies: dict[str, str]) -> None:
    with page(served, cookie(cookies, "dr.elsewhere"), "/desk/results") as socket:
        settle(socket)
        here = [name for first, name in PATIENTS.items() if first != "petra"]
        assert not any(name in socket.text for name in here)


def test_another_patients_result_by_address_is_not_found(served: Served, cookies: dict[str, str]) -> None:
    """C-05: the path of the page is the browser's word."""
    with page(served, cookie(cookies, "nora")) as socket:
        noras = results_of(socket.text)
    assert noras
    with page(served, cookie(cookies, "lena")) as socket:
        unknown = ask(socket, name_of(ResultState.load), {}, router_data(f"/results/{uuid4()}"))
        for key in noras[:8]:
            foreign = ask(socket, name_of(ResultState.load), {}, router_data(f"/results/{key}"))
            assert "Placeholder" not in foreign
            assert strip_ids(foreign) in {strip_ids(unknown), "[]", strip_ids(foreign) if same_refusal(foreign) else ""}


def same_refusal(text: str) -> bool:
    return "rx_state_" in text and '"values_rx' not in text and "Placeholder" not in text


def strip_ids(text: str) -> str:
    return UUID.sub("…", text)


def test_a_proxys_grant_in_somebody_elses_hands_opens_nothing(served: Served, cookies: dict[str, str]) -> None:
    with page(served, cookie(cookies, "maya"), "/home") as socket:
        grants = sorted({found for found in UUID.findall(socket.text) if f"for={found}" in socket.text})
    assert grants
    for first in ("lena", "carl", "dr.lee"):
        with page(served, cookie(cookies, first), "/results", {"for": grants[0]}) as socket:
            for handler in (ResultsState.load, HomeState.load, SessionState.load, ResultsState.refresh):
                ask(socket, name_of(handler), {}, router_data("/results", {"for": grants[0]}), gap=0.2)
            assert "Samplewood" not in socket.text


@pytest.mark.parametrize("forged", ["headers", "ip", "sid", "token", "cookie", "path"])
def test_forged_router_data_is_not_believed(served: Served, cookies: dict[str, str], forged: str) -> None:
    value: Any = cookie(cookies, "maya")
    data = {**router_data("/results"), forged: {"cookie": value} if forged == "headers" else value}
    with Socket(served.url) as socket:
        assert not filled(ask(socket, name_of(ResultsState.load), {}, data))
        assert not filled(ask(socket, HYDRATE, {}, data))
        assert "Samplewood" not in socket.text


# --- C-06, C-07: the tab's token


def test_a_stolen_token_gives_nothing_once_its_owner_is_gone(served: Served, cookies: dict[str, str]) -> None:
    token = str(uuid4())
    with page(served, cookie(cookies, "maya"), token=token) as socket:
        assert "Samplewood" in ask(socket, name_of(SessionState.load_alone))
        mine = results_of(socket.text)
        assert mine
    time.sleep(0.3)
    for thief in ("", "__Host-rxportal=made-up", cookie(cookies, "lena")):
        with page(served, thief, "/home", token=token) as socket:
            ask(socket, name_of(ResultsState.load), gap=0.2)
            ask(socket, framework("hydrate"), gap=0.2)
            assert "Samplewood" not in socket.text
            assert not set(mine) & set(results_of(socket.text)) - {token}


def test_a_stolen_token_of_an_open_tab_gives_a_new_tab(served: Served, cookies: dict[str, str]) -> None:
    token = str(uuid4())
    with page(served, cookie(cookies, "maya"), token=token) as owner:
        with page(served, "", "/home", token=token) as thief:
            assert "new_token" in thief.text
            assert "Samplewood" not in thief.text
        assert "Samplewood" in ask(owner, name_of(SessionState.load_alone))


def test_a_token_planted_before_sign_in_opens_nothing_afterwards(served: Served, cookies: dict[str, str]) -> None:
    with page(served, "", "/sign-in", token="chosen-by-eve"):
        pass
    with page(served, cookie(cookies, "maya"), token="chosen-by-eve") as victim:
        assert "Samplewood" in ask(victim, name_of(SessionState.load_alone))
    time.sleep(0.3)
    with page(served, "", "/home", token="chosen-by-eve") as eve:
        assert "Samplewood" not in eve.text


@pytest.mark.parametrize("token", ["", "../../etc/passwd", "x" * 65, "a b", "a_b", "ü", "%00", "a;b", "token&token=b"])
def test_only_plain_tokens_make_a_tab(served: Served, token: str) -> None:
    try:
        with Socket(served.url, token=token) as socket:
            text = ask(socket, HYDRATE, gap=0.2)
            assert "is_hydrated" not in text
    except (Refused, ConnectionClosed):
        pass


# --- C-08: other sites

ORIGINS = [
    "https://evil.example", "null", "http://localhost", "http://localhost:1",
    "http://localhost:{port}.evil.example", "http://evil.localhost:{port}", "http://localhost:{port}@evil.example",
    "http://127.0.0.1:{port}", "file://", "http://LOCALHOST.evil:{port}", "chrome-extension://abcdef", None,
]  # fmt: skip


@pytest.mark.parametrize("origin", ORIGINS)
def test_only_our_own_pages_open_the_socket(served: Served, cookies: dict[str, str], origin: str | None) -> None:
    foreign = origin.format(port=served.port) if origin else None
    with pytest.raises(Refused) as refusal:
        Socket(served.url, cookie=cookie(cookies, "maya"), origin=foreign)
    assert refusal.value.status in {400, 403}


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("path", ["/session", "/session/end"])
def test_only_our_own_pages_post(served: Served, origin: str | None, path: str) -> None:
    account = served.account("nora")
    headers = {"origin": origin.format(port=served.port)} if origin else {}
    answer = HTTP.post(
        f"{served.url}{path}", data={"email": account["email"], "password": account["password"]}, headers=headers
    )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_request_that_the_browser_calls_foreign_is_refused(served: Served, site: str) -> None:
    headers = {"origin": served.url, "sec-fetch-site": site}
    assert HTTP.post(f"{served.url}/session/end", headers=headers).status_code == 403


# --- C-09: sessions that end


def test_signing_out_empties_and_closes_every_other_tab(served: Served) -> None:
    mine = served.cookie("maya")
    with page(served, mine) as one, page(served, mine, "/home") as two:
        assert "Samplewood" in ask(one, name_of(SessionState.load_alone))
        answer = HTTP.post(f"{served.url}/session/end", headers={"origin": served.url, "cookie": mine})
        assert answer.status_code == 303
        for socket in (one, two):
            socket.heard.clear()
            assert closed_within(socket, 2)
            assert "/sign-in" in socket.text
            assert "Samplewood" not in socket.text
    with page(served, mine, "/home") as again:
        assert "Samplewood" not in again.text


def test_signing_in_again_in_the_same_browser_closes_the_tabs_of_the_session_before(served: Served) -> None:
    first = served.cookie("maya")
    with page(served, first) as old:
        account = served.account("lena")
        answer = HTTP.post(
            f"{served.url}/session",
            data={"email": account["email"], "password": account["password"]},
            headers={"origin": served.url, "cookie": first},
        )
        assert answer.status_code == 303
        assert closed_within(old, 2)
    with page(served, first, "/home") as stale:
        assert "Samplewood" not in stale.text


def test_events_after_the_end_are_refused_even_while_the_socket_is_still_open(served: Served) -> None:
    mine = served.cookie("maya")
    with page(served, mine) as socket:
        HTTP.post(f"{served.url}/session/end", headers={"origin": served.url, "cookie": mine})
        socket.heard.clear()
        try:
            for _ in range(10):
                socket.send(name_of(ResultsState.load), {}, router_data("/results"))
        except ConnectionClosed:
            pass
        settle(socket)
        assert not filled(socket.text)


# --- C-12: one tab, two people


def test_another_person_in_the_same_tab_finds_it_empty(served: Served, cookies: dict[str, str]) -> None:
    token = str(uuid4())
    with page(served, cookie(cookies, "maya"), token=token) as socket:
        assert "Samplewood" in ask(socket, name_of(SessionState.load_alone))
    time.sleep(0.3)
    with page(served, cookie(cookies, "noah"), "/home", token=token) as socket:
        ask(socket, framework("hydrate"), gap=0.2)
        assert "Noah Exampleton" in socket.text
        assert "Samplewood" not in socket.text


# --- what a browser must not name: the handlers of the socket itself


def test_a_forged_connect_takes_no_token_and_no_headers(served: Served, cookies: dict[str, str]) -> None:
    victim = str(uuid4())
    with page(served, cookie(cookies, "maya"), token=victim):
        pass
    time.sleep(0.3)
    value = cookie(cookies, "maya")
    environ = {
        "QUERY_STRING": f"token={victim}",
        "asgi.scope": {"headers": [["cookie", value], ["origin", served.url]], "client": ["10.0.0.1", 1]},
    }
    with Socket(served.url) as socket:
        for forged in (
            ["connect", environ],
            ["connect", environ, {"event": {"name": HYDRATE, "payload": {}, "router_data": router_data("/results")}}],
            ["disconnect"],
            ["disconnect", "client namespace disconnect"],
            ["link_token_to_sid", victim],
            ["emit_update", {}, victim],
            ["_build_static_router_data", environ],
            ["trigger_event", "connect"],
            [""], ["event"], ["event", 1, 2, 3],
        ):  # fmt: skip
            socket.raw_send("42/_event," + json.dumps(forged))
        settle(socket)
        assert "Samplewood" not in socket.text
        assert "is_hydrated" not in socket.text
        # the socket is alive and still itself
        assert "is_hydrated" in ask(socket, HYDRATE, {}, router_data("/"))


def test_a_forged_disconnect_buys_no_budget(served: Served) -> None:
    with Socket(served.url) as socket:
        sent = 0
        try:
            for _ in range(150):
                socket.raw_send('42/_event,["disconnect"]')
                socket.raw_send(
                    f'42/_event,["event",{json.dumps({"name": HYDRATE, "payload": {}, "router_data": {}})}]'
                )
                sent += 2
            for _ in range(60):
                socket.raw_send("41/_event,")
                socket.raw_send("40/_event,")
        except ConnectionClosed:
            pass
        answers = settle(socket)
        assert socket.closed or len([one for one in answers if isinstance(one, list)]) < 300


@pytest.mark.alone
def test_a_flooder_is_cut_and_nobody_else_notices(served: Served, cookies: dict[str, str]) -> None:
    with page(served, cookie(cookies, "maya")) as calm, Socket(served.url) as flooder:
        event = json.dumps({"name": HYDRATE, "payload": {}, "router_data": router_data("/")})
        try:
            for _ in range(2000):
                flooder.raw_send(f'42/_event,["event",{event}]')
        except ConnectionClosed:
            pass
        begun = time.monotonic()
        assert "Samplewood" in ask(calm, name_of(SessionState.load_alone))
        assert time.monotonic() - begun < 3
        assert closed_within(flooder, 3)


@pytest.mark.parametrize(
    "frame",
    [
        b"\x04binary", '451-/_event,["event",{"_placeholder":true,"num":0}]', "459999999999-/_event,[]",
        "42/_event,", "42/_event,[", "42/_event,{}", "42/_event,null", "42/_event,[]", "42", "4", "40",
        "40/other,", "44",
        "43/_event,1[]", "43/_event,99999[{}]", "46-/_event,[]", "4" + "9" * 50, "42/_event," + "[" * 50_000,
        '42/_event,["event",' + "[" * 20_000 + "]" * 20_000 + "]",
        '42/_event,["event",' + '{"a":' * 900 + "1" + "}" * 900 + "]",
        "42/" + "x" * 5000 + ",[]", "42/_event,[null]", '42/_event,[["event"]]', '42/_event,[{"a":1}]', "\x00", "", "9", "1", "6",
    ],
    ids=lambda frame: repr(frame[:24]),
)  # fmt: skip
def test_broken_frames_break_nothing(served: Served, frame: str | bytes) -> None:
    with Socket(served.url) as socket:
        try:
            socket.raw_send(frame)
            settle(socket, 0.1)
        except ConnectionClosed:
            pass


def test_an_oversized_frame_ends_its_socket_only(served: Served, cookies: dict[str, str]) -> None:
    with page(served, cookie(cookies, "maya")) as calm, Socket(served.url) as socket:
        with contextlib.suppress(ConnectionClosed):
            socket.raw_send('42/_event,["event",{"name":"' + "x" * 1_500_000 + '"}]')
        assert closed_within(socket, 5)
        assert "Samplewood" in ask(calm, name_of(SessionState.load_alone))


# --- C-04: arguments

ODD: list[Any] = [
    None, True, -1, 10**30, 1.5, "", "x", "x" * 30_000, [], [1], {}, {"$ne": 1}, "\u0000", "\ud800", "1' OR '1'='1",
    str(uuid4()), [[]] * 50, {"a": {"b": {"c": []}}}, "2026-13-45", "<script>alert(1)</script>", "../../etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("first", ["maya", "dr.lee"])
def test_wrong_arguments_change_nothing_and_break_nothing(served: Served, cookies: dict[str, str], first: str) -> None:
    random_ = random.Random(first)
    names = [name for name in CLOSED if policy_of(name) is not None]
    before = len(served.printed())
    for _ in range(4):
        with page(served, cookie(cookies, first), random_.choice(["/results", "/home", "/desk/results"])) as socket:
            for _ in range(25):
                name = random_.choice(names)
                hints = RegistrationContext.get().event_handlers[name].handler.fn.__code__
                wanted = hints.co_varnames[1 : hints.co_argcount]
                payload = {one: random_.choice(ODD) for one in wanted} | (
                    {"extra": 1} if random_.random() < 0.2 else {}
                )
                socket.send(name, payload, router_data(random_.choice(["/results", "/desk/results", "//x", "/[id]"])))
            settle(socket)
            assert "Something on our side went wrong" not in socket.text
    assert "fault" not in log_of(served, before)


# --- C-15, C-17, C-18: HTTP

PATHS = [
    "/", "/sign-in", "/help", "/home", "/results", "/results/6b1f0a52-8a55-4f6e-9c58-0a9c4f3c2b11", "/desk/results", "/healthz", "/readyz", "/nope",
    "/assets/nope.js", "/_upload", "/_upload/x", "/_event", "/_event/", "/_health", "/ping", "/auth-codespace?redirect_to=//evil",
    "/session", "/session/end", "/password/x", "/dev/mailbox", "/robots.txt", "/sitemap.xml", "/.env", "/.git/config",
    "/..%2f..%2fetc/passwd", "/%00", "/var/rxportal.db", "/rxportal.db", "/static/../../pyproject.toml", "/a" * 800,
    "/_all_routes", "/backend", "/assets/", "/results/../../etc", "//evil.example/", "/index.html", "/portal.css",
]  # fmt: skip
ALWAYS = {
    "content-security-policy": "object-src 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=()",
    "cache-control": "",
}


def check(answer: httpx.Response) -> None:
    for name, part in ALWAYS.items():
        assert part in answer.headers.get(name, "!missing"), (answer.request.method, answer.request.url, name)
    policy = answer.headers["content-security-policy"]
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "access-control-allow-origin" not in answer.headers
    assert answer.status_code < 500
    if not answer.request.url.path.startswith("/assets/"):
        assert "immutable" not in answer.headers["cache-control"]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_every_header(served: Served, path: str) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        try:
            answer = HTTP.request(method, f"{served.url}{path}", headers={"origin": "https://evil.example"})
        except httpx.InvalidURL:
            continue
        check(answer)
        if method not in {"GET", "HEAD"}:
            assert answer.status_code in {403, 404, 405, 413}, (method, path)


def test_errors_of_every_class_carry_the_headers_too(served: Served) -> None:
    own = {"origin": served.url}
    check(HTTP.post(f"{served.url}/session", content=b"x" * 200_000, headers=own))
    check(HTTP.post(f"{served.url}/session", content=iter([b"x" * 70_000] * 4), headers=own))
    check(HTTP.get(f"{served.url}/", headers={"range": "bytes=" + ",".join(f"{n}-" for n in range(500))}))
    check(HTTP.get(f"{served.url}/", headers={"accept-encoding": "br;q=x, gzip, zstd, *;q=0"}))
    check(HTTP.get(f"{served.url}/", headers={"if-none-match": "*"}))
    check(HTTP.get(f"{served.url}/nope", headers={"accept": "text/html"}))
    check(HTTP.get(f"{served.url}/", headers={"host": "evil.example"}))


def test_nothing_that_is_not_ours_to_give_is_given(served: Served) -> None:
    for path in (
        "/_upload/x", "/.env", "/.git/config", "/rxportal.db", "/var/rxportal.db", "/pyproject.toml", "/rxconfig.py",
        "/.states/x", "/reflex.lock/package.json", "/auth-codespace", "/_all_routes", "/..%2f..%2fetc/passwd", "/_health",
    ):  # fmt: skip
        answer = HTTP.get(f"{served.url}{path}")
        assert answer.status_code == 404, path
        assert "root:" not in answer.text


def test_no_source_map_is_served(served: Served) -> None:
    import re

    text = HTTP.get(f"{served.url}/").text
    for script in sorted(set(re.findall(r"/assets/[\w.-]+\.js", text))):
        assert HTTP.get(f"{served.url}{script}.map").status_code == 404
        assert "sourceMappingURL" not in HTTP.get(f"{served.url}{script}").text


def test_data_is_never_kept_by_a_cache(served: Served) -> None:
    """Pages as built hold nothing about anybody (ADR 0015) and are kept for minutes, by that browser alone."""
    for path in ("/healthz", "/documents/00000000-0000-0000-0000-000000000000", "/dev/mailbox", "/nowhere"):
        answer = HTTP.get(f"{served.url}{path}")
        assert "no-" in answer.headers["cache-control"], (path, answer.headers["cache-control"])
    for path in ("/home", "/results", "/sign-in"):
        shells = {
            HTTP.get(f"{served.url}{path}", headers=cookie).text for cookie in ({}, {"cookie": served.cookie("maya")})
        }
        assert len(shells) == 1, path
        assert HTTP.get(f"{served.url}{path}").headers["cache-control"] == "private, max-age=300"


def test_a_forwarded_address_is_not_believed(served: Served) -> None:
    """C-17: it would buy an attacker a fresh limit for every request."""
    said = []
    for number in range(11):
        answer = HTTP.post(
            f"{served.url}/session",
            data={"email": "forwarded@tests.example", "password": "a wrong password here"},
            headers={"origin": served.url, "x-forwarded-for": f"10.1.1.{number}"},
            timeout=30,
        )
        said.append(answer.headers["location"])
    assert said[-1] == "/sign-in?problem=slow"
