"""What can be read of a lesson, and whether it keeps to the format."""

from __future__ import annotations

from collections.abc import Iterator

from kb.check.census import Census
from kb.check.finding import Finding
from kb.check.lesson_file import LessonFile
from kb.check.rule import Rule

RULES: tuple[Rule, ...] = ()


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield what is wrong with a lesson."""
    yield from ()
