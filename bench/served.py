"""The two programs that are compared, built and served side by side on this machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import psutil

from rxportal.build.finish import unbake_origin
from rxportal.settings import environment_with
from tests.ports import free_port

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
KEPT = ROOT / ".bench"
BIN = Path(sys.executable).parent


@dataclass
class Target:
    """One program as a client sees it: where it is, its list's page and event, somebody signed in, its process.

    `door`: an address of it with nothing on it.
    """

    url: str
    page: str
    event: str
    row: str
    process: subprocess.Popen[Any] | None
    cookie: str = ""
    query: dict[str, str] = field(default_factory=dict)
    door: str = "/healthz"

    @property
    def processes(self) -> list[psutil.Process]:
        """The server and its workers."""
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def cpu_ms(self) -> float:
        """Processor time of the server and its workers so far: what a noisy machine does not change."""
        times = [one.cpu_times() for one in self.processes]
        return sum(one.user + one.system for one in times) * 1000

    def memory_kb(self) -> float:
        """Memory that is the server's and its workers' alone (USS)."""
        return float(sum(one.memory_full_info().uss for one in self.processes)) / 1000


def build_bare() -> Path:
    """Build the bare app in a folder of its own, unless the one there is of the same sources."""
    folder = KEPT / "app"
    sources = [*sorted((HERE / "bare").rglob("*.py")), ROOT / "requirements.txt"]
    stamp = sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    mark = folder / "built"
    if mark.is_file() and mark.read_text() == stamp:
        return folder
    shutil.copytree(HERE / "bare", folder, dirs_exist_ok=True)
    shutil.copytree(ROOT / "reflex.lock", folder / "reflex.lock", dirs_exist_ok=True)
    for name in (".npmrc", "requirements.txt"):
        shutil.copy(ROOT / name, folder / name)
    shutil.rmtree(folder / "assets", ignore_errors=True)
    print("Building the bare app…", flush=True)
    subprocess.run(
        [str(BIN / "reflex"), "export", "--frontend-only", "--no-zip", "--loglevel", "warning"],
        cwd=folder, env=_environment(folder), check=True,
    )  # fmt: skip
    unbake_origin(folder / ".web" / "build" / "client")
    for packed in (*folder.rglob("reflex-env-*.js.gz"), *folder.rglob("reflex-env-*.js.br")):
        packed.unlink()
    mark.write_text(stamp)
    return folder


def _environment(folder: Path) -> dict[str, str]:
    return environment_with(
        {
            "REFLEX_USE_NPM": "1",
            "REFLEX_TELEMETRY_ENABLED": "false",
            "REFLEX_CHECK_LATEST_VERSION": "false",
            "NPM_CONFIG_REGISTRY": "https://registry.npmjs.org/",
            "PYTHONPATH": str(folder),
        },
        path_first=BIN,
    )


@contextmanager
def bare(rows: int) -> Iterator[Target]:
    """The bare app with a list of so many rows, served as Reflex serves it."""
    folder, port = build_bare(), free_port()
    process = subprocess.Popen(
        [str(BIN / "granian"), "--interface", "asgi", "--factory", "--host", "127.0.0.1", "--port", str(port),
         "--log-level", "error", "bare.bare:app"],
        cwd=folder,
        env={
            **_environment(folder),
            "BARE_ROWS": str(rows),
            "REFLEX_ENV_MODE": "prod",
            "__REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        },
    )  # fmt: skip
    try:
        url = f"http://localhost:{port}"
        _wait(f"{url}/ping")
        yield Target(
            url, "/", "reflex___state____state.bare___bare____list_state.load", "main li", process, door="/ping"
        )
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


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


def processor() -> str:
    """What this machine's processor is called."""
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return os.uname().machine
