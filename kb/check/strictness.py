"""How much is asked of a lesson, by its status."""

from __future__ import annotations

from collections.abc import Mapping

from kb.check.severity import Severity
from kb.corpus.lesson_file import LessonFile

# Who gives no status, or one that is none, has not said that it is a draft.
_COMPLETE: Mapping[str, Severity | None] = {
    "validated": Severity.ERROR,
    "draft": None,
    "superseded": None,
    "retired": None,
}
_RIGOROUS: Mapping[str, Severity] = {
    "validated": Severity.ERROR,
    "draft": Severity.NOTE,
    "superseded": Severity.NOTE,
    "retired": Severity.NOTE,
}


def of_gaps(file: LessonFile) -> Severity | None:
    """Say how much it matters that something is not there; None when it need not be."""
    return _COMPLETE.get(file.lesson.status, Severity.WARNING)


def of_rigour(file: LessonFile) -> Severity:
    """Say how much it matters that something is claimed and not shown."""
    return _RIGOROUS.get(file.lesson.status, Severity.WARNING)


def of_proposals(file: LessonFile) -> Severity:
    """Say how much it matters that a value was proposed and nobody confirmed it."""
    return Severity.ERROR if file.lesson.status == "validated" else Severity.WARNING


def of_doubts(file: LessonFile) -> Severity:
    """Say how much a sentence matters that seems to claim more than is shown: prose is read by guessing."""
    return Severity.WARNING if file.lesson.status == "validated" else Severity.NOTE
