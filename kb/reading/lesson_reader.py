"""Reads one lesson: from its file to all that the index stores of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.files.changes import KnownFile
from ingest.files.corpus import Corpus, FoundFile, digest_of
from ingest.kinds import KindTable
from ingest.lesson import Lesson, items_of
from ingest.markdown.readable import Readable
from ingest.passages.passage import Passage
from ingest.passages.prose import readable_passages
from ingest.passages.splitting import split_lesson
from ingest.problem import Problem, Unreadable
from ingest.reading import Reading, read_lesson
from ingest.window import Window
from kb.impact.lesson_impact import LessonImpact, impact_of_lesson
from kb.people.directory import NOBODY, Directory
from kb.people.withholding import permitted
from kb.reading.stamp import stamped
from search.indexing import LessonTerms, terms_of


class LessonContent(NamedTuple):
    """A lesson with all that is derived from it."""

    lesson: Lesson
    passages: Sequence[Passage]
    readable: Sequence[Readable]
    """For each passage, the sentences that are shown."""
    terms: LessonTerms
    impact: LessonImpact


def content_of(lesson: Lesson, passages: Sequence[Passage], lines: Sequence[int] = ()) -> LessonContent:
    """Return a lesson and its passages with what is derived from them; `lines` are those of its impact entries."""
    impact = impact_of_lesson(lesson, lines)
    return LessonContent(lesson, passages, readable_passages(passages), terms_of(lesson, passages), impact)


class ReadFile(NamedTuple):
    """What was read of one file."""

    path: str
    known: KnownFile | None = None
    """The file's state when it was read; None if its bytes could not be read."""
    content: LessonContent | None = None
    unreadable: Problem | None = None
    """Why there is no content; None if there is."""


@dataclass(frozen=True, slots=True)
class LessonReader:
    """Reads lessons of one corpus for one model. It can be pickled."""

    corpus: Corpus
    kinds: KindTable
    window: Window
    directory: Directory = NOBODY
    """Says who must not be named: nobody is found by their names."""

    def read(self, file: FoundFile) -> ReadFile:
        """Read one file; a file that cannot be read is reported in the result, not raised."""
        path = file.path
        try:
            data = self.corpus.read(path)
        except Unreadable as reason:
            return ReadFile(path, unreadable=Problem(path, str(reason)))
        digest = digest_of(data)
        try:
            reading = read_lesson(data, path, self.corpus.default_id(path), self.kinds)
        except Unreadable as reason:
            # Its digest is recorded, so it is not read again until it changes; what was indexed before is kept.
            problem = Problem(path, str(reason))
            return ReadFile(path, stamped(file, digest, (problem,)), unreadable=problem)
        passages = split_lesson(reading, self.window)
        content = content_of(permitted(reading.lesson, self.directory), passages, _lines(reading))
        return ReadFile(path, stamped(file, digest, reading.problems), content)


def _lines(reading: Reading) -> list[int]:
    """Return the line of each impact entry that has one, from 1."""
    entries = reading.lesson.metadata.get("impact")
    if not entries:
        return []
    places = reading.matter.places()
    steps = [("impact", number) for number, item in enumerate(items_of(entries)) if item]
    return [found.line + 1 if (found := places.of_key(*step)) else 1 for step in steps]
