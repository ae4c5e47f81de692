"""Notes → the pieces that lie under one heading or label, each with its kind."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from ingest.format import FORMAT
from ingest.kinds import Kind, KindTable, normalize
from ingest.markdown import Heading, Lines, outline
from kb.codify.labels import heading_in, label_of, name_of
from kb.codify.roles import role_of

_TOP = 3
"""The level of headings within a section of a lesson."""
_DEEPEST = 6
_ITEM = re.compile(r"(?P<indent> {0,3})(?:[-*+]|\d{1,9}[.)])\s+(?P<text>.*)")
_UNDERLINE = re.compile(r"\s*\|?[\s|:-]*-[\s|:-]*")


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

    @property
    def text(self) -> str:
        body = "\n".join(self.rows).strip("\n").rstrip()
        head = f"{'#' * self.level} {self.heading}" if self.level else ""
        return "\n\n".join(part for part in (head, body) if part)


@dataclass(frozen=True, slots=True)
class _Place:
    """A heading on the way down to where we are."""

    heading: Heading
    kind: Kind
    level: int
    """The level that it has in the lesson."""
    is_head: bool


class Outlined:
    """A Markdown text, to be taken apart. `headings` are those of the lesson for each kind."""

    def __init__(self, rows: list[str], kinds: KindTable, headings: Mapping[Kind, str]) -> None:
        self._rows = rows
        self._kinds = kinds
        self._lesson_headings = headings
        found = outline("\n".join(rows), front_matter=False)
        self._headings = found.headings
        self._blocks = found.blocks
        self._starts = [first for first, _ in found.blocks]
        self.head = self._head()

    @property
    def title(self) -> str:
        """The first heading's, if it is no name of a kind of section."""
        first = self._headings[0].title if self._headings else ""
        named = self._kinds.kind_of([name_of(first, self._kinds)]) is not Kind.OTHER
        return self.head.title if self.head else "" if named else first

    def pieces(self, title: str) -> Iterator[Piece]:
        """Yield the pieces in their order; the head goes without saying where it is the lesson's title."""
        first = self._headings[0].lines[0] if self._headings else len(self._rows)
        yield from self._below(Kind.OTHER, (0, first))
        way: list[_Place] = []
        for heading, after in pairwise([*self._headings, None]):
            assert heading
            end = after.lines[0] if after else len(self._rows)
            while way and way[-1].heading.level >= heading.level:
                way.pop()
            place = self._placed(heading, way)
            context = self._context(way, place)
            way.append(place)
            yield from self._section(place, context, self._own(place, title), (heading.lines[1], end))

    def _head(self) -> Heading | None:
        """Return the heading of the whole text: the first, unless it is one of several or names a kind of section."""
        first = self._headings[0] if self._headings else None
        if not first or not first.title or self._kinds.kind_of([first.title]) is not Kind.OTHER:
            return None
        lone = all(other.level > first.level for other in self._headings[1:])
        named = self._kinds.kind_of([name_of(first.title, self._kinds)]) is not Kind.OTHER
        return first if lone or (first.level == 1 and not named) else None

    def _own(self, place: _Place, title: str) -> str:
        """Return what a heading says that the lesson does not say above it."""
        written = self._written(place.heading)
        if place.is_head:
            return "" if written == title else written
        return "" if self._is_said(place.kind, place.heading.title) else written

    def _placed(self, heading: Heading, way: list[_Place]) -> _Place:
        is_head = heading is self.head
        names = [name_of(place.heading.title, self._kinds) for place in way if not place.is_head]
        kind = Kind.OTHER if is_head else self._kinds.kind_of([*names, name_of(heading.title, self._kinds)])
        above = way[-1] if way else None
        if is_head or self._is_said(kind, heading.title):
            level = _TOP - 1
        elif above and above.kind is kind:
            level = min(_DEEPEST, above.level + heading.level - above.heading.level)
        else:
            level = _TOP
        return _Place(heading, kind, level, is_head)

    def _is_said(self, kind: Kind, title: str) -> bool:
        """Say whether a title is what the lesson's own heading says."""
        return normalize(title) == normalize(self._lesson_headings[kind])

    def _context(self, way: list[_Place], place: _Place) -> str:
        """Return the heading above that tells one `Discussion` from the next, where they part."""
        above = way[-1] if way else None
        if not above or above.is_head or above.kind is place.kind:
            return ""
        named = self._kinds.kind_of([above.heading.title]) is not Kind.OTHER
        return "" if named else self._written(above.heading)

    def _section(self, place: _Place, context: str, own: str, lines: Lines) -> Iterator[Piece]:
        pieces = list(self._below(place.kind, lines))
        heading = ": ".join(part for part in (context, own) if part)
        if not heading:
            yield from pieces
            return
        level = max(_TOP, place.level)
        if pieces and pieces[0].kind is place.kind and not pieces[0].level:
            yield replace(pieces.pop(0), level=level, heading=heading, context=context)
        else:
            yield Piece(place.kind, (), level, heading, context)
        yield from pieces

    def _written(self, heading: Heading) -> str:
        """Return a heading as its author has it, marks and links too, on one line."""
        start, end = heading.lines
        first = self._rows[start].lstrip()
        if first.startswith("#") and end - start == 1:
            return re.sub(r"\s+#+\s*$", "", first.lstrip("#")).strip()
        return " ".join(row.strip() for row in self._rows[start : end - 1]).strip()

    def _below(self, base: Kind, lines: Lines) -> Iterator[Piece]:
        """Yield what stands below a heading, parted where labels say that something else begins."""
        owners, heads = self._owners(base, lines)
        start, end = lines
        for _, group in groupby(range(start, end), lambda row: owners[row - start]):
            numbers = list(group)
            kind, _ = owners[numbers[0] - start]
            rows = tuple(self._rows[row] for row in numbers if row not in heads)
            head = heads.get(numbers[0], "")
            if head and not self._is_said(kind, head):
                yield Piece(kind, rows, _TOP, head)
            elif any(row.strip() for row in rows):
                yield Piece(kind, rows)

    def _owners(self, base: Kind, lines: Lines) -> tuple[list[tuple[Kind, int]], dict[int, str]]:
        """Return for each row its kind and the row of its label, and the rows whose label is a heading."""
        start, end = lines
        owners: list[tuple[Kind, int]] = []
        heads: dict[int, str] = {}
        blocks = self._blocks[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        labelled = sum(any(map(self._runs_on, self._labels(block))) for block in blocks) > 1
        scope = (base, -1)
        for first, last in blocks:
            marks = self._marks(base, (first, last))
            rows = [row for row, _, _ in marks]
            owners += [scope] * ((rows[0] if rows else last) - start - len(owners))
            for (row, kind, head), after in zip(marks, [*rows[1:], last], strict=False):
                owner = (kind or base, row if head else -1)
                owners += [owner] * (after - row)
                heads |= {row: head} if head else {}
            if marks and not _ITEM.match(self._rows[first]):
                _, kind, head = marks[-1]
                runs_on = head or (labelled and kind is not Kind.PEOPLE)
                scope = owner if kind and runs_on else scope if not kind else (base, -1)
        return owners + [scope] * (end - start - len(owners)), heads

    @staticmethod
    def _runs_on(mark: tuple[int, Kind | None, str]) -> bool:
        """Say whether what follows a label may be its own too: a name or a role is said in one line."""
        _, kind, head = mark
        return not head and kind not in (None, Kind.PEOPLE)

    def _marks(self, base: Kind, block: Lines) -> list[tuple[int, Kind | None, str]]:
        marks = list(self._labels(block)) or list(self._items(base, block))
        return marks if any(kind for _, kind, _ in marks) else []

    def _labels(self, block: Lines) -> Iterator[tuple[int, Kind | None, str]]:
        """Yield the rows of a paragraph that begin with a label, their kind, and the heading that stands alone."""
        first, last = block
        rows = self._rows
        if last - first > 1 and _UNDERLINE.fullmatch(rows[first + 1]):  # a table
            return
        head = heading_in(rows[first], self._kinds)
        if head and (last - first == 1 or not rows[first].strip()[0].isalnum() or rows[first].rstrip().endswith(":")):
            yield first, self._kind(head), head
        elif not label_of(rows[first]):
            return
        elif not head:
            yield from self._label(first)
        for row in range(first + 1, last):
            yield from self._label(row)

    def _label(self, row: int) -> Iterator[tuple[int, Kind | None, str]]:
        label = label_of(self._rows[row])
        if not label:
            return
        kind = Kind.PEOPLE if role_of(label.name) is not None else self._kind(label.name)
        if kind is not Kind.OTHER:
            yield row, kind, ""
        elif label.name in FORMAT.keys or not self._rows[row].lstrip()[0].islower():
            yield row, None, ""

    def _items(self, base: Kind, block: Lines) -> Iterator[tuple[int, Kind | None, str]]:
        """Yield the items of a list that is nothing but labels, where no heading says what it is."""
        found = [(row, item) for row in range(*block) if (item := _ITEM.fullmatch(self._rows[row]))]
        if base is not Kind.OTHER or not found or found[0][0] != block[0]:
            return
        top = [(row, item["text"]) for row, item in found if item["indent"] == found[0][1]["indent"]]
        labels = [(row, label_of(text)) for row, text in top]
        known = [(row, self._kind(label.name)) for row, label in labels if label]
        if len(known) == len(top) and all(kind is not Kind.OTHER for _, kind in known):
            yield from ((row, kind, "") for row, kind in known)

    def _kind(self, name: str) -> Kind:
        return self._kinds.kind_of([name_of(name, self._kinds)])
