"""Tables over all lessons of a library, with which a single lesson is compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from ingest.files.corpus import without_suffix
from kb.corpus.copies import Copies, Paragraphs, copies_among, folded, paragraphs_in
from kb.corpus.lesson_file import LessonFile
from kb.corpus.spelling import Lexicon
from kb.corpus.usage import Usage
from kb.people.directory import NOBODY, Directory


@dataclass(frozen=True)
class Census:
    """All lessons of the library, whether they are checked or not."""

    files: Sequence[LessonFile]
    today: date
    own_keys: frozenset[str] = frozenset()
    """Keys of the front matter that this library uses in addition: `[check] keys` in `kb.toml`."""
    people: Directory = NOBODY
    """What `people.md` says."""

    @cached_property
    def by_id(self) -> Mapping[str, Sequence[LessonFile]]:
        """Lessons by id; more than one lesson for an id is an error."""
        found: defaultdict[str, list[LessonFile]] = defaultdict(list)
        for file in self.files:
            found[file.lesson.id].append(file)
        return dict(found)

    @cached_property
    def tags(self) -> Counter[str]:
        """Number of lessons by tag, as it is spelled."""
        return Counter(tag for file in self.files for tag in dict.fromkeys(file.lesson.tags))

    @cached_property
    def units(self) -> Counter[str]:
        """Number of lessons by unit, as it is spelled."""
        return Counter(file.lesson.unit for file in self.files if file.lesson.unit)

    @cached_property
    def tag_usage(self) -> Usage:
        return Usage(self.tags)

    @cached_property
    def unit_usage(self) -> Usage:
        return Usage(self.units)

    @cached_property
    def superseded_by(self) -> Mapping[str, Sequence[str]]:
        """By lesson id, the ids of the lessons that list it in `supersedes`."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for file in self.files:
            for old in file.lesson.supersedes:
                found[old].append(file.lesson.id)
        return dict(found)

    @cached_property
    def outdated(self) -> Mapping[Path, LessonFile]:
        """The lessons that are superseded or retired, by location."""
        return {file.location: file for file in self.files if not file.lesson.is_current}

    @cached_property
    def _current(self) -> Sequence[LessonFile]:
        return [file for file in self.files if file.lesson.is_current]

    @cached_property
    def by_title(self) -> Mapping[str, Sequence[LessonFile]]:
        """The current lessons by folded title."""
        found: defaultdict[str, list[LessonFile]] = defaultdict(list)
        for file in self._current:
            found[folded(file.lesson.title)].append(file)
        return found

    @cached_property
    def by_answer(self) -> Mapping[str, Sequence[LessonFile]]:
        """The current lessons by each of their `answers`, folded."""
        found: defaultdict[str, list[LessonFile]] = defaultdict(list)
        for file in self._current:
            for answer in dict.fromkeys(map(folded, file.lesson.answers)):
                found[answer].append(file)
        return found

    @cached_property
    def copies(self) -> Copies:
        """The paragraphs that lessons have in common."""
        return copies_among(self.paragraphs)

    @cached_property
    def paragraphs(self) -> Paragraphs:
        """The long paragraphs of all lessons."""
        return paragraphs_in(self.files)

    @cached_property
    def ids(self) -> Lexicon:
        """The ids of all lessons."""
        return Lexicon(self.by_id)

    def superseded_by_id(self, id: str) -> tuple[str, ...]:
        """Return the ids in `supersedes` of the lesson with an id."""
        return self.by_id[id][0].lesson.supersedes if id in self.by_id else ()

    @cached_property
    def by_name(self) -> Mapping[str, Sequence[Path]]:
        """The locations of all lessons by file name without folder."""
        found: defaultdict[str, list[Path]] = defaultdict(list)
        for file in self.files:
            found[file.location.name].append(file.location)
        return dict(found)

    @cached_property
    def by_stem(self) -> Mapping[str, Sequence[LessonFile]]:
        """The lessons by folded file name without folder and suffix."""
        found: defaultdict[str, list[LessonFile]] = defaultdict(list)
        for file in self.files:
            found[folded(without_suffix(file.location.name))].append(file)
        return dict(found)

    @cached_property
    def by_location(self) -> Mapping[Path, LessonFile]:
        return {file.location: file for file in self.files}

    @cached_property
    def _listings(self) -> dict[Path, Lexicon]:
        return {}

    def names_in(self, folder: Path) -> Lexicon:
        """Return the names of all entries of a folder; empty if it cannot be read."""
        if folder not in self._listings:
            try:
                self._listings[folder] = Lexicon(path.name for path in folder.iterdir())
            except OSError:
                self._listings[folder] = Lexicon(())
        return self._listings[folder]
