"""A finding of a check at one place of one lesson."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.check.severity import Severity
    from kb.edit.edit import Edit
    from kb.forms.judge import findings as forms


@dataclass(frozen=True, slots=True)
class Finding:
    """A defect. Findings are equal if place, code, severity and message are."""

    path: str
    """Relative to the working directory if the file is below it."""
    line: int
    """Line and column count from 1; columns count characters."""
    column: int
    code: str
    severity: Severity
    message: str
    edits: tuple[Edit, ...] = field(default=(), compare=False)
    """The fix; empty unless there is exactly one."""
    about: str = field(default="", compare=False)
    """The key or tag it is about, which other findings may share; empty if there is none."""
    of_whole: bool = field(default=False, compare=False)
    """Whether it is about the lesson as a whole, because something missing has no line."""

    def as_json(self) -> forms.Finding:
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


# Control characters, line separators, and marks that change the writing direction.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def on_one_line(text: str) -> str:
    """Return a text from a lesson on one line, with control characters escaped: `\\n` for a line end."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in reading order: by path, line and column."""
    return sorted(findings, key=attrgetter("path", "line", "column", "code", "message"))
