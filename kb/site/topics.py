"""The topics of the library on a site: an overview, and a page of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ingest.lesson import Lesson
from kb.pages.library import Said
from kb.site.addresses import topic_page
from kb.topics.report import Topic, TopicMap
from kb.topics.thin import Weakness
from kb.topics.wording import everywhere_line, example_lines, overview, size_line, thin_line

_FEWEST_WEAKNESSES = 2


class Group(NamedTuple):
    """Links below a heading; without a name, the only ones."""

    name: str
    lines: Sequence[Said]


def groups_of(found: TopicMap) -> Iterator[Group]:
    """Yield the topics by subject, or all together if there are few."""
    if not found.subjects:
        yield Group("", [said_of(topic, found) for topic in found.topics])
    for subject in found.subjects:
        yield Group(f"{subject.mark}. {subject.label}", [said_of(topic, found) for topic in subject.topics])


def said_of(topic: Topic, found: TopicMap) -> Said:
    thin = thin_line(topic, found.everywhere)
    note = "; ".join([size_line(topic), *example_lines(topic), *([f"thin: {thin}"] if thin else [])])
    return Said(topic.label, topic_page(topic.number), note)


def largest(found: TopicMap, most: int) -> list[Said]:
    topics = sorted(found.topics, key=lambda topic: (-len(topic.lessons), topic.number))
    return [Said(topic.label, topic_page(topic.number), size_line(topic)) for topic in topics[:most]]


def thinnest(found: TopicMap, most: int) -> list[Said]:
    """Return the topics that are weak in several ways, and first what all of them lack."""
    everywhere = [Said("In every topic", "", "; ".join(found.everywhere))] if found.everywhere else []
    weak = [topic for topic in found.topics if len(_own(topic, found)) >= _FEWEST_WEAKNESSES]
    weak.sort(key=lambda topic: (-len(_own(topic, found)), -len(topic.lessons), topic.number))
    return [
        *everywhere,
        *(Said(one.label, topic_page(one.number), thin_line(one, found.everywhere)) for one in weak[:most]),
    ]


def _own(topic: Topic, found: TopicMap) -> list[Weakness]:
    return [spot.weakness for spot in topic.thin if spot.words not in found.everywhere]


def lessons_of(topic: Topic, by_path: Mapping[str, Lesson]) -> list[Lesson]:
    """Return the lessons of a topic, the most typical first."""
    return [by_path[lesson.facts.path] for lesson in topic.lessons if lesson.facts.path in by_path]


def notes_of(topic: Topic, found: TopicMap) -> list[str]:
    thin = "; ".join(spot.words for spot in topic.thin)
    return [size_line(topic), *([f"Thin: {thin}."] if thin else [])]


def lead_of(found: TopicMap) -> tuple[str, list[str]]:
    return overview(found), [line for line in (everywhere_line(found),) if line]
