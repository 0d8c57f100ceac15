"""Runs Reflex's own export with the Node of this environment, npm, and the committed package lock."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rxportal.build.places import EXPORTED, LOCKED, ROOT, WEB
from rxportal.settings import environment_with

PUBLIC_REGISTRY = "https://registry.npmjs.org/"


class BuildFailed(Exception):
    """The front end could not be built; the message says where and what helps."""


def tools() -> Path:
    """The folder of this environment's programs: `node`, `npm` and `reflex` next to `python`."""
    folder = Path(sys.executable).parent
    for name in ("node", "npm", "reflex"):
        if not (folder / name).exists():
            raise BuildFailed(f"{folder / name} is missing: run `make setup`.")
    return folder


def export(*, keep_lock: bool = True) -> None:
    """Compile and build into `.web/build/client`, showing Reflex's progress.

    Args:
        keep_lock: fail when the build needs packages other than the committed lock names; False rewrites the lock.

    Raises:
        BuildFailed: Reflex or npm failed, or the lock would have changed.
    """
    folder = tools()
    before = {path: path.read_bytes() for path in LOCKED if path.is_file()}
    command = [str(folder / "reflex"), "export", "--frontend-only", "--no-zip", "--loglevel", "warning"]
    with _alone():
        done = subprocess.run(command, cwd=ROOT, env=_environment(folder), check=False)
    if done.returncode != 0 or not (EXPORTED / "index.html").is_file():
        raise BuildFailed("Reflex could not build the front end; its own words stand above.")
    if keep_lock:
        _keep(before)


def _keep(before: dict[Path, bytes]) -> None:
    """Put the committed lock back: Reflex writes the same facts in another order, and git should not see it.

    Raises:
        BuildFailed: the facts changed too.
    """
    for path, content in before.items():
        changed = json.loads(content) != json.loads(path.read_bytes())
        path.write_bytes(content)
        if changed:
            raise BuildFailed(
                f"The build wanted packages that {path} does not name: run `make lock`, commit the change."
            )


@contextmanager
def _alone() -> Iterator[None]:
    """Two builds in one folder would write into each other's files: the second waits."""
    WEB.mkdir(exist_ok=True)
    with (ROOT / ".web.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _environment(folder: Path) -> dict[str, str]:
    return environment_with(
        {
            "REFLEX_USE_NPM": "1",
            "REFLEX_TELEMETRY_ENABLED": "false",
            "REFLEX_CHECK_LATEST_VERSION": "false",
            "REFLEX_DIR": str(ROOT / ".reflex"),
            "NPM_CONFIG_REGISTRY": _registry(folder),  # else Reflex races two registries, one of them foreign
            "PYTHONPATH": str(ROOT),
        },
        path_first=folder,
    )


def _registry(folder: Path) -> str:
    """The npm registry that this machine is set to use."""
    asked = subprocess.run(
        [str(folder / "npm"), "config", "get", "registry"],
        cwd=ROOT,
        env=environment_with({}, path_first=folder),
        capture_output=True,
        text=True,
        check=False,
    )
    answer = asked.stdout.strip()
    return answer if answer.startswith("http") else PUBLIC_REGISTRY
