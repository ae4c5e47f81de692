"""The text below the headings of a lesson, and edits that replace it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ingest.kinds import HEADINGS, Kind, KindTable
from ingest.markdown.blocks import Heading, Lines
from ingest.markdown.comments import is_for_kb
from ingest.markdown.line_table import LineTable
from ingest.reading import outline_of
from kb.edit.edit import Edit, edited

PROMPT = re.compile(r" {0,3}<!--\s*kb:(?!\s*allow\b)(?:(?!-->).)*-->[ \t]*")
"""A prompt at the beginning of a row; the author may have written text after it."""
# A line that begins with one of these may be parsed as something other than a line of a paragraph.
_MARK = re.compile(r"^([ \t]*)([#=\-~`<>+*|:\[])", re.MULTILINE)


class Sections:
    """The sections of a text with `\\n` line ends."""

    def __init__(self, text: str, kinds: KindTable) -> None:
        self._text = text
        self._rows = text.split("\n")
        self._lines = LineTable.of(text)
        self._kinds = kinds
        found = outline_of(text)
        self._blocks = [block for block in found.blocks if self._words(block)]
        self._headings = found.headings

    def text_of(self, kind: Kind) -> str:
        """Return the text below all headings of a kind, including their subheadings, without prompts."""
        return "\n\n".join(
            self._words(block) for rows in self._parts(kind) for block in self._blocks if block[0] in rows
        )

    def put(self, sections: Mapping[Kind, str]) -> list[Edit]:
        """Return the edits that replace the text below headings, by kind.

        Comments that allow a finding stay. A missing heading is appended at the end.
        """
        found = [(rows, text) for kind, text in sections.items() if (rows := self._below(kind)) is not None]
        edits = [edit for rows, text in found for edit in self._fill(rows, text)]
        new = [f"## {HEADINGS[kind]}\n\n{text}\n" for kind, text in sections.items() if self._below(kind) is None]
        return [*edits, self._at_end("\n".join(new))] if new else edits

    def answer(self, kind: Kind, text: str) -> list[Edit]:
        """Return the edits that replace the text below the heading of a kind by an answer.

        Whatever the answer's lines begin with, they do not become headings.
        """
        edits = self.put({kind: text})
        before = [heading.title for heading in self._headings]
        before += [HEADINGS[kind]] if self._below(kind) is None else []
        after = [heading.title for heading in outline_of(edited(self._text, edits)).headings]
        return edits if after == before else self.put({kind: _MARK.sub(r"\1\\\2", text)})

    def _parts(self, kind: Kind) -> Iterator[range]:
        """Yield the rows below each heading of a kind, up to the next one that is not deeper or is of another kind."""
        level = 0
        for heading, after in zip(self._headings, [*self._headings[1:], None], strict=True):
            is_part = self._is(heading, kind)
            is_below = bool(level) and heading.level > level and self._kinds.kind_of([heading.title]) is Kind.OTHER
            if is_part and not is_below:
                level = heading.level
            elif not is_below:
                level = 0
            if is_part or is_below:
                yield range(heading.lines[1], after.lines[0] if after else len(self._rows))

    def _below(self, kind: Kind) -> range | None:
        """Return the rows below the first heading of a kind, up to the next heading; `OTHER` is found by its title."""
        for heading, after in zip(self._headings, [*self._headings[1:], None], strict=True):
            if self._is(heading, kind):
                return range(heading.lines[1], after.lines[0] if after else len(self._rows))
        return None

    def _is(self, heading: Heading, kind: Kind) -> bool:
        if kind is Kind.OTHER:
            return heading.title == HEADINGS[kind]
        return self._kinds.kind_of([heading.title]) is kind

    def _fill(self, rows: range, text: str) -> Iterator[Edit]:
        """Yield the edits that replace the blocks and prompts in some rows by a text."""
        old = sorted([*(block for block in self._blocks if block[0] in rows), *self._prompts(rows)])
        if not old:
            yield self._insert(rows.start, text)
            return
        (start, end), *others = old
        yield Edit(self._lines.offset(start), self._lines.end(end - 1), text)
        yield from (Edit(self._lines.offset(start), self._lines.offset(end), "") for start, end in others)

    def _prompts(self, rows: range) -> Iterator[Lines]:
        """Yield the rows that consist of a prompt only."""
        inside = {row for block in self._blocks for row in range(*block)}
        for row in rows:
            if row not in inside and PROMPT.match(self._rows[row]) and is_for_kb(self._rows[row]):
                yield row, row + 1

    def _insert(self, row: int, text: str) -> Edit:
        if row >= len(self._rows):
            return self._at_end(f"{text}\n")
        at = self._lines.offset(row)
        return Edit(at, at, f"\n{text}\n")

    def _at_end(self, text: str) -> Edit:
        end = len(self._text)
        return Edit(end, end, ("\n" if self._text.endswith("\n") else "\n\n") + text)

    def _words(self, block: Lines) -> str:
        """Return the text of a block without the prompt at its beginning; empty for a comment."""
        first, *more = self._rows[slice(*block)]
        text = "\n".join([PROMPT.sub("", first), *more]).strip()
        return "" if re.fullmatch(r"<!--(?:(?!-->).)*-->", text, re.DOTALL) else text
