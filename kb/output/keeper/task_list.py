"""The lessons that somebody must look at, as a Markdown list of tasks for an issue tracker."""

from __future__ import annotations

from collections.abc import Iterator

from kb.ageing.stale import Stale, StaleLesson
from kb.pages.markdown_line import code, escaped


def task_list(stale: Stale) -> str:
    """Return a task for each lesson."""
    return "\n".join(row for each in stale.lessons for row in _rows(each))


def _rows(stale: StaleLesson) -> Iterator[str]:
    lesson = stale.lesson
    owner = f" ({escaped(str(stale.owner))})" if stale.owner else ""
    yield f"- [ ] {escaped(lesson.title)}, {code(lesson.path)}{owner}"
    for reason in stale.reasons:
        yield f"  - {escaped(reason.words)}: {code(reason.command)}"
