"""The severity of some findings by the lesson's status."""

from __future__ import annotations

from collections.abc import Mapping

from kb.check.severity import Severity
from kb.corpus.lesson_file import LessonFile

# A lesson with no status, or an invalid one, does not count as a draft.
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
    """Return the severity of missing content; None if it may be missing."""
    return _COMPLETE.get(file.lesson.status, Severity.WARNING)


def of_rigour(file: LessonFile) -> Severity:
    """Return the severity of a claim without evidence."""
    return _RIGOROUS.get(file.lesson.status, Severity.WARNING)


def of_proposals(file: LessonFile) -> Severity:
    """Return the severity of a proposed value that nobody has confirmed."""
    return Severity.ERROR if file.lesson.status == "validated" else Severity.WARNING


def of_doubts(file: LessonFile) -> Severity:
    """Return the severity of a sentence that may claim too much: prose is interpreted by heuristics."""
    return Severity.WARNING if file.lesson.status == "validated" else Severity.NOTE
