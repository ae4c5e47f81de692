"""What is wrong with one file of the corpus."""

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
    """A defect named for the author: where it stands and what it is."""

    path: str
    reason: str
    line: int | None = None
    """1-based line of the file, where one can be named."""
    defect: Defect | None = field(default=None, compare=False)
    """None for what is wrong outside of the file's text."""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.reason}"


class Unreadable(Exception):
    """Nothing of a file or folder can be read; what was known of it stays known."""
