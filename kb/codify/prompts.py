"""Which prompts of a template have been answered, and go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ingest.places import Span, Steps
from kb.check.lesson_file import LessonFile
from kb.check.prompts import prompts
from kb.edit.edit import Edit
from kb.edit.sections import PROMPT

_BESIDE_A_KEY = re.compile(r"\s+# kb:\s+(?!proposed\b|allow\b).*$")


def answered_prompts(file: LessonFile) -> list[Edit]:
    """Return the edits that take away the prompts of sections and keys that say something now."""
    alone = (prompt.removal for prompt in prompts(file) if prompt.is_answered)
    return [*alone, *_written_behind(file), *_beside_keys(file)]


def _written_behind(file: LessonFile) -> Iterator[Edit]:
    """Yield what takes a prompt away behind which, on its line, somebody has written on."""
    for start, _ in file.reading.blocks:
        row = file.rows[start]
        if (found := PROMPT.match(row)) and row[found.end() :].strip():
            yield Edit(file.offset(start), file.offset(start, found.end()), "")


def _beside_keys(file: LessonFile) -> Iterator[Edit]:
    for steps, key in file.places.keys.items():
        row = file.rows[key.line]
        found = _BESIDE_A_KEY.search(row, _end_on_row(key, file.places.values[steps]))
        if found and _value(file.metadata, steps) not in (None, "", [], {}):
            yield Edit(file.offset(key.line, found.start()), file.offset(key.line, found.end()), "")


def _end_on_row(key: Span, value: Span) -> int:
    """Return from which column on a `#` on the key's row is none of its value's."""
    return value.end_column if value.end_line == key.line else key.end_column


def _value(values: Any, steps: Steps) -> Any:
    for step in steps:
        values = values[step]
    return values
