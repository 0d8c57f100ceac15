"""Why this portal may not start as it is set, and how its settings are shown without their secrets."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from rxportal.settings import PREFIX, Settings

SECRETS: Final = frozenset({"secret_key", "database_key", "stripe_api_key", "stripe_webhook_secret"})
SECRET_ENDING: Final = "client_secret"  # noqa: S105 (a name)
SHORTEST_SECRET: Final = 32
ENCRYPTED_MODES: Final = frozenset({"require", "verify-ca", "verify-full"})
DEVELOPMENT_DATABASE_KEYS: Final = frozenset({"0" * 64, "f" * 64})


def refusals(settings: Settings) -> list[str]:
    """Sentences that say why the portal may not serve; empty when it may."""
    reasons = _workers(settings)
    if settings.warn_seconds >= settings.idle_minutes * 60:
        reasons.append(f"{PREFIX}WARN_SECONDS must be shorter than {PREFIX}IDLE_MINUTES.")
    if settings.production:
        reasons += _keys(settings) + _addresses(settings) + _stand_ins(settings)
    return reasons


def _workers(settings: Settings) -> list[str]:
    if settings.workers == 1 or (settings.redis_url and settings.database_url):
        return []
    missing = [
        name
        for name, value in (("REDIS_URL", settings.redis_url), ("DATABASE_URL", settings.database_url))
        if not value
    ]
    names = " and ".join(PREFIX + name for name in missing)
    return [f"{settings.workers} workers need Redis and PostgreSQL: set {names}, or start with 1 worker."]


def _keys(settings: Settings) -> list[str]:
    reasons = []
    if len(settings.secret_key) < SHORTEST_SECRET or len(set(settings.secret_key)) < 10:
        reasons.append(f"{PREFIX}SECRET_KEY must be set to {SHORTEST_SECRET} random characters or more.")
    if settings.embedded and (not settings.database_key or settings.database_key in DEVELOPMENT_DATABASE_KEYS):
        reasons.append(f"{PREFIX}DATABASE_KEY must be set to 64 random hexadecimal digits.")
    return reasons


def _addresses(settings: Settings) -> list[str]:
    reasons = []
    address = urlsplit(settings.public_url)
    if address.scheme != "https" or address.hostname in {"localhost", "127.0.0.1"}:
        reasons.append(f"{PREFIX}PUBLIC_URL must be the https:// address that patients use.")
    if settings.database_admin_url and settings.database_admin_url == settings.database_url:
        reasons.append(f"{PREFIX}DATABASE_ADMIN_URL must be another role than the app's own in {PREFIX}DATABASE_URL.")
    if settings.database_url and not settings.database_admin_url:
        reasons.append(
            f"{PREFIX}DATABASE_ADMIN_URL must be set: with its own role only, the app could rewrite its audit table."
        )
    return reasons + _open_lines(settings)


def _open_lines(settings: Settings) -> list[str]:
    """Pages say that everything is encrypted on its way; that holds for the way to the databases too (S12)."""
    reasons = []
    for name in ("database_url", "database_admin_url"):
        address = urlsplit(getattr(settings, name))
        if _elsewhere(address.hostname) and not set(parse_qs(address.query).get("sslmode", [])) & ENCRYPTED_MODES:
            reasons.append(f"{PREFIX}{name.upper()} must say ?sslmode=verify-full: the server is on another machine.")
    redis = urlsplit(settings.redis_url)
    if redis.scheme == "redis" and _elsewhere(redis.hostname):
        reasons.append(f"{PREFIX}REDIS_URL must be a rediss:// address: the server is on another machine.")
    return reasons


def _elsewhere(host: str | None) -> bool:
    return bool(host) and host not in {"localhost", "127.0.0.1", "::1"}


def _stand_ins(settings: Settings) -> list[str]:
    """Production talks to the real services, never to what development runs in their place."""
    reasons = []
    if not settings.smtp_url:
        reasons.append(f"{PREFIX}SMTP_URL must be set: the mailbox of development is not for real mail.")
    if settings.stripe_api_base and urlsplit(settings.stripe_api_base).hostname != "api.stripe.com":
        reasons.append(f"{PREFIX}STRIPE_API_BASE must be empty: a stand-in would take nobody's money.")
    reasons += _outside_stand_ins(settings)
    reasons += [
        f"{PREFIX}{name.upper()} must be an address that somebody reads."
        for name in ("support_sign_in_email", "support_sign_up_email")
        if getattr(settings, name).endswith(".example")
    ]
    if settings.staff_factor != "required":
        reasons.append(f"{PREFIX}STAFF_FACTOR must be required: a password alone never opens a desk.")
    if settings.practice_name == "Fairhaven Clinic":
        reasons.append(f"{PREFIX}PRACTICE_NAME must be set: Fairhaven Clinic is the made-up one.")
    return reasons


def _outside_stand_ins(settings: Settings) -> list[str]:
    """Who says who somebody is must be the real one, reached over an encrypted line (Yahoo's callback is https too)."""
    reasons = []
    for one in settings.oidc:
        name = f"{PREFIX}OIDC_{one.name.upper()}"
        if one.client_id and not _real(one.issuer):
            reasons.append(f"{name}_ISSUER must be the provider's https:// address.")
        if one.client_id and not one.client_secret:
            reasons.append(f"{name}_CLIENT_SECRET must be set.")
    if settings.facebook_client_id:
        reasons += [
            f"{PREFIX}{name.upper()} must be Facebook's https:// address."
            for name in ("facebook_dialog_base", "facebook_api_base")
            if not _real(getattr(settings, name))
        ]
        if not settings.facebook_client_secret:
            reasons.append(f"{PREFIX}FACEBOOK_CLIENT_SECRET must be set.")
    return reasons


def _real(url: str) -> bool:
    address = urlsplit(url)
    return address.scheme == "https" and _elsewhere(address.hostname)


def masked(settings: Settings) -> list[tuple[str, str, str]]:
    """Every setting as (name, value with secrets masked, where it comes from)."""
    rows = []
    for each in fields(Settings):
        if each.name in {"oidc", "sources"}:
            continue
        shown = _shown(each.name, getattr(settings, each.name))
        rows.append((PREFIX + each.name.upper(), shown, settings.sources.get(each.name, "default")))
    for provider in settings.oidc:
        name = f"{PREFIX}OIDC_{provider.name.upper()}"
        rows.append((f"{name}_ISSUER", provider.issuer, "set"))
        rows.append((f"{name}_CLIENT_ID", provider.client_id, "set"))
        rows.append((f"{name}_CLIENT_SECRET", "•••" if provider.client_secret else "", "set"))
    return rows


def _shown(name: str, value: object) -> str:
    if not value and value != 0:
        return ""
    if name in SECRETS or name.endswith(SECRET_ENDING):
        return "•••"
    if isinstance(value, str) and name.endswith("_url"):
        return _without_password(value)
    return str(value) if not isinstance(value, Path) else value.as_posix()


def _without_password(url: str) -> str:
    address = urlsplit(url)
    if not address.password:
        return url
    return url.replace(f":{address.password}@", ":•••@", 1)
