"""Questions to the author in a lesson: a template's `<!-- kb: What went wrong? -->` and `# kb: who?`, and proposals."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, takewhile
from typing import Any

from ingest.front_matter.places import Span, Steps
from ingest.markdown.comments import end_of_comments
from kb.corpus.lesson_file import LessonFile
from kb.edit.edit import Edit
from kb.lessons.stated import is_answer

_BELOW = re.compile(r"<!--\s*kb:\s*(?!\s|allow\b)(.*?)-->", re.DOTALL)
_BESIDE = re.compile(r"\s+# kb:\s+(?!\s|proposed\b|allow\b)(.*?)\s*$")
_PROPOSAL = re.compile(r"(?<!\S)#\s*kb:\s*proposed\b")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question that is still in a lesson."""

    question: str
    span: Span
    is_answered: bool
    """Whether its key has a value, or its section has other text."""
    removal: Edit


def prompts(file: LessonFile) -> Iterator[Prompt]:
    """Yield the questions next to keys, then those below headings."""
    yield from _beside_keys(file)
    yield from _below_headings(file)


def _beside_keys(file: LessonFile) -> Iterator[Prompt]:
    if not file.reading.front_matter or "# kb:" not in file.text:
        return
    for steps, key in file.places.keys.items():
        value = file.places.of_value(*steps) or key
        found = _BESIDE.search(file.rows[key.line], value.end_column if value.end_line == key.line else key.end_column)
        if found and is_comment(file, key.line, found.end(1) - 1):
            start, end = file.offset(key.line, found.start()), file.offset(key.line, found.end())
            is_answered = value_at(file.metadata, steps) not in (None, "", [], {})
            yield Prompt(found[1], file.span_of(start, end), is_answered, Edit(start, end, ""))


def proposals(file: LessonFile) -> Iterator[Span]:
    """Yield the comments that mark a value as proposed by a program."""
    if "kb:" not in file.text or not file.reading.front_matter:
        return
    for line in range(*file.reading.front_matter):
        found = _PROPOSAL.search(file.rows[line])
        if found and is_comment(file, line, found.start()):
            yield Span(line, found.start(), line, len(file.rows[line]))


def is_comment(file: LessonFile, line: int, column: int) -> bool:
    """Return whether a `#` in the front matter is outside of all scalars."""
    return file.scalar_at(line, column) is None


def value_at(values: Any, steps: Steps) -> Any:
    """Return the value at a path; None if a key on it is not read as it is written, such as `yes`."""
    for step in steps:
        try:
            values = values[step]
        except (KeyError, IndexError, TypeError):
            return None
    return values


def _below_headings(file: LessonFile) -> Iterator[Prompt]:
    """Yield questions in comments that are blocks of their own; those in code or within a sentence do not count."""
    if "<!--" not in file.text:
        return
    has_answer = cache(partial(_has_answer, file))
    for match in _BELOW.finditer(file.text, file.offset(file.reading.body_line), end_of_comments(file.text)):
        span = file.span_of(match.start(), match.end())
        if not file.block_at(span.line):
            question = " ".join(match[1].split())
            yield Prompt(question, span, has_answer(_section_at(file, span.line)), _removal(file, span))


def _section_at(file: LessonFile, line: int) -> int:
    """Return the index of the section that contains a line."""
    return max(bisect_right(file.reading.sections, line, key=lambda section: section.lines[0]) - 1, 0)


def _has_answer(file: LessonFile, number: int) -> bool:
    """Return whether there is text below a section's heading or below one of its subheadings."""
    sections = file.reading.sections
    depth = len(sections[number].headings)
    behind = map(sections.__getitem__, range(number + 1, len(sections)))
    below = takewhile(lambda section: len(section.headings) > depth, behind)
    return any(is_answer(file.body(section)) for section in chain((sections[number],), below))


def _removal(file: LessonFile, span: Span) -> Edit:
    """Return the edit that removes whole lines, with one of two blank lines that would become adjacent."""
    rows, end = file.rows, span.end_line + 1
    if end < len(rows) and not rows[end].strip() and not rows[span.line - 1].strip():
        end += 1
    stop = file.offset(end) if end < len(rows) else len(file.text)
    return Edit(file.offset(span.line), stop, "")
