"""The map of a library: subjects, their topics, and the lessons of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import UnknownTopic
from kb.topics.facts import NOT_STATED, By, LessonFacts
from kb.topics.keeping import How
from kb.topics.layout import Point
from kb.topics.thin import ThinSpot, asked_elsewhere, thin_spots
from kb.wording import shortened
from search.query import nearest

if TYPE_CHECKING:
    from kb.forms.find import topics as forms

_MOST_NAMED = 5
_LONGEST = 120


class MapLesson(NamedTuple):
    """A lesson on the map."""

    facts: LessonFacts
    nearness: float
    """The cosine of its vector with the centroid of its topic: how typical it is."""
    point: Point


@dataclass(frozen=True)
class Topic:
    """Lessons on the same matter; a number names it as long as it lives."""

    number: int
    terms: tuple[str, ...]
    standing_for: LessonFacts
    """The lesson that stands for it on every map, also on one that does not show this lesson."""
    is_titled: bool
    """Whether the title of that lesson names it, because the library is too small for terms."""
    lessons: Sequence[MapLesson]
    """The most typical first."""
    thin: tuple[ThinSpot, ...]
    middle: Point
    radius: float

    @property
    def mark(self) -> str:
        return str(self.number)

    def only(self, paths: Collection[str]) -> Topic:
        """Return the topic with some lessons only."""
        return replace(self, lessons=[lesson for lesson in self.lessons if lesson.facts.path in paths])

    @property
    def label(self) -> str:
        return shortened(self.standing_for.title, _LONGEST) if self.is_titled else label_of(self.terms)

    @property
    def named(self) -> str:
        """What a person may know it by: its name, or of one with a title all titles."""
        return "\n".join([self.label, *self.others]) if self.is_titled else self.label

    @property
    def example(self) -> str:
        """The title of a typical lesson."""
        shown = (lesson.facts for lesson in self.lessons if lesson.facts.path == self.standing_for.path)
        return next(shown, self.lessons[0].facts).title

    @property
    def others(self) -> list[str]:
        """The titles of all lessons but the one that stands for it."""
        return [lesson.facts.title for lesson in self.lessons if lesson.facts.path != self.standing_for.path]

    def as_json(self) -> forms.Topic:
        return {
            "number": self.number,
            **_part_json(self),
            "example": self.example,
            "thin": [spot.as_json() for spot in self.thin],
            "x": round(self.middle.x, 2),
            "y": round(self.middle.y, 2),
            "radius": round(self.radius, 2),
            "ids": [lesson.facts.id for lesson in self.lessons],
        }


@dataclass(frozen=True)
class Subject:
    """Topics that are near each other, in a library with too many of them to read at once."""

    number: int
    terms: tuple[str, ...]
    topics: Sequence[Topic]
    """The largest first."""

    @property
    def mark(self) -> str:
        return mark_of(self.number)

    @property
    def label(self) -> str:
        return label_of(self.terms)

    @property
    def named(self) -> str:
        """What a person may know it by."""
        return self.label

    @cached_property
    def lessons(self) -> Sequence[MapLesson]:
        return [*chain.from_iterable(topic.lessons for topic in self.topics)]

    def as_json(self) -> forms.Subject:
        return {"letter": self.mark, **_part_json(self), "topics": [topic.number for topic in self.topics]}


Part = Subject | Topic


@dataclass(frozen=True)
class TopicMap:
    """All lessons of a library, or those that meet some conditions, by topic."""

    subjects: Sequence[Subject]
    """By number; empty if a person can read all topics at once."""
    topics: Sequence[Topic]
    """By number, only those with lessons."""
    how: How
    notes: tuple[str, ...] = ()

    @cached_property
    def lessons(self) -> Sequence[MapLesson]:
        return [*chain.from_iterable(topic.lessons for topic in self.topics)]

    @cached_property
    def everywhere(self) -> tuple[str, ...]:
        """The weaknesses in their words that every topic has, if there are several topics."""
        found = [{spot.words for spot in topic.thin} for topic in self.topics]
        return tuple(sorted(set.intersection(*found))) if len(found) > 1 else ()

    def only(self, paths: Collection[str], today: date) -> TopicMap:
        """Return the map with some lessons only, and the topics and subjects that have any."""
        topics = {topic.number: topic.only(paths) for topic in self.topics}
        kept = {number: topic for number, topic in topics.items() if topic.lessons}
        subjects = [
            replace(subject, topics=[kept[topic.number] for topic in subject.topics if topic.number in kept])
            for subject in self.subjects
        ]
        found = replace(self, topics=[*kept.values()], subjects=[subject for subject in subjects if subject.topics])
        return with_thin_spots(found, today)

    def part(self, name: str) -> Part:
        """Return the topic with a number, the subject with a letter, or the part whose name has some words.

        Raises `UnknownTopic` if there is none, or more than one.
        """
        parts: list[Part] = [*self.subjects, *self.topics]
        wanted = " ".join(name.casefold().split())
        found = [part for part in parts if part.mark.casefold() == wanted]
        found = found or [part for part in parts if part.label.casefold() == wanted]
        found = found or [part for part in parts if wanted in part.named.casefold()]
        if len(found) == 1:
            return found[0]
        if found:
            named = ", ".join(f"{part.mark} ({part.label})" for part in found[:_MOST_NAMED])
            raise UnknownTopic(f"several topics have {name!r} in their names: {named}; name one by its number")
        known = {term.casefold(): part for part in parts for term in part.terms}
        near = [f"did you mean {known[term].mark} ({known[term].label})? " for term in nearest(wanted, known)[:1]]
        raise UnknownTopic(f"there is no topic {name!r}; {''.join(near)}`kb map` names all")

    def as_json(self) -> forms.TopicMap:
        return {
            "lessons": len(self.lessons),
            "made": self.how.value,
            "notes": list(self.notes),
            "subjects": [subject.as_json() for subject in self.subjects],
            "topics": [topic.as_json() for topic in self.topics],
        }


def with_thin_spots(found: TopicMap, today: date) -> TopicMap:
    """Return a map with the thin spots of its topics."""
    every = [lesson.facts for lesson in found.lessons]
    topics = {}
    for topic in found.topics:
        own = [lesson.facts for lesson in topic.lessons]
        topics[topic.number] = replace(topic, thin=(*thin_spots(own, asked_elsewhere(own, every), today),))
    subjects = [
        replace(subject, topics=sorted((topics[each.number] for each in subject.topics), key=_largest_first))
        for subject in found.subjects
    ]
    return replace(found, topics=[*topics.values()], subjects=subjects)


def _largest_first(topic: Topic) -> tuple[int, int]:
    return -len(topic.lessons), topic.number


def mark_of(subject: int) -> str:
    """Return the letter of a subject: A for 1."""
    return chr(ord("A") + subject - 1)


def label_of(terms: Sequence[str]) -> str:
    return ", ".join(terms) or "no words in common"


def counts_by(part: Part, by: By) -> list[tuple[str, int]]:
    """Return the number of lessons in each group: years newest first, others the largest first; not stated last."""
    found = Counter(chain.from_iterable(by.values(lesson.facts) for lesson in part.lessons))
    in_order = sorted(found, reverse=True) if by is By.YEAR else sorted(found, key=lambda name: (-found[name], name))
    return [(name, found[name]) for name in sorted(in_order, key=lambda name: name == NOT_STATED)]


def years_of(part: Part) -> tuple[str, str]:
    """Return the years of the oldest and the newest lesson; empty if no lesson has a date."""
    years = [lesson.facts.year for lesson in part.lessons if lesson.facts.year]
    return (min(years), max(years)) if years else ("", "")


def _part_json(part: Part) -> forms.MapPart:
    facts = [lesson.facts for lesson in part.lessons]
    oldest, newest = years_of(part)
    return {
        "label": part.label,
        "terms": list(part.terms),
        "lessons": len(facts),
        "measured": sum(lesson.is_measured for lesson in facts),
        "can_be_asked": sum(lesson.can_be_asked for lesson in facts),
        "overdue": sum(lesson.is_overdue for lesson in facts),
        "asked": sum(lesson.asked for lesson in facts),
        "oldest": oldest or None,
        "newest": newest or None,
        "by_unit": dict(counts_by(part, By.UNIT)),
        "by_area": dict(counts_by(part, By.AREA)),
        "by_year": dict(counts_by(part, By.YEAR)),
    }
