"""Lists of lessons: their order, and the fields shown of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ingest.format import STATUSES
from ingest.lesson import Lesson
from kb.lessons.evidence import evidence_of_lesson
from kb.lessons.handles import folded

if TYPE_CHECKING:
    from kb.forms.find import lessons as forms


class Order(StrEnum):
    """The key by which lessons are sorted; lessons without a value come last, equal ones newest first."""

    DATE = "date"
    """Newest first; title, id and unit are sorted from A to Z."""
    TITLE = "title"
    ID = "id"
    UNIT = "unit"
    STATUS = "status"
    """In the order of a lesson's life, from draft to retired."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The lessons that match, sorted and cut at the limit."""

    lessons: tuple[Lesson, ...]
    found: int
    """Number of lessons that match, before the limit."""
    notes: tuple[str, ...]
    """Explanations if no lesson matches."""

    def as_json(self) -> list[forms.ListedLesson]:
        return [_listed(lesson) for lesson in self.lessons]


def in_order(newest_first: Iterable[Lesson], order: Order) -> list[Lesson]:
    """Return lessons, which are given newest first, in another order."""
    return sorted(newest_first, key=_KEYS[order])


def _listed(lesson: Lesson) -> forms.ListedLesson:
    return {
        "id": lesson.id,
        "title": lesson.title,
        "path": lesson.path,
        "date": lesson.date,
        "status": lesson.status or None,
        "tags": list(lesson.tags),
        "unit": lesson.unit or None,
        "evidence": evidence.as_json() if (evidence := evidence_of_lesson(lesson)) else None,
    }


def _by_status(lesson: Lesson) -> tuple[int, str]:
    known = lesson.status in STATUSES
    return (STATUSES.index(lesson.status) if known else len(STATUSES) + (not lesson.status), lesson.status)


_KEYS: Mapping[Order, Callable[[Lesson], Any]] = {
    Order.DATE: lambda lesson: 0,
    Order.TITLE: lambda lesson: folded(lesson.title),
    Order.ID: lambda lesson: folded(lesson.id),
    Order.UNIT: lambda lesson: (not lesson.unit, folded(lesson.unit)),
    Order.STATUS: _by_status,
}
