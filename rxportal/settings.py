"""Every setting of the portal, typed and frozen; the only module that reads the environment.

A value comes from the environment, else from `.env`, else from the default here. The two keys are made on the first
run in the `var` folder, except in production, which must be given them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import field, fields
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic.dataclasses import dataclass

from rxportal.settings_files import kept_key, read_env_file, short_problem
from rxportal.settings_providers import OidcProvider, providers_from

PREFIX: Final = "RXPORTAL_"
FRAMEWORK: Final = ("REFLEX_", "__REFLEX_", "GRANIAN_")
POSTGRESQL: Final = "postgresql+psycopg://"


class SettingsError(Exception):
    """A setting cannot be used as it stands; the message is one sentence for the person who runs the portal."""


def _postgresql(url: str) -> str:
    """Take any usual spelling of a PostgreSQL address and name the driver in it (psycopg 3)."""
    if not url:
        return ""
    address = re.sub(r"^postgres(ql)?(\+\w+)?://", POSTGRESQL, url)
    if not address.startswith(POSTGRESQL):
        raise ValueError("must be a postgresql:// address (leave it empty for the encrypted SQLite file)")
    return address


def _redis(url: str) -> str:
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must be a redis://, rediss:// or unix:// address")
    return url


def _origin(url: str) -> str:
    if url and not re.fullmatch(r"https?://[^/?#\s]+/?", url):
        raise ValueError("must be http(s)://host[:port] without a path")
    return url.rstrip("/")


def _hex_key(key: str) -> str:
    if key and not re.fullmatch(r"[0-9a-fA-F]{64}", key):
        raise ValueError("must be 64 hexadecimal digits (256 bits)")
    return key.lower()


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be a time zone such as America/Los_Angeles")
    return name


def _state(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", code):
        raise ValueError("must be a US state as two capital letters")
    return code


Positive = Annotated[int, Field(ge=1)]
Port = Annotated[int, Field(ge=1, le=65535)]
PostgresqlUrl = Annotated[str, AfterValidator(_postgresql)]
OriginUrl = Annotated[str, AfterValidator(_origin)]
Phone = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the portal runs with. `sources` says for each field where its value came from."""

    env: Literal["development", "test", "production"] = "development"
    var: Path = Path("var")
    secret_key: str = field(default="", repr=False)
    database_url: PostgresqlUrl = field(default="", repr=False)
    database_key: Annotated[str, AfterValidator(_hex_key)] = field(default="", repr=False)
    database_admin_url: PostgresqlUrl = field(default="", repr=False)
    redis_url: Annotated[str, AfterValidator(_redis)] = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: Port = 8000
    workers: Positive = 1
    public_url: OriginUrl = ""
    trusted_proxy_hops: Annotated[int, Field(ge=0, le=5)] = 0
    idle_minutes: Annotated[int, Field(ge=1, le=60)] = 15
    absolute_hours: Annotated[int, Field(ge=1, le=24)] = 12
    warn_seconds: Annotated[int, Field(ge=20)] = 120
    events_per_second: Positive = 20
    events_burst: Positive = 60
    sockets_per_address: Positive = 300
    budget_off: bool = False
    smtp_url: str = field(default="", repr=False)
    smtp_retry_seconds: Annotated[float, Field(gt=0, le=3600)] = 30
    stripe_api_key: str = field(default="", repr=False)
    stripe_webhook_secret: str = field(default="", repr=False)
    stripe_api_base: str = ""
    facebook_client_id: str = ""
    facebook_client_secret: str = field(default="", repr=False)
    facebook_dialog_base: str = "https://www.facebook.com"
    facebook_api_base: str = "https://graph.facebook.com"
    facebook_api_version: str = "v25.0"
    practice_name: Annotated[str, Field(min_length=1)] = "Fairhaven Clinic"
    practice_phone: Phone = "1-888-555-0142"
    practice_state: Annotated[str, AfterValidator(_state)] = "CA"
    practice_time_zone: Annotated[str, AfterValidator(_zone)] = "America/Los_Angeles"
    staff_factor: Literal["required", "optional"] = "required"
    own_chart_age: Annotated[int, Field(ge=0, le=18)] = 13
    support_sign_in_phone: Phone = "1-877-290-2133"
    support_sign_in_email: str = "sign-in-help@fairhaven.example"
    support_sign_up_phone: Phone = "1-888-670-9775"
    support_sign_up_email: str = "sign-up-help@fairhaven.example"
    oidc: tuple[OidcProvider, ...] = ()
    sources: dict[str, str] = field(default_factory=dict, repr=False)

    @model_validator(mode="after")
    def _only_tests_lift_the_budget(self) -> Self:
        if self.budget_off and self.env != "test":
            raise ValueError(f"{PREFIX}BUDGET_OFF works only with {PREFIX}ENV=test")
        return self

    @property
    def production(self) -> bool:
        """Whether real patients are behind this."""
        return self.env == "production"

    @property
    def embedded(self) -> bool:
        """Whether the database is the encrypted SQLite file under `var`."""
        return not self.database_url

    @property
    def database_file(self) -> Path:
        """The encrypted SQLite file (used only when `embedded`)."""
        return self.var / "rxportal.db"

    @property
    def attachments(self) -> Path:
        """Where attachments of records are kept, outside the web root."""
        return self.var / "attachments"

    @property
    def zone(self) -> ZoneInfo:
        """The practice's time zone: what "today" means."""
        return ZoneInfo(self.practice_time_zone)

    @property
    def origin(self) -> str:
        """The one origin that browsers use, without a trailing slash; links and callbacks are built from it."""
        return self.public_url or f"http://localhost:{self.port}"


