"""The outermost layer: headers on everything, pages from memory, doors closed to strangers."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from rxportal.api.front import FORM_BYTES, Front
from rxportal.api.site import SiteMissing, load_site
from rxportal.settings import load_settings

ORIGIN = "http://localhost:8000"
ALWAYS = {
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "cache-control",
}
PAGE = '<html><head><link href="/assets/style-abcd1234.css" rel="stylesheet"/></head>{}</html>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built front end in small."""
    site = tmp_path / "site"
    pages = {"index.html": "front", "results/index.html": "results", "__spa-fallback.html": "any", "404.html": "lost"}
    for name, words in pages.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(words))
    script = site / "assets" / "app-abcd1234.js"
    script.parent.mkdir()
    script.write_text("1" * 1000)
    script.with_name("app-abcd1234.js.gz").write_bytes(gzip.compress(b"1" * 1000))
    script.with_name("app-abcd1234.js.br").write_bytes(b"brotli")
    facts = {
        "stamp": "x",
        "routes": ["/", "/results", "/results/[id]"],
        "scripts": {name: ["sha256-X="] for name in pages},
    }
    (site / "site.json").write_text(json.dumps(facts))
    return site


async def _boom(_request: Request) -> Response:
    raise ValueError("maya@example.org")


async def _echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _json(_request: Request) -> Response:
    return JSONResponse({"ok": True}, headers={"access-control-allow-origin": "*", "x-frame-options": "ALLOWALL"})


Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(folder: Path, tmp_path: Path) -> Ask:
    """Asks the front over real ASGI: `ask("GET", "/results", env="production")`."""
    inner = Starlette(
        routes=[
            Route("/boom", _boom),
            Route("/json", _json),
            Route("/session", _echo, methods=["POST"]),
            Route("/webhooks/stripe", _echo, methods=["POST"]),
        ]
    )

    def asked(method: str, path: str, *, settings: dict[str, str] | None = None, **options: Any) -> httpx.Response:
        front = Front(inner, load_settings({"RXPORTAL_VAR": str(tmp_path / "var"), **(settings or {})}, None))
        front.__dict__["site"] = load_site(folder)

        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(app=front, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
                return await client.request(method, path, **options)

        return asyncio.run(once())

    return asked


@pytest.mark.parametrize(
    "path", ["/", "/results", "/results/7", "/assets/app-abcd1234.js", "/nowhere", "/json", "/boom"]
)
def test_every_answer_carries_the_security_headers(ask: Ask, path: str) -> None:
    answer = ask("GET", path)
    assert set(answer.headers) >= ALWAYS
    assert "unsafe-eval" not in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"
    assert "access-control-allow-origin" not in answer.headers


def test_pages_answer_without_a_redirect_with_and_without_a_slash(ask: Ask) -> None:
    assert "results" in ask("GET", "/results").text
    assert "results" in ask("GET", "/results/").text
    assert ask("GET", "/results/7").status_code == 200


@pytest.mark.parametrize(
    "path", ["/results/7/8", "/404.html", "/index.html", "/site.json", "/../site.json", "/results.html"]
)
def test_what_is_no_page_is_a_real_404_in_our_look(ask: Ask, path: str) -> None:
    answer = ask("GET", path, headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "<h1>" in answer.text and "style-abcd1234.css" in answer.text


def test_a_script_is_served_compressed_and_kept_for_ever(ask: Ask) -> None:
    path = "/assets/app-abcd1234.js"
    assert "immutable" in ask("GET", path).headers["cache-control"]
    assert ask("HEAD", path, headers={"accept-encoding": "br, gzip"}).headers["content-encoding"] == "br"
    assert ask("GET", path, headers={"accept-encoding": "gzip"}).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in ask("GET", path, headers={"accept-encoding": "br;q=0, identity"}).headers
    etag = ask("GET", path, headers={"accept-encoding": "gzip"}).headers["etag"]
    assert ask("GET", path, headers={"accept-encoding": "gzip", "if-none-match": etag}).status_code == 304


def test_pages_as_built_are_kept_for_minutes_by_that_browser_alone(ask: Ask) -> None:
    """They hold nothing about anybody; what does is never kept (tests/security/test_matrix_http.py)."""
    for path in ("/results", "/results/7", "/"):
        assert ask("GET", path).headers["cache-control"] == "private, max-age=300"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:8001"},
        {"origin": "http://localhost:8000.evil.example"},
        {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "file://localhost:8000"},
    ],
)
def test_a_post_from_elsewhere_is_turned_away(ask: Ask, headers: dict[str, str]) -> None:
    assert ask("POST", "/session", headers=headers).status_code == 403


