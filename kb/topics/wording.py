"""What the map says of topics and subjects, in words."""

from __future__ import annotations

from collections.abc import Collection

from kb.topics.facts import By
from kb.topics.report import Part, Topic, TopicMap, counts_by, years_of
from kb.wording import counted, shortened

_MOST_GROUPS = 8
_MOST_TITLES = 5
_LONGEST = 120


def overview(found: TopicMap) -> str:
    """Return how many lessons there are, and in how many topics and subjects."""
    lessons = counted(len(found.lessons), "lesson")
    if not found.topics:
        return lessons
    topics = counted(len(found.topics), "topic")
    subjects = counted(len(found.subjects), "subject")
    return f"{lessons} in {subjects} with {topics}" if found.subjects else f"{lessons} in {topics}"


def everywhere_line(found: TopicMap) -> str:
    """Return what is weak in every topic, so that it need not be said of each; empty if nothing is."""
    return f"in every topic: {'; '.join(found.everywhere)}" if found.everywhere else ""


def size_line(part: Part) -> str:
    """Return how many lessons a part has, of which years, how many are measured, and about how many one can ask."""
    facts = [lesson.facts for lesson in part.lessons]
    oldest, newest = years_of(part)
    years = f", {oldest} to {newest}" if oldest != newest else f", {oldest}" if oldest else ""
    measured, asked = sum(each.is_measured for each in facts), sum(each.can_be_asked for each in facts)
    said = [
        *([f"{measured:,} with a measured impact"] if measured else []),
        *([f"somebody to ask about {asked:,}"] if asked else []),
    ]
    return "; ".join([f"{counted(len(facts), 'lesson')}{years}", *said])


def example_lines(topic: Topic) -> list[str]:
    """Return what a topic is about besides its name: an example, or if a title is its name some of the others."""
    if not topic.is_titled:
        return [f"such as: {shortened(topic.example, _LONGEST)}"]
    others = [shortened(title, _LONGEST) for title in topic.others]
    more = len(others) - _MOST_TITLES
    return [*others[:_MOST_TITLES], f"and {more:,} more"] if more > 1 else others


def by_line(part: Part, by: By) -> str:
    """Return the number of lessons in each group: `by unit: Sales 3, Logistics 2`."""
    counts = counts_by(part, by)
    named = [f"{name} {count:,}" for name, count in counts[:_MOST_GROUPS]]
    more = [f"and {len(counts) - _MOST_GROUPS:,} more"] if len(counts) > _MOST_GROUPS else []
    return f"by {by.value}: {', '.join([*named, *more])}"


def thin_line(topic: Topic, said: Collection[str]) -> str:
    """Return what is weak in a topic, but not what is said already; empty if nothing is."""
    return "; ".join(spot.words for spot in topic.thin if spot.words not in said)


def topic_line(topic: Topic) -> str:
    """Return the name of a topic and the number of its lessons."""
    return f"{topic.label} ({len(topic.lessons):,})"
