"""What of a Markdown text no reader of the page sees: comments, scripts, styles, and the data of pictures."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.markdown import Lines

_OPENING = re.compile(r"(?P<code>`+)|(?P<comment><!--)|<(?P<element>script|style)\b", re.IGNORECASE)
# A paragraph is shorter; one backtick too many must not make the rest of the text be looked through for each.
_LONGEST_CODE_SPAN = 2_000
# RFC 2397.
_DATA_URI = re.compile(
    r"(?P<head>data:[\w/+.-]{0,100}(?:;[\w-]{1,40}(?:=[\w.-]{1,40})?){0,4},)"
    r"(?P<data>[A-Za-z0-9+/=_%.~!*-]{16,}+(?:\n[A-Za-z0-9+/=]{16,}+)*+)",
    re.IGNORECASE,
)
_LONGEST_KEPT = 200
"""Characters of an icon, which costs nothing."""


def without_unseen(text: str, code: Sequence[Lines] = ()) -> str:
    """Return what a reader of the page sees of a text; every line keeps its number.

    `code` are the lines of its blocks of code, in which a comment is shown. A comment that nobody closes hides
    nothing.
    """
    if "<" in text:
        text = "".join(_seen_parts(text, code))
    return _DATA_URI.sub(_emptied, text) if "data:" in text else text


def _seen_parts(text: str, code: Sequence[Lines]) -> Iterator[str]:
    done = at = 0
    blocks = _spans(text, code)
    starts = [start for start, _ in blocks]
    closings = _Closings(text)
    while opening := _OPENING.search(text, at):
        block = bisect_right(starts, opening.start()) - 1
        if block >= 0 and opening.start() < blocks[block][1]:
            at = blocks[block][1]
            continue
        end = closings.of(opening)
        at = end or opening.end()
        if end and not opening["code"]:
            yield text[done : opening.start()] + "\n" * text.count("\n", opening.start(), end)
            done = end
    yield text[done:]


def _spans(text: str, lines: Sequence[Lines]) -> list[tuple[int, int]]:
    if not lines:
        return []
    starts = list(accumulate((len(row) + 1 for row in text.split("\n")), initial=0))
    return [(starts[first], starts[end]) for first, end in lines]


class _Closings:
    """Finds where something ends; what has no end is not looked for again."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._never: set[str] = set()

    def of(self, opening: re.Match[str]) -> int:
        """Return the end of what begins here; 0 if it has none."""
        if opening["code"]:
            return self._code(opening)
        closing = "-->" if opening["comment"] else f"</{opening['element'].lower()}"
        if closing in self._never:
            return 0
        found = re.compile(re.escape(closing), re.IGNORECASE).search(self._text, opening.end())
        if not found:
            self._never.add(closing)
            return 0
        if opening["comment"]:
            return found.end()
        return self._text.find(">", found.end()) + 1

    def _code(self, opening: re.Match[str]) -> int:
        ticks = re.compile(rf"(?<!`)`{{{len(opening['code'])}}}(?!`)")
        found = ticks.search(self._text, opening.end(), opening.end() + _LONGEST_CODE_SPAN)
        return found.end() if found and "\n\n" not in self._text[opening.end() : found.start()] else 0


def _emptied(found: re.Match[str]) -> str:
    if len(found["data"]) <= _LONGEST_KEPT:
        return found.group()
    return found["head"] + "\n=" * found["data"].count("\n")
