"""What a person and their team have agreed on: goals, the plan that serves them, and who is in the team."""

from __future__ import annotations

from dataclasses import dataclass

from rxportal.demo.story import CLINIC, DOCTOR, Story
from rxportal.demo.terms import CLINICAL, Resource, concept, reference, words

ACHIEVED = {"in-progress": "In progress", "achieved": "Achieved", "not-achieved": "Not achieved"}


@dataclass(frozen=True)
class Aim:
    """One goal: its words, how far it is, when it was set and by when it is to be reached (days from today)."""

    name: str
    text: str
    since_days_ago: int
    due_in_days: int | None = None
    reached: str = "in-progress"


def goal(story: Story, aim: Aim) -> Resource:
    """One Goal."""
    return story.add(
        "Goal",
        f"goal-{aim.name}",
        lifecycleStatus="completed" if aim.reached == "achieved" else "active",
        achievementStatus=concept(f"{CLINICAL}/goal-achievement", aim.reached, ACHIEVED[aim.reached]),
        description=words(aim.text),
        subject=story.subject,
        startDate=story.day(aim.since_days_ago),
        target=None if aim.due_in_days is None else [{"dueDate": story.day(-aim.due_in_days)}],
        expressedBy=reference("Practitioner", DOCTOR, "Dr. Lee"),
    )


def plan(
    story: Story,
    name: str,
    title: str,
    days_ago: int,
    *,
    aims: tuple[Aim, ...],
    activities: tuple[tuple[str, str], ...],
    about: tuple[Resource, ...] = (),
) -> Resource:
    """A CarePlan: `activities` as (words, status), `about` the conditions it is for."""
    goals = [goal(story, aim) for aim in aims]
    return story.add(
        "CarePlan",
        name,
        status="active",
        intent="plan",
        title=title,
        category=[words("Care plan")],
        subject=story.subject,
        period={"start": story.day(days_ago)},
        author=reference("Practitioner", DOCTOR, "Dr. Lee"),
        addresses=[reference("Condition", one["id"]) for one in about],
        goal=[reference("Goal", one["id"]) for one in goals],
        activity=[{"detail": {"status": status, "description": text}} for text, status in activities],
    )


def care_team(story: Story, members: list[tuple[str, str, str]], since_days_ago: int = 900) -> Resource:
    """Who looks after the person: (practitioner id, name, part in the team)."""
    return story.add(
        "CareTeam",
        "care-team",
        status="active",
        name="Your care team",
        subject=story.subject,
        period={"start": story.day(since_days_ago)},
        participant=[
            {"role": [words(part)], "member": reference("Practitioner", who, name)} for who, name, part in members
        ],
        managingOrganization=[reference("Organization", CLINIC, "Fairhaven Clinic")],
    )
