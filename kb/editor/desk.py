"""The documents that are open in an editor, and the knowledge bases that they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from ingest.problem import Unreadable
from kb.check.finding import Finding
from kb.editor.document import MOST_CHARACTERS, Document, followed
from kb.editor.library import Lessons, Library
from kb.editor.open_lesson import OpenLesson
from kb.editor.open_text import Range
from kb.editor.place import Place, place_of
from kb.errors import ConfigError

_MOST_LIBRARIES = 8
"""Number of knowledge bases in memory; a workspace with more reads some of them again."""


class Checked(NamedTuple):
    """What is wrong with one version of a document."""

    version: int
    findings: tuple[Finding, ...] = ()
    lesson: OpenLesson | None = None
    problem: str = ""
    """Why it could not be checked: one line with what to do; empty if it was, or is no lesson."""


class Desk:
    """All that is open. Documents are changed by one thread only; any thread may ask for a lesson."""

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self._documents: dict[str, Document] = {}
        self._lessons: dict[str, OpenLesson] = {}
        self._libraries: dict[Path, Library] = {}
        self._lock = Lock()

    def open(self, uri: str, location: Path | None, version: int, text: str) -> None:
        self._documents[uri] = Document(uri, location, version, followed(text))

    def change(self, uri: str, version: int, changes: Iterable[tuple[Range | None, str]]) -> bool:
        """Change a document; return False if it is not open."""
        document = self._documents.get(uri)
        if document is None:
            return False
        self._documents[uri] = document.changed(version, changes)
        return True

    def close(self, uri: str) -> None:
        self._documents.pop(uri, None)
        self._lessons.pop(uri, None)

    @property
    def uris(self) -> list[str]:
        """The names of the open documents."""
        return [*self._documents]

    def lesson(self, uri: str) -> OpenLesson | None:
        """Return the lesson that a document is, beside the library as it was read last; None if it is none.

        The library may not be read yet; then this is None too, because reading it takes seconds.
        """
        document = self._documents.get(uri)
        place = place_of(document.location) if document and document.location else None
        lessons = self._library(place.root).last() if place else None
        return self._kept(document, place, lessons) if document and place and lessons else None

    def check(self, uri: str) -> Checked | None:
        """Check a document, with the library read again where its files have changed; None if it is not open."""
        document = self._documents.get(uri)
        if document is None:
            return None
        place = place_of(document.location) if document.location else None
        if place is None:
            return Checked(document.version)
        try:
            lessons = self._library(place.root).now(self._today())
            lesson = self._kept(document, place, lessons)
            if lesson is None:
                return Checked(document.version, problem=_why_not(document, place, lessons))
            return Checked(document.version, lesson.findings, lesson)
        except (ConfigError, Unreadable) as error:
            return Checked(document.version, problem=str(error))

    def _kept(self, document: Document, place: Place, lessons: Lessons) -> OpenLesson | None:
        """Return the lesson of the last call if nothing has changed since, because it may have been checked."""
        last = self._lessons.get(document.uri)
        is_same = last and last.text is document.text and last.lessons is lessons
        if last and is_same and (last.version, last.place) == (document.version, place):
            return last
        if lesson := _lesson(document, place, lessons):
            self._lessons[document.uri] = lesson
        return lesson

    def libraries(self) -> list[Lessons]:
        """Return the knowledge bases that are in memory."""
        return [lessons for library in [*self._libraries.values()] if (lessons := library.last())]

    def _library(self, root: Path) -> Library:
        with self._lock:
            library = self._libraries.pop(root, None) or Library(root)
            while len(self._libraries) >= _MOST_LIBRARIES:
                del self._libraries[next(iter(self._libraries))]
            self._libraries[root] = library  # at the end: used last
            return library


def _lesson(document: Document, place: Place, lessons: Lessons) -> OpenLesson | None:
    if document.text is None or not lessons.corpus.includes(place.path):
        return None
    return OpenLesson(place, document.version, document.text, lessons)


def _why_not(document: Document, place: Place, lessons: Lessons) -> str:
    if document.text or not lessons.corpus.includes(place.path):
        return ""
    most = f"{MOST_CHARACTERS:,}"
    return f"longer than {most} characters, so it is not checked here; run `kb check {place.location.name}`"
