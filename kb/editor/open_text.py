"""The text of a document as an editor has it, and the positions in it.

An editor counts lines as the Language Server Protocol does (ended by `\\n`, `\\r\\n` or `\\r`), and the characters of a
line in UTF-16 code units. In kb a lesson's text has no byte order mark, every line ends with `\\n`, and a character is
a code point. The numbers of the lines are the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\n|\r")
_MARK = "\ufeff"
_LAST_OF_ONE_UNIT = "\uffff"


class Position(NamedTuple):
    """A place between two characters; both count from 0, `character` in UTF-16 code units."""

    line: int
    character: int


class Range(NamedTuple):
    """Two positions, the end exclusive."""

    start: Position
    end: Position


def units(text: str) -> int:
    """Return the length of a text in UTF-16 code units."""
    return len(text) if text.isascii() else len(text) + sum(sign > _LAST_OF_ONE_UNIT for sign in text)


@dataclass(frozen=True)
class OpenText:
    """One version of a text. A position outside of it counts as the nearest one inside."""

    raw: str

    @cached_property
    def rows(self) -> list[str]:
        """The lines without their ends."""
        return _LINE_END.split(self.raw)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.raw))]

    @property
    def line_end(self) -> str:
        """The first line end, for text that is added."""
        match = _LINE_END.search(self.raw)
        return match[0] if match else "\n"

    def replaced(self, place: Range | None, text: str) -> OpenText:
        """Return the text with a range replaced, or all of it."""
        if place is None:
            return OpenText(text)
        start, end = sorted((self._offset(place.start), self._offset(place.end)))
        return OpenText(self.raw[:start] + text + self.raw[end:])

    def _offset(self, position: Position) -> int:
        line, column = self._raw_place(position)
        return self._starts[line] + column

    def place(self, position: Position) -> tuple[int, int]:
        """Return the line and column in kb's text of a position."""
        line, column = self._raw_place(position)
        return line, max(column - self._marks_on(line), 0)

    def position(self, line: int, column: int) -> Position:
        """Return the position of a line and column in kb's text."""
        line = min(line, len(self.rows) - 1)
        return Position(line, units(self.rows[line][: column + self._marks_on(line)]))

    def end_of(self, line: int) -> Position:
        """Return the position of the end of a line."""
        line = min(line, len(self.rows) - 1)
        return Position(line, units(self.rows[line]))

    def _marks_on(self, line: int) -> int:
        return 0 if line else len(self.raw) - len(self.raw.lstrip(_MARK))

    def _raw_place(self, position: Position) -> tuple[int, int]:
        if position.line >= len(self.rows):
            return len(self.rows) - 1, len(self.rows[-1])
        line = max(position.line, 0)
        return line, _column(self.rows[line], position.character if position.line >= 0 else 0)


def _column(row: str, character: int) -> int:
    """Return the number of code points that end at or before a UTF-16 offset."""
    if row.isascii():
        return max(0, min(character, len(row)))
    column, left = 0, character
    while column < len(row) and (left := left - 1 - (row[column] > _LAST_OF_ONE_UNIT)) >= 0:
        column += 1
    return column
