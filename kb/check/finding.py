"""What a check found at one place of one lesson."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.check.severity import Severity
    from kb.edit.edit import Edit


@dataclass(frozen=True, slots=True)
class Finding:
    """Two are the same when they say the same of the same place."""

    path: str
    """As the user knows it: relative to the working directory if it is below that."""
    line: int
    """From 1, as is the column, in characters."""
    column: int
    code: str
    severity: Severity
    message: str
    edits: tuple[Edit, ...] = field(default=(), compare=False)
    """What mends it, if that has exactly one right answer."""
    of_whole: bool = field(default=False, compare=False)
    """Whether it is about the lesson as a whole: what is not there stands on no line."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.code} {self.severity}: {self.message}"


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in the order in which somebody reads the files."""
    return sorted(findings, key=attrgetter("path", "line", "column", "code", "message"))
