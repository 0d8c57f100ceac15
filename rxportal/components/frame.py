"""Python faces of the small scripts in assets/frame.jsx."""

from __future__ import annotations

import reflex as rx

LIBRARY = "$/public/frame.jsx"


class _Part(rx.Component):
    library = LIBRARY
    is_default = False


class ChartLink(_Part):
    """A link inside the portal that keeps whose chart is open."""

    tag = "ChartLink"
    to: rx.Var[str]


class FollowLinks(_Part):
    """Follows the links of this portal without a new document."""

    tag = "FollowLinks"


class ChartGate(_Part):
    """Shows its children only while `grant` is the one in the address, else `waiting`."""

    tag = "ChartGate"
    grant: rx.Var[str]
    waiting: rx.Component | None = None


class Menu(_Part):
    """A `details` that closes when one would expect it to."""

    tag = "Menu"


class Modal(_Part):
    """A native modal dialog."""

    tag = "Modal"
    open: rx.Var[bool]
    on_answer: rx.EventHandler[rx.event.no_args_event_spec]  # type: ignore[type-arg, valid-type]


class Prover(_Part):
    """A modal dialog after which the act goes on that had opened it."""

    tag = "Prover"
    open: rx.Var[bool]
    proved: rx.Var[int]
    then: rx.Var[str]
    on_answer: rx.EventHandler[rx.event.no_args_event_spec]  # type: ignore[type-arg, valid-type]


class ConnectionNotice(_Part):
    """Says that the connection is `lost`, that what is pressed meanwhile is not sent yet, and that it is back."""

    tag = "ConnectionNotice"
    lost: rx.Var[bool]
    words: rx.Var[dict[str, str]]


class FocusOnArrival(_Part):
    """Moves the focus after a navigation inside the page."""

    tag = "FocusOnArrival"


class FocusWhenTold(_Part):
    """Moves the focus to the element that `told` names ("id turn") whenever it changes."""

    tag = "FocusWhenTold"
    told: rx.Var[str]


class PrintButton(_Part):
    """A button that prints the page."""

    tag = "PrintButton"
