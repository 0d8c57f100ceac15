"""The part of `/desk/codes` that records and ends court orders."""

from __future__ import annotations

from typing import Any

import reflex as rx

from rxportal.core.access import Permission
from rxportal.core.text import _, plural
from rxportal.services.claims_views import NewCode
from rxportal.services.court_orders import lift_order, record_order
from rxportal.state.guard import policy


class OrdersPart(rx.State, mixin=True):
    """Mixin of the page's state, which has the patient (`card`) and says what an act did (`_acted`)."""

    @rx.event
    @policy(Permission.RECORD_ORDERS)
    async def record(self, form: dict[str, Any]) -> None:
        """Record whom a court order keeps out."""
        given = form if isinstance(form, dict) else {}
        ended = await self._perform(
            record_order, patient_id=self.card.id, name=given.get("name", ""), email=given.get("email", ""),
            reason=given.get("reason", ""), until=given.get("until") or None,
        )  # fmt: skip
        told = plural("Recorded. {count} access ended.", "Recorded. {count} accesses ended.", ended or 0)
        await self._acted(NewCode(), "done", "" if ended is None else told)

    @rx.event
    @policy(Permission.RECORD_ORDERS)
    async def lift(self, order_id: str) -> None:
        """End a court order."""
        await self._perform(lift_order, order_id=order_id)
        await self._acted(NewCode(), "done", "" if self.message else _("The order is over."))
