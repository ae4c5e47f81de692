"""Comments that allow one code at one place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kb.check.census import Census
from kb.check.finding import Finding
from kb.check.lesson_file import LessonFile
from kb.check.rule import Rule

if TYPE_CHECKING:
    from kb.check.rules import Selection

RULES: tuple[Rule, ...] = ()


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield what is wrong with a lesson."""
    yield from ()


def without_allowed(
    file: LessonFile, findings: Sequence[Finding], wanted: Selection, *, was_asked: bool
) -> list[Finding]:
    """Return the findings that no comment of the file allows."""
    return list(findings)
