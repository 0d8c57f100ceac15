"""The kernel: what every use case stands on."""
