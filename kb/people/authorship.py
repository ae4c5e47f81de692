"""Who wrote the lessons, by the commits of git."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, TypeGuard

_BOT = re.compile(
    r"\[bot\]|\bbot@|^(?:dependabot|renovate|github-actions|github|gitlab|jenkins|web-flow|semantic-release-bot)$"
    r"|(?:^|<)no-?reply@github\.com",
    re.IGNORECASE,
)
_UNREACHABLE = re.compile(r"@users\.noreply\.|\bno-?reply@|@localhost\b|\.local$|\(none\)$", re.IGNORECASE)
_LONGEST_NAME = 200
_MOST_ALIASES = 100
_MOST_COMMITS = 1e9


class Author(NamedTuple):
    """An author of commits, by `.mailmap`."""

    name: str
    address: str
    aliases: tuple[str, ...] = ()
    """Other names and addresses in commits of the same author."""

    @property
    def contact(self) -> str:
        """The address; empty for one that receives no mail."""
        return "" if _UNREACHABLE.search(self.address) or "@" not in self.address else self.address


class Contribution(NamedTuple):
    """What one author did to one lesson."""

    author: Author
    share: float
    """The sum over the author's commits of 1 ÷ the number of lessons that the commit changed."""
    last: str
    """Date of the last commit."""


Row = tuple[int, float, str]
"""One contribution as it is stored: the author's number, the share, the date of the last commit."""


class Authorship:
    """Who wrote which lessons."""

    def __init__(self, authors: Sequence[Author] = (), rows: Mapping[str, Sequence[Row]] | None = None) -> None:
        """`rows`: by the path of a lesson, relative to the root of the knowledge base. Those of a file may be wrong."""
        self.authors = authors
        self.rows = rows or {}

    def of(self, path: str) -> tuple[Contribution, ...]:
        """Return the contributions to a lesson, without those that are not well-formed."""
        return tuple(
            Contribution(self.authors[number], float(share), last)
            for number, share, last in filter(self.is_sound, self.rows.get(path, ()))
        )

    def written_by(self, author: Author) -> list[str]:
        """Return the paths of an author's lessons."""
        number = self.authors.index(author)
        return [path for path, rows in self.rows.items() if any(row[0] == number for row in filter(_is_row, rows))]

    def is_sound(self, row: object) -> bool:
        return _is_row(row) and 0 <= row[0] < len(self.authors) and 0 <= row[1] < _MOST_COMMITS


def _is_row(row: object) -> TypeGuard[Row]:
    return isinstance(row, (list, tuple)) and [*map(type, row)] in ([int, float, str], [int, int, str])


NO_AUTHORS = Authorship()


class Commit(NamedTuple):
    """A commit that changed lessons."""

    id: str
    author: Author
    date: str
    files: tuple[tuple[str, str], ...]
    """For each file the path before and after; one of both is empty for a new or a removed file."""


def commits_in(log: str) -> Iterator[Commit]:
    """Yield the commits in the output of `kb.system.git.history`, without those of programs."""
    fields = iter(log.split("\0"))
    started = next(fields, None) == ""
    while started:
        id_, name, address, mapped_name, mapped_address, seconds = (next(fields, "") for _ in range(6))
        files = []
        status = next(fields, None)
        while status:
            before = next(fields, "")
            files.append(_paths(status.strip(), before, fields))
            status = next(fields, None)
        started = status == "" and id_ != ""
        if not any(map(_BOT.search, (name, address, mapped_name, mapped_address))):
            yield Commit(id_, _author(mapped_name, mapped_address, name, address), _date(seconds), tuple(files))


def _paths(status: str, path: str, fields: Iterator[str]) -> tuple[str, str]:
    if status.startswith(("R", "C")):
        after = next(fields, "")
        return (path if status.startswith("R") else "", after)
    return (path, "") if status == "D" else ("" if status == "A" else path, path)


def _author(name: str, address: str, *written: str) -> Author:
    name, address = name[:_LONGEST_NAME], address[:_LONGEST_NAME]
    aliases = dict.fromkeys(text[:_LONGEST_NAME] for text in written if text and text not in (name, address))
    return Author(name or address, address, tuple(aliases))


def _date(seconds: str) -> str:
    try:
        return datetime.fromtimestamp(int(seconds), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def with_commits(before: Authorship, commits: Iterable[Commit]) -> Authorship:
    """Return who wrote the lessons after some commits, the oldest first; a renamed lesson keeps its authors."""
    authors = _Authors(before.authors)
    lessons = {path: {one[0]: one for one in filter(before.is_sound, rows)} for path, rows in before.rows.items()}
    for commit in (commit for commit in commits if commit.files):
        number = authors.number_of(commit.author)
        # All are taken away before any is put back, because two files may have swapped their names.
        moved = [(after, lessons.pop(old, {}) if old else {}) for old, after in commit.files]
        for path, known in moved:
            if path:
                _, share, last = known.get(number, (number, 0.0, ""))
                lessons[path] = {**known, number: (number, share + 1 / len(commit.files), max(last, commit.date))}
    return Authorship(authors.found, {path: tuple(rows.values()) for path, rows in lessons.items()})


class _Authors:
    """Numbers authors: one number for each address."""

    def __init__(self, known: Iterable[Author]) -> None:
        self.found = list(known)
        self._numbers = {_key(author): number for number, author in enumerate(self.found)}

    def number_of(self, author: Author) -> int:
        number = self._numbers.setdefault(_key(author), len(self.found))
        if number == len(self.found):
            self.found.append(author)
        elif (known := self.found[number]) != author:
            others = (*known.aliases, *author.aliases, known.name, known.address)
            new = dict.fromkeys(text for text in others if text not in (author.name, author.address))
            self.found[number] = author._replace(aliases=tuple(new)[:_MOST_ALIASES])
        return number


def _key(author: Author) -> str:
    return author.address.casefold() or author.name
