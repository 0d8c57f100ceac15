"""Nothing can be called, asked or read without having been declared: handlers, use cases, permissions, tables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from reflex.state import State
from reflex_base.registry import RegistrationContext

from rxportal.commands.registry import markdown, use_cases
from rxportal.core.access import TABLE, Permission, Relationship
from rxportal.core.scopes import AccountScope, Chart, Desk, PublicScope
from rxportal.core.usecase import UseCase
from tests.security.pipeline import portal

ROOT = Path(__file__).resolve().parents[2]
# What each sort of scope can decide: a permission that names another relationship would promise what nobody checks.
OPENERS = {
    Chart: {
        Relationship.OWNER, Relationship.FULL, Relationship.READ_ONLY, Relationship.PARENT_OF_CHILD,
        Relationship.PARENT_OF_TEEN,
    },
    Desk: {
        Relationship.CLINICIAN, Relationship.FRONT_DESK, Relationship.BILLING, Relationship.ADMINISTRATOR,
        Relationship.OPERATOR,
    },
    AccountScope: {Relationship.SIGNED_IN},
    PublicScope: {Relationship.SIGNED_IN, Relationship.ANONYMOUS, Relationship.OPERATOR},
}  # fmt: skip


def undeclared() -> list[str]:
    """Public methods of our own states without a policy. Framework methods of them (`setvar`) are denied by name."""
    portal()
    from rxportal.state.guard import own_states, policy_of

    found = []
    for state in own_states(State):
        inherited = set(State.event_handlers)
        for name in state.event_handlers:
            full = f"{state.get_full_name()}.{name}"
            if name not in inherited and policy_of(full) is None:
                found.append(full)
    return found


def test_every_public_method_of_every_state_says_who_may_call_it() -> None:
    assert undeclared() == []


def test_the_walk_finds_the_states() -> None:
    portal()
    from rxportal.state.guard import own_states

    names = {state.__name__ for state in own_states(State)}
    assert {"SessionState", "SignInState", "FaultState", "TabState"} <= names
    ours = [
        name
        for name, entry in RegistrationContext.get().event_handlers.items()
        if entry.states and entry.states[0].__module__.startswith("rxportal.")
    ]
    walked = [f"{state.get_full_name()}.{name}" for state in own_states(State) for name in state.event_handlers]
    assert sorted(ours) == sorted(walked)


PROBE = """
import os, tempfile
os.environ["RXPORTAL_VAR"] = tempfile.mkdtemp()
os.environ["RXPORTAL_ENV"] = "test"
import reflex as rx
import rxportal.rxportal
class SneakyState(rx.State):
    secret: str = ""
    {method}
SneakyState.__module__ = "rxportal.state.sneaky"
from tests.architecture.test_access_declared import undeclared
from rxportal.state.guard import policy_of
from rxportal.state.door import well_formed
found = undeclared()
print(found)
name = SneakyState.get_full_name() + ".grant_admin"
assert not well_formed({{"name": name, "payload": {{}}, "router_data": {{}}}})
assert policy_of(name) is None
"""


@pytest.mark.parametrize(
    "method", ["def grant_admin(self): self.secret = 'x'", "@rx.event\n    def grant_admin(self): self.secret = 'x'"]
)
def test_a_new_method_without_a_policy_is_found_and_cannot_be_called(method: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(method=method)], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr[-1500:]
    assert "grant_admin" in done.stdout


@pytest.mark.parametrize("case", use_cases(), ids=lambda case: case.name)
def test_every_use_case_can_be_done_by_somebody(case: UseCase) -> None:
    assert TABLE[case.permission] & OPENERS[case.scope], f"nobody can ever do {case.name}"
    assert case.summary, f"{case.name} does not say what it does"


def test_every_permission_is_used_and_none_is_without_a_line() -> None:
    assert set(TABLE) == set(Permission)
    assert {case.permission for case in use_cases()} == set(Permission)


def test_every_relationship_of_a_permission_is_one_that_its_scopes_decide() -> None:
    for permission, who in TABLE.items():
        decided = {one for case in use_cases() if case.permission is permission for one in OPENERS[case.scope]}
        assert who <= decided, f"{permission.value} names {who - decided}, which no scope of its use cases decides"


# Writes without an audit line, and why nothing is missed.
QUIET = {
    "admit_sign_in": "begin_session or refuse_sign_in follows and leaves the line",
    "admit_registration": "register follows and leaves the line",
    "admit_confirmation": "confirm_registration follows; a wrong password makes no account and tells nothing",
    "begin_trip": "arrive or refuse_sign_in follows and leaves the line",
    "take_trip": "arrive, link_identity, prove_by_trip or refuse_sign_in follows and leaves the line",
    "begin_proof": "prove_by_trip follows and leaves the line",
    "begin_second": "answer_second, passkey_used or begin_session follows and leaves the line",
    "finish_half": "passkey_used came before and left the line",
    "ask_passkey": "passkey_used follows; a challenge alone tells and opens nothing",
    "take_passkey": "passkey_used follows; a wrong answer uses the challenge up and opens nothing",
    "ask_new_passkey": "keep_passkey follows and leaves the line",
    "take_new_passkey": "keep_passkey follows and leaves the line",
    "ask_proof_passkey": "prove_by_passkey follows and leaves the line",
    "take_proof_passkey": "prove_by_passkey follows and leaves the line",
    "admit_proof": "prove_session follows; what a wrong one costs is counted",
    "settle_on_a_new_day": "nobody's act: the calendar's; it changes no fact, only what follows from the policy of the day",
}
QUIET_JOBS = {Permission.LOAD_DEMO, Permission.DELIVER_NOTICES}


def test_what_writes_is_audited_except_where_it_is_said_why() -> None:
    unaudited = {case.name: case.permission for case in use_cases() if case.kind == "write" and not case.audited}
    assert {name for name, permission in unaudited.items() if permission not in QUIET_JOBS} <= set(QUIET)


def test_reading_a_chart_is_always_audited() -> None:
    assert [case.name for case in use_cases() if case.scope is Chart and not case.audited] == []


def test_no_use_case_is_done_by_a_parent_that_the_patient_could_not_do() -> None:
    for permission, who in TABLE.items():
        proxies = {
            Relationship.FULL, Relationship.READ_ONLY, Relationship.PARENT_OF_CHILD, Relationship.PARENT_OF_TEEN,
        }  # fmt: skip
        assert not who & proxies or Relationship.OWNER in who, permission


def test_the_page_of_permissions_is_up_to_date() -> None:
    page = ROOT / "docs" / "permissions.md"
    assert page.is_file(), "python -m rxportal use-cases --markdown > docs/permissions.md"
    assert page.read_text(encoding="utf-8") == markdown(), (
        "python -m rxportal use-cases --markdown > docs/permissions.md"
    )
