"""The outside routes on a test's own database, and browsers that keep cookies as Chromium does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rxportal.api.confirmation import confirmation_routes
from rxportal.api.outside import outside_routes
from rxportal.api.outside_newcomer import newcomer_routes
from rxportal.compose import compose_outside
from rxportal.core import runtime
from rxportal.core.clock import system_clock
from rxportal.core.cookies import SESSION
from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.core.runtime import Runtime
from rxportal.demo.outside.stand_in import stand_in_pages
from rxportal.settings import Settings
from tests.factories import World
from tests.fakes import QuickPasswords

ORIGIN = "https://portal.example"


class Person:
    """One browser. Requests are navigations from a page of ours, unless said otherwise."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str, site: str = "same-origin", **more: Any) -> httpx.Response:
        """Follow a link."""
        return self.client.get(path.removeprefix(ORIGIN), headers={"sec-fetch-site": site}, **more)

    def post(self, path: str, data: dict[str, str] | None = None) -> httpx.Response:
        """Press a button of a form."""
        return self.client.post(path, data=data or {})

    def hold(self, token: SessionToken) -> None:
        """Be signed in."""
        self.client.cookies.set(SESSION, token.value)

    @property
    def session(self) -> str:
        """The session's cookie, or ""."""
        return self.client.cookies.get(SESSION) or ""

    def out(self, provider: str, **query: str) -> str:
        """Begin; the provider's address."""
        answer = self.client.get(f"/auth/{provider}/start", params=query, headers={"sec-fetch-site": "same-origin"})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def choose(self, address: str, **who: str) -> str:
        """Say to the stand-in who one is; the callback with its code."""
        answer = self.client.get(f"{address.removeprefix(ORIGIN)}&", params={**query_of(address), **who})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def sign_in(self, provider: str = "google", *, start: dict[str, str] | None = None, **who: str) -> httpx.Response:
        """All of it: the answer to the callback."""
        return self.get(self.choose(self.out(provider, **(start or {})), **who), site="cross-site")

    def land(self, answer: httpx.Response) -> str:
        """Where an answer leads."""
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]


def query_of(address: str) -> dict[str, str]:
    """The query of an address, each name once."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query, keep_blank_values=True).items()}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A portal on which all four are stand-ins."""
    return Settings(env="test", var=tmp_path, secret_key="s3cret-" * 8, public_url=ORIGIN)


@pytest.fixture
def running(sqlite_kernel: Kernel, settings: Settings) -> Iterator[Runtime]:
    """The process's runtime."""
    sqlite_kernel.clock = system_clock  # the stand-ins' own
    installed = Runtime(sqlite_kernel, settings)
    runtime.install(installed)
    yield installed
    runtime._installed.clear()


@pytest.fixture
def people(running: Runtime) -> World:
    """Factories."""
    return World(running.kernel)


Browser = Callable[..., Person]


@pytest.fixture
def browser(running: Runtime) -> Browser:
    """A new browser on the portal's outside routes."""
    routes = [
        *outside_routes(compose_outside(running.settings)), *newcomer_routes(), *stand_in_pages(running.settings),
        *confirmation_routes(QuickPasswords()),
    ]  # fmt: skip
    app = Starlette(routes=routes)

    def made(address: str = "192.0.2.1") -> Person:
        return Person(TestClient(app, ORIGIN, follow_redirects=False, client=(address, 40_000)))

    return made
