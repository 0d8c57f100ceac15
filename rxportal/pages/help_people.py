"""The answers on `/help` about more than one person: whose chart, who may open it, who looked at it."""

from __future__ import annotations

from rxportal.core.text import _
from rxportal.pages.help_answer import Answer
from rxportal.settings import Settings


def family(settings: Settings) -> Answer:
    """Switching to another person's chart, and what stays hidden there (S20, F7)."""
    return Answer(
        "family",
        _("How do I see the results of my child or a family member?"),
        (_("You switch to their chart. Your home page shows what is new for each of them."),),
        (
            _("Click the drop-down arrow beside your name, at the top of the screen."),
            _("Choose the person. You now see their chart, and a bar on top of every page says so."),
            _("“Back to yours” in that bar takes you back."),
        ),
        (
            _("Is the person not in the list? Then their chart is not open to you. Call us at {phone}.").format(
                phone=settings.practice_phone
            ),
            _("Some things in another person’s chart are not shown to you. Records that tell of especially private "
              "care, for example of mental or sexual health, are shown to the person alone. So that nobody can guess "
              "at them, nothing says that something is missing."),
            _("For a child of 12 to 17, parents also don’t see documents, family and life history, messages and bills. "
              "On the 18th birthday a parent’s access ends by itself."),
        ),
    )  # fmt: skip


def proxies() -> Answer:
    """Read only and full access (S23, S24)."""
    return Answer(
        "proxies",
        _("What is the difference between “read only” and “full access” for a health care proxy?"),
        (_("A health care proxy is somebody who may open your chart, because you gave them permission:"),),
        (
            _("“Read only” means that your proxy can only view your information."),
            _("“Full access” means that your proxy can view your information and make changes for you."),
        ),
        (
            _("In this version there is nothing to change in a chart online yet, so both see the same. Which of the "
              "two it is stands in the bar on top of your chart when your proxy opens it. Nobody but you can see who "
              "looked at your chart, or take somebody’s access away; of a child under 12 a parent sees who looked."),
        ),
    )  # fmt: skip


def inviting(settings: Settings) -> Answer:
    """Giving somebody access and taking it away (S25, N6)."""
    return Answer(
        "invite",
        _("How do I let somebody else into my chart, and how do I end it?"),
        (_("You invite them from your own account. Their e-mail address is required:"),),
        (
            _("Click the drop-down arrow beside your name, choose “Preferences”, then “Invite a proxy”."),
            _("Choose “Grant read only access” or “Grant full access”, and fill in who it is, what they may see and "
              "until when."),
            _("Look at exactly what they will see. Then send the invitation, and tell them the passcode yourself: it "
              "never stands in the e-mail."),
            _("They open it with an account of their own, within 7 days."),
            _("To end or change it, choose “Connections” under the same arrow. Pages that they have open close at "
              "once."),
        ),
        (
            _("A parent’s access to a child’s chart is ended by us. Call us at {phone}.").format(
                phone=settings.practice_phone
            ),
        ),
    )  # fmt: skip


def who_looked() -> Answer:
    """The access log, and where one is signed in (N8)."""
    return Answer(
        "who-looked",
        _("Who has looked at my chart?"),
        (
            _("Everybody who opens or changes something in your chart leaves a line in a list: our staff, your "
              "proxies, and you. Nobody can change that list unseen."),
        ),
        (
            _("Click the drop-down arrow beside your name and choose “Who looked at this chart”."),
            _("Beside your own lines you find “Was this you?”. If it was not, you sign that browser out there."),
            _("“Signing in and devices”, in the same menu, shows every browser in which you are signed in. You can "
              "sign out each of them from there."),
        ),
    )  # fmt: skip
