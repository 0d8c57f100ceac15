"""What Reflex puts into every page and nobody uses is taken out, and the build fails where that is not what it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from rxportal.build.export import BuildFailed
from rxportal.build.lean import BUNDLER, CHANGES, DOCUMENT, ROOT, changed, changes, nothing_styled

# as Reflex 0.10.1 writes them, shortened
FOUND = {
    ROOT: """
import { ThemeProvider } from '$/utils/react-theme';
import * as React from "react";
import * as utils_context from "$/utils/context";
import { Layout as AppLayout } from './_document';
export function Layout({children}) {
  useEffect(() => {
    // Make contexts and state objects available globally for dynamic eval'd components
    window["__reflex"] = { "react": React };
  }, []);
  return jsx(ThemeProvider, {}, children);
}""",
    DOCUMENT: r"""jsx("head",{},jsx("script",{},"\n(function(){ localStorage.getItem(\"theme\") })()"),jsx(Meta,{}))""",
    BUNDLER: """resolve: { alias: [ { find: "$", replacement: "." } ] }""",
}


def test_pages_ask_for_no_theme_and_keep_everything_else() -> None:
    root = changed(ROOT, FOUND[ROOT])
    assert "react-theme" not in root
    assert "__reflex" not in root
    assert "import * as" not in root
    assert "import { Layout as AppLayout } from './_document';" in root
    assert "return jsx(ThemeProvider, {}, children);" in root  # it hands on what it is given
    assert changed(DOCUMENT, FOUND[DOCUMENT]) == """jsx("head",{},jsx(Meta,{}))"""


def test_the_bundler_finds_react_where_a_styling_library_is_asked_for_and_is_told_so_once() -> None:
    once = changed(BUNDLER, FOUND[BUNDLER])
    assert r"find: /^@emotion\/react$/" in once
    assert 'replacement: fileURLToPath(new URL("./utils/element.js", import.meta.url))' in once
    assert '{ find: "$", replacement: "." }' in once
    assert changed(BUNDLER, once) == once


@pytest.mark.parametrize("file", CHANGES)
def test_a_build_in_which_it_is_written_otherwise_fails(file: str) -> None:
    with pytest.raises(BuildFailed, match=r"has Reflex changed its build\?"):
        changed(file, "export default {}")


def test_every_file_has_its_change() -> None:
    assert {file: change(FOUND[file]) for file, change in changes()} == {
        file: changed(file, text) for file, text in FOUND.items()
    }


def test_a_component_with_a_style_of_its_own_is_said_with_its_file(tmp_path: Path) -> None:
    page = tmp_path / "app" / "routes" / "results.jsx"
    page.parent.mkdir(parents=True)
    page.write_text('jsx("p",{className:"note"},"css: none")')
    nothing_styled(tmp_path)
    page.write_text('jsx("p",{css:({ ["tabIndex"] : -1 })},"")')
    with pytest.raises(BuildFailed, match=r"app/routes/results\.jsx has a style of its own.*tabIndex"):
        nothing_styled(tmp_path)
