"""Providers, each a process of its own: oidc-provider-mock (PyPI) and oidc-provider (npm), which somebody else wrote, and
Facebook's documented endpoints (facebook.py), since nobody publishes a server for those."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.ports import free_port

HERE = Path(__file__).resolve().parent
CLIENT, SECRET = "portal-under-test", "a secret between the two of them"
APP, VERSION = "1234567890", "v25.0"
DISCOVERY = "/.well-known/openid-configuration"
SECONDS = 60


def until_ready(process: subprocess.Popen[bytes], address: str) -> None:
    """Wait until something answers there."""
    until = time.monotonic() + SECONDS
    while True:
        try:
            if not httpx.get(address, timeout=2).is_server_error:
                return
        except httpx.HTTPError:
            pass
        assert process.poll() is None and time.monotonic() < until, "the provider did not start"
        time.sleep(0.1)


@contextmanager
def running(command: list[str], issuer: str, folder: Path, asked: str = DISCOVERY) -> Iterator[str]:
    """A provider while it runs; its issuer."""
    with (folder / "provider.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        try:
            until_ready(process, issuer + asked)
            yield issuer
        finally:
            process.kill()
            process.wait()


@contextmanager
def mock_provider(folder: Path, people: list[dict[str, object]]) -> Iterator[str]:
    """oidc-provider-mock with these people."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    for person in people:
        command += ["--user-claims", json.dumps(person)]
    with running(command, f"http://127.0.0.1:{port}", folder) as issuer:
        yield issuer


@contextmanager
def certified_provider(folder: Path, callback: str, people: dict[str, dict[str, object]]) -> Iterator[str]:
    """npm oidc-provider (certified OpenID Provider) with these people, installed from its lock by our wheels' Node."""
    place = folder / "node"
    shutil.copytree(HERE / "provider", place)
    bin_folder = Path(sys.executable).parent
    surroundings = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    install = [str(bin_folder / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(install, cwd=place, env=surroundings, capture_output=True, text=True, timeout=300)  # noqa: PLW1510
    assert done.returncode == 0, done.stderr[-2000:]
    port = free_port()
    facts = {"port": port, "callback": callback, "client": CLIENT, "secret": SECRET, "people": people}
    command = [str(bin_folder / "node"), "provider.mjs", json.dumps(facts)]
    with running(command, f"http://localhost:{port}", place) as issuer:
        yield issuer


@contextmanager
def facebook(folder: Path, callback: str, people: dict[str, dict[str, str]]) -> Iterator[str]:
    """Facebook with these people, by their numbers; where its dialog and its Graph API stand."""
    port = free_port()
    facts = {
        "port": port, "app": APP, "secret": SECRET, "callback": callback, "version": VERSION, "people": people,
    }  # fmt: skip
    command = [sys.executable, str(HERE / "facebook.py"), json.dumps(facts)]
    with running(command, f"http://127.0.0.1:{port}", folder, "/") as base:
        yield base
