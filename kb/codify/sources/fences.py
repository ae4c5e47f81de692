"""Finds begin and end of code and comments, also unclosed ones, which would swallow all text after them."""

from __future__ import annotations

import re

_OPENING = re.compile(r" {0,3}(?P<fence>`{3,}(?=[^`]*$)|~{3,})")
_HTML = (
    (re.compile(r" {0,3}<!--"), "-->"),
    (re.compile(r" {0,3}<(?:script|pre|style|textarea)(?:[\s>]|$)", re.IGNORECASE), "</pre>"),
    (re.compile(r" {0,3}<\?"), "?>"),
    (re.compile(r" {0,3}<!\[CDATA\["), "]]>"),
    (re.compile(r" {0,3}<![A-Za-z]"), ">"),
)
_CLOSING_TAG = re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)


def closed(text: str) -> str:
    """Return a Markdown text with its last block closed, if that is unclosed code or HTML."""
    end = _open_end(text)
    return f"{text}\n{end}" if end else text


def fenced(text: str, language: str) -> str:
    """Return a text as a code block, with a fence longer than any in the text."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"


def without_fenced(rows: list[str]) -> list[str]:
    """Return the rows, with fences and the rows between them empty."""
    end, left = "", []
    for row in rows:
        opening = None if end else _OPENING.match(row)
        left.append("" if end or opening else row)
        if end:
            end = "" if _closes(row, end, fence=True) else end
        elif opening:
            end = opening["fence"]
    return left


def _open_end(text: str) -> str:
    """Return what closes the block that is open at the end of the text; empty if none is."""
    end, fence = "", False
    for row in text.split("\n"):
        if end:
            end = "" if _closes(row, end, fence=fence) else end
        elif opening := _OPENING.match(row):
            end, fence = opening["fence"], True
        elif closing := next((closing for pattern, closing in _HTML if pattern.match(row)), ""):
            end, fence = "" if _closes(row, closing, fence=False) else closing, False
    return end


def _closes(row: str, end: str, *, fence: bool) -> bool:
    if fence:
        line = row.strip()
        return len(row) - len(row.lstrip(" ")) < 4 and len(line) >= len(end) and set(line) == {end[0]}
    return bool(_CLOSING_TAG.search(row)) if end == "</pre>" else end in row
