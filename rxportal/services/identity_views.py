"""What the security page shows of outside identities."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class IdentityRow:
    """One linked identity. `only`: it is the last way in, so it can't be unlinked."""

    id: str
    label: str
    who: str
    linked: str
    used: str
    only: bool


@dataclass
class OutsideWay:
    """One provider. `stand_in`: ours plays it, in development."""

    name: str
    label: str
    href: str
    stand_in: bool


@dataclass
class IdentitiesPage:
    """The section."""

    rows: list[IdentityRow] = field(default_factory=list)
