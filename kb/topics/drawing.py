"""Draws the map: from lessons and the last map to topics with their names and places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from kb.topics.clustering import Ints, Vectors, centroids, nearest, numbered, put_together, subjects_for, values_in
from kb.topics.facts import LessonFacts
from kb.topics.keeping import How, by_size, matched, partition
from kb.topics.labels import Namer, distinct
from kb.topics.layout import Point, arranged, on_spiral, places_of, radius_of
from kb.topics.map_file import KnownMap, KnownTopic, Slot
from kb.topics.report import MapLesson, Subject, Topic, TopicMap, with_thin_spots
from kb.topics.words import Vocabulary

_SUBJECTS_OFF = 2
"""Topics are put together as subjects again if there are so many more or fewer subjects than would suit."""
_NAMED_BY_TITLES = 5
"""So few topics, of at most 30 lessons when the map is new, are named by titles: their lessons share few words."""
_TYPICAL = 5
"""An example stays as long as it is one of so many most typical lessons of its topic, or of the more typical half."""


class Library(NamedTuple):
    """The lessons of a map, in order of number."""

    facts: Sequence[LessonFacts]
    digests: Sequence[str]
    """The hash of each lesson's file."""
    vocabulary: Vocabulary
    vectors: Vectors
    """Of length 1, or zeros; shape (lessons, dimension)."""


class _Division(NamedTuple):
    """Which lesson is in which topic."""

    how: How
    names: Sequence[int]
    """The numbers of the topics, ascending."""
    clusters: Ints
    """For each lesson the position of its topic in `names`."""
    centres: Vectors
    nearness: Sequence[float]
    """For each lesson the cosine with the centroid of its topic."""

    def lessons_of(self, topic: int) -> list[int]:
        """Return the lessons of the topic at a position, the most typical first."""
        own = np.flatnonzero(self.clusters == topic).tolist()
        return sorted(own, key=lambda lesson: (-round(self.nearness[lesson], 6), lesson))


def draw(library: Library, before: KnownMap, today: date) -> tuple[TopicMap, KnownMap]:
    """Return the map, and what the next one needs to know of it."""
    division = _divided(library, before)
    subjects = _subjects(division, before)
    terms, terms_of_subjects = _named(library, division, subjects, before)
    slots = {topic: _places(library, division, topic, before) for topic in range(len(division.names))}
    middles = _middles(division, subjects, slots, before)
    examples = [_example(library, division, topic, before) for topic in range(len(division.names))]
    known = _known(library, division, subjects, terms, terms_of_subjects, slots, middles, examples)
    topics = [
        Topic(
            number,
            terms[topic],
            library.facts[examples[topic]],
            len(division.names) <= _NAMED_BY_TITLES,
            _lessons(library, division, slots[topic], middles[topic]),
            (),
            middles[topic],
            radius_of(slots[topic].values()),
        )
        for topic, number in enumerate(division.names)
    ]
    found = [
        Subject(number, name, [topic for topic, own in zip(topics, subjects, strict=True) if own == number])
        for number, name in sorted(terms_of_subjects.items())
    ]
    return with_thin_spots(TopicMap(found, topics, division.how), today), known


def _divided(library: Library, before: KnownMap) -> _Division:
    slots = [before.lessons.get(digest) for digest in library.digests]
    topics = np.array([slot.topic if slot else 0 for slot in slots], np.int64)
    order = np.argsort(np.array(library.digests), kind="stable").tolist()
    of_id = {slot.id: slot.topic for slot in before.lessons.values()}
    edited = np.array([of_id.get(each.id, 0) for each in library.facts], np.int64)
    found, how = partition(library.vectors, topics, edited, order)
    clusters = numbered(found) if len(found) else found
    centres = centroids(library.vectors, clusters)
    nearness = (library.vectors * centres[clusters]).sum(axis=1).tolist()
    return _Division(how, values_in(found), clusters, centres, nearness)


