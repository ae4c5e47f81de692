"""Converts between offsets and lines of a text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple


class LineTable(NamedTuple):
    """Character offsets of a text ↔ line and column; all count from 0."""

    starts: Sequence[int]
    """The offset of each line, ascending, and of the line that would follow the last."""

    @classmethod
    def of(cls, text: str) -> LineTable:
        return cls(list(accumulate((len(row) + 1 for row in text.split("\n")), initial=0)))

    def offset(self, line: int, column: int = 0) -> int:
        """Return the offset of a line and column; the line after the last begins at the end of the text."""
        return min(self.starts[line], self.starts[-1] - 1) + column

    def end(self, line: int) -> int:
        """Return the offset of a line's end, before its line break."""
        return self.starts[line + 1] - 1

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset."""
        line = bisect_right(self.starts, offset) - 1
        return line, offset - self.starts[line]
