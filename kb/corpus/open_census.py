"""The tables over a library in which one lesson is as an editor has it, not as its file is.

Making all tables again takes a fifth of a second for 2,102 lessons, too long after each key that is typed. Here the
tables of the other lessons are kept, and those of the one lesson are added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from ingest.files.corpus import without_suffix
from kb.corpus.census import Census
from kb.corpus.copies import Copies, copies_with, folded
from kb.corpus.lesson_file import LessonFile
from kb.corpus.usage import Usage

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def open_census(others: Census, file: LessonFile) -> Census:
    """Return the tables over a library's other lessons and this one; `others` may be used for any number of texts."""
    files = (*others.files, file)
    return _OpenCensus(files, others.today, others.own_keys, others.people, others=others, file=file)


@dataclass(frozen=True, kw_only=True)
class _OpenCensus(Census):
    others: Census
    file: LessonFile

    @cached_property
    def by_id(self) -> Mapping[str, Sequence[LessonFile]]:
        return _with(self.others.by_id, [self.file.lesson.id], self.file)

    @cached_property
    def tags(self) -> Counter[str]:
        return self.others.tags + Counter(dict.fromkeys(self.file.lesson.tags, 1))

    @cached_property
    def units(self) -> Counter[str]:
        return self.others.units + Counter(filter(None, [self.file.lesson.unit]))

    @cached_property
    def tag_usage(self) -> Usage:
        return Usage(self.tags)

    @cached_property
    def unit_usage(self) -> Usage:
        return Usage(self.units)

    @cached_property
    def superseded_by(self) -> Mapping[str, Sequence[str]]:
        return _with(self.others.superseded_by, self.file.lesson.supersedes, self.file.lesson.id)

    @cached_property
    def outdated(self) -> Mapping[Path, LessonFile]:
        own = {} if self.file.lesson.is_current else {self.file.location: self.file}
        return {**self.others.outdated, **own}

    @cached_property
    def by_title(self) -> Mapping[str, Sequence[LessonFile]]:
        titles = [folded(self.file.lesson.title)] if self.file.lesson.is_current else []
        return _with(self.others.by_title, titles, self.file)

    @cached_property
    def by_answer(self) -> Mapping[str, Sequence[LessonFile]]:
        answers = dict.fromkeys(map(folded, self.file.lesson.answers)) if self.file.lesson.is_current else ()
        return _with(self.others.by_answer, answers, self.file)

    @cached_property
    def copies(self) -> Copies:
        return copies_with(self.file, self.others.paragraphs, self.others.copies)

    @cached_property
    def by_name(self) -> Mapping[str, Sequence[Path]]:
        return _with(self.others.by_name, [self.file.location.name], self.file.location)

    @cached_property
    def by_stem(self) -> Mapping[str, Sequence[LessonFile]]:
        return _with(self.others.by_stem, [folded(without_suffix(self.file.location.name))], self.file)

    @cached_property
    def by_location(self) -> Mapping[Path, LessonFile]:
        return {**self.others.by_location, self.file.location: self.file}


def _with(
    table: Mapping[_Key, Sequence[_Value]], keys: Iterable[_Key], value: _Value
) -> Mapping[_Key, Sequence[_Value]]:
    return {**table, **{key: [*table.get(key, ()), value] for key in keys}}
