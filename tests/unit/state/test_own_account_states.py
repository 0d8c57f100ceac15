"""What preferences, the security page and the desk for lost second steps hold after each event."""

from __future__ import annotations

from typing import Any

import pytest

from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Role
from rxportal.models.credentials import Passkey
from rxportal.models.preferences import TimingChoice
from rxportal.services.answering import decline_invitation
from rxportal.services.desk_sign_ins import Seen
from tests.factories import World
from tests.security.pipeline import portal
from tests.unit.services.inviting import SEAL, inviting
from tests.unit.state.test_account_states import on

portal()

from rxportal.desk.state.sign_ins import DeskSignInsState as Desk  # noqa: E402
from rxportal.state.account_password import AccountPasswordState as Password  # noqa: E402
from rxportal.state.connections import ConnectionsState as Connections  # noqa: E402
from rxportal.state.factors import FactorsState as Factors  # noqa: E402
from rxportal.state.preferences import PreferencesState as Preferences  # noqa: E402
from rxportal.state.security import SecurityState as Security  # noqa: E402

SECURITY = "/account/security"


@pytest.fixture
def kernel(sqlite_kernel: Kernel) -> Kernel:
    return sqlite_kernel


def key_of(world: World, account: Any) -> Passkey:
    """A passkey of the account."""
    row = Passkey(account_id=account.id, credential_id="c", public_key="A", name="Chrome", created_at=world.now)
    stored: Passkey = world.store(row)
    return stored


def test_a_wish_about_results_is_kept_and_shown_and_what_was_not_offered_is_not(kernel: Kernel, world: World) -> None:
    account, _patient = world.owner()

    async def work(screen: Any) -> None:
        shown = await screen.do(Preferences.save_timing, form={"laboratory": "word", "imaging": "word"})
        assert shown.done.startswith("Saved.")
        assert [one.waits for one in shown.view.timing.rows] == [True, False, False, False]
        shown = await screen.do(Preferences.save_timing, form={"laboratory": "nonsense"})
        assert shown.problem
        assert shown.view.timing.rows[0].waits
        shown = await screen.do(Preferences.save_timing, form={"laboratory": "soon"})
        assert not shown.view.timing.rows[0].waits

    on(kernel, world.sign_in(account), Preferences, "/account/preferences", work)
    assert [one.choice for one in world.rows(TimingChoice)] == ["soon"]


def test_a_parent_chooses_in_the_chart_of_the_address_alone(kernel: Kernel, world: World) -> None:
    account, _own = world.owner()
    child = world.child(4)
    grant = world.parent(child)[1]
    grant.account_id = account.id
    world.store(grant)

    async def work(screen: Any) -> None:
        shown = await screen.do(Preferences.save_timing, form={"laboratory": "word"})
        assert (shown.view.timing.whose, shown.chart_key) == (child.name, str(grant.id))

    on(kernel, world.sign_in(account), Preferences, "/account/preferences", work, **{"for": str(grant.id)})
    assert [one.patient_id for one in world.rows(TimingChoice)] == [child.id]


def test_a_passkey_gets_another_name_and_a_refused_one_says_why(kernel: Kernel, world: World) -> None:
    account, _patient = world.owner()
    key = key_of(world, account)

    async def work(screen: Any) -> None:
        shown = await screen.do(Factors.rename_key, form={"passkey": str(key.id), "name": "Kitchen"})
        assert (shown.view.passkeys[0].name, shown.done) == ("Kitchen", "The passkey is now called “Kitchen”.")
        shown = await screen.do(Factors.rename_key, form={"passkey": str(key.id), "name": " "})
        assert shown.problem == "Use 1 to 60 characters for the name."
        assert (await screen.do(Factors.rename_key, form=["odd"])).view.passkeys[0].name == "Kitchen"

    on(kernel, world.sign_in(account), Factors, SECURITY, work)


def test_the_least_length_of_a_password_follows_the_second_step_without_a_reload(kernel: Kernel, world: World) -> None:
    account, _patient = world.owner()

    async def work(screen: Any) -> None:
        await screen.do(Security.load)
        assert (await screen.do(Password.load)).view.shortest == 15
        key_of(world, account)
        await screen.do(Security.refresh)
        screen.page = Password
        assert (await screen.do(Security.refresh)).view.shortest == 8

    on(kernel, world.sign_in(account), Password, SECURITY, work)


def test_the_desk_takes_a_lost_second_step_off(kernel: Kernel, world: World) -> None:
    account, patient = world.owner()
    key_of(world, account)

    async def work(screen: Any) -> None:
        assert (await screen.do(Desk.find, form={"words": "x"})).wrong == "words"
        shown = await screen.do(Desk.find, form={"words": patient.mrn})
        assert [one.name for one in shown.found.rows] == [account.name]
        shown = await screen.do(Desk.choose, account_id=shown.found.rows[0].id)
        assert (shown.chosen.steps, shown.chosen.why_not) == ("1 passkey", "")
        assert (await screen.do(Desk.free, form={"basis": ""})).wrong == "basis"
        shown = await screen.do(Desk.free, form={"basis": Seen.PASSPORT.value})
        assert shown.done.startswith(f"Done. {account.name}")
        assert shown.chosen.steps == "No second step"
        assert (await screen.do(Desk.refresh)).chosen.id == str(account.id)
        assert (await screen.do(Desk.back)).chosen.id == ""
        assert (await screen.do(Desk.free, form={"basis": Seen.PASSPORT.value})).done == ""

    on(kernel, world.sign_in(world.staff(Role.FRONT_DESK)), Desk, "/desk/sign-ins", work)
    assert world.rows(Passkey) == []


def test_an_invitation_that_is_over_is_taken_off_the_list_and_not_withdrawn(kernel: Kernel, world: World) -> None:
    owner = inviting(kernel, world)
    token = owner.invite()
    theirs = world.sign_in(world.account())
    kernel.perform(decline_invitation, theirs, token=token, seal=SEAL)

    async def work(screen: Any) -> None:
        shown = await screen.do(Connections.load)
        [row] = shown.view.invitations
        assert (await screen.do(Connections.ask, kind="withdraw", row_id=row.id)).asked.kind == ""
        assert (await screen.do(Connections.ask, kind="clear", row_id=row.id)).asked.kind == "clear"
        shown = await screen.do(Connections.confirm)
        assert (shown.done, shown.view.invitations) == (f"The invitation of {row.name} is off your list.", [])

    on(kernel, owner.session, Connections, "/account/connections", work)
