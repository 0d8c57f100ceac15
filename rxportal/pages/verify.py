"""`/account/verify`: show who you are and open your own chart; ask for the chart of a child (S13)."""

from __future__ import annotations

import reflex as rx

from rxportal.components.claims import code_form, facts_fields, given, problem_of, request
from rxportal.components.forms import button, field
from rxportal.components.frame import FocusWhenTold
from rxportal.components.icons import icon
from rxportal.components.layout import SETTINGS, signed_in
from rxportal.components.link import link, telephone
from rxportal.components.parts import notice, quiet
from rxportal.components.phases import phases
from rxportal.core.text import _
from rxportal.pages.access_log import said
from rxportal.services.results_views import Choice
from rxportal.state.verify import VerifyState as Verify

KINS = (
    Choice("parent", _("Their parent")),
    Choice("guardian", _("Their guardian")),
    Choice("court", _("Appointed by a court")),
)


def verify() -> rx.Component:
    """The whole page. It is about the account, whoever's chart is open."""
    return signed_in(
        rx.el.h1(_("Ask for a chart")),
        said(Verify),
        phases(
            Verify,
            filled=rx.el.div(own(), others(), call_us(), class_name="sections"),
            empty=rx.fragment(),
            loading=_("Looking what you asked for…"),
            retry=Verify.load,
            by_chart=False,
        ),
        FocusWhenTold.create(told=Verify.focus),
        active="account",
    )


def own() -> rx.Component:
    """One's own chart: it is open, it is asked for, or who one is has to be told first."""
    shown = Verify.view
    return rx.cond(
        shown.has_own,
        rx.el.section(
            rx.el.h2(_("Your own chart is open to you"), id="own"),
            rx.el.p(link(icon("home"), _("Go to your chart"), href="/home", own=True, class_name="button")),
            class_name="card",
            aria_labelledby="own",
        ),
        rx.cond(shown.own.open, waiting(), tell_us()),
    )


def waiting() -> rx.Component:
    """The request for one's own chart, and how it goes faster than by waiting."""
    shown = Verify.view.own
    return rx.el.section(
        request(shown, rx.el.h2(shown.title, id="own")),
        rx.el.div(
            rx.el.h3(_("Open it now with a code")),
            rx.el.p(_("A code from our front desk, or one that we send to the e-mail address on file.")),
            code_form(),
            rx.cond(shown.code != "", notice(shown.code, "wait")),
            rx.el.p(
                button(_("Send a code to the e-mail address on file"), kind="second", type="button",
                       on_click=Verify.send_code),
            ),
            quiet(_("We send no codes to a phone. Without an e-mail address on file, the front desk prints you one.")),
            class_name="stack",
        ),
        given(shown, Verify.withdraw(shown.id)),
        class_name="card",
        aria_labelledby="own",
    )  # fmt: skip


def tell_us() -> rx.Component:
    """The facts that find a chart."""
    return rx.el.section(
        rx.el.h2(_("Show us who you are"), id="own"),
        rx.cond(
            Verify.view.own.tag != "",
            rx.el.div(
                icon("alert", 20),
                rx.el.p(rx.el.strong(Verify.view.own.tag), ". ", Verify.view.own.sentence),
                class_name="notice act",
            ),
        ),
        rx.el.p(_("Then we find your chart. It opens with a code from us, or when the front desk has looked at it.")),
        rx.el.form(
            *facts_fields("", Verify.view.typed),
            rx.el.div(button(_("Go on")), class_name="row"),
            on_submit=Verify.ask_own,
            no_validate=True,
            class_name="stack",
            aria_labelledby="own",
        ),
        class_name="card",
        aria_labelledby="own",
    )


def others() -> rx.Component:
    """Charts of others that were asked for, and the form for one more."""
    return rx.el.section(
        rx.el.h2(_("The chart of your child"), id="others", tab_index=-1),
        quiet(_("Also of somebody whose guardian you are, or for whom a court appointed you.")),
        rx.foreach(
            Verify.view.children,
            lambda one: rx.el.article(
                request(one, rx.el.h3(one.title)), given(one, Verify.withdraw(one.id)), class_name="card", key=one.key
            ),
        ),
        rx.cond(
            Verify.asking,
            child_form(),
            rx.el.p(
                button(_("Ask for a child’s chart"), kind="second", type="button", on_click=Verify.show_form(True))
            ),
        ),
        class_name="stack",
        aria_labelledby="others",
    )


def child_form() -> rx.Component:
    """Whose chart, what one is to them, and what shows it. The front desk decides."""
    wrong = Verify.wrong
    return rx.el.form(
        rx.el.h3(_("Whose chart?"), id="child-title", tab_index=-1),
        quiet(_("The front desk looks at it and answers here within three business days.")),
        *facts_fields("child-", None),
        field(
            _("You are"),
            rx.el.select(
                *[rx.el.option(one.label, value=one.value) for one in KINS], id="child-kin", name="kin",
            ),
            id="child-kin",
        ),
        field(
            _("What you are to them"),
            rx.el.input(id="child-relationship", name="relationship", type="text", max_length=100,
                        custom_attrs=problem_of("child-", "relationship")),
            id="child-relationship",
            hint=_("For example mother, father, grandmother"),
            error=rx.cond(wrong == "relationship", Verify.problem, ""),
        ),
        field(
            _("What shows it"),
            rx.el.textarea(id="child-proof", name="proof", rows="3", max_length=2000,
                           custom_attrs=problem_of("child-", "proof")),
            id="child-proof",
            hint=_("For example a birth certificate, adoption papers, a court order. Bring it when we ask for it."),
            error=rx.cond(wrong == "proof", Verify.problem, ""),
        ),
        rx.el.div(
            button(_("Ask the front desk")),
            button(_("Don’t ask"), kind="second", type="button", on_click=Verify.show_form(False)),
            class_name="row",
        ),
        on_submit=Verify.ask_child,
        no_validate=True,
        class_name="card stack",
        aria_labelledby="child-title",
    )  # fmt: skip


def call_us() -> rx.Component:
    """A person who helps."""
    number = SETTINGS.support_sign_up_phone
    return quiet(
        _("Stuck? Call us: "),
        telephone(number),
        _(". You can also show an ID at the front desk, and we open your chart there."),
    )
