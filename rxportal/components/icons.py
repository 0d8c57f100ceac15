"""Line icons, drawn in place: no icon font, no icon package. Decoration only: the words stand beside them."""

from __future__ import annotations

import reflex as rx

PATHS: dict[str, tuple[str, ...]] = {
    "home": ("M3 11 12 4l9 7v9H3z", "M9 20v-6h6v6"),
    "results": ("M9 3h6M10 3v6l-5 9a2 2 0 0 0 2 3h10a2 2 0 0 0 2-3l-5-9V3", "M7.5 15h9"),
    "medicines": ("m10.5 20.5-7-7a5 5 0 0 1 7-7l7 7a5 5 0 0 1-7 7z", "m7 10 7 7"),
    "record": ("M6 3h12v18H6z", "M9 8h6M9 12h6M9 16h3"),
    "visits": ("M4 5h16v15H4z", "M4 10h16M8 3v4M16 3v4"),
    "eye": (
        "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z",
        "M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
    ),
    "people": (
        "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
        "M3 20a6 6 0 0 1 12 0",
        "M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14a6 6 0 0 1 3 6",
    ),
    "tune": (
        "M4 8h9M17 8h3M4 16h3M11 16h9",
        "M15 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
        "M9 18a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
    ),
    "device": ("M3 5h13v9H3z", "M7 18h6M10 14v4", "M17 9h4v10h-4z"),
    "help": ("M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z", "M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .9-1 1.7", "M12 17h.01"),
    "desk": ("M4 5h16v11H4z", "M8 20h8", "M12 16v4", "M8 9h8M8 12h5"),
    "chevron": ("m6 9 6 6 6-6",),
    "back": ("m14 6-6 6 6 6",),
    "lock": ("M7 11h10a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2z", "M8 11V8a4 4 0 0 1 8 0v3"),
    "check": ("m5 13 4 4L19 7",),
    "clock": ("M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z", "M12 7v5l3 2"),
    "alert": ("M12 4 2.5 20h19z", "M12 10v4", "M12 17h.01"),
    "print": ("M7 8V4h10v4", "M5 8h14a2 2 0 0 1 2 2v6h-4v4H7v-4H3v-6a2 2 0 0 1 2-2z", "M7 16h10"),
    "phone": ("M6 3h4l2 5-2.5 1.5a11 11 0 0 0 5 5L16 12l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z",),
    "video": ("M4 7h10v10H4z", "m14 11 6-3v8l-6-3z"),
    "bill": ("M6 3h12v18l-3-2-3 2-3-2-3 2z", "M9 8h6M9 12h6"),
    "file": ("M7 3h7l4 4v14H7z", "M14 3v4h4", "M10 12h5M10 16h5"),
    "search": ("M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14z", "m20 20-4-4"),
}


def icon(name: str, size: int = 18) -> rx.Component:
    """One icon, hidden from assistive technology."""
    return rx.el.svg(
        *[rx.el.svg.path(d=path) for path in PATHS[name]],
        view_box="0 0 24 24",
        width=str(size),
        height=str(size),
        class_name="icon",  # how its lines are drawn stands there
        custom_attrs={"aria-hidden": "true"},
    )
