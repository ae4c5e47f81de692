"""Splits notes into pieces, each under one heading or label and of one kind."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise

from ingest.format import FORMAT
from ingest.kinds import Kind, KindTable
from ingest.markdown.blocks import Heading, Lines, outline
from ingest.markdown.plain import plain_inline
from kb.codify.labels.labels import adds_nothing, label_of, unnumbered
from kb.codify.labels.marks import Mark, Marks, Reach
from kb.codify.labels.names import kind_of_heading, kind_of_name
from kb.codify.labels.roles import role_of
from kb.codify.labels.title_words import TITLE_LABELS, is_like_a_title, names_its_kind_first, says_something
from kb.codify.notes.bare_headings import with_headings
from kb.codify.notes.piece import Piece

_TOP = 3
"""The level of headings within a section of a lesson."""
_DEEPEST = 6
_MOST_LONE = 3


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@dataclass(frozen=True, slots=True)
class _Place:
    """A heading on the path from the top to the present position."""

    heading: Heading
    kind: Kind
    level: int
    """Its level in the lesson."""
    is_head: bool


class Outlined:
    """A Markdown text, to be split into pieces. `headings` are the lesson's headings by kind.

    `messages` are the texts of chat messages, by the row on which each begins.
    """

    def __init__(
        self,
        rows: list[str],
        kinds: KindTable,
        headings: Mapping[Kind, str],
        messages: Mapping[int, str] | None = None,
    ) -> None:
        self._rows = rows
        self._kinds = kinds
        self._lesson_headings = headings
        self._marks = Marks(rows, kinds, headings, messages or {})
        marked, self._bare = (rows, frozenset[int]()) if messages else with_headings(rows, kinds)
        found = outline("\n".join(unnumbered(row, kinds) for row in marked))
        self._headings = found.headings
        self._blocks = found.blocks
        self._starts = [first for first, _ in found.blocks]
        self.head = self._head()

    @property
    def first_heading(self) -> str:
        """The first real heading that names neither a kind of section nor a kind of text.

        All headings above it must be such names, without text below them.
        """
        end = 0
        for heading in self._headings:
            stands_below = any(end <= start < heading.lines[0] for start in self._starts) and end > 0
            if stands_below or heading.lines[0] in self._bare:
                return ""
            if kind_of_heading(heading.title, self._kinds) is Kind.OTHER and says_something(heading.title):
                return heading.title
            end = heading.lines[1]
        return ""

    @property
    def lone_line(self) -> str:
        """The line above everything else, if it is alone and as short as a title, with its markup."""
        return "" if self._lone_row is None else self._rows[self._lone_row].strip()

    @cached_property
    def _lone_row(self) -> int | None:
        """The row of that line; above it there may be similar lines that only name a kind of text."""
        if len(self._blocks) + len(self._headings) <= 1:
            return None
        end = self._headings[0].lines[0] if self._headings else len(self._rows)
        for first, last in self._blocks[:_MOST_LONE]:
            line = self._rows[first].strip()
            is_lone = last - first == 1 and is_like_a_title(self._rows[first])
            if first >= end or not is_lone or self._is_known(line):
                return None
            if says_something(plain_inline(line)):
                return first
        return None

    def _is_known(self, line: str) -> bool:
        """Return whether a line names a part, so that it is no title; `Incident 7: all down!` is a title."""
        label = label_of(line)
        if label and label.name in TITLE_LABELS and label.written[-1:].isdigit():
            return False
        is_of_front_matter = label is not None and (role_of(label.name) is not None or label.name in FORMAT.keys)
        return is_of_front_matter or (
            kind_of_name(line, self._kinds) is not Kind.OTHER and not names_its_kind_first(plain_inline(line))
        )

    def pieces(self, title: str) -> Iterator[Piece]:
        """Yield the pieces in order; a head equal to the lesson's title is left out."""
        first = self._headings[0].lines[0] if self._headings else len(self._rows)
        start = 0
        if self._lone_row is not None and _words(self.lone_line) == _words(title):
            yield from self._below(Kind.OTHER, (0, self._lone_row))
            start = self._lone_row + 1
        yield from self._below(Kind.OTHER, (start, first))
        way: list[_Place] = []
        for heading, after in pairwise([*self._headings, None]):
            assert heading
            end = after.lines[0] if after else len(self._rows)
            while way and way[-1].heading.level >= heading.level:
                way.pop()
            place = self._placed(heading, way)
            context = self._context(way, place)
            way.append(place)
            yield from self._section(place, context, self._own(place, title, context), (heading.lines[1], end))

    def _head(self) -> Heading | None:
        """Return the heading of the whole text: the first, unless it is one of several or names a kind of section."""
        first = self._headings[0] if self._headings else None
        if not first or not first.title or self._kinds.kind_of([first.title]) is not Kind.OTHER:
            return None
        lone = all(other.level > first.level for other in self._headings[1:])
        named = kind_of_heading(first.title, self._kinds) is not Kind.OTHER
        return first if lone or (first.level == 1 and not named) else None

    def _own(self, place: _Place, title: str, context: str) -> str:
        """Return a heading's text; empty if the lesson's title or the context already says it."""
        written = self._written(place.heading)
        if place.is_head:
            return "" if _words(written) == _words(title) else written
        return "" if context and self._adds_nothing(place.kind, place.heading.title) else written

    def _placed(self, heading: Heading, way: list[_Place]) -> _Place:
        is_head = heading is self.head
        above = way[-1] if way else None
        inherited = above.kind if above and not above.is_head else Kind.OTHER
        own = Kind.OTHER if is_head else kind_of_heading(heading.title, self._kinds)
        kind = inherited if own is Kind.OTHER else own
        if is_head or self._adds_nothing(kind, heading.title):
            level = _TOP - 1
        elif above and above.kind is kind:
            level = min(_DEEPEST, above.level + heading.level - above.heading.level)
        else:
            level = _TOP
        return _Place(heading, kind, level, is_head)

    def _context(self, way: list[_Place], place: _Place) -> str:
        """Return the heading above if it is of another kind, to distinguish equal headings such as `Discussion`."""
        above = way[-1] if way else None
        if not above or above.is_head or above.kind is place.kind:
            return ""
        named = self._kinds.kind_of([above.heading.title]) is not Kind.OTHER
        return "" if named else self._written(above.heading)

    def _section(self, place: _Place, context: str, own: str, lines: Lines) -> Iterator[Piece]:
        pieces = list(self._below(place.kind, lines))
        adds_nothing = not context and not place.is_head and self._adds_nothing(place.kind, place.heading.title)
        heading = ": ".join(part for part in (context, own) if part)
        level = max(_TOP, place.level)
        if pieces and heading and pieces[0].kind is place.kind and not pieces[0].level:
            first = pieces.pop(0)
            unnamed = (first.unnamed or first.rows) if adds_nothing else None
            yield replace(first, level=level, heading=heading, context=context, unnamed=unnamed)
        elif heading and not adds_nothing:
            yield Piece(place.kind, (), level, heading, context)
        yield from pieces

    def _written(self, heading: Heading) -> str:
        """Return a heading as its author wrote it, with markup and links, on one line."""
        start, end = heading.lines
        first = self._rows[start].lstrip()
        if start in self._bare:
            return plain_inline(first.rstrip("\\ "))
        if first.startswith("#") and end - start == 1:
            text = first.lstrip("#").strip()
            opened = text.rstrip("#")
            return text if opened[-1:].strip() else opened.rstrip()
        return " ".join(row.strip() for row in self._rows[start : end - 1]).strip()

    def _below(self, base: Kind, lines: Lines) -> Iterator[Piece]:
        """Yield the pieces below a heading, split where labels begin something else."""
        marks = [Mark(lines[0], base), *self._marks_below(base, lines)]
        ends = [*(mark.row for mark in marks[1:]), lines[1]]
        for _, run in groupby(zip(marks, ends, strict=True), lambda marked: marked[0].parts_from):
            marked = list(run)
            first = marked[0][0]
            rows = tuple(self._rows[first.row + bool(first.heading) : marked[-1][1]])
            texts = {mark.row - first.row: mark.text for mark, _ in marked if mark.text is not None}
            unnamed = tuple(texts.get(number, row) for number, row in enumerate(rows)) if texts else None
            if first.heading:
                adds_nothing = self._adds_nothing(first.kind, first.heading)
                yield Piece(first.kind, rows, _TOP, first.heading, unnamed=rows if adds_nothing else None)
            elif any(row.strip() for row in rows):
                yield Piece(first.kind, rows, unnamed=unnamed)

    def _marks_below(self, base: Kind, lines: Lines) -> Iterator[Mark]:
        """Yield the marks of other kinds in the lines below a heading."""
        start, end = lines
        blocks = self._blocks[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        marked = [(block, self._marks.within(base, block)) for block in blocks]
        labels = [number for number, (_, marks) in enumerate(marked) if any(mark.is_label for mark in marks)]
        scope = now = above = Mark(start, base)
        rest = Mark(start, Kind.OTHER) if start - 1 in self._bare else above
        for number, ((first, _), marks) in enumerate(marked):
            if not marks and (scope.is_label or (rest is not above and labels)) and self._marks.begins_anew(first):
                scope = rest
            if not marks and now.kind is not scope.kind:
                yield (now := replace(scope, row=first, heading="", text=None))
            yield from marks
            now = marks[-1] if marks else now
            if marks and not now.is_item:
                runs_on = now.reach is Reach.SECTION or (now.is_label and number < labels[-1])
                scope = now if runs_on else above

    def _adds_nothing(self, kind: Kind, name: str) -> bool:
        return adds_nothing(name, kind, self._lesson_headings[kind])
