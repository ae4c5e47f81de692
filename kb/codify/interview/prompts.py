"""Removes the prompts of a template that have been answered."""

from __future__ import annotations

from collections.abc import Iterator

from kb.corpus.lesson_file import LessonFile
from kb.corpus.prompts import prompts
from kb.edit.edit import Edit
from kb.edit.sections import PROMPT


def answered_prompts(file: LessonFile) -> list[Edit]:
    """Return the edits that remove the prompts of sections and keys that have text now."""
    alone = (prompt.removal for prompt in prompts(file) if prompt.is_answered)
    return [*alone, *_written_behind(file)]


def _written_behind(file: LessonFile) -> Iterator[Edit]:
    """Yield the edits that remove prompts followed by text on the same line."""
    for start, _ in file.reading.blocks:
        row = file.rows[start]
        if (found := PROMPT.match(row)) and row[found.end() :].strip():
            yield Edit(file.offset(start), file.offset(start, found.end()), "")
