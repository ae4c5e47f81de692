"""Reads the lessons to be checked, and all others with which they are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.files.corpus import Corpus, is_markdown, read_file
from ingest.files.reason import reason_of
from ingest.files.tree import folders_below
from ingest.kinds import KindTable
from ingest.problem import Problem, Unreadable
from ingest.reading import read_lesson
from kb.config import PEOPLE_FILE, Config, corpus_of
from kb.corpus.lesson_file import LessonFile
from kb.errors import NoSuchFile
from kb.system.here import seen_from, working_directory
from kb.trust.distrust import refuse_link


@dataclass(frozen=True, slots=True)
class Gathered:
    """The lessons that could be read."""

    library: tuple[LessonFile, ...]
    """All lessons of the knowledge base, by path."""
    chosen: tuple[LessonFile, ...]
    """The lessons to be checked; they may lie outside the library."""
    failed: tuple[Problem, ...]
    """Files and folders that could not be read at all."""


def gather(config: Config, paths: Sequence[Path] | None, *, only_library: bool = False) -> Gathered:
    """Read the library, and choose the named files and the lessons below named folders; None chooses all lessons.

    A file outside the library is chosen only if it is named, and never with `only_library`. Raises `NoSuchFile`.
    """
    corpus = corpus_of(config)
    reader = LessonReader(corpus, KindTable(config.sections))
    listing = corpus.find()
    root = corpus.root.resolve()
    library = [file for found in listing.files if (file := reader.read(root / found.path, found.path))]
    if paths is None:
        return Gathered(tuple(library), tuple(library), (*listing.unreadable, *reader.failed.values()))
    by_location = {file.location: file for file in library}
    for path in paths:
        refuse_link(path, root)
    named = [located(path) for path in paths]
    locations = dict.fromkeys(location for place in named for location in _locations(place, by_location))
    wanted = [location for location in locations if location != root / PEOPLE_FILE]  # no lesson, even if it is named
    if only_library:
        wanted = [location for location in wanted if location in by_location or location in reader.failed]
    chosen = [by_location.get(location) or reader.read(location, location.name) for location in wanted]
    hidden = [one for one in listing.unreadable if any((root / one.path).is_relative_to(place) for place in named)]
    failed = [*hidden, *(reader.failed[location] for location in wanted if location in reader.failed)]
    return Gathered(tuple(library), tuple(file for file in chosen if file), tuple(failed))


def located(path: Path) -> Path:
    """Return the path of a file or folder with all links resolved; raises `NoSuchFile`."""
    try:
        return path.resolve(strict=True)
    except FileNotFoundError as error:
        raise NoSuchFile(f"{path}: no such file or folder") from error
    except OSError as error:
        raise NoSuchFile(f"{path}: {reason_of(error)}; name another file or folder") from error
    except RuntimeError as error:  # Python 3.11 raises this for a cycle of links
        raise NoSuchFile(f"{path}: a link that leads to itself; name another file or folder") from error


def _locations(place: Path, known: Iterable[Path]) -> Iterator[Path]:
    """Yield a file, or the lessons below a folder: those of the library, else all Markdown files."""
    if place.is_char_device() or place.is_block_device():  # reading it may never end
        raise NoSuchFile(f"{place}: a device, no file or folder; name another")
    if place.is_dir():
        yield from [file for file in known if file.is_relative_to(place)] or sorted(
            folder / name for folder, names in folders_below(place) for name in names if is_markdown(name)
        )
    else:
        yield place


class LessonReader:
    """Reads lessons of a corpus one by one."""

    def __init__(self, corpus: Corpus, kinds: KindTable) -> None:
        self._corpus = corpus
        self._kinds = kinds
        self._here = working_directory()
        self.failed: dict[Path, Problem] = {}

    def read(self, location: Path, path: str) -> LessonFile | None:
        """Read a file whose path in the library is `path`; if that fails, put the problem in `failed`, return None."""
        shown = seen_from(self._here, location)
        try:
            reading = read_lesson(read_file(location), path, self._corpus.default_id(path), self._kinds)
        except Unreadable as error:
            self.failed[location] = Problem(shown.as_posix(), str(error))
            return None
        return LessonFile(shown.as_posix(), location, reading)
