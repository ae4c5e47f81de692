"""A lesson that is being written: what it says so far."""

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
    """The text of a file with `\\n` line ends, read anew each time: others may write in it too."""

    text: str
    kinds: KindTable
    path: str
    """As errors name it."""

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
        """Return the edits that give keys of the front matter new values; raises `CannotEdit`."""
        return set_keys(self.text, values, self.path)

    def set_item(self, key: str, number: int, value: Any) -> list[Edit]:
        """Return the edits that give one item of a list another value, None for none; raises `CannotEdit`."""
        return set_item(self.text, key, number, value, self.path)

    def insert_item(self, key: str, number: int, value: Any) -> list[Edit]:
        """Return the edits that put one more item into a list, at this number; raises `CannotEdit`."""
        return insert_item(self.text, key, number, value, self.path)

    def edited(self, edits: Sequence[Edit]) -> LessonInProgress:
        """Return the lesson with some edits made."""
        return LessonInProgress(edited(self.text, edits), self.kinds, self.path)


def rewrite(path: Path, kinds: KindTable, edits_of: Callable[[LessonInProgress], Sequence[Edit]]) -> None:
    """Change a file as it is now, and take the prompts away that are answered then.

    Raises `CannotWrite`, `CannotEdit`, and `ChangedMeanwhile` if somebody else writes faster than that each time.
    """
    _replace(path, kinds, edits_of)
    clear_prompts(path, kinds)


def clear_prompts(path: Path, kinds: KindTable) -> None:
    """Take the prompts out of a file that have been answered; raises as `rewrite` does."""
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
