"""The script that opens a page's socket before anything else of it has loaded (ADR 0016, 0018)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from rxportal.build.export import BuildFailed
from rxportal.build.places import WEB

SCRIPT: Final = Path(__file__).with_name("early.js")
CONTEXT: Final = "utils/context.jsx"
FOUND: Final = {
    "hashes": re.compile(r"export const initialStateHashes = (\[[^\]]*\])"),
    "schema": re.compile(r"export const stateSchema = (\"\w+\")"),
    "event": re.compile(r"ReflexEvent\('([\w.]+\.hydrate_and_load)', payload\)"),
}
HEAD: Final = re.compile(r'<meta content="[^"]*" name="viewport"/>')
LINE_COMMENT: Final = re.compile(r"^\s*//.*\n|(?<=[;{]) // .*$", re.MULTILINE)


def facts_of(web: Path, routes: list[str]) -> dict[str, Any]:
    """What a page says first on its socket, as Reflex wrote it into the sources of the front end.

    Args:
        web: the folder that Reflex compiled into.
        routes: every address of the app; those with a `[name]` are read for it.

    Raises:
        BuildFailed: it does not stand where it stood: has Reflex changed its boot?
    """
    text = (web / CONTEXT).read_text(encoding="utf-8")
    found = {name: pattern.search(text) for name, pattern in FOUND.items()}
    if not all(found.values()):
        raise BuildFailed(f"{CONTEXT} does not say what a page sends first: has Reflex changed its build?")
    said = {name: match[1] for name, match in found.items() if match}
    socket = json.loads((web / "env.json").read_text(encoding="utf-8"))["EVENT"]
    return {
        "path": "/" + socket.split("/", 3)[3].strip("/"),
        "version": json.loads((web / "reflex.json").read_text(encoding="utf-8"))["version"],
        "event": said["event"],
        "hashes": json.loads(said["hashes"]),
        "schema": json.loads(said["schema"]),
        "routes": [route for route in routes if "[" in route],
    }


def open_early(page: Path, facts: dict[str, Any]) -> None:
    """Put the script first into a built page's head. It takes itself out, so that React finds what it rendered.

    Raises:
        BuildFailed: the page has no such head.
    """
    script = LINE_COMMENT.sub("", SCRIPT.read_text(encoding="utf-8")).replace("FACTS", json.dumps(facts))
    script = "".join(line.strip() + "\n" for line in script.splitlines())
    html, times = HEAD.subn(lambda head: f"{head[0]}<script>{script}</script>", page.read_text(encoding="utf-8"), 1)
    if not times:
        raise BuildFailed(f"{page} has no head as expected: has Reflex changed its build?")
    page.write_text(html, encoding="utf-8")


def open_all_early(site: Path, routes: list[str], web: Path = WEB) -> None:
    """Every page of the site that a route answers with."""
    facts = facts_of(web, routes)
    pages = [site / route.strip("/") / "index.html" for route in routes if "[" not in route]
    for page in [*pages, site / "__spa-fallback.html"]:
        open_early(page, facts)
