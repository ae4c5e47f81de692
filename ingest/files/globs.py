"""Patterns for paths with the syntax of git's `.gitignore`, matched segment by segment during a walk.

Matching a path takes time proportional to its length times the pattern's, for any pattern: a cloned repository brings
its own `.gitignore`, which may be hostile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

_ANY_DEPTH = "**"
_ESCAPED_SLASH = re.compile(r"(?<!\\)((?:\\\\)*)\\/")
_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\s",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


class Glob(NamedTuple):
    """One pattern."""

    segments: tuple[str, ...]
    """The parts between the slashes; `**` matches any number of folders, at the end everything below."""
    negated: bool = False
    folders_only: bool = False

    @classmethod
    def of_ignore_line(cls, line: str) -> Glob | None:
        """Parse a line of a `.gitignore`; None if it has no pattern."""
        pattern = _without_blanks(line)
        if not pattern or pattern.startswith("#"):
            return None
        negated = pattern.startswith("!")
        pattern = pattern.removeprefix("!")
        folders_only = pattern.endswith("/")
        pattern = pattern.removesuffix("/")
        segments = tuple(_ESCAPED_SLASH.sub(r"\1/", pattern.removeprefix("/")).split("/"))
        if not any(segments):
            return None
        return cls(segments if "/" in pattern else (_ANY_DEPTH, *segments), negated, folders_only)

    @classmethod
    def of_setting(cls, pattern: str) -> Glob:
        """Parse a pattern of `kb.toml`: without `/` it matches at any depth; with `/` at its end, everything below."""
        inner = pattern.removeprefix("./").strip("/")
        anywhere = (_ANY_DEPTH,) if "/" not in pattern.rstrip("/") else ()
        below = (_ANY_DEPTH,) if pattern.endswith("/") else ()
        return cls((*anywhere, *inner.split("/"), *below))


class Globs(NamedTuple):
    """The state of all patterns in one folder of a walk: how many of their segments the folder's path has matched."""

    open: tuple[tuple[Glob, frozenset[int]], ...]
    """Each pattern that can still match, with the indices of the segments that may come next."""

    @classmethod
    def at_the_top(cls, globs: Iterable[Glob]) -> Globs:
        return cls(tuple((glob, _reached(glob, [0])) for glob in globs))

    def below(self, folder: str) -> Globs:
        """Return the state in a subfolder."""
        return Globs(tuple((glob, met) for glob, at in self.open if (met := _met(glob, at, folder))))

    def rules(self) -> Rules:
        """Return the patterns that can match a name in this folder."""
        last = [glob for glob, at in reversed(self.open) if len(glob.segments) - 1 in at]
        return Rules(tuple((_pattern(glob.segments[-1]), glob.negated, glob.folders_only) for glob in last))


class Rules(NamedTuple):
    """Patterns of which only the last segment is left to match; the last pattern first, since it has priority."""

    patterns: tuple[tuple[re.Pattern[str], bool, bool], ...]

    def verdict(self, name: str, *, is_folder: bool = False) -> bool | None:
        """Return True if the last pattern that matches is a normal one, False if negated, None if none matches."""
        for pattern, negated, folders_only in self.patterns:
            if (is_folder or not folders_only) and pattern.fullmatch(name):
                return not negated
        return None


def _without_blanks(line: str) -> str:
    """Return a line without trailing blanks, except an escaped one."""
    kept = line.removesuffix("\r").rstrip(" ")
    escapes = len(kept) - len(kept.rstrip("\\"))
    return kept + " " if escapes % 2 and len(kept) < len(line) else kept


def _reached(glob: Glob, at: Iterable[int]) -> frozenset[int]:
    """Return the indices, with those after each `**`, which may match zero folders; at the end it needs one."""
    reached = set()
    for number in at:
        reached.add(number)
        while number + 1 < len(glob.segments) and glob.segments[number] == _ANY_DEPTH:
            number += 1
            reached.add(number)
    return frozenset(reached)


def _met(glob: Glob, at: frozenset[int], name: str) -> frozenset[int]:
    """Return the indices of the segments that may come next after a folder of this name; empty if none."""
    behind = []
    for number in at:
        if glob.segments[number] == _ANY_DEPTH:
            behind.append(number)
        elif number + 1 < len(glob.segments) and _pattern(glob.segments[number]).fullmatch(name):
            behind.append(number + 1)
    return _reached(glob, behind)


@cache
def _pattern(segment: str) -> re.Pattern[str]:
    """Return a segment as a regular expression; as in git, an invalid segment matches nothing."""
    pieces = [""]
    for piece in _translated(segment):
        if piece is None:
            return re.compile(r"(?!)")
        if piece:
            pieces[-1] += piece
        elif pieces[-1] or len(pieces) == 1:
            pieces.append("")
    first, *others = pieces
    if not others:
        return re.compile(first, re.DOTALL)
    # Each piece has a fixed length, so its leftmost match leaves most for the others: no backtracking is needed.
    middle = "".join(f"(?>.*?{piece})" for piece in others[:-1])
    return re.compile(f"{first}{middle}.*{others[-1]}", re.DOTALL)


def _translated(segment: str) -> Iterator[str | None]:
    """Yield a regular expression for each character of a segment; empty for a `*`, None for an error."""
    place = 0
    while place < len(segment):
        sign = segment[place]
        place += 1
        if sign == "*":
            yield ""
        elif sign == "?":
            yield "."
        elif sign == "[":
            end = _end_of_class(segment, place)
            yield _class(segment[place:end]) if end else None
            place = end + 1 if end else len(segment)
        elif sign == "\\":
            yield re.escape(segment[place]) if place < len(segment) else None
            place += 1
        else:
            yield re.escape(sign)


def _end_of_class(segment: str, start: int) -> int:
    """Return the index of the `]` that closes a character class; 0 if there is none."""
    place = start + (segment[start : start + 1] in ("!", "^"))
    first = place
    while place < len(segment):
        if segment[place] == "]" and place > first:
            return place
        if segment.startswith("[:", place) and (end := segment.find(":]", place + 2)) > 0:
            place = end + 1
        elif segment[place] == "\\":
            place += 1
        place += 1
    return 0


def _class(inner: str) -> str | None:
    negated = inner[:1] in ("!", "^")
    items = list(_items(inner[negated:]))
    if None in items:
        return None
    return f"[{'^' * negated}{''.join(filter(None, items))}]"


def _items(inner: str) -> Iterator[str | None]:
    """Yield the items of a character class as regular expression; None for a named class that git does not know."""
    place = 0
    while place < len(inner):
        if inner.startswith("[:", place) and (end := inner.find(":]", place + 2)) > 0:
            yield _CLASSES.get(inner[place + 2 : end])
            place = end + 2
            continue
        place += inner[place] == "\\"
        first = inner[place : place + 1]
        place += 1
        if inner[place : place + 1] == "-" and place + 1 < len(inner):
            place += 1 + (inner[place + 1] == "\\")
            last = inner[place : place + 1]
            place += 1
            yield f"{re.escape(first)}-{re.escape(last)}" if first <= last else re.escape(first)  # as git does
        else:
            yield re.escape(first)
