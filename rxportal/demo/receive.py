"""How the demo's bundles come in: through the same import as any organization's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from rxportal.core.identity import Operator
from rxportal.core.kernel import Kernel
from rxportal.demo.practice import NAME, OTHER_NAME

#: Ordinary results older than this count as seen; imaging and tissue older than the second as released elsewhere.
SEEN_DAYS = 30
RELEASED_DAYS = 60


@dataclass(frozen=True)
class Inbox:
    """Takes bundles for either practice."""

    vault: Any

    def receive(self, kernel: Kernel, elsewhere: bool, bundle: dict[str, Any]) -> None:
        """Import one bundle at the kernel's time."""
        raise NotImplementedError((kernel, elsewhere, bundle, NAME, OTHER_NAME, Operator, timedelta))
