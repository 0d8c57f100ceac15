"""Stand-ins of the outside providers for development: they speak the real protocols, and say that they are not real."""
