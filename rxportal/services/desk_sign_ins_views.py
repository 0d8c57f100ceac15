"""What the desk for lost second factors shows: plain values only, and nothing of any chart."""

from __future__ import annotations

from dataclasses import dataclass, field

from rxportal.services.results_views import Choice


@dataclass
class SignInRow:
    """One account. `steps`: its second factors in words."""

    id: str = ""
    name: str = ""
    email: str = ""
    steps: str = ""


@dataclass
class SignInsFound:
    """The accounts that fit some words; `sentence` says how many, and whether there are more."""

    rows: list[SignInRow] = field(default_factory=list)
    sentence: str = ""


@dataclass
class SignInCase(SignInRow):
    """One account, opened. `tie`: with what an ID is compared; `why_not`: why nothing can be taken off here.

    `bases`: how identity can be proved.
    """

    tie: str = ""
    why_not: str = ""
    bases: list[Choice] = field(default_factory=list)
