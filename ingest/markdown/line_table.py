"""Where the lines of a text begin."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple


class LineTable(NamedTuple):
    """Offsets of a text by line and column, and the other way round; all count from 0."""

    starts: Sequence[int]
    """The offset of each line, ascending, and of the one that would come next."""

    @classmethod
    def of(cls, text: str) -> LineTable:
        return cls(list(accumulate((len(row) + 1 for row in text.split("\n")), initial=0)))

    def offset(self, line: int, column: int = 0) -> int:
        """Return where a place is; the line after the last begins where the text ends."""
        return min(self.starts[line], self.starts[-1] - 1) + column

    def end(self, line: int) -> int:
        """Return where a line ends, without its line end."""
        return self.starts[line + 1] - 1

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of a character."""
        line = bisect_right(self.starts, offset) - 1
        return line, offset - self.starts[line]
