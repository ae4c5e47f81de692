"""What only the index can say of lessons; it is brought up to date for that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kb.check.finding import Finding
from kb.check.groups.closeness import CLOSE, close
from kb.check.groups.retrievability import NOT_FOUND, not_found
from kb.check.rules import Selection
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.errors import KbError, message_of
from kb.wording import counted
from search.errors import SearchError

if TYPE_CHECKING:
    from kb.retrieval.searcher import Searcher

MOST_CHANGED = 50
"""A check brings so many lessons into the index, and leaves more of them to the nightly job."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks the index of a knowledge base, and says in one line when it cannot: the other checks count without it."""

    root: Path
    open_index: Callable[[], Searcher]
    """Opens it with all lessons as they are now; raises `KbError` or `SearchError`."""
    say: Callable[[str], None]

    def ask(self, files: Sequence[LessonFile], census: Census, wanted: Selection) -> Mapping[str, Sequence[Finding]]:
        """Return what was found in each lesson that the index was asked about, by path."""
        asked = [file for file in files if self._can_be_asked_about(file, census)]
        if not asked:
            return {}
        found: dict[str, list[Finding]] = {file.path: [] for file in asked}
        try:
            with closing(self.open_index()) as searcher:
                for finding in self._findings(searcher, asked, census, wanted):
                    found[finding.path].append(finding)
        except (KbError, SearchError) as error:
            # Whatever is wrong with the index, it is not what was checked.
            error = error if isinstance(error, KbError) else KbError(message_of(error))
            self.say(f"{counted(len(asked), 'lesson')} not held against the index: {error}")
            return {}
        return found

    def _can_be_asked_about(self, file: LessonFile, census: Census) -> bool:
        """Say whether the index has a lesson, under the id that it wants, and it should be found."""
        lesson = file.lesson
        return (
            (self.root / lesson.path).resolve() == file.location
            and len(census.by_id[lesson.id]) == 1
            and lesson.id not in census.superseded_by
            and lesson.is_current
        )

    def _findings(
        self, searcher: Searcher, files: Sequence[LessonFile], census: Census, wanted: Selection
    ) -> Iterator[Finding]:
        if NOT_FOUND.code in wanted:
            yield from not_found(searcher, files)
        if CLOSE.code in wanted:
            yield from close(searcher, files, census)
