"""Where the keys and values of a front matter stand in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.markdown.line_table import LineTable

Steps = tuple[str | int, ...]
"""The way down to a value: `("people", 0, "contact")`."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the file: 0-based lines and columns in characters, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def between(cls, start: int, end: int, lines: LineTable) -> Span:
        """Make one of two offsets of the text."""
        return cls(*lines.place(start), *lines.place(end))

    def offsets(self, lines: LineTable) -> tuple[int, int]:
        """Return where in the text it begins and ends."""
        return lines.offset(self.line, self.column), lines.offset(self.end_line, self.end_column)


@dataclass(frozen=True, slots=True)
class Places:
    """Keys and values by the way down to them; of a key that stands there twice, the last."""

    keys: Mapping[Steps, Span]
    values: Mapping[Steps, Span]
    repeated: tuple[tuple[Steps, Span], ...]
    """Each key that its mapping had already."""

    def of_key(self, *steps: str | int) -> Span | None:
        """Return where a key stands, or an item of a list; where the nearest thing above it does, if it is absent."""
        while steps:
            if found := self.keys.get(steps) or self.values.get(steps):
                return found
            steps = steps[:-1]
        return None

    def of_value(self, *steps: str | int) -> Span | None:
        """Return where a value stands; where the nearest thing above it does, if it is absent."""
        return self.values.get(steps) or self.of_key(*steps)
