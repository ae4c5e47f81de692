"""The result of a command that changes lessons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kb.check.finding import Finding
from kb.corpus.lesson_file import LessonFile


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a change of lessons, or of a file beside them."""

    message: str
    """One line for the user."""
    paths: tuple[str, ...] = ()
    """The changed files, relative to the working directory."""
    lessons: tuple[str, ...] = ()
    """Those of them that are lessons, relative to the root of the knowledge base."""
    errors: tuple[Finding, ...] = ()
    """Why nothing was changed; empty if it was."""
    to_tell: tuple[str, ...] = ()
    """Who used a lesson that is no longer current, each in a line with the way to tell them."""

    @classmethod
    def changed(cls, message: str, files: Iterable[LessonFile], to_tell: Iterable[str] = ()) -> Outcome:
        """Return the outcome for lessons that were changed."""
        files = tuple(files)
        paths, lessons = (file.path for file in files), (file.lesson.path for file in files)
        return cls(message, tuple(paths), tuple(lessons), to_tell=tuple(to_tell))