def _subjects(division: _Division, before: KnownMap) -> list[int]:
    """Return the number of the subject of each topic, from 1; 0 if there are none."""
    count = subjects_for(len(division.names))
    if not count:
        return [0] * len(division.names)
    old = np.array([before.topics[name].subject if name in before.topics else 0 for name in division.names])
    known = np.flatnonzero(old)
    sizes = np.bincount(division.clusters)
    if not len(known):
        groups = put_together(division.centres, sizes, count)
        return [
            int(by_size(groups[division.clusters])[lessons[0]]) for lessons in map(division.lessons_of, range(len(old)))
        ]
    if division.how is How.ANEW or abs(len(values_in(old[known])) - count) > _SUBJECTS_OFF:
        return [int(number) for number in matched(put_together(division.centres, sizes, count), old)]
    numbers, own = np.unique(old[known], return_inverse=True)
    new = np.flatnonzero(old == 0)
    old[new] = numbers[nearest(division.centres[new], centroids(division.centres[known], own))]
    return [int(number) for number in old]


def _named(
    library: Library, division: _Division, subjects: Sequence[int], before: KnownMap
) -> tuple[list[tuple[str, ...]], Mapping[int, tuple[str, ...]]]:
    """Return the terms that name each topic and, by number, each subject."""
    namer = Namer(library.vocabulary)
    old = [before.topics[name].terms if name in before.topics else () for name in division.names]
    topics = distinct(namer.candidates(division.clusters, len(division.names)), old)
    numbers = sorted({*subjects} - {0})
    if not numbers:
        return topics, {}
    place = np.array([numbers.index(number) for number in subjects])
    candidates = namer.candidates(place[division.clusters], len(numbers))
    names = distinct(candidates, [before.subjects.get(number, ()) for number in numbers])
    return topics, dict(zip(numbers, names, strict=True))


def _places(library: Library, division: _Division, topic: int, before: KnownMap) -> dict[int, int]:
    """Return for each lesson of a topic its place in it."""
    lessons, number = division.lessons_of(topic), division.names[topic]
    slots = [before.lessons.get(library.digests[lesson]) for lesson in lessons]
    old = [slot.place if slot and slot.topic == number else None for slot in slots]
    return dict(zip(lessons, places_of(old), strict=True))


def _example(library: Library, division: _Division, topic: int, before: KnownMap) -> int:
    """Return the lesson that stands for a topic: that of before, if it is still typical, else the most typical."""
    lessons, known = division.lessons_of(topic), before.topics.get(division.names[topic])
    typical = lessons[: max(_TYPICAL, len(lessons) // 2)]
    return next((lesson for lesson in typical if known and library.facts[lesson].id == known.example), lessons[0])


def _middles(
    division: _Division, subjects: Sequence[int], slots: Mapping[int, Mapping[int, int]], before: KnownMap
) -> list[Point]:
    old = {
        topic: Point(known.x, known.y)
        for topic, name in enumerate(division.names)
        if (known := before.topics.get(name))
    }
    radii = [radius_of(slots[topic].values()) for topic in range(len(division.names))]
    return arranged(division.centres, radii, subjects, old)


def _lessons(library: Library, division: _Division, places: Mapping[int, int], middle: Point) -> list[MapLesson]:
    found = []
    for lesson, place in places.items():
        shift = on_spiral(place)
        point = Point(middle.x + shift.x, middle.y + shift.y)
        found.append(MapLesson(library.facts[lesson], division.nearness[lesson], point))
    return found


def _known(
    library: Library,
    division: _Division,
    subjects: Sequence[int],
    terms: Sequence[tuple[str, ...]],
    terms_of_subjects: Mapping[int, tuple[str, ...]],
    slots: Mapping[int, Mapping[int, int]],
    middles: Sequence[Point],
    examples: Sequence[int],
) -> KnownMap:
    """Return what the next map needs to know."""
    lessons = {
        library.digests[lesson]: Slot(number, place, library.facts[lesson].id)
        for topic, number in enumerate(division.names)
        for lesson, place in slots[topic].items()
    }
    topics = {
        number: KnownTopic(subjects[topic], terms[topic], *middles[topic], library.facts[examples[topic]].id)
        for topic, number in enumerate(division.names)
    }
    return KnownMap(lessons, topics, terms_of_subjects)
