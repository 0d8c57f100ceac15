"""The headers that every response carries, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from rxportal.settings import Settings

YEAR_SECONDS = 31_536_000
Headers = list[tuple[bytes, bytes]]

PERMISSIONS = ", ".join(
    [f"{feature}=()" for feature in ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope")]
    + [f"{feature}=()" for feature in ("magnetometer", "microphone", "midi", "payment", "usb", "browsing-topics")]
    + [f"publickey-credentials-{act}=(self)" for act in ("get", "create")]
)


def content_policy(scripts: Iterable[str], origin: str) -> str:
    """The Content-Security-Policy: our own files, a page's inline scripts by hash, no `eval`.

    Styles may be inline: Reflex writes `style` attributes (the bars of a chart), and they run nothing.
    """
    address = urlsplit(origin)
    socket = f"{'wss' if address.scheme == 'https' else 'ws'}://{address.netloc}"
    parts = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *(f"'{script}'" for script in scripts)]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": f"'self' {socket}",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
    }
    if address.scheme == "https":
        parts["upgrade-insecure-requests"] = ""
    return "; ".join(f"{name} {value}".strip() for name, value in parts.items())


def security_headers(settings: Settings) -> Headers:
    """The headers that are the same everywhere; the content policy is the page's own.

    Not `no-referrer`: browsers would then send `Origin: null` with our forms.
    """
    headers = {
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": PERMISSIONS,
    }
    if settings.origin.startswith("https://"):
        headers["strict-transport-security"] = f"max-age={YEAR_SECONDS}; includeSubDomains"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def completed(headers: Iterable[tuple[bytes, bytes]], fixed: Headers, cache: str) -> Headers:
    """A response's own headers with the fixed ones in place of theirs, and a cache rule where there is none."""
    names = {name for name, _ in fixed}
    # cross-origin permissions are nobody's: one origin is all there is
    kept = [
        (name.lower(), value)
        for name, value in headers
        if name.lower() not in names and not name.lower().startswith(b"access-control-")
    ]
    if not any(name == b"cache-control" for name, _ in kept):
        kept.append((b"cache-control", cache.encode()))
    return kept + fixed
