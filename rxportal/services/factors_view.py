"""What the page about ways of signing in shows of second factors, and what the second step of a sign-in asks for."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class PasskeyRow:
    """One passkey. `used`: when last, "" for never."""

    id: str
    name: str
    added: str
    used: str


@dataclass
class FactorsPage:
    """The section. `needed`: no desk opens before there is a second step; `recovery_left`: unused recovery codes."""

    passkeys: list[PasskeyRow] = field(default_factory=list)
    codes: bool = False
    codes_since: str = ""
    recovery_left: int = 0
    has_password: bool = True
    on: bool = False
    needed: bool = False


@dataclass
class Offer:
    """A new authenticator that waits for its first code: its key in groups of four, and the picture as a data URI."""

    secret: str = ""
    picture: str = ""
    link: str = ""


@dataclass
class SecondWays:
    """What the second step may be answered with. `over`: there is none to answer, or it took too long."""

    code: bool = False
    passkey: bool = False
    recovery: bool = False
    over: bool = True
