"""What Reflex itself is told. The origin in here is only the build's: the build step replaces it by the browser's."""

from pathlib import Path
from typing import Any

import reflex as rx

from rxportal.build.lean import ELEMENT, ELEMENT_SOURCE, changes
from rxportal.settings import load_settings


class Lean(rx.plugins.Plugin):
    """Takes out of the front end what this portal has no use for, between Reflex' compiling and the bundling."""

    def get_static_assets(self, **_context: object) -> list[tuple[Path, str]]:
        """What stands in for a library that is left out."""
        return [(Path(ELEMENT), ELEMENT_SOURCE)]

    def pre_compile(self, **context: Any) -> None:
        """Ask for the changes."""
        for file, change in changes():
            context["add_modify_task"](file, change)


settings = load_settings()

config = rx.Config(
    app_name="rxportal",
    telemetry_enabled=False,
    state_manager_mode="redis" if settings.redis_url else "memory",
    redis_url=settings.redis_url or None,
    redis_token_expiration=settings.idle_minutes * 60 * 2,
    api_url="http://localhost:8000",
    deploy_url=settings.origin,
    cors_allowed_origins=[settings.origin],
    trusted_proxy_hops=settings.trusted_proxy_hops,
    show_built_with_reflex=False,
    frontend_compression_formats=[],  # rxportal.build compresses what it has finished
    plugins=[Lean()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
