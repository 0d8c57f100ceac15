"""The build: one for any port, rebuilt exactly when it must be, weighed."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import inspect
import json
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from rxportal.build import sizes
from rxportal.build.export import BuildFailed
from rxportal.build.finish import keep_previous, script_hashes, unbake_origin
from rxportal.build.places import INPUTS, LOCK, MANIFEST, SITE
from rxportal.build.stamp import inputs, stamp
from rxportal.settings import Settings, load_settings

BAKED = "var e={PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`};export{e as t};"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Sources in small."""
    for name in (
        "rxportal/pages/home.py",
        "rxportal/services/results_views.py",
        "assets/portal.css",
        "requirements.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1")
    (tmp_path / "rxportal/services/results.py").write_text("1")
    return tmp_path


def settings(tmp_path: Path, **given: str) -> Settings:
    return load_settings({"RXPORTAL_VAR": str(tmp_path / "var"), **given}, None)


@pytest.mark.parametrize("name", ["rxportal/pages/home.py", "assets/portal.css", "rxportal/services/results_views.py"])
def test_a_change_of_what_is_built_is_seen(tree: Path, name: str) -> None:
    before = stamp(settings(tree), tree)
    (tree / name).write_text("2")
    assert stamp(settings(tree), tree) != before


def test_a_change_of_anything_else_rebuilds_nothing(tree: Path) -> None:
    before = stamp(settings(tree), tree)
    (tree / "rxportal/services/results.py").write_text("2")
    (tree / "assets/portal.css").touch()
    assert stamp(settings(tree, RXPORTAL_PORT="9001"), tree) == before


def test_settings_that_stand_on_pages_are_part_of_it(tree: Path) -> None:
    other = settings(tree, RXPORTAL_SUPPORT_SIGN_IN_PHONE="1-800-555-0100")
    assert stamp(settings(tree), tree) != stamp(other, tree)


def test_every_input_pattern_finds_something() -> None:
    found = inputs()
    for pattern in INPUTS:
        if "locales" not in pattern:
            assert any(
                path.match(pattern.replace("**/", "")) or pattern.split("/**")[0] in str(path) for path in found
            ), pattern


def test_the_lock_names_no_machine() -> None:
    text = LOCK.read_text()
    assert '"resolved"' not in text
    assert all("integrity" in facts for name, facts in json.loads(text)["packages"].items() if name)


def test_the_origin_of_the_build_is_replaced_by_the_browsers(tmp_path: Path) -> None:
    script = tmp_path / "assets" / "reflex-env-x.js"
    script.parent.mkdir()
    script.write_text(BAKED)
    unbake_origin(tmp_path)
    assert "localhost" not in script.read_text()
    assert "`${location.origin}/ping`" in script.read_text()
    with pytest.raises(BuildFailed):
        unbake_origin(tmp_path)


def test_an_address_left_anywhere_fails_the_build(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "reflex-env-x.js").write_text(BAKED)
    (tmp_path / "assets" / "other.js").write_text("fetch('http://localhost:8000/x')")
    with pytest.raises(BuildFailed, match=r"other\.js"):
        unbake_origin(tmp_path)


def test_files_of_the_build_before_stay_one_build_longer(tmp_path: Path) -> None:
    """A page that a browser kept asks for them; those of the build before that are gone."""
    before, draft = tmp_path / "before" / "assets", tmp_path / "draft" / "assets"
    before.mkdir(parents=True)
    draft.mkdir(parents=True)
    for name in ("app-old.js", "app-same.js", "app-older.js"):
        (before / name).write_text("before")
    (draft / "app-same.js").write_text("now")
    (before.parent / MANIFEST).write_text('{"assets": ["app-old.js", "app-same.js"]}')
    keep_previous(before.parent, draft.parent)
    assert sorted(path.name for path in draft.iterdir()) == ["app-old.js", "app-same.js"]
    assert (draft / "app-same.js").read_text() == "now"


def test_inline_scripts_are_hashed_byte_for_byte(tmp_path: Path) -> None:
    body = "\nif (a && b < 1) { x('</b>', \"é\") }\n"
    (tmp_path / "index.html").write_text(f'<script src="/a.js"></script><script type="module">{body}</script>')
    digest = base64.b64encode(sha256(body.encode()).digest()).decode()
    assert script_hashes(tmp_path) == {"index.html": [f"sha256-{digest}"]}


def test_weights_follow_imports_but_not_what_is_loaded_later(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(
        '<link rel="modulepreload" href="/assets/a.js"/><link href="/assets/s.css" rel="x"/>'
    )
    for name, text in {
        "a.js": 'import"./b.js";import("./later.js")',
        "b.js": "1",
        "later.js": "2",
        "s.css": "p{}",
    }.items():
        (tmp_path / "assets" / name).write_text(text)
    weight = sizes.weights(tmp_path)[0]
    expected = sum(len(gzip.compress((tmp_path / "assets" / name).read_bytes(), 9)) for name in ("a.js", "b.js"))
    assert weight.scripts == expected


def test_every_page_that_was_built_is_within_its_budget() -> None:
    found = sizes.weights(SITE)
    assert found, "the front end is not built"
    assert [each for each in found if each.too_heavy] == []


def test_every_type_that_stands_in_a_state_is_part_of_the_build() -> None:
    """Defaults of state vars are baked into the page: a view dataclass that changes must rebuild it."""
    from reflex.state import State

    import rxportal.pages.routes
    import rxportal.rxportal  # noqa: F401

    known = {str(path) for path in inputs()}
    missed = {
        f"{found.__module__}.{found.__name__}"
        for state in _states(State)
        if state.__module__.startswith("rxportal")
        for hint in _hints(state)
        for found in _own_types(hint)
        if (inspect.getsourcefile(found) or "") not in known
    }
    assert missed == set()


def _states(state: Any) -> list[Any]:
    return [state, *(each for child in state.get_substates() for each in _states(child))]


def _hints(state: Any) -> list[Any]:
    return [field.type_ for name, field in state.get_fields().items() if not name.startswith("_")]


def _own_types(hint: Any) -> set[type]:
    """The classes of ours inside a type: `list[Row]` → Row and what Row is made of."""
    found = {own for part in get_args(hint) for own in _own_types(part)}
    if isinstance(hint, type) and hint.__module__.startswith("rxportal"):
        found.add(hint)
        if dataclasses.is_dataclass(hint):
            found |= {own for part in get_type_hints(hint).values() for own in _own_types(part)}
    return found
