"""Positions of the keys and values of a front matter in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.markdown.line_table import LineTable

Steps = tuple[str | int, ...]
"""The path to a value: `("people", 0, "contact")`."""


@dataclass(frozen=True, slots=True)
class Span:
    """A range of the file: 0-based lines and columns in characters, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def between(cls, start: int, end: int, lines: LineTable) -> Span:
        """Return the span between two character offsets of the text."""
        return cls(*lines.place(start), *lines.place(end))

    def offsets(self, lines: LineTable) -> tuple[int, int]:
        """Return its start and end as character offsets of the text."""
        return lines.offset(self.line, self.column), lines.offset(self.end_line, self.end_column)


@dataclass(frozen=True, slots=True)
class Places:
    """Spans of keys and values by their path; for a repeated key, the last one."""

    keys: Mapping[Steps, Span]
    values: Mapping[Steps, Span]
    repeated: tuple[tuple[Steps, Span], ...]
    """Each repetition of a key in the same mapping."""

    def of_key(self, *steps: str | int) -> Span | None:
        """Return the span of a key or list item; if absent, that of its nearest ancestor; None if there is none."""
        while steps:
            if found := self.keys.get(steps) or self.values.get(steps):
                return found
            steps = steps[:-1]
        return None

    def of_value(self, *steps: str | int) -> Span | None:
        """Return the span of a value; if absent, that of its key or nearest ancestor; None if there is none."""
        return self.values.get(steps) or self.of_key(*steps)
