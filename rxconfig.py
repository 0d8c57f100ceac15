"""What Reflex itself is told. The origin in here is only the build's: the build step replaces it by the browser's."""

import reflex as rx

from rxportal.settings import load_settings

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
    disable_plugins=[rx.plugins.SitemapPlugin],
)
