"""Pictures of every page, at 390 and 1280 px, light and dark: `python -m tests.screenshots FOLDER`.

A portal with the demo practice is served for it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browsing import FLAGS, SYSTEM, Visitor, settled
from tests.e2e.stops import STOPS, Stop
from tests.serving import Served


def picture(browser: Browser, portal: Served, stop: Stop, state: str, folder: Path) -> None:
    """One page in one state, in all four looks."""
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    visitor = Visitor(context.new_page(), portal)
    if who := stop.reader(state):
        visitor.borrow(portal.cookie(who))
    page = visitor.go(stop.path(visitor, state))
    settled(page)
    name = stop.route.strip("/").replace("/", "-").replace("[id]", "one") or "front"
    for width in (390, 1280):
        for dark in (False, True):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
            page.screenshot(path=folder / f"{name}-{state}-{width}-{'dark' if dark else 'light'}.png", full_page=True)
    context.close()


def main(folder: Path) -> None:
    """Take them all."""
    folder.mkdir(parents=True, exist_ok=True)
    portal = Served(Path(tempfile.mkdtemp()))
    portal.load_demo()
    portal.start()
    try:
        with sync_playwright() as playwright:
            found = next((str(path) for path in SYSTEM if path.exists()), None)
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
            for stop in STOPS:
                for state in (state for state in stop.states if state != "loading"):
                    picture(browser, portal, stop, state, folder)
            browser.close()
    finally:
        portal.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
