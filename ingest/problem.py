"""Problems of a file of the corpus."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Defect(StrEnum):
    """The kinds of problem that a file itself can have."""

    ENCODING = "encoding"
    FRONT_MATTER = "front-matter"
    UNREAD_FRONT_MATTER = "unread-front-matter"
    SECOND_FRONT_MATTER = "second-front-matter"
    MERGE_CONFLICT = "merge-conflict"
    SYNC_COPY = "sync-copy"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem to report to the author, with its place."""

    path: str
    reason: str
    line: int | None = None
    """1-based line of the file, if known."""
    defect: Defect | None = field(default=None, compare=False)
    """None if the problem is not in the text of the file."""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.reason}"


class Unreadable(Exception):
    """A file or folder cannot be read; what is indexed of it is kept."""
