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
from rxportal.services.imports import finish_import, import_batch
from rxportal.services.imports_inbox import Batch, Order, put

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
        tally = kernel.perform(import_batch, SENDER, batch_id=put(Batch(order, tuple(_sent(bundle)))))
        settled = Batch(order, patients=frozenset(tally.patients), changed=frozenset(tally.changed))
        kernel.perform(finish_import, SENDER, batch_id=put(settled))

    def forget(self, files: Iterable[str]) -> None:
        """Remove attachments that no record names any more."""
        for name in files:
            self.folder.forget(name)


def _sent(bundle: Resource) -> Iterable[Sent]:
    for entry in bundle["entry"]:
        yield Sent(entry["resource"], json.dumps(entry["resource"]), entry["fullUrl"], "demo")
