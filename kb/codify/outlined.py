"""Notes → the pieces that lie under one heading or label, each with its kind."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cached_property
from itertools import groupby, pairwise

from ingest.format import FORMAT
from ingest.kinds import Kind, KindTable, normalize
from ingest.markdown import Heading, Lines, outline
from ingest.plain import plain_inline
from kb.codify.bare_headings import with_headings
from kb.codify.title_words import TITLE_LABELS, says_something
from kb.codify.labels import Label, heading_in, is_said, label_of, unnumbered
from kb.codify.names import kind_of_heading, kind_of_name
from kb.codify.people import role_of

_TOP = 3
"""The level of headings within a section of a lesson."""
_DEEPEST = 6
_SHORT = 2
"""Words of a label that nobody knows; more may begin a sentence: `We did two things: ...`."""
_ITEM = re.compile(r"(?P<indent> {0,3})(?:[-*+]|\d{1,9}[.)])\s+(?P<text>.*)")
LONGEST_TITLE = 80
_TITLE = re.compile(r" {0,3}(?!\d{1,9}[.)]\s)(?:\*\*|__|[*_])?[\w\"'(\u201e\u201c\u00ab].*[^\s.,;:]\s*")
"""A paragraph that is no sentence."""
_PANEL = re.compile(r" {0,3}>\s*(?:\*\*|__)(?P<name>[^*_]+?):?(?:\*\*|__):?\s*")
"""The name above what a frame holds, in exports a quote."""
_UNDERLINE = frozenset(" \t|:-")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of one kind, below one heading."""

    kind: Kind
    rows: tuple[str, ...]
    level: int = 0
    """Of its heading in the lesson; 0 without one."""
    heading: str = ""
    """In Markdown, without its marks."""
    context: str = ""
    """The heading above it of another kind, which its own repeats."""
    unnamed: tuple[str, ...] | None = None
    """The rows without the heading or labels that the lesson's own heading says; None where it does not."""

    @property
    def text(self) -> str:
        head = f"{'#' * self.level} {self.heading}" if self.level else ""
        return "\n\n".join(part for part in (head, _body(self.rows)) if part)

    @property
    def unnamed_text(self) -> str | None:
        return None if self.unnamed is None else _body(self.unnamed)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _body(rows: tuple[str, ...]) -> str:
    return "\n".join(rows).strip("\n").rstrip()


@dataclass(frozen=True, slots=True)
class _Place:
    """A heading on the way down to where we are."""

    heading: Heading
    kind: Kind
    level: int
    """The level that it has in the lesson."""
    is_head: bool


class _Reach(Enum):
    """How far what a label says goes."""

    PARAGRAPH = auto()
    PARAGRAPHS = auto()
    """Down to the next label that is known; where there is none, its own alone."""
    SECTION = auto()
    """As that of a heading."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A row with which another kind begins."""

    row: int
    kind: Kind
    heading: str = ""
    """What stands there as a heading of its own."""
    text: str | None = None
    """What the row says without its label, which the lesson's heading says already."""
    reach: _Reach = _Reach.PARAGRAPH
    is_item: bool = False

    @property
    def is_label(self) -> bool:
        return self.reach is _Reach.PARAGRAPHS

    @property
    def parts_from(self) -> tuple[Kind, int]:
        """The same for two marks that need not be told from each other."""
        is_apart = self.heading or (self.text is not None and not self.is_item)
        return self.kind, self.row if is_apart else -1


