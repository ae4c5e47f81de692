"""The catalogue of a snapshot: files, lessons and passages, in canonical order, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ingest.files.changes import KnownFile
from ingest.kinds import Kind
from ingest.lesson import Lesson
from ingest.passages.passage import Passage, encoded_text
from ingest.problem import Problem
from kb.catalogue.fact_table import FactTable
from kb.catalogue.rows import impact_of, metadata_of, passage_of, problems_of
from kb.catalogue.schema import OUTLINE, SCHEMA
from kb.catalogue.shown_sentences import read_sentences
from kb.lessons.lookalikes import look_alike, same_id_message
from search.errors import DamagedIndex
from search.storage import Form, require_schema

if TYPE_CHECKING:
    from ingest.markdown.readable import Readable
    from kb.catalogue.outline import Outline
    from kb.impact.lesson_impact import LessonHead, LessonImpact
    from kb.people.withholding import Discretion

_Stored = TypeVar("_Stored")
_Meant = TypeVar("_Meant")


def _taken(path: str, id_: str, other: str) -> str:
    if look_alike(path, other):
        return same_id_message(path, other, id_)
    return f"the id {id_!r} is taken by {other}; change one of them"


class Catalogue:
    """Reads a catalogue. The number of a lesson is its position by path; of a passage, by path and ordinal."""

    def __init__(self, path: Path, discretion: Discretion | None = None) -> None:
        """`discretion` decides what may be shown; without it, which is for kb's own work, everything is read."""
        if not path.is_file():
            raise DamagedIndex(f"{path} is missing")
        # A published snapshot is never written, so no lock is needed; other threads may use the connection.
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, check_same_thread=False)
        self._path = path
        self._discretion = discretion
        try:
            require_schema(self._connection, SCHEMA)
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise DamagedIndex(f"{path}: {error}") from error

    def close(self) -> None:
        self._connection.close()

    def files(self) -> dict[str, KnownFile]:
        forms = (str, int, int, str, str)
        rows = self._read("SELECT path, size, mtime_ns, digest, problems FROM files ORDER BY path", forms)
        return {
            path: KnownFile(path, size, mtime_ns, digest, self._understood(partial(problems_of, path), problems))
            for path, size, mtime_ns, digest, problems in rows
        }

    def found_files(self) -> Set[tuple[str, int, int]]:
        """Return path, size and time of each file as tuples, which are equal to those of `FoundFile`."""
        return set(self._read("SELECT path, size, mtime_ns FROM files", (str, int, int)))

    def outline(self) -> Outline:
        """Return the outline computed from the catalogue."""
        from kb.catalogue.outline import Outline  # imports numpy, which is not needed to list lessons

        return Outline.of(self._read(OUTLINE, (str, int, int)))

    def passages_of(self) -> list[int]:
        """Return the number of passages of each lesson, by lesson number."""
        return [count for (count,) in self._read("SELECT passages FROM lessons ORDER BY path", (int,))]

    def lesson_at(self, path: str) -> Lesson | None:
        return next(self._lessons("WHERE path = ?", [path]), None)

    def lesson(self, path: str) -> Lesson:
        """Return a lesson; raises `DamagedIndex` if it is missing."""
        found = self.lesson_at(path)
        if found is None:
            raise DamagedIndex(f"{self._path}: no lesson {path}")
        return found

    def lessons(self) -> list[Lesson]:
        """Return all lessons, newest first, those without a date last."""
        return list(self._lessons("ORDER BY date IS NULL, date DESC, id", []))

    def lessons_having(self, key: str) -> list[Lesson]:
        """Return the lessons that have a key, newest first."""
        number = self.facts.keys().get(key)
        return [] if number is None else self._of_rows(self.facts.lessons_with_any([number]))

    def lessons_stating(self, key: str, value: str) -> list[Lesson]:
        """Return the lessons that state a fact, newest first."""
        return self._of_rows(self.facts.lessons_stating(key, value))

    def _of_rows(self, rows: Iterable[int]) -> list[Lesson]:
        clause = "WHERE rowid IN (SELECT value FROM json_each(?)) ORDER BY date IS NULL, date DESC, id"
        return list(self._lessons(clause, [json.dumps([*rows])]))

    def impacts(self) -> Iterator[tuple[LessonHead, LessonImpact]]:
        """Yield each lesson with its impact, in order of number."""
        from kb.impact.lesson_impact import LessonHead  # only `kb impact` needs it

        rows = self._read("SELECT path, id, title, coalesce(date, ''), impact FROM lessons ORDER BY path", (str,) * 5)
        for path, id_, title, date, impact in rows:
            yield LessonHead(path, id_, title, date), self._understood(impact_of, impact)

    def names(self) -> list[tuple[str, str, str]]:
        """Return path, id and title of each lesson, in order of number."""
        rows = self._read("SELECT path, id, title FROM lessons ORDER BY path", (str, str, str))
        return [(path, id_, title) for path, id_, title in rows]

    def ids(self) -> list[str]:
        """Return the id of each lesson, in order of number."""
        return [id_ for (id_,) in self._read("SELECT id FROM lessons ORDER BY path", (str,))]

    def id_problems(self) -> list[Problem]:
        """Return a problem for each lesson whose own id belongs to another lesson."""
        rows = self._read(
            "SELECT a.path, a.own_id, b.path FROM lessons a JOIN lessons b ON b.id = a.own_id WHERE a.id != a.own_id"
            " ORDER BY a.path",
            (str, str, str),
        )
        return [
            Problem(path, f"{_taken(path, id_, other)} (found as {path!r} until then)") for path, id_, other in rows
        ]

    def problems(self) -> list[Problem]:
        """Return the problems of all files, and those of duplicate ids."""
        of_files = (problem for file in self.files().values() for problem in file.problems)
        return [*of_files, *self.id_problems()]

    def passages(self, path: str) -> list[Passage]:
        rows = self._read(
            "SELECT origin, kind, headings, line, end_line, text, context FROM passages WHERE path = ?"
            " ORDER BY ordinal",
            (str, str, str, int, int, str, str),
            [path],
        )
        return [self._understood(passage_of, row) for row in rows]

    def readable(self, path: str, ordinal: int) -> Readable:
        """Return the sentences of a passage for display; raises `DamagedIndex` if it is missing."""
        statement = "SELECT readable, text FROM passages WHERE path = ? AND ordinal = ?"
        for readable, text in self._read(statement, (str, str), [path, ordinal]):
            return self._understood(partial(read_sentences, text=text), readable)
        raise DamagedIndex(f"{self._path}: no passage {ordinal} of {path}")

    def sentences(self) -> Iterator[tuple[str, Readable]]:
        """Yield the path of the lesson and the sentences of each passage for display, in order of number."""
        statement = "SELECT path, readable, text FROM passages ORDER BY path, ordinal"
        for path, readable, text in self._read(statement, (str, str, str)):
            yield path, self._understood(partial(read_sentences, text=text), readable)

    def paths_by_date(self) -> list[str]:
        """Return the paths of the lessons, newest first, those without a date last."""
        rows = self._read("SELECT path FROM lessons ORDER BY date IS NULL, date DESC, path", (str,))
        return [path for (path,) in rows]

    @cached_property
    def facts(self) -> FactTable:
        """The facts of the lessons; lessons are identified by their rows, as in the outline."""
        return FactTable(self._read, self._discretion)

    def sections(self, kind: Kind) -> list[tuple[str, int]]:
        """Return path and ordinal of the passages of a kind of section."""
        statement = "SELECT path, ordinal FROM passages WHERE kind = ? AND origin = 'body'"
        return [(path, ordinal) for path, ordinal in self._read(statement, (str, int), [kind.value])]

    def answers(self) -> list[tuple[str, int, str]]:
        """Return path, ordinal and text of the passages from `answers`: sentences, or pieces of long ones."""
        statement = "SELECT path, ordinal, text FROM passages WHERE origin = 'answer' ORDER BY path, ordinal"
        return [(path, ordinal, text) for path, ordinal, text in self._read(statement, (str, int, str))]

    def texts(self) -> Iterator[str]:
        """Yield the encoded text of each passage, in order of number."""
        for context, text in self._read("SELECT context, text FROM passages ORDER BY path, ordinal", (str, str)):
            yield encoded_text(context, text)

    def terms(self) -> list[int]:
        """Return the number of terms of each passage, in order of passage number."""
        return [count for (count,) in self._read("SELECT terms FROM passages ORDER BY path, ordinal", (int,))]

    def check(self) -> None:
        """Run SQLite's `quick_check` on the file; raises `DamagedIndex`."""
        rows = [line for (line,) in self._read("PRAGMA quick_check", (str,))]
        if rows != ["ok"]:
            raise DamagedIndex(f"{self._path}: {rows[0]}")

    def _lessons(self, clause: str, values: Sequence[Any]) -> Iterator[Lesson]:
        statement = f"SELECT path, id, title, metadata FROM lessons {clause}"  # noqa: S608 - our own clauses
        for path, id_, title, metadata in self._read(statement, (str, str, str, str), values):
            lesson = Lesson(path, id_, title, self._understood(metadata_of, metadata))
            yield self._discretion.lesson(lesson) if self._discretion else lesson

    def _read(self, statement: str, forms: Sequence[Form], values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query; raises `DamagedIndex` if a value does not have the type in `forms`."""
        try:
            for row in self._connection.execute(statement, values):
                if not all(map(isinstance, row, forms)):
                    raise DamagedIndex(f"{self._path}: not what was written there")
                yield row
        except (sqlite3.Error, OverflowError) as error:
            raise DamagedIndex(f"{self._path}: {error}") from error

    def _understood(self, read: Callable[[_Stored], _Meant], stored: _Stored) -> _Meant:
        try:
            return read(stored)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise DamagedIndex(f"{self._path}: not what was written there ({type(error).__name__})") from error
