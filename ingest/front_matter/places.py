"""Where the keys and values of a front matter stand in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Steps = tuple[str | int, ...]
"""The way down to a value: `("people", 0, "contact")`."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the file: 0-based lines and columns in characters, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


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
