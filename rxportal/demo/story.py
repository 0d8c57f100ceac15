"""One invented person's chart while it is being written: every date is counted back from the day of loading."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rxportal.demo.terms import Resource, concept, reference

CLINIC = "fairhaven-clinic"
LABORATORY = "fairhaven-laboratory"
DOCTOR = "dr-lee"
SECOND_DOCTOR = "dr-fictionby"


@dataclass
class Story:
    """The resources of one person, in the order they were written.

    Attributes:
        person: the FHIR id of the Patient.
        now: the moment of loading, in the practice's zone; nothing of the past is later than it.
    """

    person: str
    now: datetime
    resources: list[Resource] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day of loading."""
        return self.now.date()

    @property
    def subject(self) -> Resource:
        """The reference that says whose resource it is."""
        return reference("Patient", self.person)

    def named(self, name: str) -> str:
        """An id that is unique in the practice: the person's, then the thing's."""
        return f"{self.person}-{name}"

    def day(self, days_ago: int) -> str:
        """A FHIR date, `days_ago` before the day of loading (negative: after it)."""
        return (self.today - timedelta(days=days_ago)).isoformat()

    def at(self, days_ago: int, clock: str = "08:05") -> str:
        """A FHIR instant with the practice's offset, `days_ago` before the day of loading."""
        zone = self.now.tzinfo if isinstance(self.now.tzinfo, ZoneInfo) else ZoneInfo("UTC")
        moment = datetime.combine(self.today - timedelta(days=days_ago), time.fromisoformat(clock), tzinfo=zone)
        if days_ago >= 0:
            # counted in UTC: on the night when clocks go forward, five minutes ago by the wall may never have been
            moment = min(moment, (self.now.astimezone(UTC) - timedelta(minutes=5)).astimezone(zone))
        return moment.replace(microsecond=0).isoformat()

    def add(self, kind: str, name: str, /, **fields: object) -> Resource:
        """Write one resource down; fields that are None or empty lists are left out."""
        kept = {key: value for key, value in fields.items() if value is not None and value != []}
        resource: Resource = {
            "resourceType": kind,
            "id": self.named(name),
            "meta": {"versionId": "1", "lastUpdated": self.at(0, "00:10")},
            **kept,
        }
        self.resources.append(resource)
        return resource


def born(today: date, years: int, days: int = 100) -> date:
    """A birth date that makes somebody `years` old today, their birthday being `days` ago."""
    birthday = today - timedelta(days=days)
    return date(birthday.year - years, birthday.month, min(birthday.day, 28))


def patient(story: Story, name: tuple[str, str], gender: str, birth: date, number: str, *, email: str = "") -> Resource:
    """The Patient itself, with a record number of the clinic; `email`: as the clinic has it on file."""
    mail = [{"system": "email", "value": email}] if email else []
    story.resources.append(
        {
            "resourceType": "Patient",
            "id": story.person,
            "meta": {"versionId": "1"},
            "active": True,
            "identifier": [
                {
                    "type": concept("http://terminology.hl7.org/CodeSystem/v2-0203", "MR", "Medical record number"),
                    "system": "urn:rxportal:demo:mrn",
                    "value": number,
                }
            ],
            "name": [{"use": "official", "family": name[1], "given": [name[0]]}],
            "gender": gender,
            "birthDate": birth.isoformat(),
            "address": [{"line": ["1 Invented Street"], "city": "Fairhaven", "state": "CA", "postalCode": "00000"}],
            "telecom": [{"system": "phone", "value": "555-0100"}, *mail],
            "managingOrganization": reference("Organization", CLINIC),
        }
    )
    return story.resources[-1]
