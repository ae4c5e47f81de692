"""Checks of lessons that need the index, which is brought up to date before."""

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
"""Maximal number of changed lessons that a check adds to the index; more of them are left to the nightly job."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Runs the checks that need the index. If it cannot be used, that is reported in one line, and no error."""

    root: Path
    open_index: Callable[[], Searcher]
    """Opens the index with all lessons as they are now; raises `KbError` or `SearchError`."""
    notify: Callable[[str], None]

    def ask(self, files: Sequence[LessonFile], census: Census, wanted: Selection) -> Mapping[str, Sequence[Finding]]:
        """Return the findings by path, with an entry for every lesson that was checked with the index."""
        compared = [file for file in files if self._can_be_asked_about(file, census)]
        if not compared:
            return {}
        found: dict[str, list[Finding]] = {file.path: [] for file in compared}
        try:
            with closing(self.open_index()) as searcher:
                for finding in self._findings(searcher, compared, census, wanted):
                    found[finding.path].append(finding)
        except (KbError, SearchError) as error:
            # A defect of the index is no defect of the lessons, so it is not a finding.
            error = error if isinstance(error, KbError) else KbError(message_of(error))
            self.notify(f"{counted(len(compared), 'lesson')} not compared with the index: {error}")
            return {}
        return found

    def _can_be_asked_about(self, file: LessonFile, census: Census) -> bool:
        """Return whether a lesson is in the index under its own id, and should be found."""
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
