"""What a round trip is bound to, and what we take from it: who it is, an e-mail address, a name. No token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from rxportal.adapters.outside_tokens import issuer_for
from rxportal.core.providers import Provider
from rxportal.rules.addresses import LONGEST_NAME, is_address, normal_address, person_name

VERIFIED: Final = {"microsoft": "xms_edov"}
"""The claim of those that have one of their own; for all others it is `email_verified`, and missing means no."""


@dataclass(frozen=True)
class Trip:
    """One round trip of one tab. `fresh`: whoever is known there has to prove it anew."""

    callback: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)
    nonce: str = field(default="", repr=False)
    fresh: bool = False
    begun_at: datetime | None = None


@dataclass(frozen=True)
class OutsidePerson:
    """Who came back: (issuer, subject) is the identity. `email` "" where none was given."""

    issuer: str
    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""


def person_of(provider: Provider, claims: Mapping[str, Any], facts: Mapping[str, Any]) -> OutsidePerson:
    """What we keep. `claims`: of the checked token; `facts`: the same, or userinfo of the same subject."""
    email = str(facts.get("email") or "").strip()
    email = email if is_address(normal_address(email)) else ""
    verified = bool(email) and (provider.trust_email or _vouched(provider, facts))
    name = person_name(str(facts.get("name") or claims.get("name") or ""))[:LONGEST_NAME]
    return OutsidePerson(issuer_for(provider.issuer, claims), str(claims["sub"]), email, verified, name)


def _vouched(provider: Provider, facts: Mapping[str, Any]) -> bool:
    """Whether the provider says so in as many words; Microsoft and Yahoo have sent words and numbers for it."""
    if provider.name in VERIFIED:
        return facts.get(VERIFIED[provider.name]) in (True, "true", "True", "1")
    said = facts.get("email_verified")
    return said is True or said == "true"
