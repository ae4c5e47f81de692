"""Finds lessons similar to the one being written, so that its author can update one instead of repeating it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.kinds import KindTable
from ingest.lesson import Lesson
from ingest.problem import Unreadable
from ingest.reading import Reading, read_lesson
from kb.errors import KbError
from search.errors import SearchError

if TYPE_CHECKING:
    from kb.retrieval.searcher import Searcher

_SHOWN = 3


@dataclass(frozen=True)
class CloseLessons:
    """Similar lessons according to the index; each is named only once."""

    root: Path
    open_index: Callable[[], Searcher | None]
    _named: set[str] = field(default_factory=set)

    def to(self, draft: Path, kinds: KindTable, *, whole: bool) -> list[Lesson]:
        """Return the relevant lessons that were not named yet, for a draft's title or with `whole` for all of its text.

        Empty if the index cannot answer, because a failing search must not stop the author.
        """
        try:
            reading = read_lesson(draft.read_bytes(), draft.name, draft.stem, kinds)
            found = [lesson for lesson in self._relevant(reading, whole=whole) if lesson.path not in self._named]
        except (KbError, SearchError, Unreadable, OSError):
            return []
        files = {lesson.path: self.root / lesson.path for lesson in found}
        found = [lesson for lesson in found if files[lesson.path].is_file() and files[lesson.path] != draft.absolute()]
        self._named.update(lesson.path for lesson in found)
        return found

    def _relevant(self, reading: Reading, *, whole: bool) -> list[Lesson]:
        searcher = self.open_index()
        if searcher is None:
            return []
        # Imported here: these imports take a quarter of a second, wasted without an index.
        from kb.retrieval.request import Request
        from search.engine import Relevance

        title = reading.lesson.title
        with closing(searcher):
            text = "\n".join([title, *_contents(reading)]) if whole else title
            answer = searcher.ask(Request(text, is_page=True, display=title, limit=_SHOWN))
        return [result.lesson for result in answer.results if result.relevance is Relevance.ANSWERS]


def _contents(reading: Reading) -> list[str]:
    """Return the text blocks of a lesson without its headings and prompts."""
    rows = reading.text.split("\n")
    statements = [statement.text for statement in (reading.summary, *reading.answers) if statement]
    return [*statements, *("\n".join(rows[slice(*block)]) for block in reading.blocks)]
