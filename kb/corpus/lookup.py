"""Finds lessons by id or path in the present files, because the index may be out of date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kb.corpus.census import Census
from kb.corpus.gathering import Gathered
from kb.corpus.lesson_file import LessonFile
from kb.errors import AmbiguousId, CannotWrite, UnknownLesson
from kb.lessons.handles import Handles, Name
from kb.system.last_hits import last_hits
from search.query import NEARLY_EQUAL, nearest


@dataclass(frozen=True)
class Lookup:
    """All lessons of a library, found by id or path."""

    root: Path
    gathered: Gathered
    census: Census

    def named(self, name: str) -> LessonFile:
        """Return the lesson with an id or path; raises `UnknownLesson`, `AmbiguousId`, `CannotWrite`.

        A part of a name is not enough, because the lesson found will be changed.
        """
        try:
            return self._by_path[self._handles.exact(name).path]
        except UnknownLesson:
            for problem in self.gathered.failed:
                if Path(problem.path).resolve() == Path(name).resolve():
                    raise CannotWrite(f"{problem}; nothing was changed") from None
            raise

    def near(self, word: str) -> str:
        """Return an id that begins with a word, drafts first, or that is very similar to it; empty if there is none.

        For a word with hyphens, the date at the beginning of the id may be missing.
        """
        drafts_first = sorted(self.gathered.library, key=lambda file: file.lesson.status != "draft")
        ids = [file.lesson.id for file in drafts_first]
        typed = word.casefold()
        beginning = (id_ for id_ in ids if id_.casefold().startswith(typed) or ("-" in typed and f"-{typed}" in id_))
        return next(beginning, None) or next(iter(nearest(word, ids, alike=NEARLY_EQUAL)), "")

    def named_alone(self, name: str) -> LessonFile:
        """Return a lesson whose id is unique, so that another lesson can refer to it."""
        file = self.named(name)
        return self._with_id(file.lesson.id)[0]

    def replaced_by(self, id_: str) -> list[str]:
        """Return the ids of all lessons that a lesson replaces, directly or indirectly."""
        found: dict[str, None] = {}
        left = [id_]
        while left:
            files = self.census.by_id.get(left.pop(), ())
            new = [old for file in files for old in file.lesson.supersedes if old not in found]
            found |= dict.fromkeys(new)
            left += new
        return list(found)

    def _with_id(self, id_: str) -> Sequence[LessonFile]:
        files = self.census.by_id.get(id_, ())
        if len(files) > 1:
            paths = " and ".join(file.path for file in files)
            raise AmbiguousId(f"the id {id_} is used by {paths}; give one of them another")
        return files

    @cached_property
    def _handles(self) -> Handles:
        lessons = (file.lesson for file in self.gathered.library)
        names = [Name(lesson.path, lesson.id, lesson.title) for lesson in lessons]
        return Handles(self.root, names, last_hits(self.root))

    @cached_property
    def _by_path(self) -> Mapping[str, LessonFile]:
        return {file.lesson.path: file for file in self.gathered.library}
