"""The sections of a lesson, and the lessons of a library, as an editor lists them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from kb.corpus.lesson_file import LessonFile
from kb.editor.library import Lessons
from kb.editor.open_lesson import OpenLesson
from kb.editor.open_text import Range
from kb.visible import visible

_MOST = 100


@dataclass
class Heading:
    """A section, with those below it."""

    name: str
    kind: str
    """The kind of section: `problem`, `tool`."""
    range: Range
    below: list[Heading] = field(default_factory=list)


class Found(NamedTuple):
    """A lesson of a library."""

    title: str
    id: str
    location: Path


def headings(lesson: OpenLesson) -> list[Heading]:
    """Return the headings of a lesson as a tree; raises `Unreadable`."""
    top: list[Heading] = []
    levels: list[list[Heading]] = [top]
    for section in lesson.file.reading.sections:
        if section.headings:
            first, last = section.lines[0], max(section.lines[1] - 1, section.lines[0])
            place = Range(lesson.text.position(first, 0), lesson.text.end_of(last))
            heading = Heading(visible(section.headings[-1]) or "(empty)", section.kind.value, place)
            depth = min(len(section.headings), len(levels))
            levels = [*levels[:depth], heading.below]
            levels[depth - 1].append(heading)
    _stretch(top)
    return top


def _stretch(headings: Iterable[Heading]) -> None:
    """Let each section reach to the end of those below it."""
    for heading in headings:
        _stretch(heading.below)
        if heading.below:
            heading.range = Range(heading.range.start, heading.below[-1].range.end)


def lessons_called(query: str, lessons: Lessons) -> list[Found]:
    """Return lessons whose title or id has all words of a query."""
    words = query.casefold().split()
    found = (file for file in lessons.files if all(word in _name(file) for word in words))
    return [*_first(_MOST, found)]


def _name(file: LessonFile) -> str:
    return f"{file.lesson.title} {file.lesson.id}".casefold()


def _first(count: int, files: Iterator[LessonFile]) -> Iterator[Found]:
    for _, file in zip(range(count), files, strict=False):
        yield Found(visible(file.lesson.title), visible(file.lesson.id), file.location)
