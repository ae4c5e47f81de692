"""A lesson that is being written: similar lessons, its preview, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    from kb.life.life import Remaining
    from kb.retrieval.answer import Result


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """One draft; its file is read again for each method."""

    path: Path
    config: Config
    kinds: KindTable
    close_lessons: CloseLessons
    mark_reused: Callable[[str], None]
    """Is told the id of each lesson that was used for this one; never raises."""
    today: date

    @contextmanager
    def marking_uses(self) -> Iterator[None]:
        """Mark the lessons that the draft is said to have used in the meantime, however that ends."""
        before = self._used()
        try:
            yield
        finally:
            for lesson in sorted(self._used() - before):
                self.mark_reused(lesson)

    def _used(self) -> set[str]:
        """Return the ids of the lessons that the draft says it used; none if it cannot be read."""
        try:
            lesson = read_lesson(self.path.read_bytes(), str(self.path), self.path.stem, self.kinds).lesson
        except (OSError, Unreadable):
            return set()
        return {one.lesson for one in lesson.reused} - {lesson.id}

    def close(self, *, whole: bool) -> list[Lesson]:
        """Return the lessons similar to its title, or with `whole` to all of its text; each is returned only once."""
        return self.close_lessons.to(self.path, self.kinds, whole=whole)

    def preview(self) -> Result | None:
        """Return the draft as a search result; None if it cannot be read, which the findings report."""
        from kb.codify.preview import preview
        from kb.people.people_file import read_directory

        try:
            name = self.path.absolute().relative_to(self.config.root.absolute()).as_posix()
            reading = read_lesson(self.path.read_bytes(), name, self.path.stem, self.kinds)
            return preview(reading, read_directory(self.config.root))
        except (OSError, Unreadable, ValueError):
            return None

    def left(self) -> Iterator[tuple[Lesson, Remaining]]:
        """Yield what is still to be done; nothing if the file cannot be read."""
        from kb.life.life import Life

        life = Life.of(self.config, self.today, self.path)
        for file in life.lookup.gathered.chosen:
            yield file.lesson, life.left(file)

    def clear_prompts(self) -> None:
        """Remove the prompts that have been answered."""
        from kb.codify.interview.written import clear_prompts

        clear_prompts(self.path, self.kinds)
