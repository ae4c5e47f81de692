"""What the map is asked for, and what it counts of each lesson."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from ingest.lesson import Lesson, iso_date
from kb.lessons.stated import stated
from kb.people.contact import whom_to_ask
from kb.people.entry import has_passed
from kb.retrieval.listing import ListRequest

NOT_STATED = "not stated"

if TYPE_CHECKING:
    from kb.catalogue.catalogue import Catalogue
    from kb.people.directory import Directory


class LessonFacts(NamedTuple):
    """One lesson as the map sees it."""

    id: str
    path: str
    title: str
    date: str
    """As in `Lesson.date`; empty if not stated."""
    unit: str
    areas: tuple[str, ...]
    """The areas of its impact."""
    is_measured: bool
    """Whether its impact has a figure."""
    can_be_asked: bool
    """Whether somebody can be asked about it now."""
    is_overdue: bool
    """Whether its review date has passed."""
    asked: int
    """How often people asked for it; 0 if nobody counts that."""

    @property
    def year(self) -> str:
        return self.date[:4]


class By(StrEnum):
    """How the lessons of a topic are counted."""

    UNIT = "unit"
    AREA = "area"
    YEAR = "year"

    def values(self, lesson: LessonFacts) -> tuple[str, ...]:
        """Return the groups of a lesson; its areas may be several."""
        if self is By.AREA:
            return lesson.areas or (NOT_STATED,)
        return ((lesson.unit if self is By.UNIT else lesson.year) or NOT_STATED,)


Asked = Mapping[str, int]
"""How often people asked for a lesson, by its id."""


@dataclass(frozen=True, slots=True)
class MapRequest:
    """Which lessons are shown on the map."""

    lessons: ListRequest = field(default_factory=ListRequest)
    """Its order and limit do not count. The topics are always those of the whole library."""
    asked: Asked = field(default_factory=dict)


def facts_of(catalogue: Catalogue, directory: Directory, asked: Asked) -> Iterator[tuple[Lesson, LessonFacts]]:
    """Yield all lessons with their facts, in order of number."""
    by_path = {lesson.path: lesson for lesson in catalogue.lessons()}
    for head, impact in catalogue.impacts():
        lesson = by_path[head.path]
        areas = tuple(dict.fromkeys(effect.area for effect in impact.effects if effect.area))
        yield (
            lesson,
            LessonFacts(
                *(lesson.id, lesson.path, lesson.title, lesson.date or "", stated(lesson.unit), areas),
                is_measured=impact.evidence is not None,
                can_be_asked=whom_to_ask(lesson, directory) is not None,
                is_overdue=has_passed(iso_date(lesson.metadata.get("review_by")) or ""),
                asked=max(asked.get(lesson.id, 0), 0),
            ),
        )
