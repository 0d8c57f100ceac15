"""Signing in and out by plain POST: who gets in, who is slowed down, what nobody learns, what is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from rxportal.api.entry import own_path
from rxportal.core.cookies import DEVICE, SESSION, TYPED, credentials_of, typed_in, value_of
from rxportal.core.errors import NotSignedIn, Unavailable
from rxportal.core.identity import Anonymous, SessionToken, token_hash
from rxportal.core.kernel import Kernel
from rxportal.core.live import Change
from rxportal.core.runtime import Runtime
from rxportal.models.accounts import Account, PasswordLink, Session, SignInAttempt
from rxportal.models.audit import AuditEntry
from rxportal.services.sessions import MOST_PER_ACCOUNT, MOST_PER_ACCOUNT_A_DAY, MOST_PER_ADDRESS, session_times
from tests.factories import World, lives
from tests.unit.core.cases import try_read_account

PASSWORD = "a sentence only I would say"
Browser = Callable[..., TestClient]


@pytest.fixture
def ann(people: World) -> Account:
    """Somebody with a password."""
    return people.account("Ann Testerson", email="ann@tests.example", password_hash=f"quick:{PASSWORD}")


def sign_in(client: TestClient, email: str = "ann@tests.example", password: str = PASSWORD, **more: Any) -> Any:
    headers = more.pop("headers", {})
    return client.post("/session", data={"email": email, "password": password, **more}, headers=headers)


def cookies_of(answer: Any) -> dict[str, Any]:
    jar: SimpleCookie = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        jar.load(line)
    return dict(jar)


def where(answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


# --- getting in


def test_the_right_password_opens_home_with_a_host_cookie(browser: Browser, ann: Account) -> None:
    answer = sign_in(browser())
    assert where(answer) == "/home"
    cookie = cookies_of(answer)[SESSION]
    assert SESSION.startswith("__Host-")
    assert (cookie["path"], cookie["httponly"], cookie["secure"], cookie["domain"]) == ("/", True, True, "")
    assert cookie["samesite"].lower() == "lax"
    assert cookie["max-age"] == ""
    assert len(cookie.value) >= 43  # 256 bits
    assert "password" not in answer.headers["location"]


def test_only_the_hash_of_the_token_is_stored(browser: Browser, ann: Account, people: World) -> None:
    token = cookies_of(sign_in(browser()))[SESSION].value
    everything = ""
    for model in (Session, SignInAttempt, AuditEntry, Account):
        everything += "".join(str(row.model_dump()) for row in people.rows(model))
    assert token not in everything
    assert PASSWORD not in everything.replace(f"quick:{PASSWORD}", "")
    (session,) = people.rows(Session)
    assert session.token_hash == token_hash(token)


def test_the_address_is_read_as_people_type_it(browser: Browser, ann: Account) -> None:
    for typed in ("  ANN@tests.example ", "ａnn@tests.example", "Ann@Tests.Example"):
        assert where(sign_in(browser(), typed)) == "/home"


def test_a_wrong_password_says_so_and_keeps_the_address_out_of_the_url(browser: Browser, ann: Account) -> None:
    answer = sign_in(browser(), password="wrong")
    assert where(answer) == "/sign-in?problem=wrong"
    assert SESSION not in cookies_of(answer)
    typed = cookies_of(answer)[TYPED]
    assert typed_in(f"{TYPED}={typed.value}") == {"email": "ann@tests.example"}
    assert (typed["httponly"], typed["secure"]) == (True, True)
    assert int(typed["max-age"]) <= 300


@pytest.mark.parametrize("facts", [{"disabled": True}, {"password_hash": ""}])
def test_a_disabled_account_and_one_without_a_password_look_like_a_wrong_password(
    browser: Browser, ann: Account, people: World, running: Runtime, facts: dict[str, Any]
) -> None:
    if "disabled" in facts:
        ann.disabled_at = people.now
    else:
        ann.password_hash = ""
    people.store(ann)
    for password in (PASSWORD, ""):
        assert where(sign_in(browser(), password=password)) in {"/sign-in?problem=wrong", "/sign-in?problem=form"}
    assert people.rows(Session) == []


def test_known_and_unknown_addresses_get_the_same_answer(browser: Browser, ann: Account) -> None:
    def shape(answer: Any) -> tuple[Any, ...]:
        return answer.status_code, answer.headers["location"], answer.content, sorted(answer.headers)

    known = shape(sign_in(browser("192.0.2.8"), "ann@tests.example", "wrong"))
    unknown = shape(sign_in(browser("192.0.2.9"), "nobody@tests.example", "wrong"))
    assert known == unknown


@pytest.mark.alone
def test_nobodys_address_is_checked_against_a_hash_too(running: Runtime) -> None:
    """The time of an answer tells nothing: argon2 runs either way, with the same parameters."""
    from time import perf_counter

    from rxportal.adapters.passwords import Argon2Passwords

    passwords = Argon2Passwords(rounds=1, memory_kib=8192)
    stored = passwords.hash(PASSWORD)
    times: dict[str, list[float]] = {stored: [], "": []}
    for _ in range(15):
        for one, taken in times.items():
            begun = perf_counter()
            assert passwords.verify("wrong", one) is False
            taken.append(perf_counter() - begun)
    known, unknown = (sorted(values)[7] for values in times.values())
    assert abs(known - unknown) < 0.010
    assert passwords.verify("nobody has this password", "") is False


# --- guessing


def test_guessing_one_account_stops_after_ten(browser: Browser, ann: Account, running: Runtime) -> None:
    said = [where(sign_in(browser(f"198.51.100.{n}"), password=f"guess {n}")) for n in range(15)]
    assert said[:MOST_PER_ACCOUNT] == ["/sign-in?problem=wrong"] * MOST_PER_ACCOUNT
    assert set(said[MOST_PER_ACCOUNT:]) == {"/sign-in?problem=slow"}
    assert where(sign_in(browser("198.51.100.99"))) == "/sign-in?problem=slow"  # also with the right one
    running.kernel.clock.advance(minutes=15, seconds=1)
    assert where(sign_in(browser("198.51.100.99"))) == "/home"


def test_a_hundred_guesses_a_day_are_the_end_of_it(browser: Browser, ann: Account, running: Runtime) -> None:
    checked = 0
    for round_ in range(20):
        for n in range(12):
            answer = where(sign_in(browser(f"203.0.{round_}.{n}"), password="guess"))
            checked += answer == "/sign-in?problem=wrong"
        running.kernel.clock.advance(minutes=16)
    assert checked == MOST_PER_ACCOUNT_A_DAY


def test_one_guess_at_each_of_many_accounts_stops_by_address(browser: Browser, ann: Account) -> None:
    client = browser("198.51.100.7")
    said = [where(sign_in(client, f"person{n}@tests.example", "Spring2026")) for n in range(60)]
    assert said.count("/sign-in?problem=wrong") == MOST_PER_ADDRESS
    assert where(sign_in(browser("198.51.100.8"))) == "/home"  # another address is free


def test_a_spoofed_forwarded_for_buys_no_guess(browser: Browser, ann: Account) -> None:
    client = browser("198.51.100.7")
    said = []
    for n in range(60):
        spoofed = {"x-forwarded-for": f"10.0.0.{n}", "forwarded": f"for=10.0.0.{n}", "x-real-ip": f"10.0.0.{n}"}
        said.append(where(sign_in(client, f"person{n}@tests.example", "guess", headers=spoofed)))
    assert said.count("/sign-in?problem=wrong") == MOST_PER_ADDRESS


def test_behind_our_proxy_only_its_own_entry_counts(browser: Browser, ann: Account, behind_a_proxy: Runtime) -> None:
    client = browser("10.9.9.9")
    said = []
    for n in range(60):
        header = {"x-forwarded-for": f"6.6.6.{n}, 198.51.100.7"}
        said.append(where(sign_in(client, f"person{n}@tests.example", "guess", headers=header)))
    assert said.count("/sign-in?problem=wrong") == MOST_PER_ADDRESS
    assert where(sign_in(client, headers={"x-forwarded-for": "198.51.100.8"})) == "/home"


def test_whoever_guesses_does_not_lock_the_owners_browser_out(browser: Browser, ann: Account) -> None:
    known = browser("192.0.2.1")
    assert where(sign_in(known)) == "/home"
    for n in range(30):
        sign_in(browser(f"198.51.100.{n}"), password=f"guess {n}")
    assert where(sign_in(browser("192.0.2.77"))) == "/sign-in?problem=slow"
    assert where(sign_in(known)) == "/home"


def test_a_known_browser_has_limits_of_its_own(browser: Browser, ann: Account, running: Runtime) -> None:
    known = browser()
    sign_in(known)
    said = [where(sign_in(known, password="guess")) for _ in range(15)]
    assert said.count("/sign-in?problem=wrong") == MOST_PER_ACCOUNT
    checked = MOST_PER_ACCOUNT
    for _ in range(20):
        running.kernel.clock.advance(minutes=16)
        checked += [where(sign_in(known, password="guess")) for _ in range(12)].count("/sign-in?problem=wrong")
    assert checked == MOST_PER_ACCOUNT_A_DAY


def test_a_device_mark_is_good_for_its_own_account_only_and_cannot_be_made_up(
    browser: Browser, ann: Account, people: World
) -> None:
    people.account(email="eve@tests.example", password_hash="quick:evil")
    eves = browser("198.51.100.1")
    assert where(sign_in(eves, "eve@tests.example", "evil")) == "/home"
    for n in range(30):
        sign_in(browser(f"203.0.113.{n}"), password="guess")
    assert where(sign_in(eves)) == "/sign-in?problem=slow"
    for forged in ("", ".", "x.y", f"{uuid4()}.{'0' * 64}", "é.é"):
        stranger = browser("198.51.100.2")
        answer = sign_in(stranger, headers={"cookie": f"{DEVICE}={forged}".encode("latin-1")})
        assert where(answer) == "/sign-in?problem=slow"


def test_a_successful_sign_in_costs_no_guess(browser: Browser, ann: Account) -> None:
    for n in range(25):
        assert where(sign_in(browser(f"192.0.2.{n}"))) == "/home"


def test_two_checks_at_once_do_not_share_the_last_free_place(kernel: Kernel, world: World) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from rxportal.core.errors import TooMany
    from rxportal.services.sessions import admit_sign_in

    def ask(number: int) -> bool:
        try:
            kernel.perform(
                admit_sign_in, Anonymous(), email="ann@tests.example", account="a" * 64, address=f"{number:064}"
            )
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(ask, range(40))) == MOST_PER_ACCOUNT


def test_the_table_of_attempts_names_nobody(browser: Browser, ann: Account, people: World) -> None:
    sign_in(browser("198.51.100.7"), password="guess")
    stored = str([row.model_dump() for row in people.rows(SignInAttempt)])
    assert "ann" not in stored
    assert "198.51" not in stored


# --- sessions


def test_signing_in_again_in_this_browser_ends_the_session_it_replaces(
    browser: Browser, ann: Account, people: World, running: Runtime
) -> None:
    client = browser()
    first = cookies_of(sign_in(client))[SESSION].value
    (session,) = people.rows(Session)
    running.kernel.bus.published.clear()
    second = cookies_of(sign_in(client))[SESSION].value
    assert first != second
    assert not lives(running.kernel, SessionToken(first))
    assert lives(running.kernel, SessionToken(second))
    assert Change("session", str(session.id), "ended") in running.kernel.bus.published


def test_a_session_chosen_by_somebody_else_is_never_taken_up(browser: Browser, ann: Account, running: Runtime) -> None:
    answer = sign_in(browser(), headers={"cookie": f"{SESSION}=chosen-by-eve"})
    assert cookies_of(answer)[SESSION].value != "chosen-by-eve"
    assert not lives(running.kernel, SessionToken("chosen-by-eve"))


def test_a_failed_sign_in_ends_nothing(browser: Browser, ann: Account, running: Runtime) -> None:
    client = browser()
    token = cookies_of(sign_in(client))[SESSION].value
    sign_in(client, password="wrong")
    assert lives(running.kernel, SessionToken(token))


def test_signing_out_ends_the_session_everywhere_and_clears_the_browser(
    browser: Browser, ann: Account, people: World, running: Runtime
) -> None:
    client = browser()
    token = cookies_of(sign_in(client))[SESSION].value
    answer = client.post("/session/end")
    assert where(answer) == "/sign-in?out=1"
    assert cookies_of(answer)[SESSION].value == ""
    assert "storage" in answer.headers["clear-site-data"]
    with pytest.raises(NotSignedIn):
        running.kernel.perform(try_read_account, SessionToken(token))
    (session,) = people.rows(Session)
    assert Change("session", str(session.id), "ended") in running.kernel.bus.published
    assert where(browser().post("/session/end")) == "/sign-in?out=1"  # also without a session


def test_sign_in_and_out_are_never_a_get(browser: Browser, ann: Account) -> None:
    client = browser()
    assert client.get(f"/session?{urlencode({'email': ann.email, 'password': PASSWORD})}").status_code == 405
    sign_in(client)
    assert client.get("/session/end").status_code == 405


def test_every_sign_in_and_every_wrong_password_leaves_a_line(browser: Browser, ann: Account, people: World) -> None:
    sign_in(browser())
    sign_in(browser(), password="wrong")
    sign_in(browser(), "nobody@tests.example", "wrong")
    lines = sorted(people.rows(AuditEntry), key=lambda line: line.seq)
    assert [line.use_case for line in lines] == ["begin_session", "refuse_sign_in", "refuse_sign_in"]
    assert str(ann.id) in lines[0].detail
    assert str(ann.id) in lines[1].detail
    assert "nobody@" not in "".join(line.detail for line in lines)
    assert people.kernel.audit_fault() == ""


def test_the_database_away_is_said_and_nobody_gets_in(
    browser: Browser, ann: Account, running: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*arguments: object, **inputs: object) -> None:
        raise Unavailable

    monkeypatch.setattr(running.kernel, "perform", away)
    answer = sign_in(browser())
    assert where(answer) == "/sign-in?problem=away"
    assert SESSION not in cookies_of(answer)


def test_session_times_tell_the_watch_what_is_over(running: Runtime, people: World, ann: Account) -> None:
    from rxportal.core.identity import Operator

    people.sign_in(ann)
    (session,) = people.rows(Session)
    limits: dict[str, int] = {"idle_seconds": 900, "absolute_seconds": 43_200}
    ask = {"session_ids": [str(session.id)], **limits}
    (time,) = running.kernel.perform(session_times, Operator(), live=True, **ask)
    assert (time.ended, time.ends_at) == (False, people.now + timedelta(minutes=15))
    ann.disabled_at = people.now
    people.store(ann)
    (time,) = running.kernel.perform(session_times, Operator(), live=True, **ask)
    assert time.ended
    with pytest.raises(NotSignedIn):
        running.kernel.perform(session_times, Anonymous(), **ask)


# --- where to go next

EVIL = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "http:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%2f/evil.example",
    "/%5cevil.example",
    "/\tevil",
    "/\n/evil.example",
    "/home\r\nset-cookie: a=b",
    "/home\n",
    " /home",
    "/home ",
    "//home@evil.example",
    "/@evil.example",
    "/.evil.example",
    "/..//evil.example",
    "/home?next=//evil.example",
    "/home?for=//evil.example",
    "/home#//evil.example",
    "home",
    "",
    "?for=",
    "/／evil.example",
    "/\u2028",
    "/home\x00",
    "/" + "a" * 5000 + "?x",
]


@pytest.mark.parametrize("wanted", EVIL)
def test_next_leads_nowhere_but_to_a_plain_path_of_ours(browser: Browser, ann: Account, wanted: str) -> None:
    assert where(sign_in(browser(), next=wanted)) == "/home"
    wrong = where(sign_in(browser(), password="wrong", next=wanted))
    assert wrong == "/sign-in?problem=wrong"


@pytest.mark.parametrize(
    "wanted", ["/results", "/results/3f2b-9", "/results?for=6b1f0a52-8a55-4f6e-9c58-0a9c4f3c2b11", "/", "/desk/results"]
)
def test_next_leads_to_our_pages(browser: Browser, ann: Account, wanted: str) -> None:
    assert where(sign_in(browser(), next=wanted)) == wanted


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60))
def test_whatever_next_says_the_answer_stays_here(wanted: str) -> None:
    from urllib.parse import urljoin, urlsplit

    assert urlsplit(urljoin("https://portal.example/session", own_path(wanted))).netloc == "portal.example"
    assert own_path(wanted).isascii()


# --- broken forms

FORMS: list[tuple[bytes, str]] = [
    (b"", "application/x-www-form-urlencoded"),
    (b"email", "application/x-www-form-urlencoded"),
    (b"&&&=&=&", "application/x-www-form-urlencoded"),
    (b"email=ann%40tests.example", "application/x-www-form-urlencoded"),
    (b"password=x", "application/x-www-form-urlencoded"),
    (b"email=ann%40tests.example&email=eve%40tests.example&password=x", "application/x-www-form-urlencoded"),
    (b"email=ann%40tests.example&password=x&password=y", "application/x-www-form-urlencoded"),
    (b"email=" + b"a" * 9000 + b"%40x&password=x", "application/x-www-form-urlencoded"),
    (b"email=a%40b&password=" + b"x" * 100_000, "application/x-www-form-urlencoded"),
    (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
    (b"email=%ff%fe%40x&password=%00", "application/x-www-form-urlencoded"),
    (b"email=a%00%40b&password=x", "application/x-www-form-urlencoded"),
    (b"email=a%0d%0ab%40c&password=x", "application/x-www-form-urlencoded"),
    (b"&".join(b"f%d=1" % n for n in range(50)), "application/x-www-form-urlencoded"),
    (b'{"email": "ann@tests.example", "password": {"$ne": ""}}', "application/json"),
    (b"--x\r\ncontent-disposition: form-data; name=email\r\n\r\na@b\r\n--x--", "multipart/form-data; boundary=x"),
    (b"email=ann%40tests.example&password=" + PASSWORD.replace(" ", "+").encode() + b"&a=1&b=2&c=3&d=4&e=5&f=6&g=7",
     "application/x-www-form-urlencoded"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kind"), FORMS)
def test_broken_forms_come_back_with_a_plain_answer(browser: Browser, ann: Account, body: bytes, kind: str) -> None:
    answer = browser().post("/session", content=body, headers={"content-type": kind})
    assert where(answer) in {"/sign-in?problem=form", "/sign-in?problem=wrong", "/sign-in?problem=away"}
    assert SESSION not in cookies_of(answer)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300))
def test_any_bytes_get_a_plain_answer(browser: Browser, body: bytes) -> None:
    answer = browser().post("/session", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 303
    assert SESSION not in cookies_of(answer)


# --- cookies


def test_two_session_cookies_are_nobody(running: Runtime, people: World, ann: Account) -> None:
    token = people.sign_in(ann).value
    assert credentials_of(f"{SESSION}={token}") == SessionToken(token)
    for header in (
        f"{SESSION}={token}; {SESSION}=planted",
        f"{SESSION}=planted; {SESSION}={token}",
        f"{SESSION}={token};{SESSION}={token}",
        f"{SESSION}=",
        SESSION,
        f"{SESSION}={'x' * 600}",
        "",
    ):
        assert credentials_of(header) == Anonymous()


@pytest.mark.parametrize(
    "neighbour",
    ['{"a":1}', "a=b c d", "x=\x01", 'y="open', "a[b]=c", "=", ";;", f"my{SESSION}=x", f"a=my{SESSION}=x", "é=é"],
)
def test_another_applications_cookie_on_the_same_host_signs_nobody_out(neighbour: str) -> None:
    assert value_of(f"{neighbour}; {SESSION}=token; other=1", SESSION) == "token"
    assert value_of(f"{SESSION}=token; {neighbour}", SESSION) == "token"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=120))
def test_any_cookie_header_is_read_without_a_fault(header: str) -> None:
    assert isinstance(value_of(header, SESSION), str)


# --- the one-time link of `staff add`


def password_link(people: World, account: Account, token: str = "link") -> PasswordLink:
    row: PasswordLink = people.store(
        PasswordLink(account_id=account.id, token_hash=token_hash(token), expires_at=people.now + timedelta(hours=24))
    )
    return row


def test_a_password_link_works_once_and_ends_every_session(
    browser: Browser, ann: Account, people: World, running: Runtime
) -> None:
    old = people.sign_in(ann)
    password_link(people, ann)
    client = browser()
    assert client.get("/password/link").status_code == 200
    answer = client.post("/password/link", data={"password": "another sentence of mine"})
    assert where(answer) == "/sign-in"
    assert not lives(running.kernel, old)
    assert where(sign_in(browser(), password="another sentence of mine")) == "/home"
    assert client.post("/password/link", data={"password": "a third sentence of mine"}).status_code == 422
    assert where(sign_in(browser("192.0.2.5"), password="a third sentence of mine")) == "/sign-in?problem=wrong"


@pytest.mark.parametrize("token", ["unknown", "link%00", "..%2f..", "x" * 2000, "'; DROP TABLE account; --"])
def test_a_made_up_link_sets_nothing_and_hashes_nothing(
    browser: Browser, ann: Account, people: World, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    password_link(people, ann)

    def expensive(*arguments: object) -> str:
        raise AssertionError("64 MiB for nobody")

    monkeypatch.setattr("tests.fakes.QuickPasswords.hash", expensive)
    answer = browser().post(f"/password/{token}", data={"password": "another sentence of mine"})
    assert answer.status_code in {404, 422}
    assert people.rows(PasswordLink)[0].used_at is None


def test_a_link_is_over_after_a_day(browser: Browser, ann: Account, people: World, running: Runtime) -> None:
    password_link(people, ann)
    running.kernel.clock.advance(hours=24)
    answer = browser().post("/password/link", data={"password": "another sentence of mine"})
    assert answer.status_code == 422
    assert where(sign_in(browser())) == "/home"


def test_a_page_of_a_password_link_does_not_tell_the_link(browser: Browser, ann: Account, people: World) -> None:
    password_link(people, ann, "very-secret-link")
    assert "very-secret-link" not in browser().get("/password/very-secret-link").text


def test_the_tables_are_known(people: World) -> None:
    """A new table with something personal in it has to be thought of here too."""
    assert {"account", "session", "sign_in_attempt", "password_link"} <= set(SQLModel.metadata.tables)
