"""What a check found at one place of one lesson."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

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
    about: str = field(default="", compare=False)
    """Which of the things it is about that many lessons may have in common: a key, a tag; empty if none is."""
    of_whole: bool = field(default=False, compare=False)
    """Whether it is about the lesson as a whole: what is not there stands on no line."""

    def as_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "mended": bool(self.edits),
        }

    def __str__(self) -> str:
        return f"{on_one_line(self.path)}:{self.line}:{self.column}: {self.code} {self.severity}: {self.message}"


# Control characters, line separators, and marks that turn the direction of what follows.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def on_one_line(text: str) -> str:
    """Return a text from a lesson as it can be shown: `\\n` for a line end, and nothing that a terminal obeys."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in the order in which somebody reads the files."""
    return sorted(findings, key=attrgetter("path", "line", "column", "code", "message"))
