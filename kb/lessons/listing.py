"""Lessons as they are listed: in which order, and what of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ingest.format import STATUSES
from ingest.lesson import Lesson
from kb.lessons.handles import folded


class Order(StrEnum):
    """By what lessons are sorted; those that say nothing of it come last, equal ones newest first."""

    DATE = "date"
    """The newest first; all others from A to Z."""
    TITLE = "title"
    ID = "id"
    UNIT = "unit"
    STATUS = "status"
    """As a lesson goes through them, from draft to retired."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Lessons in the order and up to the limit that were asked for."""

    lessons: tuple[Lesson, ...]
    found: int
    """How many meet the conditions."""
    notes: tuple[str, ...]
    """Why there are none."""

    def as_json(self) -> list[dict[str, Any]]:
        return [_listed(lesson) for lesson in self.lessons]


def in_order(newest_first: Iterable[Lesson], order: Order) -> list[Lesson]:
    """Sort lessons that are sorted by date."""
    return sorted(newest_first, key=_KEYS[order])


def _listed(lesson: Lesson) -> dict[str, Any]:
    return {
        "id": lesson.id,
        "title": lesson.title,
        "path": lesson.path,
        "date": lesson.date,
        "status": lesson.status or None,
        "tags": list(lesson.tags),
        "unit": lesson.unit or None,
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
