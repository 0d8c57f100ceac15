"""How the demo's bundles come in: through the same use cases as any organization's records."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from rxportal.adapters.attachments import EncryptedFolder
from rxportal.core.identity import Operator
from rxportal.core.kernel import Kernel
from rxportal.demo.practice import NAME, OTHER_NAME
from rxportal.demo.terms import Resource
from rxportal.fhir.read import Sent
from rxportal.services.import_run import import_sources
from rxportal.services.imports_inbox import Order

#: Ordinary results collected longer ago count as seen; imaging and tissue older than the second as released elsewhere.
SEEN_DAYS = 30
RELEASED_DAYS = 50
SENDER = Operator("demo")


@dataclass(frozen=True)
class Inbox:
    """Takes bundles for either practice, and their attachments into `folder`."""

    folder: EncryptedFolder

    def receive(self, kernel: Kernel, elsewhere: bool, bundle: Resource) -> None:
        """Import one bundle at the kernel's time, as an organization of the practice's own name."""
        today = kernel.clock().date()
        order = Order(
            OTHER_NAME if elsewhere else NAME,
            self.folder,
            seen_before=today - timedelta(days=SEEN_DAYS),
            released_before=today - timedelta(days=RELEASED_DAYS),
        )
        sent = [Sent(one["resource"], json.dumps(one["resource"]), one["fullUrl"], "demo") for one in bundle["entry"]]
        import_sources(kernel, SENDER, [lambda: sent], order=order)

    def forget(self, files: Iterable[str]) -> None:
        """Remove attachments that no record names any more."""
        for name in files:
            self.folder.forget(name)
