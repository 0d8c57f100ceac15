"""Visits that took place and appointments, and what was done, measured and ordered during a visit."""

from __future__ import annotations

from datetime import datetime, timedelta

from rxportal.demo.story import CLINIC, DOCTOR, Story
from rxportal.demo.terms import SNOMED, Resource, concept, reference, words

ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CLASSES = {
    "AMB": "Office",
    "VR": "Video",
    "EMER": "Emergency",
    "IMP": "Hospital stay",
    "HH": "Home",
}
Doctor = tuple[str, str]
LEE: Doctor = (DOCTOR, "Dr. Lee")
FRIDAY = 4
PLACE = "Fairhaven Clinic, floor 2"


def visit(
    story: Story,
    name: str,
    title: str,
    days_ago: int,
    *,
    why: str,
    how: str = "AMB",
    doctor: Doctor = LEE,
    clock: str = "09:00",
    lasts: timedelta = timedelta(minutes=25),
    status: str = "finished",
    appointment: Resource | None = None,
    told: tuple[tuple[str, str], ...] = (),
) -> Resource:
    """A visit that took place. `how` is its class (see CLASSES); `told` are diagnoses as (SNOMED code, words)."""
    begins = story.at(days_ago, clock)
    ends = min(datetime.fromisoformat(begins) + lasts, story.now)
    return story.add(
        "Encounter",
        name,
        status=status,
        **{"class": {"system": ACT, "code": how, "display": CLASSES[how]}},
        type=[words(title)],
        subject=story.subject,
        participant=[{"individual": reference("Practitioner", *doctor)}],
        appointment=[reference("Appointment", appointment["id"])] if appointment else None,
        period={"start": begins, "end": ends.replace(microsecond=0).isoformat()},
        reasonCode=[words(why), *(concept(SNOMED, *one) for one in told)],
        location=None if how == "VR" else [{"location": reference("Location", CLINIC, PLACE)}],
        hospitalization={"dischargeDisposition": words("Home")} if how == "IMP" else None,
        serviceProvider=reference("Organization", CLINIC, "Fairhaven Clinic"),
    )


def during(encounter: Resource, *resources: Resource) -> None:
    """Write down that these came of that visit."""
    where = reference("Encounter", encounter["id"])
    for one in resources:
        if one["resourceType"] == "DocumentReference":
            one["context"] = {"encounter": [where]}
        elif one["resourceType"] in {"MedicationStatement", "MedicationAdministration", "MedicationDispense"}:
            one["context"] = where
        else:
            one["encounter"] = where


def appointment(
    story: Story,
    name: str,
    title: str,
    in_days: int,
    clock: str,
    *,
    status: str = "booked",
    video: bool = False,
    minutes: int = 25,
    doctor: Doctor = LEE,
    prepare: str = "",
    because: str = "",
) -> Resource:
    """An appointment, `in_days` from today (negative: it was). `prepare`: what to do before; `because`: why it is off.

    Nothing may be asked for the day of loading itself: the hour may be over already.
    """
    begins = story.at(-on_a_weekday(story, in_days), clock)
    ends = datetime.fromisoformat(begins) + timedelta(minutes=minutes)
    who = [(story.subject, "accepted"), (reference("Practitioner", *doctor), "accepted")]
    if not video:
        who.append((reference("Location", CLINIC, PLACE), "accepted"))
    return story.add(
        "Appointment",
        name,
        status=status,
        cancelationReason=words(because) if because else None,
        serviceType=[words(title)],
        appointmentType=words("Video visit" if video else "Office visit"),
        description=title,
        start=begins,
        end=ends.isoformat(),
        minutesDuration=minutes,
        created=story.day(max(30, 20 - in_days)),
        patientInstruction=prepare or None,
        participant=[{"actor": actor, "status": said} for actor, said in who],
    )


def on_a_weekday(story: Story, in_days: int) -> int:
    """The same day, or the Monday after it: the clinic is closed at the weekend. What is over stays where it was."""
    weekday = (story.today + timedelta(days=in_days)).weekday()
    return in_days + (7 - weekday if in_days > 0 and weekday > FRIDAY else 0)
