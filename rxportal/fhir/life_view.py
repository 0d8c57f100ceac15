"""Family and life: who in the family had what, what was asked of daily life (FamilyMemberHistory, Observation)."""

from __future__ import annotations

from rxportal.core.text import _
from rxportal.fhir.dates import date_words
from rxportal.fhir.names import loinc, test_name
from rxportal.fhir.shapes import Json, items, text
from rxportal.fhir.timing import collected
from rxportal.fhir.told import Reader, Told, begun, listed, notes_of, onset, pairs, spoken, status_of
from rxportal.fhir.values import components, observation_value, part_value

MOST_ANSWERS = 40
CALLED = {
    "72166-2": _("Smoking"), "39240-7": _("Smoking"), "76690-7": _("Sexual orientation"), "71802-3": _("Housing"),
    "67875-5": _("Work"), "74165-2": _("Alcohol"), "11331-6": _("Alcohol"), "63513-6": _("Health insurance"),
    "82589-3": _("Education"), "11367-0": _("Smoking"), "63586-2": _("Household income"), "93038-8": _("Stress"),
}  # fmt: skip


def family(resource: Json, read: Reader) -> Told:
    """One relative: what they had, at what age, whether they live."""
    kin = spoken(resource.get("relationship")) or _("Relative")
    kin = begun(kin)
    name = text(resource.get("name"))
    unsure = status_of(resource) in {"partial", "health-unknown"}
    return Told(
        title=f"{kin}, {name}" if name and name.lower() != kin.lower() else kin,
        status=_("Not everything is known") if unsure else "",
        tone="wait",
        when=_("Told {day}").format(day=read.day(resource.get("date"))) if resource.get("date") else "",
        facts=pairs(
            (_("Had"), "; ".join(_illness(entry, read) for entry in items(resource.get("condition")))),
            (_("Died"), _death(resource, read)),
        ),
        notes=notes_of(resource),
    )


def _illness(entry: Json, read: Reader) -> str:
    named, since = spoken(entry.get("code")), onset(entry, "onset", read)
    ended = spoken(entry.get("outcome")) or (_("died of it") if entry.get("contributedToDeath") is True else "")
    return listed([named or _("An illness without a name"), since, ended])


def _death(resource: Json, read: Reader) -> str:
    if resource.get("deceasedBoolean") is True:
        return _("Yes")
    return onset(resource, "deceased", read)


def life(resource: Json, read: Reader) -> Told:
    """What was asked and answered: smoking, housing, work, a questionnaire's score."""
    parts = [f"{test_name(part.get('code'))}: {part_value(part, read.zone).text}" for part in components(resource)]
    when = date_words(collected(resource), read.zone)
    answer = observation_value(resource, read.zone).text
    return Told(
        title=CALLED.get(loinc(resource.get("code"))) or test_name(resource.get("code")),
        when=_("Noted {day}").format(day=when) if when else "",
        who=read.all_names(resource.get("performer")),
        facts=pairs((_("Answer"), answer)) if answer != "; ".join(parts) else (),
        notes=(*parts, *notes_of(resource)),
    )


def questions(resource: Json, read: Reader) -> Told:
    """A filled-in questionnaire: every answer below its question."""
    found: list[str] = []
    stack = list(reversed(items(resource.get("item"))))
    while stack and len(found) < MOST_ANSWERS:
        entry = stack.pop()
        answers = [part_value(answer, read.zone).text for answer in items(entry.get("answer"))]
        if answers and text(entry.get("text")):
            found.append(f"{text(entry.get('text'))}: {listed(answers)}")
        stack += reversed(items(entry.get("item")))
    when = read.day(resource.get("authored"))
    return Told(
        title=_("Questions answered"),
        when=_("Answered {day}").format(day=when) if when else "",
        who=read.all_names(resource.get("author")),
        notes=tuple(found),
    )
