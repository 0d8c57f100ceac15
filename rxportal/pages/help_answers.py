"""The answers on `/help`: every question of the seed page, true for how this version of the portal behaves."""

from __future__ import annotations

from dataclasses import dataclass

from rxportal.core.text import _
from rxportal.models.policies import Mode
from rxportal.models.records import Kind
from rxportal.rules.release import DEFAULT_POLICY
from rxportal.settings import Settings


@dataclass(frozen=True)
class Answer:
    """One question. `points` come as a list after the paragraphs."""

    anchor: str
    question: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def days(kind: Kind) -> str:
    """How long a kind of result waits at most, in words."""
    line = DEFAULT_POLICY.lines[kind]
    if line.mode is Mode.WITHHELD:
        return _("never shown online")
    if line.latest_days is None:
        return _("no fixed day")
    return _("{count} days at most").format(count=line.latest_days)


def answers(settings: Settings) -> tuple[Answer, ...]:
    """Every answer, in the order of the seed page."""
    return (*access(settings), *results(settings), *medicines(settings), *proxies(settings), *leaving(settings))


def access(settings: Settings) -> tuple[Answer, ...]:
    """Signing in, and safety."""
    return (
        Answer(
            "cannot-sign-in",
            _("Who can help me if I can’t sign in?"),
            (
                _("Call sign-in support at {phone}. Or write to {email}. You get an answer within three business days.")
                .format(phone=settings.support_sign_in_phone, email=settings.support_sign_in_email),
            ),
        ),
        Answer(
            "safe",
            _("Is this portal safe to use?"),
            (_("Your privacy matters to us. This is how your information is kept safe:"),),
            (
                _("All of it is encrypted, on its way to you and where it is kept."),
                _("You sign in over https. Your password is kept only in a form that nobody can read back."),
                _("Before a chart opens to a new account, the practice checks who the person is."),
                _("Every look and every change leaves a line in a log that cannot be quietly altered."),
                _("We never release or sell your information to other people or organizations."),
                _("After {minutes} minutes without activity you are signed out, with a warning first.")
                .format(minutes=settings.idle_minutes),
            ),
            (
                _("Signing in with Facebook, Google, Yahoo or Microsoft (LiveID) is not open yet. When it is, we will "
                  "take only what is needed to find your record, and never see or store those passwords."),
            ),
        ),
    )  # fmt: skip


def results(settings: Settings) -> tuple[Answer, ...]:
    """Why a result is not here, and whose results these are."""
    return (
        Answer(
            "why-not-here",
            _("Why can’t I find my test results?"),
            (_("There are a few reasons why a result is not here, or not here yet:"),),
            (
                _("State law or system rules keep some results offline. They include, but are not limited to, hepatitis "
                  "tests, HIV tests and tests related to drug abuse. They are never shown here. Ask your doctor."),
                _("Pathology (Pap tests and biopsies too) is released on your doctor’s order: {days}.")
                .format(days=days(Kind.PATHOLOGY)),
                _("Radiology (X-ray, ultrasound, CT, MRI, mammogram) is released on your doctor’s order: {days}.")
                .format(days=days(Kind.RADIOLOGY)),
                _("Other results are posted after your doctor has seen them: {days}.").format(days=days(Kind.ORDINARY)),
                _("Your doctor may hold a result longer for a reason, for example to talk with you first. The page "
                  "then shows the new day."),
            ),
            (
                _("A result on its way stands under “On the way”, with who acts next and the latest day. After that day "
                  "it opens by itself. The page moves by itself too: you never need to reload."),
            ),
        ),
        Answer(
            "family",
            _("How do I see results of my child or a family member?"),
            (
                _("Click the drop-down arrow next to your name at the top of the screen and choose the person. You now "
                  "see their chart, and a bar on top says so on every page."),
                _("If nobody is in that list, no chart of a family member is open to you. Call us at {phone}.")
                .format(phone=settings.practice_phone),
            ),
        ),
    )  # fmt: skip


def medicines(settings: Settings) -> tuple[Answer, ...]:
    """Renewals and pharmacies."""
    return (
        Answer(
            "renewals",
            _("Why can’t I ask for a renewal of some medicines?"),
            (
                _("Renewals are not open online yet, for any medicine: nothing can be asked for here by mistake. Call us "
                  "at {phone} or ask your pharmacy.").format(phone=settings.practice_phone),
                _("When they are, some medicines will still need a call, because of how they were entered in your "
                  "record. Your doctor may have to order them. The reason will stand on the medicine itself."),
            ),
        ),
        Answer(
            "pharmacy",
            _("What should I do if I can’t find my pharmacy?"),
            (
                _("Choosing a pharmacy online is not open yet. Tell us its name, address and phone number at {phone}.")
                .format(phone=settings.practice_phone),
            ),
        ),
    )  # fmt: skip


def proxies(settings: Settings) -> tuple[Answer, ...]:
    """Read only and full access."""
    return (
        Answer(
            "proxies",
            _("What is the difference between “read only” and “full access” for a health care proxy?"),
            (_("A health care proxy is a person who may open your chart. You decide how far that goes:"),),
            (
                _("“Read only” means your proxy can only view your information."),
                _("“Full access” means your proxy can view your information and make changes for you."),
            ),
            (
                _("Results of a sensitive kind are not shown to proxies, whatever their level."),
                _("Inviting a proxy yourself is not open online yet. Call us at {phone}: we need your proxy’s e-mail "
                  "address, and we set it up with you.").format(phone=settings.practice_phone),
            ),
        ),
    )  # fmt: skip


def leaving(settings: Settings) -> tuple[Answer, ...]:
    """Stopping an organization, removing the account."""
    return (
        Answer(
            "leaving",
            _("What if I no longer want my information to come here?"),
            (_("There are two ways. Both are done with you on the phone for now, at {phone}:")
             .format(phone=settings.practice_phone),),
            (
                _("Stop one organization. No new information comes from it. What is already here stays."),
                _("Remove your account for good. Every proxy, and anyone else you let view it, loses access too."),
            ),
        ),
        Answer(
            "sign-up",
            _("Have questions or need help signing up?"),
            (
                _("Call {phone} or write to {email}.")
                .format(phone=settings.support_sign_up_phone, email=settings.support_sign_up_email),
            ),
        ),
    )  # fmt: skip
