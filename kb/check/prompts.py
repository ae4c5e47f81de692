"""The questions that a template puts to whoever writes a lesson: `<!-- kb: What went wrong? -->`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from ingest.places import Span
from kb.check.answered import is_answer
from kb.check.lesson_file import LessonFile
from kb.edit.edit import Edit

_PROMPT = re.compile(r"<!--\s*kb:\s*(?!allow\b)(.*?)\s*-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question that still stands in a lesson."""

    question: str
    span: Span
    is_answered: bool
    """Whether its section says something besides."""
    removal: Edit


def prompts(file: LessonFile) -> Iterator[Prompt]:
    """Yield the questions that stand by themselves; those in code, or within a sentence, are not asked of anybody."""
    if "<!--" not in file.text:
        return
    first = file.reading.front_matter[1] + 1 if file.reading.front_matter else 0
    for match in _PROMPT.finditer(file.text, file.offset(first)):
        span = file.span_of(match.start(), match.end())
        if not _is_in_block(file, span.line):
            question = " ".join(match[1].split())
            yield Prompt(question, span, _has_answer(file, span.line), _removal(file, span))


def _is_in_block(file: LessonFile, line: int) -> bool:
    """Comments for kb are no blocks, so one within a block is part of something else."""
    blocks = file.reading.blocks
    at = bisect_right(blocks, line, key=lambda block: block[0])
    return at > 0 and line < blocks[at - 1][1]


def _has_answer(file: LessonFile, line: int) -> bool:
    """Say whether something stands below the heading above a line, or below one of its subheadings."""
    own = max(bisect_right(file.reading.sections, line, key=lambda section: section.lines[0]) - 1, 0)
    heading = file.reading.sections[own].headings
    below = takewhile(lambda section: section.headings[: len(heading)] == heading, file.reading.sections[own:])
    return any(is_answer(file.body(section)) for section in below)


def _removal(file: LessonFile, span: Span) -> Edit:
    """Take whole lines, and one of two blank lines that would be left one below the other."""
    rows, end = file.rows, span.end_line + 1
    if end < len(rows) and not rows[end].strip() and not rows[span.line - 1].strip():
        end += 1
    stop = file.offset(end) if end < len(rows) else len(file.text)
    return Edit(file.offset(span.line), stop, "")
