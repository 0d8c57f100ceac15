"""What Reflex puts into every page and this portal has no use for, taken out before it is bundled (ADR 0056).

Colours follow the device by CSS alone, nothing is styled by emotion, and no code is evaluated that came over the
socket. Without these a page asks the browser's storage for a theme and marks the whole document with it before drawing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from rxportal.build.export import BuildFailed

ROOT: Final = "app/root.jsx"
DOCUMENT: Final = "app/_document.js"
BUNDLER: Final = "vite.config.js"
ELEMENT: Final = "utils/element.js"
ELEMENT_SOURCE: Final = 'export { createElement as jsx } from "react";\n'
ALIAS: Final = f"""alias: [
      {{
        find: /^@emotion\\/react$/,
        replacement: fileURLToPath(new URL("./{ELEMENT}", import.meta.url)),
      }},"""
# file: what is replaced in it, and by what
CHANGES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    ROOT: (
        (
            r"import \{ ThemeProvider \} from '\$/utils/react-theme';",
            "const ThemeProvider = ({ children }) => children;",
        ),
        (r"(?:import \* as \w+ from \"[^\"]+\";\n?)+", ""),
        (r"useEffect\(\(\) => \{\s*// Make contexts and state objects.*?\}, \[\]\);", ""),
    ),
    DOCUMENT: ((r'jsx\("script",\{\},"[^"]*?localStorage(?:[^"\\]|\\.)*"\),', ""),),
    BUNDLER: ((r"alias: \[", ALIAS),),
}
COMPILED: Final = ("app", "app_components", "utils/components")
STYLED: Final = re.compile(r"\bcss:\(")


def changed(file: str, text: str) -> str:
    """A file of Reflex' front end without what is not used.

    Raises:
        BuildFailed: it is not written as it was: has Reflex changed its build?
    """
    for pattern, put in CHANGES[file]:
        if put and put in text:
            continue  # a file that stays from one build to the next
        text, times = re.subn(pattern, put.replace("\\", r"\\"), text, count=1, flags=re.DOTALL)
        if not times:
            raise BuildFailed(f"{file} has no {pattern} to be replaced: has Reflex changed its build?")
    return text


def changes() -> list[tuple[str, Callable[[str], str]]]:
    """Each file that is changed, with its change."""
    return [(file, partial(changed, file)) for file in CHANGES]


def nothing_styled(web: Path) -> None:
    """No component has a style of its own: nothing would apply it.

    Raises:
        BuildFailed: one has; a property that an element doesn't know becomes one, too.
    """
    for folder in COMPILED:
        for path in sorted((web / folder).rglob("*.js*")):
            found = STYLED.search(path.read_text(encoding="utf-8"))
            if found:
                said = path.read_text(encoding="utf-8")[found.start() : found.start() + 80]
                raise BuildFailed(
                    f"{path.relative_to(web)} has a style of its own, which nothing applies: {said}\n"
                    "Is it a property that the element doesn't know? custom_attrs takes it."
                )
