"""What an account chose for itself: the name to use, the size of text, which letters it gets."""

from __future__ import annotations

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.errors import InvalidInput
from rxportal.core.live import GRANTS, Change
from rxportal.core.scopes import AccountScope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.accounts import Grant, Level
from rxportal.models.preferences import NoticeChoice
from rxportal.rules.given_names import can_be_shown, tidied
from rxportal.services.credentials import own_account
from rxportal.services.preferences_views import PreferencesPage
from rxportal.services.result_timing import timing_card

LONGEST_NAME = 300
RESULTS = "results"
SIZES = ("", "large", "larger")


@use_case(Permission.VIEW_PREFERENCES, audited=False)
def view_preferences(account: AccountScope, *, chart: str = "") -> PreferencesPage:
    """What is chosen now. `chart`: the page's `?for=`, for whose chart the time of results is chosen."""
    own = own_account(account)
    chosen = _choice(account, RESULTS)
    owned = select(Grant.id).where(
        Grant.account_id == own.id, Grant.level == Level.SELF, col(Grant.revoked_at).is_(None)
    )
    return PreferencesPage(
        name=own.name,
        called=own.called,
        text_size=own.text_size,
        results=chosen is None or chosen.email,
        owner=account.session.exec(owned).first() is not None,
        staff=bool(account.actor.places),
        timing=timing_card(account, chart),
    )


@use_case(Permission.CHANGE_PREFERENCES, kind="write")
def change_appearance(account: AccountScope, *, called: str = "", text_size: str = "") -> None:
    """Choose the name to use ("" for the account's own) and the size of text.

    Raises:
        InvalidInput: a name longer than 300 characters, or one of signs that nobody sees; no such size.
    """
    if text_size not in SIZES:
        raise InvalidInput("text_size", _("Choose one of the sizes."))
    name = tidied(called)
    if len(name) > LONGEST_NAME:
        raise InvalidInput("called", _("Use at most 300 characters."))
    if not can_be_shown(name):
        raise InvalidInput("called", _("This name has signs that can’t be shown. Type it again."))
    own = own_account(account)
    own.called, own.text_size = name, text_size
    account.add(own)
    account.changes.append(Change("account", str(own.id), GRANTS))  # every open page reads its frame again


@use_case(Permission.CHANGE_PREFERENCES, kind="write")
def choose_result_letters(account: AccountScope, *, email: bool) -> None:
    """Choose whether a letter tells of new results. What is new stands in the portal all the same."""
    chosen = _choice(account, RESULTS)
    if chosen is None:
        chosen = NoticeChoice(account_id=account.account_id, topic=RESULTS, changed_at=account.now)
    chosen.email, chosen.changed_at = email, account.now
    account.add(chosen)


def _choice(account: AccountScope, topic: str) -> NoticeChoice | None:
    wanted = select(NoticeChoice).where(NoticeChoice.account_id == account.account_id, NoticeChoice.topic == topic)
    return account.session.exec(wanted).first()
