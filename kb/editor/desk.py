"""The documents that are open in an editor, and the knowledge bases that they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from ingest.problem import Unreadable
from kb.check.finding import Finding
from kb.config import FILE_NAME
from kb.editor.document import MOST_CHARACTERS, Document, followed
from kb.editor.library import Lessons, Library
from kb.editor.open_lesson import OpenLesson
from kb.editor.open_text import Range
from kb.errors import ConfigError
from kb.trust.distrust import leads_through_link

_MOST_LIBRARIES = 8
"""Number of knowledge bases in memory; a workspace with more reads some of them again."""


class Place(NamedTuple):
    """Where a file stands in a knowledge base."""

    root: Path
    """The root, without links."""
    shown_root: Path
    """The root as the editor names it."""
    location: Path
    """The file, without links."""


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
        library = self._library(place.root) if place else None
        lessons = library.last() if library else None
        return _lesson(document, place, lessons) if document and place and lessons else None

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
            lesson = _lesson(document, place, lessons)
            if lesson is None:
                return Checked(document.version, problem=_why_not(document, place, lessons))
            return Checked(document.version, lesson.findings, lesson)
        except (ConfigError, Unreadable) as error:
            return Checked(document.version, problem=str(error))

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


def place_of(file: Path) -> Place | None:
    """Return where a file stands; None if it is in no knowledge base, or behind a link below the root."""
    shown_root = next((folder for folder in file.parents if _is_root(folder)), None)
    if shown_root is None or leads_through_link(file, shown_root):
        return None
    try:
        root, location = shown_root.resolve(), file.resolve()
    except (OSError, RuntimeError):  # a cycle of links
        return None
    return Place(root, shown_root, location) if location.is_relative_to(root) else None


def _is_root(folder: Path) -> bool:
    try:
        return (folder / FILE_NAME).is_file()
    except (OSError, ValueError):  # no valid name, or not to be read by this user
        return False


def _lesson(document: Document, place: Place, lessons: Lessons) -> OpenLesson | None:
    is_lesson = lessons.corpus.includes(place.location.relative_to(place.root).as_posix())
    return OpenLesson(place.location, place.shown_root, document.text, lessons) if document.text and is_lesson else None


def _why_not(document: Document, place: Place, lessons: Lessons) -> str:
    if document.text or not lessons.corpus.includes(place.location.relative_to(place.root).as_posix()):
        return ""
    most = MOST_CHARACTERS // 1_000_000
    return f"longer than {most} million characters, so it is not checked here; run `kb check {place.location.name}`"
