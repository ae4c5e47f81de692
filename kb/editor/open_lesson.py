"""A lesson as it is in an editor, beside the lessons of its library."""

from __future__ import annotations

from pathlib import Path

from ingest.reading import read_lesson
from kb.check.allowing import without_allowed
from kb.check.finding import Finding, by_place
from kb.check.rules import find
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.corpus.open_census import open_census
from kb.editor.library import Lessons
from kb.editor.open_text import OpenText, Range
from kb.editor.place import Place


class OpenLesson:
    """One version of the text of a lesson.

    What is found is kept without a lock: until Python 3.12 `cached_property` has one for all lessons together, so a
    long lesson would hold up the others.
    """

    def __init__(self, place: Place, version: int, text: OpenText, lessons: Lessons) -> None:
        self.place = place
        self.version = version
        self.text = text
        self.lessons = lessons
        self._file: LessonFile | None = None
        self._census: Census | None = None
        self._findings: tuple[Finding, ...] | None = None

    @property
    def location(self) -> Path:
        """Its file, without links."""
        return self.place.location

    @property
    def file(self) -> LessonFile:
        """The lesson as its rules check it; raises `Unreadable` if the text is no lesson."""
        if self._file is None:
            path = self.place.path
            data = self.text.raw.encode("utf-8", "replace")  # half of a surrogate pair becomes a question mark
            reading = read_lesson(data, path, self.lessons.corpus.default_id(path), self.lessons.kinds)
            self._file = LessonFile(path, self.location, reading)
        return self._file

    @property
    def census(self) -> Census:
        """The library with this text in place of the file."""
        if self._census is None:
            self._census = open_census(self.lessons.others(self.location), self.file)
        return self._census

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What `kb check` finds, without the rules that need the index; raises `Unreadable` and `ConfigError`."""
        if self._findings is None:
            self._findings = findings_in(self.file, self.census, self)
        return self._findings

    def shown(self, location: Path) -> Path:
        """Return the path of a file of the library as the editor names it."""
        return self.place.shown_root / location.relative_to(self.place.root)

    def range_of(self, finding: Finding) -> Range:
        """Return what is to be underlined: from the finding to the end of its line."""
        line = finding.line - 1
        start, end = self.text.position(line, finding.column - 1), self.text.end_of(line)
        return Range(start, max(start, end))

    def range_between(self, start: int, end: int) -> Range:
        """Return the range between two offsets in kb's text."""
        span = self.file.span_of(start, end)
        first = self.text.position(span.line, span.column)
        return Range(first, self.text.position(span.end_line, span.end_column))


def findings_in(file: LessonFile, census: Census, lesson: OpenLesson) -> tuple[Finding, ...]:
    """Return the findings in a text, by place, without what its comments allow."""
    wanted = lesson.lessons.wanted
    left = without_allowed(file, [*find(file, census, wanted)], wanted, index_used=False)
    return tuple(by_place(dict.fromkeys(left)))
