"""A day on which people do everything that writes a letter, in the database of a portal that runs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pyotp

from rxportal.core.identity import Anonymous, Operator, SessionToken
from rxportal.core.kernel import Kernel
from rxportal.core.sealing import sealing_key
from rxportal.models.accounts import Account, Level, Role
from rxportal.models.credentials import Identity, Passkey
from rxportal.models.mail import Letter
from rxportal.models.people import Invitation
from rxportal.models.releases import HoldReason
from rxportal.rules.sections import Part
from rxportal.rules.timing import Group, Timing
from rxportal.services.answering import accept_invitation, decline_invitation
from rxportal.services.claims_codes import send_file_code, try_code
from rxportal.services.claims_words import Refusal
from rxportal.services.connections import change_grant
from rxportal.services.credentials import ask_new_email, change_password, confirm_new_email
from rxportal.services.desk_claims import approve_claim, refuse_claim
from rxportal.services.desk_results import hold_result, mark_normal_seen, mark_seen, release_result
from rxportal.services.desk_sign_ins import Seen, free_sign_in
from rxportal.services.factors import (
    begin_authenticator,
    confirm_authenticator,
    new_recovery_codes,
    remove_authenticator,
    remove_passkey,
)
from rxportal.services.factors_lost import forget_factors
from rxportal.services.factors_passkeys import keep_passkey
from rxportal.services.factors_second import answer_second, begin_second
from rxportal.services.identities import begin_link, link_identity, unlink_identity
from rxportal.services.invitations import prepare_invitation, send_invitation
from rxportal.services.openings import tell_openings
from rxportal.services.outside import arrive, begin_trip, take_trip
from rxportal.services.outside_accounts import register_newcomer
from rxportal.services.recovery import ask_reset, reset_password
from rxportal.services.registration import register
from rxportal.services.removal import WORD, remove_account
from rxportal.services.result_timing import choose_timing
from rxportal.services.staff import add_staff, set_password
from rxportal.services.visit_codes import send_code
from tests.factories import World
from tests.unit.services.inviting import SEAL
from tests.unit.services.proving import FACTS, ann, asks

NOBODY = Anonymous()
KEY = sealing_key("a secret of the tests that is long enough for anybody")
HASH = "not a hash"


@dataclass
class Day:
    """What people did; `done`: by which use cases."""

    kernel: Kernel
    done: set[str] = field(default_factory=set)

    @property
    def world(self) -> World:
        """The rows behind it."""
        return World(self.kernel)

    def does(self, case: Any, who: Any, grant: str = "", **inputs: Any) -> Any:
        """Somebody acts."""
        self.done.add(case.__name__)
        return self.kernel.perform(case, who, *([grant] if grant else []), **inputs)

    def account(self, name: str) -> tuple[Account, SessionToken]:
        """Somebody with an account, signed in, and proved just now."""
        account = self.world.account(email=f"{name}@mail.example", password_hash=HASH)
        return account, self.world.sign_in(account)

    def mailed(self, to: str, pattern: str) -> str:
        """What somebody reads in the newest letter to an address that has it (it waits in the outbox)."""
        waiting = sorted((one for one in self.world.rows(Letter) if one.to == to), key=lambda one: one.created_at)
        return [found[1] for one in waiting if (found := re.search(pattern, one.text))][-1]

    def live(self) -> None:
        """All of it."""
        for part in (
            self.registers, self.forgets, self.changes, self.proves_twice, self.loses_everything, self.signs_in_elsewhere, self.invites,
            self.asks_for_charts, self.works_here, self.reads_results, self.leaves,
        ):  # fmt: skip
            part()

    def registers(self) -> None:
        """A new address, and one that has an account."""
        self.account("known")
        for name in ("new", "known"):
            wish = {"email": f"{name}@mail.example", "name": "Some Body", "password_hash": HASH, "browser_hash": "b"}
            self.does(register, NOBODY, **wish)

    def forgets(self) -> None:
        """The password, at two addresses; one has an account."""
        for name in ("known", "nobody"):
            self.does(ask_reset, NOBODY, email=f"{name}@mail.example", mailbox=name, address="a")
        token = self.mailed("known@mail.example", r"/reset/([\w-]+)")
        self.does(reset_password, NOBODY, token=token, password_hash=HASH, length=20, forgiven="known")

    def changes(self) -> None:
        """The password, one's address, and one that is taken."""
        _account, me = self.account("changer")
        self.does(change_password, me, password_hash=HASH, length=20)
        bare = self.world.account(email="bare@mail.example")
        self.does(change_password, self.world.sign_in(bare), password_hash=HASH, length=20)
        self.does(ask_new_email, me, email="known@mail.example")
        self.does(ask_new_email, me, email="changed@mail.example")
        self.does(confirm_new_email, me, token=self.mailed("changed@mail.example", r"/new-email/([\w-]+)"))

    def proves_twice(self) -> None:
        """Passkey, app and codes come, are used and go; everything lost at the end."""
        account, me = self.account("careful")
        secret = self.does(begin_authenticator, me, key=KEY)
        now = pyotp.TOTP(secret).at(self.world.now)
        assert self.does(confirm_authenticator, me, key=KEY, code=now)
        code = self.does(new_recovery_codes, me)[0]
        begun = {"account_id": str(account.id), "way": "password", "after": "/home", "attempt_ids": []}
        half = self.does(begin_second, NOBODY, **begun)
        assert self.does(answer_second, NOBODY, token=half.token, code=code, key=KEY).outcome == "in"
        made = {"public_key": "AA", "sign_count": 1, "transports": "usb", "name": "Chrome on Windows"}
        self.does(keep_passkey, me, credential_id="letters", **made)
        [passkey] = [one for one in self.world.rows(Passkey) if one.account_id == account.id]
        self.does(remove_passkey, me, passkey_id=str(passkey.id))
        self.kernel.perform(change_password, me, password_hash=HASH, length=20)
        self.does(remove_authenticator, me)
        self.does(forget_factors, Operator(), email=account.email)

    def loses_everything(self) -> None:
        """And shows a photo ID at the desk."""
        owner, _chart = self.world.owner()
        made = {"public_key": "AA", "sign_count": 1, "transports": "usb", "name": "Firefox on Linux"}
        self.does(keep_passkey, self.world.sign_in(owner), credential_id="lost", **made)
        desk = self.world.sign_in(self.world.staff(Role.FRONT_DESK))
        self.does(free_sign_in, desk, account_id=str(owner.id), basis=Seen.PHOTO_ID)

    def signs_in_elsewhere(self) -> None:
        """With an outside account: linked, unlinked; a newcomer's with a known address, and with one nobody vouches for."""
        account, me = self.account("linker")
        begun = self.does(begin_link, me, provider="google", browser="b")
        flow = self.does(take_trip, NOBODY, provider="google", state=begun.state, browser="b").flow_id
        who = {"issuer": "https://outside.example", "subject": "letters"}
        self.does(link_identity, me, flow_id=str(flow), label="Google", **who)
        [identity] = [one for one in self.world.rows(Identity) if one.account_id == account.id]
        self.does(unlink_identity, me, identity_id=str(identity.id), label="Google")
        for name, vouched in (("known", True), ("unvouched", False)):
            begun = self.does(begin_trip, NOBODY, provider="google", browser="b", address="a")
            flow = self.does(take_trip, NOBODY, provider="google", state=begun.state, browser="b").flow_id
            came = {"issuer": "https://outside.example", "subject": name, "email": f"{name}@mail.example"}
            self.does(arrive, NOBODY, flow_id=str(flow), email_verified=vouched, **came)
            agreed = {"browser": "b", "label": "Google", "email": f"{name}@mail.example", "registering": "r"}
            self.does(register_newcomer, NOBODY, flow_id=str(flow), **agreed)

    def invites(self) -> None:
        """One accepts after the letter was sent again, one declines; what the first may do is changed."""
        owner, _chart = self.world.owner()
        me, grant = self.world.sign_in(owner), ""
        for name, answer in (("guest", accept_invitation), ("decliner", decline_invitation)):
            _account, guest = self.account(name)
            offered = {"email": f"{name}@mail.example", "level": Level.READ_ONLY, "parts": list(Part)}
            draft = self.does(prepare_invitation, me, name="A Guest", **offered)
            for _time in ("first", "again"):
                self.does(send_invitation, me, invitation_id=draft.id, seal=SEAL)
            token = self.mailed(f"{name}@mail.example", r"/invitations/([\w-]+)")
            answered = self.does(answer, guest, token=token, seal=SEAL)
            grant = grant or answered.grant
        self.does(change_grant, me, grant_id=grant, level=Level.FULL, parts=list(Part))
        assert len(self.world.rows(Invitation)) >= 2

    def asks_for_charts(self) -> None:
        """By a code sent to the address on file, by a visit code, at the desk, and without success."""
        desk = self.world.sign_in(self.world.staff(Role.FRONT_DESK))
        person = ann(self.world)
        _account, me = self.account("asker")
        claim = asks(self.kernel, me)
        self.does(send_code, desk, patient_id=str(person.id))
        self.does(send_file_code, me, claim_id=str(claim))
        code = self.mailed("ann@mail.example", r"\n\n([2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5})\n\n")
        assert self.does(try_code, me, claim_id=str(claim), code=code).opened
        kim = ann(self.world, name="Kim Quagga", birth_date="1990-05-02", email="kim@mail.example")
        for name, case, more in (
            ("seen", approve_claim, {"patient_id": str(kim.id), "papers": "passport"}),
            ("unseen", refuse_claim, {"reason": Refusal.COME}),
        ):
            _account, other = self.account(name)
            facts = {**FACTS, "name": "Kim Quagga", "birth_date": "5/2/1990"}
            self.does(case, desk, claim_id=str(asks(self.kernel, other, **facts)), **more)

    def works_here(self) -> None:
        """Somebody new at the desk sets a password."""
        made = self.does(add_staff, Operator(), email="clerk@mail.example", name="New Clerk", role=Role.FRONT_DESK)
        self.does(set_password, NOBODY, token=made.token, password_hash=HASH)

    def reads_results(self) -> None:
        """One result is released, another opens on its day; its owner and a proxy are told."""
        owner, chart = self.world.owner()
        self.world.proxy(chart, Level.READ_ONLY)
        doctor = self.world.sign_in(self.world.staff(Role.CLINICIAN))
        potassium, iron, calcium = (str(self.world.result(chart, name).id) for name in ("Potassium", "Iron", "Calcium"))
        soon = self.world.now.date() + timedelta(days=3)
        self.does(hold_result, doctor, record_id=potassium, reason=HoldReason.TALK_FIRST, until=soon)
        self.does(release_result, doctor, record_id=potassium)
        self.does(mark_seen, doctor, record_id=iron)
        self.does(mark_normal_seen, doctor, record_ids=[calcium])
        long_ago = self.world.now - timedelta(days=30)
        self.world.result(chart, "Sodium", final_at=long_ago, arrived_at=long_ago, visible_from=long_ago)
        self.does(tell_openings, Operator())
        me = self.world.sign_in(owner)
        self.does(choose_timing, me, group=Group.LABORATORY, choice=Timing.WORD)
        magnesium = str(self.world.result(chart, "Magnesium").id)
        self.does(mark_seen, doctor, record_id=magnesium)
        self.does(choose_timing, me, group=Group.LABORATORY, choice=Timing.SOON)  # opens it: the proxy is told

    def leaves(self) -> None:
        """For good."""
        self.does(remove_account, self.account("leaver")[1], word=WORD)
