"""Where in a text another kind begins: at labels, names alone on a line, list items, chat messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from ingest.format import FORMAT
from ingest.kinds import Kind, KindTable
from ingest.markdown.blocks import Lines
from ingest.markdown.plain import plain_inline
from kb.codify.labels.asked import asked_in, is_answer_label
from kb.codify.labels.labels import Label, adds_nothing, heading_in, label_of
from kb.codify.labels.names import kind_of_heading, kind_of_name
from kb.codify.labels.roles import role_of
from kb.codify.labels.title_words import is_like_a_title, says_something

_SHORT = 2
"""Most words of an unknown label; more may be the beginning of a sentence: `We did two things: ...`."""
_MOST_BETWEEN = 3
"""Most rows from a question to its answer."""
_FEWEST_KINDS = 2
"""A list with labels of this many kinds is split into them, whatever the heading above it."""
_ITEM = re.compile(r"(?P<indent> {0,3})(?:[-*+]|\d{1,9}[.)])\s+(?P<text>.*)")
_PANEL = re.compile(r" {0,3}>\s*(?:\*\*|__)(?P<name>[^*_]+?):?(?:\*\*|__):?\s*")
"""The title of a panel, which is exported as a quote."""
_UNDERLINE = frozenset(" \t|:-")


class Reach(Enum):
    """How far the text of a label extends."""

    PARAGRAPH = auto()
    PARAGRAPHS = auto()
    """Up to the next known label; without one, only its own paragraph."""
    SECTION = auto()
    """As far as that of a heading."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A row at which another kind begins."""

    row: int
    kind: Kind
    heading: str = ""
    """The row as a heading of its own; empty if it is none."""
    text: str | None = None
    """The row without its label, if the lesson's heading says the same as the label."""
    reach: Reach = Reach.PARAGRAPH
    is_item: bool = False

    @property
    def is_label(self) -> bool:
        return self.reach is Reach.PARAGRAPHS

    @property
    def parts_from(self) -> tuple[Kind, int]:
        """Equal for two marks that need not be separated."""
        is_apart = self.heading or (self.text is not None and not self.is_item)
        return self.kind, self.row if is_apart else -1


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks in the rows of a text, block by block. `headings` are the lesson's headings by kind."""

    _rows: Sequence[str]
    _kinds: KindTable
    _headings: Mapping[Kind, str]
    _messages: Mapping[int, str]
    """Texts of chat messages, by the row on which each begins."""

    def within(self, base: Kind, block: Lines) -> list[Mark]:
        """Return where another kind begins within a block; unknown labels count only beside a known one."""
        found = list(self._labels(block)) or list(self._items(base, block))
        known = any(mark.kind is not Kind.OTHER for mark in found)
        return [mark if mark.kind is not Kind.OTHER else replace(mark, kind=base) for mark in found] if known else []

    def _labels(self, block: Lines) -> Iterator[Mark]:
        """Yield the rows of a paragraph that begin with a label, or the name above it."""
        first, last = block
        rows = self._rows
        if first in self._messages:
            yield from self._message(first, last)
            return
        if panel := _PANEL.fullmatch(rows[first]):
            if (kind := kind_of_heading(panel["name"], self._kinds)) is not Kind.OTHER:
                yield Mark(first, kind, reach=Reach.PARAGRAPH)
            return
        if last - first > 1 and "-" in rows[first + 1] and _UNDERLINE.issuperset(rows[first + 1]):  # a table
            return
        head = heading_in(rows[first], self._kinds)
        is_alone = last - first == 1
        if head and (is_alone or not rows[first].strip()[0].isalnum() or rows[first].rstrip().endswith((":", "?"))):
            is_heading = is_alone or _ITEM.match(rows[first])
            reach = Reach.SECTION if is_heading else Reach.PARAGRAPHS
            yield Mark(first, kind_of_heading(head, self._kinds), heading=head, reach=reach)
        elif not label_of(rows[first]) and not _is_generic(rows[first]) and not self._stands_above_labels(first, last):
            return
        elif not head:
            yield from self._label(first)
        for row in range(first + 1, last):
            yield from self._label(row)

    def _stands_above_labels(self, first: int, last: int) -> bool:
        """Return whether the first row of a paragraph is a title directly above labels, some of them of sections.

        A single label may be a line that was wrapped.
        """
        kinds = [self._kind_on(row) for row in self._rows[first + 1 : last]]
        known = [kind for kind in kinds if kind is not None]
        is_headed = bool(kinds) and kinds[0] is not None and is_like_a_title(self._rows[first])
        return is_headed and len(known) > 1 and set(known) != {Kind.PEOPLE}

    def _kind_on(self, row: str) -> Kind | None:
        """Return the kind of a row's label, `PEOPLE` for keys of the front matter; None if there is no known label."""
        label = label_of(row)
        if not label or not label.has_colon or row.lstrip()[0].islower():
            return None
        if label.name in FORMAT.keys or role_of(label.name) is not None:
            return Kind.PEOPLE
        kind = self._kind_of_label(label)
        return None if kind is Kind.OTHER else kind

    def _label(self, row: int) -> Iterator[Mark]:
        label = label_of(self._rows[row])
        if not label:
            return
        if (asked := self._asked(row, label)) and (kind := kind_of_heading(asked, self._kinds)) is not Kind.OTHER:
            yield Mark(row, kind, reach=Reach.PARAGRAPHS)
            return
        kind = self._kind_of_label(label)
        if role_of(label.name) is not None:
            yield Mark(row, Kind.PEOPLE)
        elif kind is not Kind.OTHER:
            reach = Reach.PARAGRAPH if kind is Kind.PEOPLE else Reach.PARAGRAPHS
            yield Mark(row, kind, text=self._unlabelled(kind, label), reach=reach)
        elif label.has_colon and (label.name in FORMAT.keys or not self._rows[row].lstrip()[0].islower()):
            yield Mark(row, Kind.OTHER)

    def _asked(self, row: int, label: Label) -> str:
        """Return the question on a row, or the one above its answer: `Q: What was the problem?`, `A: Tyres.`"""
        if not is_answer_label(label):
            return asked_in(label)
        above = next((line for line in reversed(self._rows[max(0, row - _MOST_BETWEEN) : row]) if line.strip()), "")
        question = label_of(above)
        return asked_in(question) if question else ""

    def _message(self, first: int, last: int) -> Iterator[Mark]:
        """Yield the labels in a chat message; the writer's name stays with the first line."""
        sentence = self._messages[first]
        for row in range(first, last):
            label = label_of(sentence if row == first else self._rows[row])
            is_other = row == first or self._rows[row].strip() != sentence.strip()
            if label and is_other and (kind := self._kind_of_label(label)) is not Kind.OTHER:
                yield Mark(row, kind, reach=Reach.PARAGRAPH)

    def _unlabelled(self, kind: Kind, label: Label, start: str = "") -> str | None:
        """Return the text after a label if the lesson's heading says the same as the label; else None."""
        sentence = label.sentence if adds_nothing(label.written, kind, self._headings[kind]) else None
        return None if sentence is None else start + sentence

    def begins_anew(self, row: int) -> bool:
        """Return whether a paragraph begins with a short label of its own, such as `Open questions: who pays?`"""
        label = label_of(self._rows[row])
        is_short = label is not None and label.has_colon and len(label.name.split()) <= _SHORT
        return is_short and not self._rows[row].lstrip()[0].islower()

    def _items(self, base: Kind, block: Lines) -> Iterator[Mark]:
        """Yield the items of a list if some have labels; below a known heading, only of a list of several kinds."""
        found = [(row, item) for row in range(*block) if (item := _ITEM.fullmatch(self._rows[row]))]
        if not found or found[0][0] != block[0]:
            return
        top = [(row, item) for row, item in found if item["indent"] == found[0][1]["indent"]]
        marks = [self._item(row, item, block[1]) for row, item in top]
        if base is Kind.OTHER or len({mark.kind for mark in marks} - {Kind.OTHER, base}) >= _FEWEST_KINDS:
            yield from marks

    def _item(self, row: int, item: re.Match[str], end: int) -> Mark:
        """Return the mark of an item that has a label, or a name with indented text below it."""
        label = label_of(item["text"])
        if label and role_of(label.name) is not None:
            return Mark(row, Kind.PEOPLE, is_item=True)
        if label and (kind := self._kind_of_label(label)) is not Kind.OTHER:
            start = item[0][: item.start("text") - item.start()]
            text = self._unlabelled(kind, label, start) if label.text else None
            return Mark(row, kind, text=text, is_item=True)
        has_text_below = row + 1 < end and self._rows[row + 1].startswith((" ", "\t"))
        kind = kind_of_heading(plain_inline(item["text"]), self._kinds) if has_text_below else Kind.OTHER
        return Mark(row, kind, is_item=True)

    def _kind_of_label(self, label: Label) -> Kind:
        return (kind_of_heading if label.has_colon else kind_of_name)(label.written, self._kinds)


def _is_generic(row: str) -> bool:
    """Return whether a row above labels only names a kind of text: `Minutes of 3 May`."""
    return row[:1].isalnum() and not says_something(plain_inline(row))
