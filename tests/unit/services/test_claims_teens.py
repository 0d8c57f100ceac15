"""A teen's own chart is never opened to the mailbox of a parent or guardian, in whatever writing (P-17)."""

from __future__ import annotations

import pytest

from rxportal.core.errors import Conflict
from rxportal.core.kernel import Kernel
from rxportal.models.accounts import Basis, Level
from rxportal.models.people import Claim
from rxportal.services.claims_codes import AT_DESK, try_code
from rxportal.services.desk_claims import approve_claim, see_claim
from tests.factories import World
from tests.unit.services.proving import ann, asker, asks, front_desk, grants_of, visit_code

REASON = "This is the e-mail address of a parent or guardian of this patient."
BORN = "2011-03-14"
SEEN = {"papers": "school ID"}


@pytest.mark.parametrize("basis", [Basis.PARENT, Basis.GUARDIAN, Basis.COURT])
@pytest.mark.parametrize("address", ["mom+teen@tests.example", "MOM@Tests.example"])
def test_a_parents_mailbox_opens_no_chart_as_the_teens_own(kernel: Kernel, basis: Basis, address: str) -> None:
    world = World(kernel)
    world.practice()
    teen = ann(world, birth_date=BORN)
    mom = world.account("Mom Quagga", email="mom+home@tests.example")
    world.grant(mom, teen, Level.FULL, basis=basis)
    account, who = asker(world, email=address.lower())
    claim = asks(kernel, who, birth_date="3/14/2011")
    answer = kernel.perform(try_code, who, claim_id=claim, code=visit_code(world, teen))
    assert (answer.opened, answer.sentence) == (False, AT_DESK)
    assert world.rows(Claim)[0].conflict
    fran = front_desk(world)
    assert [one.why_not for one in kernel.perform(see_claim, fran, claim_id=claim).candidates] == [REASON]
    with pytest.raises(Conflict, match=REASON):
        kernel.perform(approve_claim, fran, claim_id=claim, patient_id=teen.id, **SEEN)
    assert grants_of(world, account) == []


@pytest.mark.parametrize("ended", [False, True])
def test_the_teens_own_mailbox_opens_it_and_a_former_guardians_too(kernel: Kernel, ended: bool) -> None:
    world = World(kernel)
    world.practice()
    teen = ann(world, birth_date=BORN)
    mom = world.account("Mom Quagga", email="mom@tests.example")
    world.grant(mom, teen, Level.FULL, basis=Basis.PARENT, revoked_at=world.now if ended else None)
    account, who = asker(world, email="mom+teen@tests.example" if ended else "teen@tests.example")
    claim = asks(kernel, who, birth_date="3/14/2011")
    assert kernel.perform(try_code, who, claim_id=claim, code=visit_code(world, teen)).opened
    assert [one.patient_id for one in grants_of(world, account)] == [teen.id]
