"""Links: inside the portal they keep whose chart is open; everything else is a plain document navigation."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A

from rxportal.components.frame import ChartLink


def link(*children: Any, href: str | rx.Var[str], **props: Any) -> rx.Component:
    """A link to one of our pages that keeps `?for=`. Put `own=True` to leave somebody else's chart."""
    if props.pop("own", False):
        props["custom_attrs"] = {**props.get("custom_attrs", {}), "data-own": "true"}
    return ChartLink.create(*children, to=href, **props)


def plain(*children: Any, href: str | rx.Var[str], **props: Any) -> rx.Component:
    """A link that leaves the page: another document, a phone number, an e-mail address."""
    return A.create(*children, href=href, **props)
