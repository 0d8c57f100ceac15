"""Outside sign-in providers, as settings name them: RXPORTAL_OIDC_<PROVIDER>_<PART>."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Final

from pydantic.dataclasses import dataclass

PART: Final = re.compile(
    r"RXPORTAL_OIDC_(?P<provider>[A-Z0-9_]+?)_(?P<part>CLIENT_ID|CLIENT_SECRET|ISSUER|LABEL|SCOPES|TRUST_EMAIL)"
)
FACEBOOK: Final = "facebook"
"""Speaks OAuth 2 only, so it has settings of its own (RXPORTAL_FACEBOOK_…)."""
# Microsoft: personal accounts alone. With ".../common/v2.0" people of every organization could sign in too.
ISSUERS: Final = {
    "google": "https://accounts.google.com",
    "microsoft": "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
    "yahoo": "https://api.login.yahoo.com",
}
LABELS: Final = {"google": "Google", "microsoft": "Microsoft", "yahoo": "Yahoo", FACEBOOK: "Facebook"}


@dataclass(frozen=True, kw_only=True)
class OidcProvider:
    """One OpenID Connect provider; `name` is the one in its callback address."""

    name: str
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    issuer: str = ""
    label: str = ""
    scopes: str = "openid email profile"
    trust_email: bool = False


def providers_from(given: Mapping[str, str]) -> tuple[OidcProvider, ...]:
    """The providers that the given settings name, by name."""
    parts: dict[str, dict[str, str]] = {}
    for setting, value in given.items():
        match = PART.fullmatch(setting)
        if match and value.strip():
            parts.setdefault(match["provider"].lower(), {})[match["part"].lower()] = value.strip()
    return tuple(_provider(name, parts[name]) for name in sorted(parts))


def _provider(name: str, parts: dict[str, str]) -> OidcProvider:
    filled = {"issuer": ISSUERS.get(name, ""), "label": LABELS.get(name, name.capitalize()), **parts}
    trusted = filled.pop("trust_email", "").lower() in {"1", "true", "yes", "on"}
    return OidcProvider(name=name, trust_email=trusted, **filled)
