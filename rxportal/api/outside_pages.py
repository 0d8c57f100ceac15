"""What a newcomer from an outside provider reads, without JavaScript: what we take, and where the letter went."""

from __future__ import annotations

from html import escape

from starlette.responses import Response

from rxportal.api.plain_page import plain_page, said, way_on, wrong
from rxportal.core.providers import Provider
from rxportal.core.text import _
from rxportal.services.outside_accounts import Newcomer


def asked_page(who: Newcomer, provider: Provider, *, problem: str = "", typed: str = "") -> Response:
    """What we take, and the button that makes the account."""
    label = provider.label
    facts = [(_("Name"), who.name or _("none given")), (_("E-mail address"), who.email or _("none given"))]
    facts += [(_("Who says so"), who.issuer), (_("Your number there"), who.subject)]
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    button = f'<p><button class="button">{escape(_("Make my account"))}</button></p>'
    other = escape(_("I have an account already: sign in another way"))
    return plain_page(
        _("Make your account"),
        stand_in_note(label) if provider.stand_in else "",
        wrong(problem),
        said(_("You have no account here with {label} yet. This is what we take from {label}:").format(label=label)),
        f'<dl class="facts taken">{rows}</dl>',
        said(_("Nothing else. We never see your password there, and keep no key to your account there.")),
        f'<form method="post" class="stack">{_address(who, label, problem, typed)}{button}</form>',
        f'<p><a href="/sign-in">{other}</a></p>',
        status=422 if problem else 200,
    )


def _address(who: Newcomer, label: str, problem: str, typed: str) -> str:
    """Nothing to type where the provider vouches for the address; else the address that we write to."""
    if who.vouched:
        return said(_("{label} says that the e-mail address is yours, so you are in at once.").format(label=label))
    name, hint = _("Your e-mail address"), _("We send a link there, to see that it is yours.")
    wrong_too = ' aria-invalid="true"' if problem else ""
    described = "email-hint problem" if problem else "email-hint"
    return (
        f'<div class="field"><label for="email">{escape(name)}</label>'
        f'<span id="email-hint" class="quiet">{escape(hint)}</span>'
        f'<input id="email" name="email" type="email" autocomplete="email" required maxlength="254"'
        f' value="{escape(typed or who.email)}" aria-describedby="{described}"{wrong_too}></div>'
    )


def letter_page(email: str) -> Response:
    """The same for every address, whether it has an account or not."""
    return plain_page(
        _("Look in your mailbox"),
        said(_("We sent a letter to {email}. It says how to go on.").format(email=email)),
        said(_("Open its link in this browser, within 24 hours. Nothing there? Look among the spam.")),
        way_on(_("Go to sign-in"), "/sign-in"),
    )


def proved_page() -> Response:
    """After a proof in a tab of its own."""
    return plain_page(_("It is you"), said(_("Thank you. Close this tab, and go on in the one where you were.")))


def stand_in_note(label: str) -> str:
    """Said on every page on which a stand-in has a part."""
    words = _("Development: this is not {label}, but a stand-in that runs here. Nobody real can sign in with it.")
    return f'<div class="notice look" role="note"><p>{escape(words.format(label=label))}</p></div>'
