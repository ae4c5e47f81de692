"""What the map counts of each lesson."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ingest.lesson import Lesson, iso_date
from kb.lessons.stated import stated
from kb.people.contact import whom_to_ask
from kb.people.entry import has_passed

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


Asked = Mapping[str, int]
"""How often people asked for a lesson, by its id."""


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
