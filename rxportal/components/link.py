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


def in_chart(*children: Any, path: str | rx.Var[str], chart: rx.Var[str], **props: Any) -> rx.Component:
    """A row's link to a page of the chart that the row stands in, drawn after that chart was opened.

    `chart` is the page's `chart_key` ("" for one's own). A plain element: a long list draws nothing else for it.
    """
    whose = "?for=" + chart
    href = path + rx.cond(chart == "", "", whose).to(str)
    return A.create(*children, href=href, custom_attrs={"data-in": ""}, **props)


def plain(*children: Any, href: str | rx.Var[str], **props: Any) -> rx.Component:
    """A link that leaves the page: another document, a phone number, an e-mail address."""
    return A.create(*children, href=href, **props)


def telephone(number: str) -> rx.Component:
    """A number, ready to dial."""
    return plain(number, href=f"tel:{number}")


def mail(address: str) -> rx.Component:
    """An address, ready to write to."""
    return plain(address, href=f"mailto:{address}")
