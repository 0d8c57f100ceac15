"""The two programs that are compared, built and served side by side on this machine."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import httpx

from rxportal.build.finish import unbake_origin
from rxportal.settings import environment_with
from tests.ports import free_port
from tests.serving import Served

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BARE = ROOT / ".bench"
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Target:
    """One of the two: where it is, its list's page, the event that fills it, and the cookie of somebody signed in."""

    name: str
    url: str
    page: str
    event: str
    cookie: str = ""


def build_bare() -> Path:
    """Build the bare app in a folder of its own, unless the one there is of the same sources."""
    sources = [*sorted((HERE / "bare").rglob("*.py")), ROOT / "requirements.txt"]
    stamp = sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    mark = BARE / "built"
    if mark.is_file() and mark.read_text() == stamp:
        return BARE
    shutil.copytree(HERE / "bare", BARE, dirs_exist_ok=True)
    shutil.copytree(ROOT / "reflex.lock", BARE / "reflex.lock", dirs_exist_ok=True)
    for name in (".npmrc", "requirements.txt"):
        shutil.copy(ROOT / name, BARE / name)
    shutil.rmtree(BARE / "assets", ignore_errors=True)
    print("Building the bare app…", flush=True)
    subprocess.run(
        [str(BIN / "reflex"), "export", "--frontend-only", "--no-zip", "--loglevel", "warning"],
        cwd=BARE, env=_environment(), check=True,
    )  # fmt: skip
    unbake_origin(BARE / ".web" / "build" / "client")
    for packed in (*BARE.rglob("reflex-env-*.js.gz"), *BARE.rglob("reflex-env-*.js.br")):
        packed.unlink()
    mark.write_text(stamp)
    return BARE


def _environment() -> dict[str, str]:
    return environment_with(
        {
            "REFLEX_USE_NPM": "1",
            "REFLEX_TELEMETRY_ENABLED": "false",
            "REFLEX_CHECK_LATEST_VERSION": "false",
            "NPM_CONFIG_REGISTRY": "https://registry.npmjs.org/",
            "PYTHONPATH": str(BARE),
        },
        path_first=BIN,
    )


@contextmanager
def bare() -> Iterator[Target]:
    """The bare app, served as Reflex serves it."""
    folder, port = build_bare(), free_port()
    process = subprocess.Popen(
        [str(BIN / "granian"), "--interface", "asgi", "--factory", "--host", "127.0.0.1", "--port", str(port),
         "--log-level", "error", "bare.bare:app"],
        cwd=folder,
        env={
            **_environment(),
            "REFLEX_ENV_MODE": "prod",
            "__REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        },
    )  # fmt: skip
    try:
        url = f"http://localhost:{port}"
        _wait(f"{url}/ping")
        yield Target("bare Reflex", url, "/", "reflex___state____state.bare___bare____list_state.load")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


@contextmanager
def ours() -> Iterator[Target]:
    """The portal with the demo practice, as `make run` serves it; a patient is signed in."""
    with tempfile.TemporaryDirectory(prefix="rxportal-bench-") as folder:
        portal = Served(Path(folder), settings={"RXPORTAL_BUDGET_OFF": "1"})
        portal.load_demo()
        portal.start()
        try:
            event = "reflex___state____state.rxportal___state___results____results_state.load"
            yield Target("rxportal", portal.url, "/results", event, portal.cookie("maya"))
        finally:
            portal.stop()


def _wait(url: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            if httpx.get(url, timeout=2).status_code < 500:
                return
        except httpx.HTTPError:
            pass
        if time.monotonic() > until:
            raise TimeoutError(url)
        time.sleep(0.1)
