"""What may be written at a place of a lesson.

The front matter is read line by line, by its indentation, because while somebody types it is seldom valid YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import NamedTuple

_FENCES = ("---", "...")
_ENTRY = re.compile(r"(?P<indent>\s*(?:-\s+)*)(?:(?P<key>[\w-]+)\s*:(?=\s|$))?(?P<value>.*)", re.DOTALL)
_COMMENT = re.compile(r"(?:^|\s)#")
_FLOW_START = re.compile(r"[\[{,]\s*")
_FLOW_KEY = re.compile(r"(?P<key>[\w-]+)\s*:\s+(?P<value>.*)", re.DOTALL)
_WIKILINK = re.compile(r"\[\[([^\[\]|#\n]{0,200})$")
_TARGET = re.compile(r"\]\(([^()\s]{0,300})$")
_HEADING = re.compile(r"#{2,6}[ \t]+(.{0,100})$")
_LONGEST_ROW = 2000
"""A cursor further to the right is in no key, tag or link."""


class Part(Enum):
    """What stands at the cursor."""

    KEY = auto()
    VALUE = auto()
    WIKILINK = auto()
    TARGET = auto()
    """The target of a link."""
    HEADING = auto()


class Cursor(NamedTuple):
    """A place at which something can be completed."""

    part: Part
    typed: str
    """What is there up to the cursor, and is replaced."""
    keys: tuple[str, ...] = ()
    """The keys above it in the front matter; for a value its own too. Numbers of list items are left out."""
    beside: frozenset[str] = frozenset()
    """The keys that are there already, in the same mapping."""
    in_brackets: bool = False
    """Whether it stands in a list or mapping on one line."""


class _Row(NamedTuple):
    column: int
    """Where its key or value begins."""
    begins_item: bool
    key: str
    value: str


def cursor_at(rows: Sequence[str], line: int, column: int) -> Cursor | None:
    """Return what may be completed at a line and column; None if nothing."""
    before = rows[line][:column]
    if column > _LONGEST_ROW:
        return None
    first, end = front_matter(rows)
    return _in_matter(rows[first:end], line - first, before) if first <= line < end else _in_text(before)


def front_matter(rows: Sequence[str]) -> tuple[int, int]:
    """Return the lines between the fences of the front matter; if it is not closed yet, up to the first heading."""
    if not rows or rows[0].rstrip() != _FENCES[0]:
        return 0, 0
    closed = next((line for line in range(1, len(rows)) if rows[line].rstrip() in _FENCES), None)
    open_end = next((line for line in range(1, len(rows)) if rows[line].startswith("# ")), len(rows))
    return 1, open_end if closed is None else closed


def _in_text(before: str) -> Cursor | None:
    if match := _HEADING.match(before):
        return Cursor(Part.HEADING, match[1])
    for part, pattern in ((Part.WIKILINK, _WIKILINK), (Part.TARGET, _TARGET)):
        if match := pattern.search(before):
            return Cursor(part, match[1])
    return None


def _in_matter(rows: Sequence[str], line: int, before: str) -> Cursor | None:
    if _COMMENT.search(before):
        return None
    row = _row(before)
    above = (*_keys_above(rows, line, row.column), *([row.key] if row.key else ()))
    value = row.value.lstrip()
    if value[:1] in ("[", "{"):
        return _in_flow(value, above)
    if row.key:
        return Cursor(Part.VALUE, value, above) if row.value[:1] in (" ", "\t") else None
    if row.begins_item:
        return Cursor(Part.VALUE, value, above, _keys_beside(rows, line, row))
    return Cursor(Part.KEY, value, above, _keys_beside(rows, line, row))


def _in_flow(text: str, above: tuple[str, ...]) -> Cursor:
    """Return the cursor at the end of a text that begins with a bracket."""
    opened: list[str] = []
    for sign in text:
        if sign in "[{":
            opened.append(sign)
        elif sign in "]}" and opened:
            opened.pop()
    last = [*_FLOW_START.finditer(text)][-1].end()
    typed = text[last:]
    if opened and opened[-1] == "{":
        beside = frozenset(match[1] for match in re.finditer(r"([\w-]+)\s*:", text[text.rindex("{") :]))
        if match := _FLOW_KEY.fullmatch(typed):
            return Cursor(Part.VALUE, match["value"], (*above, match["key"]), in_brackets=True)
        return Cursor(Part.KEY, typed, above, beside, in_brackets=True)
    return Cursor(Part.VALUE, typed, above, in_brackets=True)


def _row(text: str) -> _Row:
    match = _ENTRY.fullmatch(text)
    assert match
    return _Row(len(match["indent"]), "-" in match["indent"], match["key"] or "", match["value"])


def _keys_above(rows: Sequence[str], line: int, column: int) -> tuple[str, ...]:
    """Return the keys of the mappings around a line, outermost first."""
    keys: list[str] = []
    for text in reversed(rows[:line]):
        row = _row(text)
        if row.key and row.column < column:
            keys.append(row.key)
            column = row.column
        if not column:
            break
    return tuple(reversed(keys))


def _keys_beside(rows: Sequence[str], line: int, cursor: _Row) -> frozenset[str]:
    above = () if cursor.begins_item else _siblings(reversed(rows[:line]), cursor.column, last_begins_item=True)
    return frozenset([*above, *_siblings(rows[line + 1 :], cursor.column, last_begins_item=False)])


def _siblings(rows: Iterator[str] | Sequence[str], column: int, *, last_begins_item: bool) -> Iterator[str]:
    """Yield the keys in the mapping of a column, up to its first line, or its last."""
    for row in map(_row, rows):
        if not row.value.strip() and not row.key and not row.begins_item:
            continue
        ends = row.column < column
        begins = row.begins_item and row.column == column
        if ends or (begins and not last_begins_item):
            return
        if row.column == column and row.key:
            yield row.key
        if begins:
            return
