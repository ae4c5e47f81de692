"""The effects that a lesson claims: in its impact entries, and in its prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.format import Impact
from ingest.front_matter.places import Span, Steps
from ingest.kinds import Kind
from ingest.lesson import impact_of
from ingest.markdown.comments import end_of_comments
from kb.corpus.lesson_file import LessonFile
from kb.figures.amounts import Range, numbers_in
from kb.figures.changes import course_of, read_change
from kb.lessons.stated import is_answer

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of `impact`, with its path."""

    steps: Steps
    impact: Impact


def entries_of(file: LessonFile) -> list[Entry]:
    """Return the items of `impact` that are mappings."""
    value = file.metadata.get("impact")
    if isinstance(value, dict):
        return [_entry(("impact",), value)]
    items = enumerate(value) if isinstance(value, list) else ()
    return [_entry(("impact", number), item) for number, item in items if isinstance(item, dict)]


def _entry(steps: Steps, item: Mapping[str, Any]) -> Entry:
    return Entry(steps, impact_of(item).with_texts(lambda text: text if is_answer(text) else ""))


@dataclass(frozen=True, slots=True)
class Prose:
    """The title, the summary, or the text below a heading on impact."""

    text: str
    key: str
    """The key in the front matter; empty for a section."""
    start: int = 0
    """The offset in the file of a section's text."""

    def span(self, file: LessonFile, start: int, end: int) -> Span | None:
        """Return the span of a part of this text; in the front matter, that of the whole value."""
        if self.key:
            return file.places.of_value(self.key) if self.key in file.metadata else None
        return file.span_of(self.start + start, self.start + end)


def prose_of(file: LessonFile) -> Iterator[Prose]:
    """Yield the texts in which a lesson may claim an effect."""
    yield Prose(file.lesson.title, "title")
    yield Prose(file.lesson.summary, "summary")
    for section in file.reading.sections:
        if section.kind is Kind.IMPACT:
            text = "\n".join(file.rows[section.body_line : section.lines[1]])
            end = end_of_comments(text) if "<!--" in text else 0
            text = _COMMENT.sub(lambda found: " " * len(found[0]), text[:end]) + text[end:]
            yield Prose(text, "", file.offset(section.body_line))


def stated_in(entry: Impact) -> list[Range]:
    """Return the numbers in an entry, without their signs."""
    figures = (entry.before, entry.after, entry.change, entry.target, entry.n, entry.attributed)
    over_time = (*entry.series.before, *entry.series.after, entry.control.before, entry.control.after)
    texts = (*figures, *over_time, entry.compared_with, entry.period, entry.note, entry.metric)
    return [number for text in texts for number in numbers_in(text)]


def changes_in(entry: Impact) -> list[Range]:
    """Return the changes computed from an entry's figures, and a factor such as `doubled` also as a percentage."""
    found: list[Range | None] = []
    if course := course_of(entry):
        found += [course.difference, course.factor, course.percent]
    if (change := read_change(entry.change)) and change.unit == "times":
        found += [change.size, change.size.plus(-1).times(100)]
    return [value.magnitude for value in found if value]
