"""What the page about one's own sign-in shows, and the dialog that asks for a fresh proof."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class SignInFacts:
    """The account's address, whether it has a password, its least length, and an address that waits for its link."""

    email: str = ""
    has_password: bool = True
    shortest: int = 15
    waiting: str = ""


@dataclass
class ProofWays:
    """By what this account can prove afresh who it is: any of them does."""

    password: bool = False
    passkey: bool = False
    code: bool = False
