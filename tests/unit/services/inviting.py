"""What tests of invitations start from: an owner, somebody invited, the link of the letter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rxportal.core.identity import SessionToken
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Account, Level, Patient
from rxportal.models.mail import Letter
from rxportal.models.people import Invitation
from rxportal.rules.sections import Part
from rxportal.services.answering import accept_invitation
from rxportal.services.connections_views import Draft
from rxportal.services.invitations import prepare_invitation, sealed, send_invitation
from tests.factories import World

KEY = b"a key of thirty-two bytes or more"
PASSCODE = "blue kite 7"
SEAL = sealed(KEY, PASSCODE)


@dataclass
class Inviting:
    """An owner with a chart, and how they invite."""

    kernel: Kernel
    world: World
    account: Account
    patient: Patient
    session: SessionToken

    def prepare(self, email: str = "ben@tests.example", **more: Any) -> Draft:
        """An invitation that is not sent yet."""
        wanted = {"name": "Ben Testerson", "level": Level.READ_ONLY, "parts": list(Part), **more}
        return self.kernel.perform(prepare_invitation, self.session, email=email, **wanted)

    def invite(self, email: str = "ben@tests.example", *, seal: str = SEAL, **more: Any) -> str:
        """An invitation that is sent; the token of its link."""
        draft = self.prepare(email, **more)
        return self.send(draft.id, seal)

    def send(self, invitation_id: str, seal: str = SEAL) -> str:
        """Send one that is prepared, or send it again; the token of its link."""
        self.kernel.perform(send_invitation, self.session, invitation_id=invitation_id, seal=seal)
        return token_in(self.world.rows(Letter))

    def accepted(self, guest: Account, **more: Any) -> str:
        """The grant that somebody got by accepting."""
        token = self.invite(guest.email, **more)
        return self.kernel.perform(accept_invitation, self.world.sign_in(guest), token=token, seal=SEAL).grant

    def row(self) -> Invitation:
        """The newest invitation as it is stored."""
        return self.world.rows(Invitation)[-1]


def token_in(letters: list[Letter]) -> str:
    """The token of the newest letter with a link to an invitation."""
    found = [re.search(r"\$origin/invitations/([\w-]+)", letter.text) for letter in letters]
    return next(one[1] for one in reversed(found) if one)


def inviting(kernel: Kernel, world: World, patient: Patient | None = None) -> Inviting:
    """An owner, signed in."""
    account, chart = world.owner(patient)
    return Inviting(kernel, world, account, chart, world.sign_in(account))
