"""The sign-in routes alone, on a test's own database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rxportal.api.confirmation import confirmation_routes
from rxportal.api.passkeys import passkey_routes
from rxportal.api.password import password_routes
from rxportal.api.registration import registration_routes
from rxportal.api.reset import reset_routes
from rxportal.api.second import second_routes
from rxportal.api.session import session_routes
from rxportal.core import runtime
from rxportal.core.kernel import Kernel
from rxportal.core.runtime import Runtime
from rxportal.settings import Settings
from tests.factories import World
from tests.fakes import QuickPasswords

Browser = Callable[..., TestClient]


@pytest.fixture
def running(sqlite_kernel: Kernel, tmp_path: Path) -> Iterator[Runtime]:
    """The process's runtime, as a worker installs it."""
    installed = Runtime(sqlite_kernel, Settings(env="test", var=tmp_path, secret_key="s" * 48))
    runtime.install(installed)
    yield installed
    runtime._installed.clear()


@pytest.fixture
def people(running: Runtime) -> World:
    """Factories on the runtime's database."""
    return World(running.kernel)


@pytest.fixture
def browser(running: Runtime) -> Browser:
    """A new browser, from an address of its own."""
    made_of = (session_routes, password_routes, registration_routes, confirmation_routes, reset_routes)
    routes = [route for routes_of in made_of for route in routes_of(QuickPasswords())]
    routes += [*second_routes(), *passkey_routes()]

    def made(address: str = "192.0.2.1") -> TestClient:
        app = Starlette(routes=routes)
        return TestClient(app, "https://portal.example", follow_redirects=False, client=(address, 40_000))

    return made


@pytest.fixture
def behind_a_proxy(running: Runtime) -> Runtime:
    """The settings say that one proxy of ours adds X-Forwarded-For."""
    changed = replace(running, settings=replace(running.settings, trusted_proxy_hops=1))
    runtime.install(changed)
    return changed
