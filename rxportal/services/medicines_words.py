"""A medicine's standing in one sentence, with one next step, and why it can't be renewed online (F2, S21)."""

from __future__ import annotations

from dataclasses import dataclass

from rxportal.core.text import _, plural
from rxportal.rules.medicines import NotOnline, Standing


@dataclass(frozen=True)
class Facts:
    """The words that sentences are filled with; "" where a thing is not known. `own`: the reader's own chart."""

    left: int = 0
    written: str = ""
    good_until: str = ""
    lasts_until: str = ""
    handed: str = ""
    source: str = ""
    own: bool = True


@dataclass(frozen=True)
class Words:
    """A short phrase, a sentence, and the one next step: `next`, or `call` with the phone number after it."""

    tag: str
    tone: str
    sentence: str
    next: str = ""
    call: str = ""


NOTHING_REQUESTED = _("Nothing has been requested.")
#: Standings in which a person may come to think that more was asked for.
CAN_RUN_OUT = frozenset({
    Standing.REFILLS, Standing.NONE_LEFT, Standing.RAN_OUT, Standing.NEW, Standing.NO_FILL, Standing.UNTOLD,
    Standing.HANDED_OUT,
})  # fmt: skip
#: Standings whose own next step comes before any renewal: it stands alone beside the reason why there is none.
OWN_STEP = frozenset({
    Standing.REFILLS, Standing.NEW, Standing.NO_FILL, Standing.PAUSED,
})  # fmt: skip
PHARMACY_KNOWS = _("The pharmacy can say how many refills are left.")
NOTHING_TO_DO = _("There is nothing to do.")


def told(standing: Standing, facts: Facts) -> Words:
    """Where it stands, in words."""
    if standing in SUPPLIED:
        return SUPPLIED[standing](facts)
    return FIXED[standing]


def _refills(facts: Facts) -> Words:
    tag = plural("{count} refill left", "{count} refills left", facts.left)
    sentence = plural("It can be filled {count} more time.", "It can be filled {count} more times.", facts.left)
    if not facts.lasts_until:
        return Words(tag, "good", sentence, _("Ask the pharmacy for the next fill."))
    return Words(tag, "good", sentence, _("The last fill lasts until about {day}. Ask the pharmacy for the next one a "
                                          "few days before.").format(day=facts.lasts_until))  # fmt: skip


def _none_left(facts: Facts) -> Words:
    sentence = _("No refills are left on this prescription.")
    if facts.lasts_until:
        sentence = _("No refills are left. The last fill lasts until about {day}.").format(day=facts.lasts_until)
    return Words(_("No refills left"), "look", sentence, call=_("To ask for more, call"))


def _ran_out(facts: Facts) -> Words:
    sentence = _("This prescription was good until {day}.").format(day=facts.good_until)
    return Words(_("Too old to refill"), "look", sentence, call=_("If it is still needed, call"))


def _new(facts: Facts) -> Words:
    sentence = _("Prescribed on {day}. No fill is on file here yet.").format(day=facts.written)
    return Words(_("Not filled yet"), "wait", sentence, _("Ask the pharmacy if it is ready."))


def _handed_out(facts: Facts) -> Words:
    sentence = _("A pharmacy handed this out on {day}. The prescription is not on file here.").format(day=facts.handed)
    return Words(_("Handed out"), "good", sentence, PHARMACY_KNOWS)


def _reported(facts: Facts) -> Words:
    sentence = (
        _("You told us that you take this. Nobody here prescribed it.")
        if facts.own
        else _("We were told that this is taken. Nobody here prescribed it.")
    )
    return Words(_("Not a prescription"), "wait", sentence, _("If this changes, say so at the next visit."))


SUPPLIED = {
    Standing.REFILLS: _refills, Standing.NONE_LEFT: _none_left, Standing.RAN_OUT: _ran_out, Standing.NEW: _new,
    Standing.HANDED_OUT: _handed_out, Standing.REPORTED: _reported,
}  # fmt: skip
FIXED = {
    Standing.NO_FILL: Words(
        _("No fill on file"), "wait", _("No fill is on file here. Not every pharmacy tells us."), PHARMACY_KNOWS
    ),
    Standing.UNTOLD: Words(
        _("Active"), "good", _("This is on the list of active medicines. How many refills are left was not sent."),
        _("The pharmacy can say if there is a refill."),
    ),
    Standing.PAUSED: Words(
        _("Paused"), "look", _("This medicine is paused."), call=_("Before it is taken again, call")
    ),
    Standing.DRAFT: Words(_("Not final"), "wait", _("The doctor has not finished this entry."), NOTHING_TO_DO),
    Standing.UNKNOWN: Words(
        _("Not sure"), "look", _("Whether this is still taken was not sent."), _("Bring it up at the next visit.")
    ),
    Standing.STOPPED: Words(
        _("Stopped"), "wait", _("This medicine was stopped."), _("Ask before it is taken again.")
    ),
    Standing.FINISHED: Words(_("Finished"), "good", _("This medicine is finished."), NOTHING_TO_DO),
    Standing.CANCELLED: Words(_("Cancelled"), "wait", _("This prescription was cancelled."), NOTHING_TO_DO),
    Standing.NOT_TAKEN: Words(
        _("Not taken"), "wait", _("The record says that this is not taken."),
        _("If that is wrong, say so at the next visit."),
    ),
}  # fmt: skip


def why_not_online(reason: NotOnline, source: str) -> tuple[str, str, str]:
    """(why it can't be renewed online, what now, lead-in to the phone number); one of the last two is ""."""
    order = _("The doctor may have to order it. To ask, call")
    return {
        NotOnline.REPORTED: (
            _("because it was entered as something we were told, not as a prescription."),
            _("If it should be prescribed, ask at the next visit."), "",
        ),
        NotOnline.CONTROLLED: (
            _("because it is a controlled medicine."), "", _("The doctor has to order it each time. To ask, call"),
        ),
        NotOnline.ELSEWHERE: (
            _("because it was prescribed outside this practice."), _("Ask {source}.").format(source=source), "",
        ),
        NotOnline.PLANNED: (_("because it was entered as a plan, not as an order."), "", order),
        NotOnline.UNCODED: (
            _("because it was entered in free words: a pharmacy can’t tell exactly which medicine it is."), "", order,
        ),
    }[reason]  # fmt: skip
