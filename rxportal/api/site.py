"""The built front end, held in memory: which file answers which address, and in which compression."""

from __future__ import annotations

import json
import mimetypes
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

MANIFEST: Final = "site.json"
FALLBACK: Final = "__spa-fallback.html"
IMMUTABLE: Final = "public, max-age=31536000, immutable"
REVALIDATED: Final = "no-cache"
PRIVATE: Final = "no-store"
# A page as it was built holds nothing about anybody: whoever is signed in comes over the socket. Kept for a few
# minutes, it opens without asking; after a new build the socket tells the page to load itself anew (ADR 0015).
SHELL: Final = "private, max-age=300"
COMPRESSIONS: Final = (("br", ".br"), ("gzip", ".gz"))


class SiteMissing(Exception):
    """There is no built front end."""


@dataclass(frozen=True)
class Served:
    """One file with everything that a response needs; `scripts` are the CSP sources of a page's inline scripts."""

    body: bytes
    variants: dict[str, bytes]
    content_type: str
    etag: str
    cache: str
    scripts: tuple[str, ...] = ()

    def pick(self, accepted: str) -> tuple[bytes, str]:
        """The body in the best compression that `Accept-Encoding` allows, and that compression's name ("" for none)."""
        wanted = {_coding(part) for part in accepted.lower().split(",")}
        for name, _ending in COMPRESSIONS:
            if name in wanted and name in self.variants:
                return self.variants[name], name
        return self.body, ""


def _coding(part: str) -> str:
    name, _, quality = part.strip().partition(";")
    return "" if quality.replace(" ", "") in {"q=0", "q=0.0", "q=0.00", "q=0.000"} else name.strip()


@dataclass(frozen=True)
class Site:
    """Every address that the front end answers."""

    files: dict[str, Served]
    dynamic: tuple[tuple[re.Pattern[str], Served], ...] = ()
    stylesheet: str = ""

    def find(self, path: str) -> Served | None:
        """What answers `path`; a page answers with and without a slash at its end."""
        known = self.files.get(path) or self.files.get(path.rstrip("/") or "/")
        if known is not None:
            return known
        return next((served for pattern, served in self.dynamic if pattern.fullmatch(path)), None)


def load_site(folder: Path) -> Site:
    """Read the built front end.

    Raises:
        SiteMissing: it was not built.
    """
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise SiteMissing(f"The front end is not built (there is no {manifest}). Run `make setup`.")
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    files = _assets(folder)
    dynamic = []
    for route in facts["routes"]:
        page = folder / FALLBACK if "[" in route else folder / route.strip("/") / "index.html"
        if not page.is_file():
            raise SiteMissing(f"The built front end lacks the page {route}. Run `make setup`.")
        scripts = tuple(facts["scripts"][page.relative_to(folder).as_posix()])
        served = _served(page, SHELL, scripts)
        if "[" in route:
            dynamic.append((_pattern(route), served))
        else:
            files[route] = served
    sheets = re.findall(r'<link[^>]+href="(/[^"]+\.css)"[^>]+rel="stylesheet"', files["/"].body.decode())
    return Site(files, tuple(dynamic), sheets[0] if sheets else "")


def _assets(folder: Path) -> dict[str, Served]:
    """Everything but pages, which answer at their routes only."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix not in {".html", ".gz", ".br"} and path.name != MANIFEST:
            address = f"/{path.relative_to(folder).as_posix()}"
            hashed = address.startswith("/assets/") and re.search(r"-[\w-]{8}\.\w+$", address)
            found[address] = _served(path, IMMUTABLE if hashed else REVALIDATED)
    return found


def _served(path: Path, cache: str, scripts: tuple[str, ...] = ()) -> Served:
    body = path.read_bytes()
    variants = {}
    for name, ending in COMPRESSIONS:
        packed = path.with_name(path.name + ending)
        if packed.is_file():
            variants[name] = packed.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    kind = "text/javascript" if path.suffix in {".js", ".mjs"} else kind
    kind = "application/manifest+json" if path.suffix == ".webmanifest" else kind
    text = kind.startswith("text/") or kind.endswith(("json", "xml"))
    content_type = f"{kind}; charset=utf-8" if text else kind
    return Served(body, variants, content_type, sha256(body).hexdigest()[:32], cache, scripts)


def _pattern(route: str) -> re.Pattern[str]:
    """`/results/[id]` as a pattern: one segment for each name in brackets."""
    parts = re.split(r"(\[[^\]]+\])", route)
    return re.compile("".join("[^/]+" if part.startswith("[") else re.escape(part) for part in parts) + "/?")
