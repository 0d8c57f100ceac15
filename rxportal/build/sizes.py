"""The weight of a first visit: initial JavaScript and CSS of every page, gzipped. `python -m rxportal.build.sizes`."""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rxportal.build.places import SITE

SCRIPT_LIMIT = 170_000
STYLE_LIMIT = 15_000
SCRIPT = re.compile(r'(?:from|import|import\()\s*"(/[^"]+\.js)"|<(?:link|script)[^>]+(?:href|src)="(/[^"]+\.js)"')
STYLE = re.compile(r'<link[^>]+href="(/[^"]+\.css)"')
IMPORTED = re.compile(r'(?:from|import)\s*["`](\./[^"`]+\.js)["`]')
STYLE_IMPORT = re.compile(r'@import\s+(?:url\()?["\']?([^"\')]+\.css)')


@dataclass(frozen=True)
class Weight:
    """What one page loads before it can be used, in gzipped bytes."""

    page: str
    scripts: int
    styles: int

    @property
    def too_heavy(self) -> bool:
        """Whether it is over a budget."""
        return self.scripts > SCRIPT_LIMIT or self.styles > STYLE_LIMIT


def weights(site: Path = SITE) -> list[Weight]:
    """The weight of every page that was built, heaviest first."""
    pages = [_weigh(page, site) for page in site.rglob("index.html")]
    fallback = site / "__spa-fallback.html"
    if fallback.is_file():
        pages += [_weigh(fallback, site, path, own) for path, own in _dynamic(site)]
    return sorted(pages, key=lambda each: -each.scripts)


def _weigh(page: Path, site: Path, name: str = "", more: set[str] | None = None) -> Weight:
    html = page.read_text(encoding="utf-8")
    scripts = {path for pair in SCRIPT.findall(html) for path in pair if path} | (more or set())
    styles = set(STYLE.findall(html))
    name = name or "/" + page.parent.relative_to(site).as_posix().strip(".")
    return Weight(name, _sum(_with_imports(scripts, site), site), _sum(_with_style_imports(styles, site), site))


def _dynamic(site: Path) -> Iterator[tuple[str, set[str]]]:
    """The routes that no page was built for (`/results/:id`), each with the scripts that it adds to the fallback."""
    shell = (site / "__spa-fallback.html").read_text(encoding="utf-8")
    for manifest in (site / "assets").glob("manifest-*.js"):
        if manifest.name not in shell:
            continue  # an earlier build's, which nobody loads
        facts = json.loads(manifest.read_text(encoding="utf-8").partition("=")[2].rstrip().rstrip(";"))
        for route in facts["routes"].values():
            if ":" in route.get("path", ""):
                yield f"/{route['path']}", {route["module"], *route["imports"]}


def _with_imports(scripts: set[str], site: Path) -> set[str]:
    """The scripts and everything that they import at once (not what they load later, on demand)."""
    todo, seen = list(scripts), set(scripts)
    while todo:
        current = todo.pop()
        text = (site / current.lstrip("/")).read_text(encoding="utf-8")
        folder = current.rsplit("/", 1)[0]
        fresh = {f"{folder}/{name[2:]}" for name in IMPORTED.findall(text)} - seen
        seen |= fresh
        todo += fresh
    return seen


def _with_style_imports(styles: set[str], site: Path) -> set[str]:
    found = set(styles)
    for style in styles:
        text = (site / style.lstrip("/")).read_text(encoding="utf-8")
        names = (name for name in STYLE_IMPORT.findall(text) if not name.startswith("http"))
        found |= {name if name.startswith("/") else f"{style.rsplit('/', 1)[0]}/{name}" for name in names}
    return found


def _sum(paths: set[str], site: Path) -> int:
    return sum(len(gzip.compress((site / path.lstrip("/")).read_bytes(), 9)) for path in paths)


def main() -> int:
    """Print the weights; exit code 1 when one is over its budget."""
    found = weights()
    if not found:
        print("There is no built front end to weigh: run `make setup`.")
        return 1
    for each in found:
        mark = "  over budget" if each.too_heavy else ""
        print(f"{each.page:32} {each.scripts / 1000:7.1f} kB JavaScript {each.styles / 1000:6.1f} kB CSS{mark}")
    print(f"{'at most':32} {SCRIPT_LIMIT / 1000:7.1f} kB JavaScript {STYLE_LIMIT / 1000:6.1f} kB CSS  (gzip)")
    return 1 if any(each.too_heavy for each in found) else 0


if __name__ == "__main__":
    sys.exit(main())
