"""A lesson's file as the rules check it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ingest.front_matter.places import Places, Span, Steps
from ingest.kinds import Kind
from ingest.lesson import Lesson, Metadata
from ingest.markdown.blocks import Lines
from ingest.markdown.line_table import LineTable
from ingest.reading import Reading
from ingest.section import Section
from kb.edit.edit import Edit

_NAMED_PLACE = re.compile(r"""\{:?[^{}\n#]{0,100}#([\w:.-]+)|\b(?:id|name)\s?=\s?["']?([^"'\s>]+)""")
_NO_LETTER = re.compile(r"[\W_]+")


def letters(anchor: str) -> str:
    """Return the letters and digits of a heading or of a link's anchor.

    Renderers derive anchors from headings in different ways, but all keep these characters.
    """
    return _NO_LETTER.sub("", anchor.casefold())


@dataclass(frozen=True, eq=False)
class LessonFile:
    """A lesson as it was read, with the places in the file of all its parts."""

    path: str
    """The path as shown in findings."""
    location: Path
    """The absolute path."""
    reading: Reading

    @property
    def lesson(self) -> Lesson:
        return self.reading.lesson

    @property
    def metadata(self) -> Metadata:
        return self.lesson.metadata

    @property
    def has_torn_front_matter(self) -> bool:
        """Whether there is front matter that cannot be parsed, so that its contents are unknown."""
        return self.reading.has_torn_front_matter

    @property
    def text(self) -> str:
        return self.reading.text

    @cached_property
    def rows(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def places(self) -> Places:
        return self.reading.matter.places()

    @cached_property
    def _scalars(self) -> list[tuple[Span, Steps]]:
        """The scalars of the front matter, in the order of the file."""
        parents = {steps[:-1] for steps in self.places.values if steps}
        leaves = [(span, steps) for steps, span in self.places.values.items() if steps not in parents]
        return sorted(leaves, key=lambda leaf: _start_of(leaf[0]))

    def scalar_at(self, line: int, column: int) -> tuple[Steps, Span] | None:
        """Return path and span of the front matter's scalar at a place; None if there is none."""
        at = bisect_right(self._scalars, (line, column), key=lambda scalar: _start_of(scalar[0])) - 1
        if at < 0:
            return None
        span, steps = self._scalars[at]
        return (steps, span) if (line, column) < (span.end_line, span.end_column) else None

    @cached_property
    def _blanks(self) -> list[int]:
        return [line for line, row in enumerate(self.rows) if not row.strip()]

    def next_blank(self, line: int) -> int:
        """Return the first empty line from `line` on, or the number of lines."""
        at = bisect_left(self._blanks, line)
        return self._blanks[at] if at < len(self._blanks) else len(self.rows)

    @cached_property
    def _lines(self) -> LineTable:
        return LineTable.of(self.text)

    def offset(self, line: int, column: int = 0) -> int:
        """Return the offset in the text of a place; line and column count from 0."""
        return self._lines.offset(line, column)

    def span_of(self, start: int, end: int) -> Span:
        """Return the span between two offsets in the text."""
        return Span.between(start, end, self._lines)

    def text_in(self, span: Span) -> str:
        """Return the text of a span."""
        return self.text[slice(*span.offsets(self._lines))]

    def edit(self, span: Span, text: str) -> Edit:
        """Return the edit that replaces the text of a span."""
        return Edit(*span.offsets(self._lines), text)

    @cached_property
    def anchors(self) -> frozenset[str]:
        """The anchors of headings and of named places, reduced to letters and digits."""
        headings = {letters(section.headings[-1]) for section in self.reading.sections if section.headings}
        named = (match[match.lastindex or 0] for match in _NAMED_PLACE.finditer(self.text))
        return frozenset(headings | set(map(letters, named)))

    def block_at(self, line: int) -> Lines | None:
        """Return the paragraph, list, table or code block on a line; None on headings and on comments for kb."""
        at = bisect_right(self.reading.blocks, line, key=lambda lines: lines[0]) - 1
        return block if at >= 0 and line < (block := self.reading.blocks[at])[1] else None

    def sections(self, *kinds: Kind) -> list[Section]:
        """Return the sections of these kinds that have text below their heading."""
        return [section for section in self.reading.sections if section.kind in kinds and self.body(section).strip()]

    def body(self, section: Section) -> str:
        """Return the text below a section's heading, without comments and other invisible parts."""
        return self.seen((section.body_line, section.lines[1]))

    def seen(self, lines: Lines) -> str:
        """Return the visible text of some lines."""
        return "\n".join(self._seen_rows[slice(*lines)])

    @cached_property
    def _seen_rows(self) -> list[str]:
        return self.reading.seen_text.split("\n")


def _start_of(span: Span) -> tuple[int, int]:
    return span.line, span.column
