"""The outside providers with which people may sign in here, as the settings make them.

Outside production the four of the seed (S14) are always there: whichever has no client id of its own is played by a
stand-in of ours that speaks the real protocol, and every page that uses it says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rxportal.settings import Settings
from rxportal.settings_providers import FACEBOOK, LABELS, OidcProvider

STAND_INS = "/dev/outside"
"""Where the stand-ins answer, below this portal's own address."""
STAND_IN_CLIENT = "rxportal-development"


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One outside provider.

    `issuer`: who vouches, as the settings say it (for Facebook, which issues no ID token, where its dialog stands).
    `dialog_base`, `api_base`, `version`: Facebook's alone.
    """

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: str = "openid email profile"
    trust_email: bool = False
    stand_in: bool = False
    dialog_base: str = ""
    api_base: str = ""
    version: str = ""

    @property
    def is_facebook(self) -> bool:
        """Whether it speaks Facebook's own OAuth 2 and no OpenID Connect."""
        return self.name == FACEBOOK


def callback_of(settings: Settings, name: str) -> str:
    """The address that is registered with a provider: built from our public address, never from a request."""
    return f"{settings.origin}/auth/{name}/callback"


def providers_of(settings: Settings) -> dict[str, Provider]:
    """By name, in the order of the buttons: the four of the seed, then any further ones."""
    given = {one.name: one for one in settings.oidc if one.client_id and one.issuer and one.name != FACEBOOK}
    found: dict[str, Provider] = {}
    for name in (*LABELS, *sorted(set(given) - set(LABELS))):
        if name == FACEBOOK and settings.facebook_client_id:
            found[name] = _facebook(settings)
        elif name in given:
            found[name] = _open_id(given[name])
        elif not settings.production:
            found[name] = _stand_in(settings, name)
    return found


def _open_id(one: OidcProvider) -> Provider:
    return Provider(
        name=one.name,
        label=one.label,
        issuer=one.issuer,
        client_id=one.client_id,
        client_secret=one.client_secret,
        scopes=one.scopes,
        trust_email=one.trust_email,
    )


def _facebook(settings: Settings) -> Provider:
    return Provider(
        name=FACEBOOK,
        label=LABELS[FACEBOOK],
        issuer=settings.facebook_dialog_base,
        client_id=settings.facebook_client_id,
        client_secret=settings.facebook_client_secret,
        scopes="email public_profile",
        dialog_base=settings.facebook_dialog_base.rstrip("/"),
        api_base=settings.facebook_api_base.rstrip("/"),
        version=settings.facebook_api_version,
    )


def _stand_in(settings: Settings, name: str) -> Provider:
    base = f"{settings.origin}{STAND_INS}/{name}"
    return Provider(
        name=name,
        label=LABELS[name],
        issuer=base,
        client_id=STAND_IN_CLIENT,
        client_secret=settings.secret_key,
        scopes="email public_profile" if name == FACEBOOK else "openid email profile",
        stand_in=True,
        dialog_base=base if name == FACEBOOK else "",
        api_base=base if name == FACEBOOK else "",
        version=settings.facebook_api_version if name == FACEBOOK else "",
    )
