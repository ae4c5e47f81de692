"""A lesson while it is being written: what is close to it, how it will look, what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.kinds import KindTable
from ingest.lesson import Lesson
from ingest.problem import Unreadable
from ingest.reading import read_lesson
from kb.codify.close import CloseLessons
from kb.config import Config

if TYPE_CHECKING:
    from kb.life.life import Left
    from kb.retrieval.answer import Result


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """One draft, as it is in its file whenever something is asked of it."""

    path: Path
    config: Config
    kinds: KindTable
    close_lessons: CloseLessons
    today: date

    def close(self, *, whole: bool) -> list[Lesson]:
        """Return the lessons that are close to its title, or to all that it says by now; each is named once."""
        return self.close_lessons.to(self.path, self.kinds, whole=whole)

    def preview(self) -> Result | None:
        """Return what a hit on it looks like; None where it cannot be read, which the findings say."""
        from kb.codify.preview import preview

        try:
            name = self.path.absolute().relative_to(self.config.root.absolute()).as_posix()
            return preview(read_lesson(self.path.read_bytes(), name, self.path.stem, self.kinds))
        except (OSError, Unreadable, ValueError):
            return None

    def left(self) -> Iterator[tuple[Lesson, Left]]:
        """Yield what is to be done to it; nothing where it cannot be read."""
        from kb.life.life import Life

        life = Life.of(self.config, self.today, self.path)
        for file in life.lookup.gathered.chosen:
            yield file.lesson, life.left(file)

    def clear_prompts(self) -> None:
        """Take out the prompts that have been answered."""
        from kb.codify.interview.written import clear_prompts

        clear_prompts(self.path, self.kinds)
