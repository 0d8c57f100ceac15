"""Where the build reads and writes, and what goes into it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
WEB: Final = ROOT / ".web"
EXPORTED: Final = WEB / "build" / "client"
ROUTES: Final = WEB / "routes.json"
LOCK: Final = ROOT / "reflex.lock" / "package-lock.json"
LOCKED: Final = (LOCK, LOCK.with_name("package.json"))
SITE: Final = ROOT / ".site"
MANIFEST: Final = "site.json"

# What the browser gets is made of these and of nothing else: a change elsewhere does not rebuild it.
INPUTS: Final = (
    "rxportal/pages/**/*.py",
    "rxportal/components/**/*.py",
    "rxportal/state/**/*.py",
    "rxportal/desk/**/*.py",
    "rxportal/services/*view*.py",
    "rxportal/rxportal.py",
    "rxportal/core/text.py",
    "rxportal/locales/**/*",
    "rxportal/build/*.py",
    "rxportal/build/*.js",
    "assets/**/*",
    "reflex.lock/*",
    "rxconfig.py",
    "requirements.txt",
    ".npmrc",
)
# Settings whose values stand on prerendered pages.
BAKED_SETTINGS: Final = ("practice_", "support_")
