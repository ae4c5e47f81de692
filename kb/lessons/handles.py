"""Finds the lesson that a user names by id, path, hit number or part of the title, and the line if one is given."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ingest.lesson import composed
from kb.errors import AmbiguousId, UnknownLesson
from kb.lessons.lookalikes import in_full, look_alike
from kb.wording import counted
from search.query import nearest

if TYPE_CHECKING:
    from kb.system.last_hits import LastHit

_NAMED_IN_AN_ERROR = 5
_NEAREST_NAMED = 3
_LONGEST_QUOTED = 200
# `lessons/x.md:92`, and as `kb check` prints it: `lessons/x.md:92:3:`.
_WITH_LINE = re.compile(r"(?P<name>.+?):(?P<line>\d{1,9})(?::\d{1,9})?:?", re.ASCII | re.DOTALL)
_NOT_A_WORD = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


class Name(NamedTuple):
    """The names of a lesson."""

    path: str
    """Relative to the root of the knowledge base."""
    id: str
    title: str


class Place(NamedTuple):
    """A lesson, or a line of its file."""

    path: str
    """Relative to the root of the knowledge base."""
    line: int | None = None
    """1-based; None if the user gave none."""
    found_at: int | None = None
    """1-based line of the hit in the last search; only if the user gave its hit number."""


class Handles(NamedTuple):
    """Looks up the lessons of a library by all their names."""

    root: Path
    names: Sequence[Name]
    last: Sequence[LastHit] | None = None
    """The hits of the last search in this terminal; None if there was none."""
    looks_at_files: bool = True
    """Whether a name may be a path from the working directory, and errors may say which files exist."""

    def exact(self, typed: str) -> Place:
        """Return the lesson with an id or path, perhaps with a line; for commands that change the lesson.

        Raises `AmbiguousId`, or `UnknownLesson`, which names the lesson that `meant` would return.
        """
        if place := self._place(typed):
            return place
        if _NUMBER.fullmatch(typed) and 0 < int(typed) <= len(self.last or ()):
            hit = (self.last or ())[int(typed) - 1]
            raise UnknownLesson(f"no lesson with the id {typed!r}; to change hit {typed}, name it by its id: {hit.id}")
        raise self._unknown(typed)

    def meant(self, typed: str) -> Place:
        """Return the lesson that a reader means: as `exact`, or by hit number, or by a part of its id or title.

        Raises `AmbiguousId`, naming the lessons that match, or `UnknownLesson`, naming the most similar.
        """
        if place := self._place(typed):
            return place
        if _NUMBER.fullmatch(typed):
            return self._hit(int(typed))
        if self._is_file(typed):  # a path is never part of a title
            raise UnknownLesson(f"{typed} is no lesson of the index; if it is a new one: `kb reindex`")
        if name := self._fitting(typed):
            return Place(name.path)
        match = _WITH_LINE.fullmatch(typed)
        if match and not _NUMBER.fullmatch(match["name"]) and (name := self._fitting(match["name"])):
            return Place(name.path, int(match["line"]))
        raise self._unknown(typed)

    def named(self, typed: str) -> Place | None:
        """Return the lesson with an id or path; None for a text that names none, as `Warehouse South, October`.

        Raises `AmbiguousId`, and `UnknownLesson` for a text that must be meant as a name: it looks like a path, or
        nearly like an id.
        """
        if place := self._place(typed):
            return place
        is_one_word = len(typed.split()) == 1
        if is_one_word and (_is_like_a_path(typed) or nearest(typed, [name.id for name in self.names])):
            raise self._unknown(typed)
        return None

    def _place(self, typed: str) -> Place | None:
        """Return the lesson with exactly this id or path, with the line after it if there is one."""
        if name := self._called(typed):
            return Place(name.path)
        match = _WITH_LINE.fullmatch(typed)
        name = self._called(match["name"]) if match else None
        return Place(name.path, int(match["line"])) if match and name else None

    def _called(self, typed: str) -> Name | None:
        """Return the lesson with an id or path; raises `AmbiguousId` if several lessons match."""
        paths = self._paths(typed)
        found = [name for name in self.names if name.id == composed(typed) or name.path in paths]
        if len(found) < 2:
            return found[0] if found else None
        both = " and ".join(name.path for name in found)
        if all(name.id == composed(typed) for name in found):
            raise AmbiguousId(f"the id {typed} is used by {both}; give one of them another")
        one, other, *_ = (name.path for name in found)
        if look_alike(one, other):
            raise AmbiguousId(
                f"{typed} stands for {in_full(one)} and {in_full(other)}, which look alike; rename or delete one"
            )
        raise AmbiguousId(f"{typed} stands for {both}; name one by its whole path, as {self.root / found[-1].path}")

    def _paths(self, typed: str) -> set[str]:
        """Return the paths that may be meant, relative to the root: read from there, or from the working directory."""
        if not self.looks_at_files:
            return {typed}
        try:
            here = Path(os.path.normpath(Path(typed).absolute()))
            bases = [(here, self.root.absolute()), (here.parent.resolve() / here.name, self.root.resolve())]
        except (OSError, RuntimeError, ValueError):  # a cycle of links, a folder that is gone
            return {typed}
        return {Path(typed).as_posix(), *(str(file.relative_to(base)) for file, base in bases if base in file.parents)}

    def _is_file(self, typed: str) -> bool:
        return self.looks_at_files and is_file(typed)

    def _hit(self, number: int) -> Place:
        if self.last is None:
            raise UnknownLesson(
                f"there is no hit {number}: nothing was searched for here in this terminal; "
                "run `kb search` first, or name a lesson by its id"
            )
        if not 0 < number <= len(self.last):
            shown = counted(len(self.last), "lesson")
            raise UnknownLesson(f"there is no hit {number}: the last search in this terminal showed {shown}")
        hit = self.last[number - 1]
        for name in self.names:
            if name.id == hit.id:
                return Place(name.path, found_at=hit.line)
        raise UnknownLesson(f"hit {number} was {hit.id}, which is gone from the index or was moved; search again")

    def _fitting(self, typed: str) -> Name | None:
        """Return the one lesson whose id begins with a text, or whose title contains it; raises `AmbiguousId`."""
        found = self._fits(typed)
        if len(found) < 2:
            return found[0] if found else None
        named = ", ".join(name.id for name in found[:_NAMED_IN_AN_ERROR])
        more = f" and {len(found) - _NAMED_IN_AN_ERROR:,} more" if len(found) > _NAMED_IN_AN_ERROR else ""
        raise AmbiguousId(f"{len(found):,} lessons fit {_quoted(typed)}: {named}{more}; name one of them")

    def _fits(self, typed: str) -> list[Name]:
        beginning, wanted = folded(typed), _words(typed)
        if not wanted:
            return []
        if found := [name for name in self.names if folded(name.id).startswith(beginning)]:
            return found
        titles = [(name, _words(name.title)) for name in self.names]
        whole = [name for name, title in titles if title == wanted]
        return whole or [name for name, title in titles if wanted in title]

    def _unknown(self, typed: str) -> UnknownLesson:
        ids = [name.id for name in self._fits(typed)]
        compared = Path(typed).stem if _is_like_a_path(typed) else typed
        ids += nearest(compared, (name.id for name in self.names), _NEAREST_NAMED)
        near = ", ".join(list(dict.fromkeys(ids))[:_NEAREST_NAMED])
        if self.looks_at_files and _is_like_a_path(typed) and not is_file(typed):
            what = f"{_quoted(typed)}: no such file, and no lesson with that id"
        else:
            what = f"no lesson with the id {_quoted(typed)}"
        return UnknownLesson(what + (f"; nearest: {near}" if near else "; `kb list` shows all"))


def _is_like_a_path(typed: str) -> bool:
    match = _WITH_LINE.fullmatch(typed)
    name = match["name"] if match else typed
    return "/" in name or name.casefold().endswith(".md")


def is_file(typed: str) -> bool:
    """Return whether a text is the path of an existing file."""
    try:
        return Path(typed).is_file()
    except (OSError, ValueError):  # too long for a path, or not a valid one
        return False


def _words(title: str) -> str:
    return _NOT_A_WORD.sub(" ", folded(title)).strip()


def _quoted(typed: str) -> str:
    return repr(typed if len(typed) <= _LONGEST_QUOTED else typed[:_LONGEST_QUOTED] + "…")


def folded(text: str) -> str:
    """Return a text without differences of case, accents and whitespace."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())
