"""The script that opens a page's socket first: made of what Reflex compiled, and the build fails where that changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rxportal.build.early import facts_of, open_all_early, open_early
from rxportal.build.export import BuildFailed
from rxportal.build.finish import script_hashes

CONTEXT = """
export const initialStateHashes = ["aa", "bb"]
export const stateSchema = "cc"
export const initialEvents = (first = false) => { return [ReflexEvent('a___state.hydrate_and_load', payload)]; }
"""
PAGE = '<html><head><meta charSet="utf-8"/><meta content="width=device-width" name="viewport"/><title>x</title></head>'


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """What Reflex compiled, in small."""
    folder = tmp_path / "web"
    (folder / "utils").mkdir(parents=True)
    (folder / "utils" / "context.jsx").write_text(CONTEXT)
    (folder / "env.json").write_text('{"EVENT": "ws://localhost:8000/_event"}')
    (folder / "reflex.json").write_text('{"version": "0.10.1"}')
    return folder


def test_what_a_page_says_first_is_read_from_what_was_compiled(web: Path) -> None:
    assert facts_of(web, ["/", "/results", "/results/[id]"]) == {
        "path": "/_event",
        "version": "0.10.1",
        "event": "a___state.hydrate_and_load",
        "hashes": ["aa", "bb"],
        "schema": "cc",
        "routes": ["/results/[id]"],
    }


@pytest.mark.parametrize("gone", ["initialStateHashes", "stateSchema", "hydrate_and_load"])
def test_a_boot_that_changed_fails_the_build(web: Path, gone: str) -> None:
    (web / "utils" / "context.jsx").write_text(CONTEXT.replace(gone, "other"))
    with pytest.raises(BuildFailed, match="changed"):
        facts_of(web, [])


def test_every_page_and_no_other_opens_its_socket_first(web: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    pages = [site / "index.html", site / "results" / "index.html", site / "__spa-fallback.html"]
    for page in [*pages, site / "404.html"]:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(PAGE)
    open_all_early(site, ["/", "/results", "/results/[id]"], web)
    for page in pages:
        head = page.read_text()
        assert head.index('name="viewport"/><script>') < head.index("<title>")
        assert json.dumps(["aa", "bb"]) in head
        assert "FACTS" not in head
        assert "// " not in head
    assert (site / "404.html").read_text() == PAGE
    hashes = script_hashes(site)
    assert all(len(hashes[page.relative_to(site).as_posix()]) == 1 for page in pages)


def test_a_page_without_the_expected_head_fails_the_build(web: Path, tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("<html><head></head>")
    with pytest.raises(BuildFailed):
        open_early(page, facts_of(web, []))
