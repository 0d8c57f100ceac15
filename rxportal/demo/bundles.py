"""The records of both invented practices, as FHIR bundles that arrive on several days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from rxportal.demo.calendar import batches
from rxportal.demo.charts import ben, exampleton, grace, maya, others
from rxportal.demo.practice import bundle, staff
from rxportal.demo.story import Story
from rxportal.demo.terms import Resource

Writer = Callable[[Story], None]

CHARTS: dict[str, Writer] = {
    maya.PERSON: maya.write,
    grace.PERSON: grace.write,
    ben.BEN: ben.write_ben,
    ben.THEO: ben.write_theo,
    exampleton.LENA: exampleton.write_lena,
    exampleton.NOAH: exampleton.write_noah,
    others.NORA: others.write_nora,
    others.OLIVE: others.write_olive,
}
ELSEWHERE: dict[str, Writer] = {others.PETRA: others.write_petra}


def written(charts: dict[str, Writer], now: datetime) -> list[Resource]:
    """All resources of some people, in the order they were written; `now` is in the practice's zone."""
    resources: list[Resource] = []
    for person, write in charts.items():
        story = Story(person, now)
        write(story)
        resources += story.resources
    return resources


def arrivals(charts: dict[str, Writer], now: datetime) -> list[tuple[int, Resource]]:
    """One Bundle per day of arrival, as (days ago, bundle); the practice itself comes with the first."""
    made = batches(written(charts, now), now)
    return [(ago, bundle(staff() + part if place == 0 else part)) for place, (ago, part) in enumerate(made) if part]