def load_settings(environ: Mapping[str, str] | None = None, env_file: str | Path | None = ".env") -> Settings:
    """Read the settings; keys that are not set are read from `var`, or made there outside production.

    Args:
        environ: instead of the process environment.
        env_file: file of `NAME=value` lines that the environment overrides; None reads none.

    Raises:
        SettingsError: a value cannot be used; names the setting and says what it must be.
    """
    surroundings = os.environ if environ is None else environ
    from_file = read_env_file(Path(env_file)) if env_file else {}
    given = {**from_file, **{name: value for name, value in surroundings.items() if name.startswith(PREFIX)}}
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name in _names():
        value = given.get(PREFIX + name.upper(), "")
        sources[name] = _source(PREFIX + name.upper(), value, surroundings)
        if value.strip():
            values[name] = value.strip()
    try:
        settings = Settings(**values, oidc=providers_from(given), sources=sources)
    except ValidationError as problem:
        raise SettingsError(short_problem(problem, PREFIX)) from None
    return settings if settings.production else _with_keys(settings)


def _names() -> list[str]:
    return [each.name for each in fields(Settings) if each.name not in {"oidc", "sources"}]


def _source(name: str, value: str, surroundings: Mapping[str, str]) -> str:
    if not value.strip():
        return "default"
    return "environment" if surroundings.get(name) == value else ".env"


def _with_keys(settings: Settings) -> Settings:
    """Fill in the two keys from `var`, making them on the first run.

    Raises:
        SettingsError: the database is there but its key is not, so a new key would only hide the loss.
    """
    values = {name: getattr(settings, name) for name in [*_names(), "oidc"]}
    sources = dict(settings.sources)
    for name in ("secret_key", "database_key"):
        if values[name]:
            continue
        path = settings.var / f"{name.replace('_', '-')}"
        if name == "database_key" and settings.database_file.exists() and not path.exists():
            raise SettingsError(
                f"The database {settings.database_file} is there, but its key {path} is not: put the key file back, "
                f"or set {PREFIX}DATABASE_KEY."
            )
        values[name] = kept_key(path)
        sources[name] = str(path)
    return Settings(**values, sources=sources)


def pass_on(values: Mapping[str, str]) -> None:
    """Put settings into the environment of this process, for the worker processes that it starts.

    Args:
        values: only our own names and the framework's; anything else is a mistake of ours.
    """
    for name, value in values.items():
        if not name.startswith((PREFIX, *FRAMEWORK)):
            raise ValueError(f"{name} is not a setting")
        os.environ[name] = value


def environment_with(values: Mapping[str, str], *, path_first: Path | None = None) -> dict[str, str]:
    """The environment for a program that we start: ours, `values`, and one folder first on PATH."""
    surroundings = {**os.environ, **values}
    if path_first is not None:
        surroundings["PATH"] = f"{path_first}{os.pathsep}{surroundings.get('PATH', '')}"
    return surroundings
