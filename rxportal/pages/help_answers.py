"""The answers on `/help`: every question of the seed page, true for how this version of the portal behaves."""

from __future__ import annotations

from rxportal.core.text import _
from rxportal.models.policies import Mode
from rxportal.models.records import Kind
from rxportal.pages.help_answer import Answer
from rxportal.pages.help_people import family, inviting, proxies, who_looked
from rxportal.pages.help_sign_in import cannot_sign_in, registering, safe, sign_up
from rxportal.rules.release import DEFAULT_POLICY
from rxportal.settings import Settings


def answers(settings: Settings) -> tuple[Answer, ...]:
    """Every answer, in the order of the seed page."""
    return (
        registering(), cannot_sign_in(settings), safe(settings), where_is_what(settings), why_not_here(),
        when_does_it_open(), family(settings), renewals(settings), pharmacy(settings), proxies(), inviting(settings),
        who_looked(), taking_along(), leaving(settings), not_open_yet(settings), sign_up(settings),
    )  # fmt: skip


def where_is_what(settings: Settings) -> Answer:
    """What each page is for, and how a visit is booked (S3, S6, S9)."""
    return Answer(
        "where-is-what",
        _("Where do I find my medicines, visits and documents?"),
        (_("At the bottom of the screen on a phone, on the left of a wide screen:"),),
        (
            _("Home: what is new, your next visit, and what is new for the people you care for."),
            _("Results: every result that is open to you, and those on their way."),
            _("Medicines: what you take and took, how, since when, and how much is left."),
            _("Record: allergies, shots, conditions, measurements, procedures, plans, your care team and documents."),
            _("Visits: past and coming ones, with the notes and summaries that were written."),
        ),
        (
            _("To book, move or cancel a visit, a video visit too, call us at {phone}.").format(
                phone=settings.practice_phone
            ),
        ),
    )  # fmt: skip


def taking_along() -> Answer:
    """The record on paper and as a file (F9)."""
    return Answer(
        "take-along",
        _("How do I take my record with me?"),
        (_("Every page can be printed. On the Record page you can also download all that you may see as one file. "
           "If you signed in more than five minutes ago, we ask you first to show once more that it is you."),),
        (),
        (
            _("The file is made for other health care programs (its format is called FHIR). Keep it in a safe place: "
              "whoever has the file can read it."),
        ),
    )  # fmt: skip


def why_not_here() -> Answer:
    """Why a result is not on the list (S16 to S19)."""
    return Answer(
        "why-not-here",
        _("Why can’t I find my test results?"),
        (_("There are a few reasons why a result is not here, or not here yet:"),),
        (
            _("State law or system rules keep some tests offline. They include, but aren’t limited to, hepatitis "
              "tests, HIV tests and tests related to drug abuse. You never see these here, and nothing here tells "
              "of them: ask your doctor about them."),
            _("Pathology (PAP tests and biopsies too) and genetic tests are shown when your doctor releases them."),
            _("Radiology results (X-ray, ultrasound, CT, MRI, mammogram) are shown when your doctor releases them."),
            _("Other results are shown after your doctor has seen them. Would you rather wait until your doctor has "
              "written about them? Choose it under My Account > Preferences."),
            _("The report is not finished yet. Only final reports are shown."),
            _("You are in another person’s chart, or want to be: see the question about family below."),
        ),
    )  # fmt: skip


def when_does_it_open() -> Answer:
    """The latest days, from the policy that everything else goes by."""
    return Answer(
        "when-does-it-open",
        _("How long can a result wait?"),
        (
            _("A result that waits for your doctor stands on the results page under “On the way”, with who acts next "
              "and the latest day. If nobody acts, it opens by itself on that day:"),
        ),
        (
            waits(_("Blood, urine and other laboratory results"), Kind.ORDINARY),
            waits(_("Radiology"), Kind.RADIOLOGY),
            waits(_("Pathology"), Kind.PATHOLOGY),
            waits(_("Genetic tests"), Kind.GENETIC),
        ),
        (
            _("Your doctor can hold one result back longer for a reason, for example to talk with you first. The "
              "result then shows the new day. The day on the result itself is always the one that counts."),
            _("The page moves by itself when something changes. You never need to reload it."),
        ),
    )  # fmt: skip


def waits(what: str, kind: Kind) -> str:
    """How long a kind of result waits at most, in words."""
    line = DEFAULT_POLICY.line(kind)
    if line.mode is Mode.WITHHELD:
        return _("{what}: never shown online.").format(what=what)
    if line.mode is Mode.IMMEDIATE:
        return _("{what}: at once, when the report is final.").format(what=what)
    if line.latest_days is None:
        return _("{what}: when your doctor acts. There is no fixed day.").format(what=what)
    return _("{what}: at most {count} days after the final report is here.").format(what=what, count=line.latest_days)


def renewals(settings: Settings) -> Answer:
    """Why a renewal cannot be asked for (S21): today none can, and the page says so."""
    return Answer(
        "renewals",
        _("Why can’t I ask for prescription refills of some medicines?"),
        (
            _("Asking for renewals online is not open yet, for any medicine. Nothing has been requested here. To renew "
              "one, call us at {phone} or ask your pharmacy.").format(phone=settings.practice_phone),
            _("Some medicines will need your doctor later too. That has to do with how they were entered into your "
              "health record: your doctor may have to order them for you. The reason stands on the medicine itself, "
              "on the Medicines page."),
        ),
    )  # fmt: skip


def pharmacy(settings: Settings) -> Answer:
    """A pharmacy that is not in the list (S22)."""
    return Answer(
        "pharmacy",
        _("What should I do if I can’t find my pharmacy?"),
        (
            _("Choosing a pharmacy online is not open yet. Call us at {phone} with its name, address and phone number, "
              "and we note it for you.").format(phone=settings.practice_phone),
        ),
    )  # fmt: skip


def leaving(settings: Settings) -> Answer:
    """Stopping an organization, removing the account (S26, S27)."""
    return Answer(
        "leaving",
        _("What if I no longer want my information to come here?"),
        (
            _("There are two ways. Stopping one organization is not open online yet: call us at {phone}.").format(
                phone=settings.practice_phone
            ),
        ),
        (
            _("Stop one health care organization. No new information from it comes in. What is already here stays."),
            _("Remove your account for good. This also takes away every health care proxy, and anyone else you gave "
              "permission to view your chart. Click the drop-down arrow beside your name, choose “Preferences”, then "
              "“Permanently remove my account”. First you see who loses access, and what stays with us."),
        ),
    )  # fmt: skip


def not_open_yet(settings: Settings) -> Answer:
    """What the portal is going to do and does not do yet, and who helps until then (S3, S4, S7 to S9)."""
    return Answer(
        "not-open-yet",
        _("What is not open here yet?"),
        (_("These are on their way. Until then, call us at {phone}:").format(phone=settings.practice_phone),),
        (
            _("Writing to your care team."),
            _("Renewing prescriptions."),
            _("Booking, moving or cancelling a visit, and joining a video visit."),
            _("Seeing and paying your bill."),
            _("Inviting a proxy, stopping an organization, removing your account."),
        ),
        (_("If it is a medical emergency, call 911."),),
    )