class Outlined:
    """A Markdown text, to be taken apart. `headings` are those of the lesson for each kind.

    `messages` is what the messages of a chat say, by the row on which each begins.
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
        self._messages = messages or {}
        marked, self._bare = (rows, frozenset[int]()) if messages else with_headings(rows, kinds)
        found = outline("\n".join(unnumbered(row, kinds) for row in marked), front_matter=False)
        self._headings = found.headings
        self._blocks = found.blocks
        self._starts = [first for first, _ in found.blocks]
        self.head = self._head()

    @property
    def first_heading(self) -> str:
        """What the first heading says, if it has marks and is no name of a kind of section."""
        first = self._headings[0] if self._headings else None
        if not first or first.lines[0] in self._bare or self._kind_of_heading(first.title) is not Kind.OTHER:
            return ""
        return first.title

    @cached_property
    def lone_line(self) -> str:
        """The line that stands above all else, alone and short as a title does, with its marks."""
        first, last = self._blocks[0] if len(self._blocks) + len(self._headings) > 1 and self._blocks else (0, 0)
        line = self._rows[first].strip() if last - first == 1 else ""
        is_first = not self._headings or first < self._headings[0].lines[0]
        if not line or not is_first or len(line) > LONGEST_TITLE or not _TITLE.fullmatch(self._rows[first]):
            return ""
        return "" if self._is_known(line) else line

    def _is_known(self, line: str) -> bool:
        """Return whether a line says to which part it belongs, and is no title; `Incident 7: all down!` is one."""
        label = label_of(line)
        if label and label.name in TITLE_LABELS and label.written[-1:].isdigit():
            return False
        is_of_front_matter = label is not None and (role_of(label.name) is not None or label.name in FORMAT.keys)
        return is_of_front_matter or self._kind(line) is not Kind.OTHER

    def pieces(self, title: str) -> Iterator[Piece]:
        """Yield the pieces in their order; the head goes without saying where it is the lesson's title."""
        first = self._headings[0].lines[0] if self._headings else len(self._rows)
        start = self._blocks[0][1] if self.lone_line and _words(self.lone_line) == _words(title) else 0
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
        named = self._kind_of_heading(first.title) is not Kind.OTHER
        return first if lone or (first.level == 1 and not named) else None

    def _own(self, place: _Place, title: str, context: str) -> str:
        """Return what a heading says besides the lesson's title, or its context."""
        written = self._written(place.heading)
        if place.is_head:
            return "" if _words(written) == _words(title) else written
        return "" if context and self._is_said(place.kind, place.heading.title) else written

    def _placed(self, heading: Heading, way: list[_Place]) -> _Place:
        is_head = heading is self.head
        above = way[-1] if way else None
        inherited = above.kind if above and not above.is_head else Kind.OTHER
        own = Kind.OTHER if is_head else self._kind_of_heading(heading.title)
        kind = inherited if own is Kind.OTHER else own
        if is_head or self._is_said(kind, heading.title):
            level = _TOP - 1
        elif above and above.kind is kind:
            level = min(_DEEPEST, above.level + heading.level - above.heading.level)
        else:
            level = _TOP
        return _Place(heading, kind, level, is_head)

    def _context(self, way: list[_Place], place: _Place) -> str:
        """Return the heading above that tells one `Discussion` from the next, where they part."""
        above = way[-1] if way else None
        if not above or above.is_head or above.kind is place.kind:
            return ""
        named = self._kinds.kind_of([above.heading.title]) is not Kind.OTHER
        return "" if named else self._written(above.heading)

    def _section(self, place: _Place, context: str, own: str, lines: Lines) -> Iterator[Piece]:
        pieces = list(self._below(place.kind, lines))
        is_said = not context and not place.is_head and self._is_said(place.kind, place.heading.title)
        heading = ": ".join(part for part in (context, own) if part)
        level = max(_TOP, place.level)
        if pieces and heading and pieces[0].kind is place.kind and not pieces[0].level:
            first = pieces.pop(0)
            unnamed = (first.unnamed or first.rows) if is_said else None
            yield replace(first, level=level, heading=heading, context=context, unnamed=unnamed)
        elif heading and not is_said:
            yield Piece(place.kind, (), level, heading, context)
        yield from pieces

    def _written(self, heading: Heading) -> str:
        """Return a heading as its author has it, marks and links too, on one line."""
        start, end = heading.lines
        first = self._rows[start].lstrip()
        if start in self._bare:
            return plain_inline(first.rstrip("\\ "))
        if first.startswith("#") and end - start == 1:
            said = first.lstrip("#").strip()
            opened = said.rstrip("#")
            return said if opened[-1:].strip() else opened.rstrip()
        return " ".join(row.strip() for row in self._rows[start : end - 1]).strip()

    def _below(self, base: Kind, lines: Lines) -> Iterator[Piece]:
        """Yield what stands below a heading, parted where labels say that something else begins."""
        marks = [_Mark(lines[0], base), *self._marks_below(base, lines)]
        ends = [*(mark.row for mark in marks[1:]), lines[1]]
        for _, run in groupby(zip(marks, ends, strict=True), lambda marked: marked[0].parts_from):
            marked = list(run)
            first = marked[0][0]
            rows = tuple(self._rows[first.row + bool(first.heading) : marked[-1][1]])
            texts = {mark.row - first.row: mark.text for mark, _ in marked if mark.text is not None}
            unnamed = tuple(texts.get(number, row) for number, row in enumerate(rows)) if texts else None
            if first.heading:
                is_said = self._is_said(first.kind, first.heading)
                yield Piece(first.kind, rows, _TOP, first.heading, unnamed=rows if is_said else None)
            elif any(row.strip() for row in rows):
                yield Piece(first.kind, rows, unnamed=unnamed)

    def _marks_below(self, base: Kind, lines: Lines) -> Iterator[_Mark]:
        """Yield where another kind begins, down to the end of what stands below a heading."""
        start, end = lines
        blocks = self._blocks[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        marked = [(block, self._marks(base, block)) for block in blocks]
        labels = [number for number, (_, marks) in enumerate(marked) if any(mark.is_label for mark in marks)]
        scope = now = above = _Mark(start, base)
        rest = _Mark(start, Kind.OTHER) if start - 1 in self._bare else above
        for number, ((first, _), marks) in enumerate(marked):
            if not marks and (scope.is_label or (rest is not above and labels)) and self._begins_anew(first):
                scope = rest
            if not marks and now.kind is not scope.kind:
                yield (now := replace(scope, row=first, heading="", text=None))
            yield from marks
            now = marks[-1] if marks else now
            if marks and not now.is_item:
                runs_on = now.reach is _Reach.SECTION or (now.is_label and number < labels[-1])
                scope = now if runs_on else above

    def _marks(self, base: Kind, block: Lines) -> list[_Mark]:
        """Return where another kind begins within a block; labels that nobody knows count beside one that is known."""
        found = list(self._labels(block)) or list(self._items(base, block))
        known = any(mark.kind is not Kind.OTHER for mark in found)
        return [mark if mark.kind is not Kind.OTHER else replace(mark, kind=base) for mark in found] if known else []

    def _labels(self, block: Lines) -> Iterator[_Mark]:
        """Yield the rows of a paragraph that begin with a label, or the name that stands above it."""
        first, last = block
        rows = self._rows
        if first in self._messages:
            yield from self._message(first)
            return
        if panel := _PANEL.fullmatch(rows[first]):
            if (kind := self._kind_of_heading(panel["name"])) is not Kind.OTHER:
                yield _Mark(first, kind, reach=_Reach.PARAGRAPH)
            return
        if last - first > 1 and "-" in rows[first + 1] and _UNDERLINE.issuperset(rows[first + 1]):  # a table
            return
        head = heading_in(rows[first], self._kinds)
        is_alone = last - first == 1
        if head and (is_alone or not rows[first].strip()[0].isalnum() or rows[first].rstrip().endswith((":", "?"))):
            is_heading = is_alone or _ITEM.match(rows[first])
            reach = _Reach.SECTION if is_heading else _Reach.PARAGRAPHS
            yield _Mark(first, self._kind_of_heading(head), heading=head, reach=reach)
        elif not label_of(rows[first]) and not self._is_generic(rows[first]):
            return
        elif not head:
            yield from self._label(first)
        for row in range(first + 1, last):
            yield from self._label(row)

    @staticmethod
    def _is_generic(row: str) -> bool:
        """Return whether a row above labels only says what kind of text it is: `Minutes of 3 May`."""
        return row[:1].isalnum() and not says_something(plain_inline(row))

    def _label(self, row: int) -> Iterator[_Mark]:
        label = label_of(self._rows[row])
        if not label:
            return
        kind = self._kind_of_label(label)
        if role_of(label.name) is not None:
            yield _Mark(row, Kind.PEOPLE)
        elif kind is not Kind.OTHER:
            reach = _Reach.PARAGRAPH if kind is Kind.PEOPLE else _Reach.PARAGRAPHS
            yield _Mark(row, kind, text=self._unlabelled(kind, label), reach=reach)
        elif label.has_colon and (label.name in FORMAT.keys or not self._rows[row].lstrip()[0].islower()):
            yield _Mark(row, Kind.OTHER)

    def _message(self, row: int) -> Iterator[_Mark]:
        """Yield where a message of a chat begins whose text has a label; who writes stays with it."""
        label = label_of(self._messages[row])
        if label and (kind := self._kind_of_label(label)) is not Kind.OTHER:
            yield _Mark(row, kind, reach=_Reach.PARAGRAPH)

    def _unlabelled(self, kind: Kind, label: Label, start: str = "") -> str | None:
        """Return what a label stands before, where the lesson's heading says the label; else None."""
        said = label.sentence if self._is_said(kind, label.written) else None
        return None if said is None else start + said

    def _begins_anew(self, row: int) -> bool:
        """Say whether a paragraph begins with a short label of its own, as `Open questions: who pays?`"""
        label = label_of(self._rows[row])
        is_short = label is not None and label.has_colon and len(label.name.split()) <= _SHORT
        return is_short and not self._rows[row].lstrip()[0].islower()

    def _items(self, base: Kind, block: Lines) -> Iterator[_Mark]:
        """Yield the items of a list, some of them with labels, where no heading says what it is."""
        found = [(row, item) for row in range(*block) if (item := _ITEM.fullmatch(self._rows[row]))]
        if base is not Kind.OTHER or not found or found[0][0] != block[0]:
            return
        top = [(row, item) for row, item in found if item["indent"] == found[0][1]["indent"]]
        for row, item in top:
            yield self._item(row, item, block[1])

    def _item(self, row: int, item: re.Match[str], end: int) -> _Mark:
        """Read an item: with a label, or a name above what is said below it."""
        label = label_of(item["text"])
        if label and role_of(label.name) is not None:
            return _Mark(row, Kind.PEOPLE, is_item=True)
        if label and (kind := self._kind_of_label(label)) is not Kind.OTHER:
            start = item[0][: item.start("text") - item.start()]
            text = self._unlabelled(kind, label, start) if label.text else None
            return _Mark(row, kind, text=text, is_item=True)
        has_text_below = row + 1 < end and self._rows[row + 1].startswith((" ", "\t"))
        return _Mark(row, self._kind(plain_inline(item["text"])) if has_text_below else Kind.OTHER, is_item=True)

    def _kind(self, name: str) -> Kind:
        return kind_of_name(name, self._kinds)

    def _kind_of_label(self, label: Label) -> Kind:
        return (kind_of_heading if label.has_colon else kind_of_name)(label.written, self._kinds)

    def _kind_of_heading(self, heading: str) -> Kind:
        return Kind.PEOPLE if role_of(normalize(heading)) is not None else kind_of_heading(heading, self._kinds)

    def _is_said(self, kind: Kind, name: str) -> bool:
        return is_said(name, kind, self._lesson_headings[kind])
