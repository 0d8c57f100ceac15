"""What can be done with the open result, who will see what after the click, and why something can't be done."""

from __future__ import annotations

import reflex as rx

from rxportal.components.forms import button, field
from rxportal.components.icons import icon
from rxportal.components.parts import notice, quiet
from rxportal.core.text import _
from rxportal.desk.state.results import DeskResultsState as Desk

#: The button that sent the form: Reflex's form data leave it out, its submit handler has the event as `ev`.
PRESSED = "(ev?.nativeEvent?.submitter?.value ?? '')"


def decide() -> rx.Component:
    """One form: the comment, then either the acts or the details of a hold. Enter in a field never releases."""
    shown = Desk.case
    return rx.fragment(
        why_not(),
        rx.cond(
            shown.can_see | shown.can_release | shown.can_hold,
            rx.el.form(
                rx.el.input(type="hidden", name="record", value=shown.id, read_only=True),
                rx.cond(~shown.withheld, comment()),
                rx.cond(Desk.problem != "", problem()),
                rx.cond(Desk.holding, hold_details(), acts()),
                on_submit=lambda form: Desk.act(form, rx.Var(PRESSED)),
                no_validate=True,
                class_name="stack decide",
                aria_label=_("Decide"),
            ),
        ),
    )


def why_not() -> rx.Component:
    """Why there is no release button: kept back by law or rule, not final, already shown and by whom."""
    shown = Desk.case
    return rx.cond(
        shown.why_not != "",
        rx.el.div(
            rx.cond(shown.withheld, icon("lock", 20), icon("check", 20)),
            rx.el.p(shown.why_not),
            class_name="notice wait",
        ),
    )


def comment() -> rx.Component:
    """Words for the patient; what was typed stays through refusals, other cases and reloads."""
    return field(
        _("Comment for {patient}").format(patient=Desk.case.patient),
        rx.el.textarea(
            id="comment",
            name="comment",
            rows="3",
            default_value=Desk.typed,
            on_blur=lambda text: Desk.keep_comment(Desk.case.id, text),
            custom_attrs={
                "aria-describedby": "comment-hint comment-error",
                "aria-invalid": rx.cond(Desk.wrong == "comment", "true", "false"),
            },
        ),
        id="comment",
        hint=_("If you write one, it is read with the result."),
        error=rx.cond(Desk.wrong == "comment", Desk.problem, ""),
    )


def problem() -> rx.Component:
    """Why the act was refused, above the buttons; a problem of one field stands at that field."""
    return rx.cond(
        (Desk.wrong == "comment") | (Desk.wrong == "reason") | (Desk.wrong == "until"),
        rx.fragment(),
        notice(Desk.problem, "act", id="problem", role="alert", tab_index=-1),
    )


def acts() -> rx.Component:
    """Release, mark as seen, hold: each says before the click who will see what."""
    shown = Desk.case
    both = shown.can_see & shown.can_release
    same = shown.who_will_see == shown.who_after_seen
    return rx.fragment(
        rx.el.div(
            rx.cond(
                both & same,
                rx.el.p(rx.el.strong(_("With either button: ")), shown.who_will_see, id="who-release"),
                rx.fragment(
                    rx.cond(
                        shown.can_release,
                        rx.el.p(rx.el.strong(_("If you release it: ")), shown.who_will_see, id="who-release"),
                    ),
                    rx.cond(
                        shown.can_see,
                        rx.el.p(rx.el.strong(_("If you mark it as seen: ")), shown.who_after_seen, id="who-seen"),
                    ),
                ),
            ),
            class_name="who-sees",
        ),
        rx.el.div(
            rx.cond(shown.can_release, act_button(_("Release"), "release", "primary", "who-release")),
            rx.cond(
                shown.can_see,
                rx.cond(
                    shown.can_release,
                    act_button(_("Mark as seen"), "seen", "second", "who-seen who-release"),
                    act_button(_("Mark as seen"), "seen", "primary", "who-seen"),
                ),
            ),
            rx.cond(
                shown.can_hold,
                button(_("Hold with a reason"), kind="quiet", type="button", id="start-hold", on_click=Desk.hold(True)),
            ),
            class_name="row",
        ),
    )


def act_button(words: str, act: str, kind: str, told_by: str) -> rx.Component:
    """A submit button that carries its act and names the sentence that says what follows."""
    return button(words, kind=kind, name="act", value=act, custom_attrs={"aria-describedby": told_by})


def hold_details() -> rx.Component:
    """Reason and last day of a hold, in place of the other buttons: Enter can only hold."""
    shown = Desk.case
    return rx.el.fieldset(
        rx.el.legend(_("Hold this result")),
        field(
            _("Reason"),
            rx.el.select(
                rx.el.option(_("Choose a reason"), value=""),
                rx.foreach(shown.hold_reasons, lambda one: rx.el.option(one.label, value=one.value, key=one.value)),
                id="hold-reason",
                name="reason",
                default_value="",
                custom_attrs=described("hold-reason", "reason"),
            ),
            id="hold-reason",
            error=rx.cond(Desk.wrong == "reason", Desk.problem, ""),
        ),
        field(
            _("Until"),
            rx.el.input(
                id="hold-until",
                name="until",
                type="date",
                default_value=shown.hold_until,
                min=shown.hold_from,
                max=shown.hold_latest,
                custom_attrs=described("hold-until", "until"),
            ),
            id="hold-until",
            hint=_("The hold ends when this day begins."),
            error=rx.cond(Desk.wrong == "until", Desk.problem, ""),
        ),
        quiet(
            _("Until then nobody reads it online. {patient} sees that it is on its way.").format(patient=shown.patient)
        ),
        rx.el.div(
            button(_("Hold this result"), name="act", value="hold"),
            button(_("Don’t hold"), kind="quiet", type="button", on_click=Desk.hold(False)),
            class_name="row",
        ),
        class_name="stack",
    )


def described(key: str, name: str) -> dict[str, rx.Var | str]:
    """The control names its hint and error, and says when it is wrong."""
    return {
        "aria-describedby": f"{key}-hint {key}-error",
        "aria-invalid": rx.cond(Desk.wrong == name, "true", "false"),
    }