@pytest.mark.parametrize("headers", [{"origin": ORIGIN}, {"origin": ORIGIN, "sec-fetch-site": "same-origin"}])
def test_a_post_from_our_own_page_goes_through(ask: Ask, headers: dict[str, str]) -> None:
    assert ask("POST", "/session", headers=headers, content=b"12345").text == "5"


def test_in_production_only_the_public_address_is_our_own(ask: Ask) -> None:
    production = {"RXPORTAL_ENV": "production", "RXPORTAL_PUBLIC_URL": "https://portal.example.org"}
    assert ask("POST", "/session", settings=production, headers={"origin": ORIGIN}).status_code == 403
    own = ask("POST", "/session", settings=production, headers={"origin": "https://portal.example.org"})
    assert own.status_code == 200
    assert own.headers["strict-transport-security"].startswith("max-age=31536000")


def test_the_signed_webhook_needs_no_origin(ask: Ask) -> None:
    assert ask("POST", "/webhooks/stripe", content=b"12").text == "2"


@pytest.mark.parametrize(
    "path", ["/_upload", "/_upload/x", "/_all_routes", "/_health", "/ping", "/auth-codespace", "/_event"]
)
def test_routes_of_the_framework_that_we_do_not_use_are_closed(ask: Ask, path: str) -> None:
    assert ask("GET", path).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_methods_that_no_page_uses_are_refused(ask: Ask, method: str) -> None:
    assert ask(method, "/session", headers={"origin": ORIGIN}).status_code == 405


def test_a_body_that_is_too_large_is_refused_whatever_its_headers_say(ask: Ask) -> None:
    body = b"x" * (FORM_BYTES + 1)
    assert ask("POST", "/session", headers={"origin": ORIGIN}, content=body).status_code == 413

    async def in_parts() -> Any:
        for _ in range(20):
            yield b"x" * 8192

    assert ask("POST", "/session", headers={"origin": ORIGIN}, content=in_parts()).status_code == 413


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "9" * 5000])
def test_a_length_that_is_no_number_is_refused(ask: Ask, length: str) -> None:
    assert ask("POST", "/session", headers={"origin": ORIGIN, "content-length": length}).status_code == 400


def test_a_fault_shows_a_reference_that_the_log_has_and_nothing_personal(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    answer = ask("GET", "/boom", headers={"accept": "text/html"})
    assert answer.status_code == 500
    reference = answer.text.partition("Reference: ")[2][:8]
    assert reference in caplog.text
    assert "maya@example.org" not in caplog.text + answer.text


@pytest.mark.parametrize(
    ("path", "origin", "welcome"),
    [
        ("/_event", ORIGIN, True),
        ("/_event/", ORIGIN, True),
        ("/_event/", "", False),
        ("/_event/", "null", False),
        ("/_event/", "https://evil.example", False),
        ("/other", ORIGIN, False),
    ],
)
def test_only_our_own_pages_open_the_one_socket(
    folder: Path, tmp_path: Path, path: str, origin: str, welcome: bool
) -> None:
    reached: list[str] = []
    sent: list[Any] = []

    async def inner(scope: Any, _receive: Any, _send: Any) -> None:
        reached.append(scope["path"])

    async def send(message: Any) -> None:
        sent.append(message)

    front = Front(inner, load_settings({"RXPORTAL_VAR": str(tmp_path)}, None))
    headers = [(b"host", b"localhost:8000")] + ([(b"origin", origin.encode())] if origin else [])
    scope = {"type": "websocket", "path": path, "headers": headers}
    asyncio.run(front(scope, None, send))  # type: ignore[arg-type]
    assert bool(reached) is welcome
    assert bool(sent) is not welcome


def test_without_a_build_the_sentence_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(SiteMissing, match="make setup"):
        load_site(tmp_path)
