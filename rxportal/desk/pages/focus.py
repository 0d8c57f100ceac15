"""Python face of assets/desk.jsx."""

from __future__ import annotations

import reflex as rx


class FocusWhenTold(rx.Component):
    """Moves the focus to the element that `told` names ("id turn") whenever it changes."""

    library = "$/public/desk.jsx"
    is_default = False
    tag = "FocusWhenTold"
    told: rx.Var[str]
