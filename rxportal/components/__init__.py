"""The design system: small parts on `rx.el`, one look, no third-party widgets."""
