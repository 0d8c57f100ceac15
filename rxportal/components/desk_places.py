"""The places of the front desk, one beside the other: requests, codes and orders, access, lost second steps."""

from __future__ import annotations

import reflex as rx

from rxportal.components.link import link
from rxportal.core.text import _

PLACES = (
    ("claims", "/desk/claims", _("Who is this?")),
    ("codes", "/desk/codes", _("Codes and court orders")),
    ("access", "/desk/access", _("Access to charts")),
    ("sign-ins", "/desk/sign-ins", _("Lost second step")),
)


def desk_places(active: str) -> rx.Component:
    """Links to them; the open one is marked."""
    return rx.el.nav(
        *[
            link(words, href=href, own=True, custom_attrs={"aria-current": "page"} if name == active else {})
            for name, href, words in PLACES
        ],
        class_name="row desk-places",
        aria_label=_("Front desk"),
    )
