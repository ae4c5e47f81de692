"""The later interventions that used a lesson, and whether it helped them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ingest.format import Reuse
from ingest.lesson import Lesson

REUSED = "reused.lesson"
"""The fact by which a lesson names one that it used."""


class Use(NamedTuple):
    """The use of a lesson in a later intervention."""

    lesson: str
    """The id of the later lesson."""
    title: str
    outcome: str
    """As in `Reuse`; empty if not stated."""
    note: str

    def __str__(self) -> str:
        return _said(self.lesson, self.outcome, self.note)


def uses_of(id_: str, lessons: Iterable[Lesson]) -> tuple[Use, ...]:
    """Return the uses of a lesson in some others; a lesson that names itself does not count."""
    return tuple(
        Use(lesson.id, lesson.title, reuse.outcome, reuse.note)
        for lesson in lessons
        for reuse in lesson.reused
        if reuse.lesson == id_ != lesson.id
    )


def used(reuse: Reuse) -> str:
    """Return what a lesson says of one that it used."""
    return _said(reuse.lesson, reuse.outcome, reuse.note)


def _said(name: str, outcome: str, note: str) -> str:
    told = ": ".join(part for part in (outcome.replace("-", " "), note) if part)
    return f"{name} ({told})" if told else name
