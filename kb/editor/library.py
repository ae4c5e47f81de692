"""The lessons of a knowledge base as their files are, kept in memory, and read again where a file has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock

from ingest.files.corpus import Corpus
from ingest.kinds import KindTable
from kb.check.request import selection
from kb.check.rules import Selection
from kb.config import FILE_NAME, Config, corpus_of, read_config
from kb.corpus.census import Census
from kb.corpus.gathering import LessonReader
from kb.corpus.lesson_file import LessonFile
from kb.people.directory import Directory
from kb.people.people_file import PeopleFile

_MOST_OPEN = 16
"""Number of open lessons whose tables over all others are kept."""


@dataclass(frozen=True, eq=False)
class Lessons:
    """All lessons at one time; never changed, so that any thread may read it."""

    config: Config
    files: Sequence[LessonFile]
    people: Directory
    today: date
    _others: dict[Path, Census] = field(default_factory=dict, compare=False)

    @property
    def root(self) -> Path:
        return self.config.root

    @cached_property
    def corpus(self) -> Corpus:
        return corpus_of(self.config)

    @cached_property
    def kinds(self) -> KindTable:
        return KindTable(self.config.sections)

    @cached_property
    def wanted(self) -> Selection:
        """The rules that `kb.toml` asks for; raises `ConfigError` for one that does not exist."""
        return selection(self.config)

    @cached_property
    def census(self) -> Census:
        return self._census(self.files)

    def others(self, location: Path) -> Census:
        """Return the tables over all lessons but one."""
        if location not in self._others:
            for old in [*self._others][: 1 - _MOST_OPEN]:
                self._others.pop(old, None)
            self._others[location] = self._census([file for file in self.files if file.location != location])
        return self._others[location]

    def _census(self, files: Sequence[LessonFile]) -> Census:
        return Census(files, self.today, frozenset(self.config.own_keys), self.people)


_Stamp = tuple[int, ...]


class Library:
    """One knowledge base; `now` may be called by several threads."""

    def __init__(self, root: Path) -> None:
        """`root` has no links in it."""
        self.root = root
        self._lock = Lock()
        self._read: dict[str, tuple[_Stamp, LessonFile | None]] = {}
        self._people = PeopleFile(root)
        self._config: Config | None = None
        self._stamp: _Stamp = ()
        self._lessons: Lessons | None = None

    def last(self) -> Lessons | None:
        """Return the lessons as they were read last, at once; None if they were not read yet."""
        return self._lessons

    def now(self, today: date) -> Lessons:
        """Return the lessons as they are; raises `ConfigError` if `kb.toml` cannot be read."""
        with self._lock:
            config, people = self._configured(), self._people.now()
            files = self._files(config)
            last = self._lessons
            if last is None or (last.config, last.people, last.today) != (config, people, today) or files != last.files:
                self._lessons = last = Lessons(config, files, people, today)
            return last

    def _configured(self) -> Config:
        stamp = _stamp(self.root / FILE_NAME)
        if self._config is None or stamp != self._stamp:
            self._config, self._read = None, {}  # until it can be read again; a lesson's sections depend on it
            self._config, self._stamp = read_config(self.root), stamp
        return self._config

    def _files(self, config: Config) -> list[LessonFile]:
        corpus = corpus_of(config)
        reader = LessonReader(corpus, KindTable(config.sections))
        before, self._read = self._read, {}
        for found in corpus.find().files:
            stamp, known = (found.size, found.mtime_ns), before.get(found.path)
            if known is None or known[0] != stamp:
                known = (stamp, reader.read(self.root / found.path, found.path))
            self._read[found.path] = known
        return [file for _, file in self._read.values() if file]


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ino
