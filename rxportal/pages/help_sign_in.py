"""The answers on `/help` about having an account: making one, getting in, and what keeps it safe (S5, S11 to S15)."""

from __future__ import annotations

from rxportal.core.text import _
from rxportal.pages.help_answer import Answer
from rxportal.settings import Settings


def registering() -> Answer:
    """Making an account, and what is asked before the chart opens (S5, S13, S14)."""
    return Answer(
        "register",
        _("How do I get an account?"),
        (_("“Sign in”, at the top of each page, is for both: signing in, and registering when you are new."),),
        (
            _("Choose “Register”. Type your name, your e-mail address and a password of at least 15 characters."),
            _("We send you a letter by e-mail. Open its link within 24 hours and confirm. Your account is made then."),
            _("We ask you for a few facts, to be sure whose health record is yours. With a code from us, or one "
              "that we send to the e-mail address on file, it opens at once. Without, we decide within three business "
              "days."),
        ),
        (
            _("You can also sign in with Facebook, Google, Yahoo or Microsoft (its old name was LiveID), where the "
              "sign-in page offers it. You need no new password for that."),
            _("Already registered with this address? Then the letter says so. The page itself tells nobody who has an "
              "account."),
        ),
    )  # fmt: skip


def cannot_sign_in(settings: Settings) -> Answer:
    """What one can do alone, then the sign-in support line and address (S11)."""
    return Answer(
        "cannot-sign-in",
        _("Who can help me if I can’t sign in?"),
        (
            _("Forgot your password? Choose “Forgot your password?” on the sign-in page. We send a link to your e-mail "
              "address. It works once, for 30 minutes. A second step of your sign-in stays as it is."),
            _(
                "Call sign-in support at {phone}, or write to {email}. You get an answer within three business days."
            ).format(phone=settings.support_sign_in_phone, email=settings.support_sign_in_email),
        ),
    )  # fmt: skip


def safe(settings: Settings) -> Answer:
    """What keeps the information safe (S12 to S15)."""
    return Answer(
        "safe",
        _("Is this portal secure and safe to use?"),
        (_("Your privacy matters to us, and we follow the privacy laws. This is how your information is kept safe:"),),
        (
            _("All of it is encrypted, on its way to you and where it is kept."),
            _("Your password is kept only in a form that nobody can read back."),
            _("When you have registered we ask for some basic information, to be sure that it is you. Your chart opens "
              "only after that."),
            _("Before you change how you sign in, or take out your whole record, we ask you once more to show that it "
              "is you. After each change of your sign-in we write to your e-mail address."),
            _("Whoever opens or changes something in your chart leaves a line in a list that you can read. Nobody can "
              "change it unseen."),
            _("After {minutes} minutes without activity you are signed out. Two minutes before, we warn you.").format(
                minutes=settings.idle_minutes
            ),
            _("E-mail from us only says that there is something new. It never says what."),
            _("We never sell your information, and never release it to other people or organizations without you."),
        ),
        (
            _("When you sign in with Facebook, Google, Yahoo or Microsoft, we take only what is needed to find your "
              "account: who you are there, your e-mail address and your name. Your passwords stay with those sites. We "
              "never see them."),
        ),
    )  # fmt: skip


def sign_up(settings: Settings) -> Answer:
    """The line and address for signing up, which are not those of sign-in support (S11)."""
    return Answer(
        "sign-up",
        _("Have questions or need help signing up?"),
        (
            _("Call {phone}, or write to {email}.").format(
                phone=settings.support_sign_up_phone, email=settings.support_sign_up_email
            ),
        ),
    )
