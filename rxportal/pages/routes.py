"""Every page: its route, what it is called, what it loads. The access and accessibility tests enumerate this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from rxportal.core.text import _
from rxportal.desk.pages.access import desk_access
from rxportal.desk.pages.claims import desk_claims
from rxportal.desk.pages.codes import desk_codes
from rxportal.desk.pages.results import desk_results
from rxportal.desk.pages.sign_ins import desk_sign_ins
from rxportal.desk.state.access import DeskAccessState
from rxportal.desk.state.claims import DeskClaimsState
from rxportal.desk.state.codes import DeskCodesState
from rxportal.desk.state.results import DeskResultsState
from rxportal.desk.state.sign_ins import DeskSignInsState
from rxportal.pages.access_log import access_log
from rxportal.pages.appointments import appointments
from rxportal.pages.connections import connections
from rxportal.pages.forgot_password import forgot_password
from rxportal.pages.front import front
from rxportal.pages.help import help_page
from rxportal.pages.home import home
from rxportal.pages.invitation import invitation
from rxportal.pages.invite import invite
from rxportal.pages.medicines import medicines
from rxportal.pages.not_found import not_found
from rxportal.pages.note import note
from rxportal.pages.preferences import preferences
from rxportal.pages.record import record
from rxportal.pages.remove_account import remove_account
from rxportal.pages.result import result
from rxportal.pages.results import results
from rxportal.pages.second import second
from rxportal.pages.security import security
from rxportal.pages.sign_in import sign_in
from rxportal.pages.sign_up import sign_up
from rxportal.pages.support import support
from rxportal.pages.verify import verify
from rxportal.pages.visit import visit
from rxportal.state.access_log import AccessLogState
from rxportal.state.account_password import AccountPasswordState
from rxportal.state.connections import ConnectionsState
from rxportal.state.factors import FactorsState
from rxportal.state.home import HomeState
from rxportal.state.identities import IdentitiesState
from rxportal.state.invitation import InvitationState
from rxportal.state.invite import InviteState
from rxportal.state.medicines import MedicinesState
from rxportal.state.outside import OutsideState
from rxportal.state.preferences import PreferencesState, RemovalState
from rxportal.state.prove import ProveState
from rxportal.state.record import RecordState
from rxportal.state.result import ResultState
from rxportal.state.results import ResultsState
from rxportal.state.second import SecondState
from rxportal.state.security import SecurityState
from rxportal.state.session import SessionState, SignInState
from rxportal.state.sign_up import SignUpState
from rxportal.state.verify import VerifyState
from rxportal.state.visits import AppointmentsState, NoteState, VisitState


@dataclass(frozen=True)
class Page:
    """One route. `title` and `description` never carry patient data; `open`: nobody need be signed in."""

    route: str
    component: Callable[[], rx.Component]
    title: str
    description: str = ""
    on_load: list[Any] = field(default_factory=list)
    open: bool = False


PAGES: tuple[Page, ...] = (
    Page(
        "/",
        front,
        _("Online services"),
        _("See your test results, book a video visit by phone, and get help with your bill."),
        on_load=[SessionState.peek],
        open=True,
    ),
    Page(
        "/sign-in",
        sign_in,
        _("Sign in"),
        _("Sign in or register."),
        on_load=[SessionState.peek, SignInState.load, OutsideState.load],
        open=True,
    ),
    Page(
        "/sign-in/second",
        second,
        _("One more step"),
        _("The second step of your sign-in."),
        on_load=[SessionState.peek, SecondState.load],
        open=True,
    ),
    Page(
        "/sign-up",
        sign_up,
        _("Register"),
        _("Make an account with your e-mail address."),
        on_load=[SessionState.peek, SignUpState.load, OutsideState.load],
        open=True,
    ),
    Page(
        "/forgot-password",
        forgot_password,
        _("Forgot your password?"),
        _("Ask for a link to set a new password."),
        on_load=[SessionState.peek, SignUpState.load],
        open=True,
    ),
    Page(
        "/help",
        help_page,
        _("Help"),
        _("Answers to common questions about the portal."),
        on_load=[SessionState.peek],
        open=True,
    ),
    Page("/home", home, _("Home"), on_load=[SessionState.load, HomeState.load]),
    Page("/results", results, _("Test results"), on_load=[SessionState.load, ResultsState.load]),
    Page("/results/[id]", result, _("Test result"), on_load=[SessionState.load, ResultState.load]),
    Page("/medicines", medicines, _("Medicines"), on_load=[SessionState.load, MedicinesState.load]),
    Page("/appointments", appointments, _("Appointments"), on_load=[SessionState.load, AppointmentsState.load]),
    Page("/visits/[id]", visit, _("Visit"), on_load=[SessionState.load, VisitState.load]),
    Page("/notes/[id]", note, _("Document"), on_load=[SessionState.load, NoteState.load]),
    Page("/record", record, _("Health record"), on_load=[SessionState.load, RecordState.load, ProveState.arrive]),
    Page(
        "/account/access-log",
        access_log,
        _("Who looked at this chart"),
        on_load=[SessionState.load, AccessLogState.load],
    ),
    Page(
        "/account/security",
        security,
        _("Signing in and devices"),
        on_load=[
            SessionState.load,
            SecurityState.load,
            FactorsState.load,
            AccountPasswordState.load,
            IdentitiesState.load,
        ],
    ),
    Page("/account/verify", verify, _("Ask for a chart"), on_load=[SessionState.load, VerifyState.load]),
    Page(
        "/account/preferences",
        preferences,
        _("Preferences"),
        on_load=[SessionState.load, PreferencesState.load],
    ),
    Page("/account/remove", remove_account, _("Leave for good"), on_load=[SessionState.load, RemovalState.load]),
    Page("/account/support", support, _("Support"), on_load=[SessionState.load_alone]),
    Page(
        "/account/connections",
        connections,
        _("Connections"),
        on_load=[SessionState.load, ProveState.arrive, ConnectionsState.load],
    ),
    Page(
        "/account/invite",
        invite,
        _("Invite a proxy"),
        on_load=[SessionState.load, ProveState.arrive, InviteState.load],
    ),
    Page(
        "/invitations/[id]",
        invitation,
        _("Your invitation"),
        on_load=[SessionState.peek, InvitationState.load],
        open=True,
    ),
    Page("/desk/results", desk_results, _("Results to see"), on_load=[SessionState.load, DeskResultsState.load]),
    Page("/desk/claims", desk_claims, _("Who is this?"), on_load=[SessionState.load, DeskClaimsState.load]),
    Page("/desk/codes", desk_codes, _("Codes and court orders"), on_load=[SessionState.load, DeskCodesState.load]),
    Page("/desk/access", desk_access, _("Access to charts"), on_load=[SessionState.load, DeskAccessState.load]),
    Page("/desk/sign-ins", desk_sign_ins, _("Lost second step"), on_load=[SessionState.load, DeskSignInsState.load]),
)
NOT_FOUND = Page("404", not_found, _("Page not found"), open=True)
