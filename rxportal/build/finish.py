"""Makes the export servable anywhere: any port and host, compressed, with its script hashes written down."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

from rxportal.build.early import open_all_early
from rxportal.build.export import BuildFailed, tools
from rxportal.build.lean import nothing_styled
from rxportal.build.places import EXPORTED, MANIFEST, ROUTES, SITE, WEB

BAKED_HTTP = re.compile(r"`https?://localhost:8000(/[^`]*)`")
BAKED_SOCKET = re.compile(r"`wss?://localhost:8000(/[^`]*)`")
COMPRESSED = (".gz", ".br")


def finish(stamp: str) -> Path:
    """Turn `.web/build/client` into `.site`, which replaces the one before only when it is whole.

    Raises:
        BuildFailed: the export does not look as expected.
    """
    nothing_styled(WEB)
    draft = SITE.with_name(".site.new")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(EXPORTED, draft, ignore=shutil.ignore_patterns("*.gz", "*.br"))
    unbake_origin(draft)
    routes = _routes()
    open_all_early(draft, routes)
    _compress(draft)
    own = sorted(path.name for path in (draft / "assets").iterdir())
    keep_previous(SITE, draft)
    manifest = {"stamp": stamp, "routes": routes, "scripts": script_hashes(draft), "assets": own}
    (draft / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    old = SITE.with_name(".site.old")
    shutil.rmtree(old, ignore_errors=True)
    if SITE.exists():
        SITE.rename(old)
    draft.rename(SITE)
    shutil.rmtree(old, ignore_errors=True)
    return SITE


def keep_previous(before: Path, draft: Path) -> None:
    """Keep the hashed files of the build before: a page kept by a browser for some minutes still asks for them."""
    manifest = before / MANIFEST
    if not manifest.is_file():
        return
    for name in json.loads(manifest.read_text(encoding="utf-8")).get("assets", []):
        old, new = before / "assets" / name, draft / "assets" / name
        if old.is_file() and not new.exists():
            shutil.copy(old, new)


def unbake_origin(site: Path) -> None:
    """Let the browser take host and port from its address bar instead of what was set at build time.

    Raises:
        BuildFailed: there is nothing to replace, or something is left: the build would work on one port only.
    """
    scripts = list((site / "assets").glob("reflex-env-*.js"))
    if len(scripts) != 1:
        raise BuildFailed(f"Expected one assets/reflex-env-*.js, found {len(scripts)}: has Reflex changed its build?")
    text = scripts[0].read_text(encoding="utf-8")
    text, addresses = BAKED_HTTP.subn(r"`${location.origin}\1`", text)
    text, sockets = BAKED_SOCKET.subn(r"`${location.origin.replace(`http`,`ws`)}\1`", text)
    if not addresses or not sockets:
        raise BuildFailed(f"{scripts[0].name} does not hold the addresses that were to be replaced.")
    scripts[0].write_text(text, encoding="utf-8")
    left = [path.name for path in site.rglob("*.js") if "localhost:8000" in path.read_text(encoding="utf-8")]
    if left:
        raise BuildFailed(f"The address of the build is still in {', '.join(left)}.")


def _compress(site: Path) -> None:
    """Write .gz and .br beside every text file, with Reflex's own compressor."""
    command = [str(tools() / "node"), str(WEB / "compress-static.js"), str(site), "gzip", "brotli"]
    if subprocess.run(command, cwd=WEB, check=False).returncode != 0:
        raise BuildFailed("The front end could not be compressed.")


def _routes() -> list[str]:
    """The routes of the app as addresses: `/`, `/results`, `/results/[id]`."""
    names = json.loads(ROUTES.read_text(encoding="utf-8"))
    return ["/" if name == "index" else f"/{name.strip('/')}" for name in names if name != "404"]


class _InlineScripts(HTMLParser):
    """Collects what stands inside `<script>` elements without `src`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A script with its own body begins."""
        if tag == "script" and "src" not in dict(attrs):
            self._open = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        """It ends."""
        if tag == "script":
            self._open = False

    def handle_data(self, data: str) -> None:
        """Its body, byte for byte."""
        if self._open:
            self.found[-1] += data


def script_hashes(site: Path) -> dict[str, list[str]]:
    """For every page (its path in the site) the CSP sources of its inline scripts: `sha256-…`."""
    found = {}
    for page in sorted(site.rglob("*.html")):
        parser = _InlineScripts()
        parser.feed(page.read_text(encoding="utf-8"))
        digests = {base64.b64encode(sha256(script.encode()).digest()).decode() for script in parser.found}
        found[page.relative_to(site).as_posix()] = [f"sha256-{value}" for value in sorted(digests)]
    return found
