"""The made-up people who have accounts with the stand-ins."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class StandInPerson:
    """One account out there. `vouched`: the provider says that the e-mail address answered."""

    subject: str
    name: str
    email: str
    vouched: bool = True

    def facts(self) -> dict[str, Any]:
        """For a sealed code."""
        return asdict(self)


PEOPLE = (
    StandInPerson("10001", "Nia Newcomer", "nia.newcomer@mail.example"),
    StandInPerson("10002", "Omar Otherly", "omar.otherly@mail.example", vouched=False),
    StandInPerson("10003", "Paz Plainly", ""),
)


def person_of(subject: str) -> StandInPerson | None:
    """One of them."""
    return next((one for one in PEOPLE if one.subject == subject), None)
