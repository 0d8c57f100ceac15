"""The bare app's configuration: the same Reflex, the same server, none of ours."""

import reflex as rx

config = rx.Config(
    app_name="bare",
    telemetry_enabled=False,
    state_manager_mode="memory",
    api_url="http://localhost:8000",
    deploy_url="http://localhost:8000",
    cors_allowed_origins=["*"],
    show_built_with_reflex=False,
    frontend_compression_formats=["gzip", "brotli"],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
