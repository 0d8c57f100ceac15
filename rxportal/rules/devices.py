"""A browser and its device in words, from what it says of itself (User-Agent; RFC 9110, 10.1.5).

It may lie, so this only helps a person to recognize their own; nothing is decided by it.
"""

from __future__ import annotations

import re

# The first that fits counts: nearly every browser also claims to be Chrome and Safari.
BROWSERS = (
    (r"\bEdg(e|A|iOS)?/", "Edge"),
    (r"\b(OPR|OPT|Opera)/", "Opera"),
    (r"\bSamsungBrowser/", "Samsung Internet"),
    (r"\b(Firefox|FxiOS)/", "Firefox"),
    (r"\b(HeadlessChrome|Chrome|CriOS|Chromium)/", "Chrome"),
    (r"\bSafari/", "Safari"),
)
DEVICES = (
    (r"\biPhone\b", "iPhone"),
    (r"\biPad\b", "iPad"),
    (r"\bAndroid\b", "Android"),
    (r"\bWindows\b", "Windows"),
    (r"\bCrOS\b", "Chromebook"),
    (r"\bMacintosh\b|\bMac OS X\b", "Mac"),
    (r"\bLinux\b|\bX11\b", "Linux"),
)


def browser_and_device(user_agent: str) -> tuple[str, str]:
    """Their names, "" where it can't be told: ("Chrome", "Windows")."""
    return _first(BROWSERS, user_agent), _first(DEVICES, user_agent)


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, user_agent)), "")
