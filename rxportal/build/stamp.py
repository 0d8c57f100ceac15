"""Whether the built front end is still that of the sources: one hash over what goes into it."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from rxportal.build.places import BAKED_SETTINGS, INPUTS, MANIFEST, ROOT, SITE
from rxportal.settings import Settings


def inputs(root: Path = ROOT) -> list[Path]:
    """The files that go into the front end, in one order everywhere."""
    found = {path for pattern in INPUTS for path in root.glob(pattern) if path.is_file()}
    return sorted(path for path in found if "__pycache__" not in path.parts and "external" not in path.parts)


def stamp(settings: Settings, root: Path = ROOT) -> str:
    """The hash over names and contents of `inputs`, and over the settings that stand on prerendered pages."""
    digest = sha256()
    for path in inputs(root):
        digest.update(f"{path.relative_to(root).as_posix()}\n".encode())
        digest.update(sha256(path.read_bytes()).digest())
    baked = {name: value for name, value in asdict(settings).items() if name.startswith(BAKED_SETTINGS)}
    digest.update(json.dumps(baked, sort_keys=True).encode())
    return digest.hexdigest()


def is_current(settings: Settings, site: Path = SITE) -> bool:
    """Whether `site` was built from what is there now."""
    return built_stamp(site) == stamp(settings)


def built_stamp(site: Path = SITE) -> str:
    """The stamp that the built front end carries; empty when there is none."""
    manifest = site / MANIFEST
    if not manifest.is_file():
        return ""
    return str(json.loads(manifest.read_text(encoding="utf-8")).get("stamp", ""))
