"""Removes what a reader of the page does not see: comments, scripts, styles, and the data of pictures."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from ingest.markdown.line_table import LineTable

if TYPE_CHECKING:
    from ingest.markdown.blocks import Lines

Span = tuple[int, int]
"""Half-open range of character offsets."""

# The beginning of a comment, script or style for a browser and the parser, in a block of HTML ...
_IN_HTML = re.compile(r"(?P<comment><!--)|<(?P<element>(?a:script|style))(?=[\s/>]|\Z)", re.IGNORECASE)
# ... and within a paragraph, where it can be escaped, or be code.
_ATTRIBUTE = r"""\s++[a-z_:][a-z0-9:._-]*+(?:\s*+=\s*+(?:[^"'=<>`\x00-\x20]++|'[^']*+'|"[^"]*+"))?+"""
_IN_PROSE = re.compile(
    r"\\.|(?P<ticks>`+)|(?P<comment><!--)"
    rf"|<(?P<element>(?a:script|style))(?:{_ATTRIBUTE})*+\s*+/?>|</(?P<ended>(?a:script|style))\s*+>",
    re.IGNORECASE | re.DOTALL,
)
_TICKS = re.compile("`+")
# The end of an empty comment after its `<!--`: `<!-->`, `<!--->`.
_ENDED = "-?>"
_END_IN_HTML = re.compile(_ENDED), re.compile("-->")
# Within a paragraph, the parser skips dashes in groups of three.
_END_IN_PROSE = re.compile(f"{_ENDED}|(?:---)*+-->"), re.compile("(?<!-)(?:---)*+-->")
"""The ends of a comment: of an empty one, and of any other."""
_CELL_ENDS = re.compile(r"(?<!\\)\||\Z")
# RFC 2397.
_DATA_URI = re.compile(
    r"(?P<head>data:[\w/+.-]{0,100}(?:;[\w-]{1,40}(?:=[\w.-]{1,40})?){0,4},)"
    r"(?P<data>[A-Za-z0-9+/=_%.~!*-]{16,}+(?:\n[A-Za-z0-9+/=]{16,}+)*+)",
    re.IGNORECASE,
)
_LONGEST_KEPT = 200
"""Data of up to this number of characters is kept: a small icon."""


class Leaves(NamedTuple):
    """Half-open 0-based line ranges, in order, of the blocks that may contain something unseen; so not of code."""

    html: tuple[Lines, ...] = ()
    prose: tuple[Lines, ...] = ()
    """Paragraphs and headings: a comment must begin and end in the same one."""
    rows: tuple[Lines, ...] = ()
    """Table rows; each cell is treated like a paragraph."""


def without_unseen(text: str, leaves: Leaves) -> str:
    """Return a text without its unseen parts; every line keeps its number.

    A comment that is never closed hides nothing.
    """
    if "<" in text:
        text = _without(text, sorted(_hidden(text, leaves)))
    return _DATA_URI.sub(_emptied, text) if "data:" in text else text


def without_unseen_html(markup: str) -> str:
    """Return a block of HTML without its unseen parts."""
    return _without(markup, _hidden_in_html(markup, 0, len(markup)))


def _without(text: str, hidden: Iterable[Span]) -> str:
    parts: list[str] = []
    done = 0
    for start, end in hidden:
        parts += (text[done:start], "\n" * text.count("\n", start, end))
        done = end
    return "".join((*parts, text[done:]))


def _hidden(text: str, leaves: Leaves) -> Iterator[Span]:
    lines = LineTable.of(text)
    for first, end in leaves.html:
        yield from _hidden_in_html(text, lines.offset(first), lines.offset(end))
    for first, end in leaves.prose:
        yield from _hidden_in_prose(text, lines.offset(first), lines.offset(end))
    for first, end in leaves.rows:
        cell, row_end = lines.offset(first), lines.offset(end)
        for found in _CELL_ENDS.finditer(text, cell, row_end) if text.find("<", cell, row_end) >= 0 else ():
            yield from _hidden_in_prose(text, cell, found.start())
            cell = found.end()


def _hidden_in_html(text: str, start: int, end: int) -> Iterator[Span]:
    closings = _Closings(text, end, _END_IN_HTML)
    at = start
    while opening := _IN_HTML.search(text, at, end):
        at = opening.end()
        element = opening["element"]
        if closed := closings.of_element(element, at) if element else closings.of_comment(at):
            yield opening.start(), closed
            at = closed


def _hidden_in_prose(text: str, start: int, end: int) -> list[Span]:
    hidden: list[Span] = []
    if text.find("<", start, end) < 0:
        return hidden
    closings, code = _Closings(text, end, _END_IN_PROSE), _CodeSpans(text, start, end)
    element: re.Match[str] | None = None
    at = start
    while found := _IN_PROSE.search(text, at, end):
        at = found.end()
        if found["ticks"]:
            at = code.end(found) or at
        elif found["comment"] and (closed := closings.of_comment(at)):
            hidden.append((found.start(), closed))
            at = closed
        elif found["element"]:
            element = element or found
        elif element and found["ended"] and found["ended"].lower() == element["element"].lower():
            while hidden and hidden[-1][0] > element.start():
                hidden.pop()
            hidden.append((element.start(), at))
            element = None
    return hidden


class _Closings:
    """Finds the end of a comment or element in a block; remembers which ends are missing, to stay linear."""

    def __init__(self, text: str, end: int, of_comment: tuple[re.Pattern[str], re.Pattern[str]]) -> None:
        self._text = text
        self._end = end
        self._at_once, self._of_comment = of_comment
        self._never: set[re.Pattern[str]] = set()

    def of_comment(self, start: int) -> int:
        """Return the end of the comment whose text begins at `start`; 0 if it has none."""
        whole = self._at_once.match(self._text, start, self._end)
        return whole.end() if whole else self._first(self._of_comment, start)

    def of_element(self, name: str, start: int) -> int:
        """Return the end of the element that begins before `start`; 0 if it has none."""
        return self._first(re.compile(rf"</(?a:{name})(?:[\s/][^<>]*+)?>", re.IGNORECASE), start)

    def _first(self, closing: re.Pattern[str], start: int) -> int:
        found = None if closing in self._never else closing.search(self._text, start, self._end)
        if not found:
            self._never.add(closing)
        return found.end() if found else 0


class _CodeSpans:
    """Finds the end of code within a paragraph: the next run of the same number of backticks."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._ends: dict[int, list[int]] = {}
        for ticks in _TICKS.finditer(text, start, end):
            self._ends.setdefault(len(ticks.group()), []).append(ticks.end())

    def end(self, opening: re.Match[str]) -> int:
        """Return the end of the code that these backticks open; 0 if it has none."""
        ends = self._ends.get(len(opening["ticks"]), [])
        place = bisect_right(ends, opening.end())
        return ends[place] if place < len(ends) else 0


def _emptied(found: re.Match[str]) -> str:
    if len(found["data"]) <= _LONGEST_KEPT:
        return found.group()
    return found["head"] + "\n=" * found["data"].count("\n")
