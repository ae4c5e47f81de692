"""Finds groups of lessons that say nearly the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ingest.lesson import Lesson
from kb.alike.closeness import know_each_other
from kb.alike.differences import Differences, LessonContents, only_in
from kb.errors import IndexUnusable
from search.indexing import open_vectors

if TYPE_CHECKING:
    from kb.catalogue.catalogue import Catalogue
    from kb.forms.keep import near_duplicates as forms
    from kb.retrieval.opening import Contents

Pairs = Mapping[tuple[int, int], float]
"""The closeness of two lessons by their numbers, the smaller first: the higher one of the two directions."""


class Alike(NamedTuple):
    """One lesson of a group."""

    lesson: Lesson
    only_here: Differences

    def as_json(self) -> forms.NearDuplicate:
        lesson = self.lesson
        return {
            "id": lesson.id,
            "title": lesson.title,
            "path": lesson.path,
            "date": lesson.date,
            "status": lesson.status or None,
            "only_here": self.only_here.as_json(),
        }


class Group(NamedTuple):
    """Lessons of which each is close to another of the group."""

    closeness: float
    """Of the closest two, at most 1."""
    lessons: tuple[Alike, ...]
    """By path."""

    def as_json(self) -> forms.DuplicateGroup:
        return {"closeness": round(self.closeness, 3), "lessons": [lesson.as_json() for lesson in self.lessons]}


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """The groups of a library, the closest first."""

    least: float
    groups: tuple[Group, ...]
    compared: int
    """The number of current lessons."""

    def as_json(self) -> forms.NearDuplicates:
        return {
            "least": self.least,
            "compared": self.compared,
            "groups": [group.as_json() for group in self.groups],
        }


def near_duplicates(contents: Contents, least: float) -> NearDuplicates:
    """Return groups of current lessons; those that name each other are not put together.

    Raises `IndexUnusable` if the index has no vectors.
    """
    if contents.folder is None:
        raise IndexUnusable("near-duplicates are found by meaning, which is not indexed yet; run `kb reindex`")
    lessons = sorted(contents.catalogue.lessons(), key=lambda lesson: lesson.path)
    pairs: dict[tuple[int, int], float] = {}
    for one, other, closeness in open_vectors(contents.folder, contents.dimension).close_pairs(least):
        if _may_be_merged(lessons[one], lessons[other]):
            key = (min(one, other), max(one, other))
            pairs[key] = max(pairs.get(key, 0.0), min(closeness, 1.0))
    groups = [_group(numbers, pairs, lessons, contents.catalogue) for numbers in _connected(pairs)]
    groups.sort(key=lambda group: (-round(group.closeness, 3), group.lessons[0].lesson.path))
    return NearDuplicates(least, tuple(groups), sum(lesson.is_current for lesson in lessons))


def _may_be_merged(lesson: Lesson, other: Lesson) -> bool:
    return lesson.is_current and other.is_current and not know_each_other(lesson, other)


def _connected(pairs: Iterable[tuple[int, int]]) -> Iterable[frozenset[int]]:
    """Return the numbers of lessons that are connected by pairs, directly or over others."""
    group_of: dict[int, frozenset[int]] = {}
    for one, other in pairs:
        joined = group_of.get(one, frozenset({one})) | group_of.get(other, frozenset({other}))
        group_of.update(dict.fromkeys(joined, joined))
    return {*group_of.values()}


def _group(numbers: frozenset[int], pairs: Pairs, lessons: Sequence[Lesson], catalogue: Catalogue) -> Group:
    closeness = max(value for (one, _), value in pairs.items() if one in numbers)
    found = [LessonContents(lessons[number], catalogue) for number in sorted(numbers)]
    return Group(
        closeness,
        tuple(Alike(one.lesson, only_in(one, [other for other in found if other is not one])) for one in found),
    )
