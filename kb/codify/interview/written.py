"""A lesson that is being written, with its present contents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ingest.kinds import KindTable
from ingest.lesson import Metadata
from ingest.reading import Reading, read_lesson
from kb.codify.interview.prompts import answered_prompts
from kb.corpus.lesson_file import LessonFile
from kb.edit.edit import Edit, edited
from kb.edit.front_matter import insert_item, set_item, set_keys
from kb.edit.sections import Sections
from kb.edit.source import Source
from kb.errors import ChangedMeanwhile

_ATTEMPTS = 3


@dataclass(frozen=True)
class LessonInProgress:
    """The text of a file with `\\n` line ends; read again for each change, because other programs may write it too."""

    text: str
    kinds: KindTable
    path: str
    """For error messages."""

    @cached_property
    def reading(self) -> Reading:
        return read_lesson(self.text.encode(), self.path, "", self.kinds)

    @property
    def file(self) -> LessonFile:
        return LessonFile(self.path, Path(self.path), self.reading)

    @property
    def metadata(self) -> Metadata:
        return self.reading.lesson.metadata

    @cached_property
    def sections(self) -> Sections:
        return Sections(self.text, self.kinds)

    def set(self, values: Metadata) -> list[Edit]:
        """Return the edits that set keys of the front matter; raises `CannotEdit`."""
        return set_keys(self.text, values, self.path)

    def set_item(self, key: str, number: int, value: Any) -> list[Edit]:
        """Return the edits that replace one item of a list, or remove it for None; raises `CannotEdit`."""
        return set_item(self.text, key, number, value, self.path)

    def insert_item(self, key: str, number: int, value: Any) -> list[Edit]:
        """Return the edits that insert an item into a list at an index; raises `CannotEdit`."""
        return insert_item(self.text, key, number, value, self.path)

    def edited(self, edits: Sequence[Edit]) -> LessonInProgress:
        """Return the lesson with the edits applied."""
        return LessonInProgress(edited(self.text, edits), self.kinds, self.path)


def rewrite(path: Path, kinds: KindTable, edits_of: Callable[[LessonInProgress], Sequence[Edit]]) -> None:
    """Edit the present contents of a file, then remove the prompts that are answered.

    Raises `CannotWrite`, `CannotEdit`, and `ChangedMeanwhile` if another program changes it during every attempt.
    """
    _replace(path, kinds, edits_of)
    clear_prompts(path, kinds)


def clear_prompts(path: Path, kinds: KindTable) -> None:
    """Remove the answered prompts from a file; raises the same errors as `rewrite`."""
    _replace(path, kinds, lambda lesson: answered_prompts(lesson.file))


def _replace(path: Path, kinds: KindTable, edits_of: Callable[[LessonInProgress], Sequence[Edit]]) -> None:
    for attempt in range(_ATTEMPTS):
        source = Source.read(path)
        edits = edits_of(LessonInProgress(source.text, kinds, str(path)))
        try:
            if edits:
                source.replace(edits)
            return
        except ChangedMeanwhile:
            if attempt + 1 == _ATTEMPTS:
                raise
