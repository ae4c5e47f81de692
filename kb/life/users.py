"""Who used a lesson, and must be told when it is superseded or retired."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.lesson import Lesson
from kb.people.contact import whom_to_ask
from kb.people.directory import Directory
from kb.reuse.recorded import RecordedUse
from kb.reuse.use import Use, uses_by_lesson


def users_of(id_: str, lessons: Iterable[Lesson], recorded: Iterable[RecordedUse], directory: Directory) -> list[str]:
    """Return a line for each use of a lesson: where it was used, and whom to tell."""
    lessons = list(lessons)
    by_id = {lesson.id: lesson for lesson in lessons}
    uses = uses_by_lesson(lessons, recorded, directory).get(id_, ())
    return [f"used in {use}; {_tell(use, by_id.get(use.lesson), directory)}" for use in uses]


def _tell(use: Use, lesson: Lesson | None, directory: Directory) -> str:
    ask = whom_to_ask(lesson, directory) if lesson else None
    if ask or use.by:
        return f"tell {ask or use.by}"
    return "nobody is known there who can be told"
