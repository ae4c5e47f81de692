"""Merge conflicts left in a file: markers of git and Jujutsu, complete conflicts and single leftover markers.

A complete conflict inside a code fence counts as an example, except in three cases: its versions close the fence, the
fence is never closed, or a conflict of the same two versions also stands outside of the fence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.problem import Defect, Problem

_MARKER = re.compile(r"(?P<sign>[<=>|%+\\-])(?P=sign){6,}(?=\s|$)")
_USUAL = 7
"""Default length of a marker in characters; git's `conflict-marker-size` can make it longer."""
_OF_JUJUTSU = re.compile(r"conflict \d+ of \d+", re.IGNORECASE)
# The text after a single marker. Without this check, seven `>` of a quoted mail would count as a marker.
_LABEL = re.compile(
    r"\S+(?: \(.*\))?|[0-9a-f]{7,40}(?:\.\.\.)? .+|Updated upstream|Stashed changes|.*conflict \d+ of \d+.*",
    re.IGNORECASE,
)
_FENCE = re.compile(r"\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)*(?P<mark>`{3,}|~{3,})(?P<info>.*)")


class Conflict(NamedTuple):
    """One conflict."""

    rows: tuple[int, ...]
    """Lines of its markers, ascending, counted from 0."""
    whole: bool = True
    """Whether it has both versions and all markers."""


class _Marker(NamedTuple):
    row: int
    sign: str
    width: int
    label: str


class _Fences(NamedTuple):
    """The code fences of a file. A fence is named by the line that opens it, counted from 0; -1 means none."""

    of_row: list[int]
    """For each line, the fence that contains it."""
    unclosed: int
    """The fence that is never closed."""


def conflicts_in(text: str) -> list[Conflict]:
    """Return the merge conflicts in a text, in order of their lines."""
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return []
    rows = text.split("\n")
    markers = [marker for number, row in enumerate(rows) if (marker := _marker(number, row))]
    wholes = _wholes(markers)
    skipped = {row for whole in wholes for row in range(whole[1].row, whole[-1].row)}
    fences = _fences(rows, skipped)
    versions = {_versions(whole) for whole in wholes if not _is_shown(whole, rows, fences)}
    named = [whole for whole in wholes if _versions(whole) in versions]
    used = {marker.row for whole in wholes for marker in whole}
    left = [marker for marker in markers if marker.row not in used and fences.of_row[marker.row] < 0]
    found = [Conflict(tuple(marker.row for marker in whole)) for whole in named]
    return sorted([*found, *_remains(left, rows)])


def merge_conflict(conflict: Conflict, path: str) -> Problem:
    """Return the problem to report for a conflict, at the line of its first marker."""
    first, last = conflict.rows[0] + 1, conflict.rows[-1] + 1
    what = "a merge conflict" if conflict.whole else "what is left of a merge conflict"
    down = f", down to line {last}" if last > first else ""
    reason = f"{what}{down}; keep what is right, and delete the marker{'s' if last > first else ''}"
    return Problem(path, reason, first, Defect.MERGE_CONFLICT)


def _marker(number: int, row: str) -> _Marker | None:
    found = _MARKER.match(row)
    return _Marker(number, found["sign"], found.end(), row[found.end() :].strip()) if found else None


def _wholes(markers: Sequence[_Marker]) -> list[tuple[_Marker, ...]]:
    """Return the markers of each complete conflict; nested conflicts are recognised by their longer markers."""
    begun: dict[int, list[_Marker]] = {}
    found = []
    for marker in markers:
        above = begun.get(marker.width)
        if marker.sign == "<" and (marker.label or marker.width == _USUAL):
            begun[marker.width] = [marker]
        elif above and marker.sign in (r"%+-\\" if _OF_JUJUTSU.search(above[0].label) else "=|"):
            above.append(marker)
        elif above and marker.sign == ">":
            del begun[marker.width]
            if len(above) > 1 and (marker.label or marker.width == _USUAL):
                found.append((*above, marker))
    return found


def _versions(whole: Sequence[_Marker]) -> tuple[str, str]:
    return whole[0].label, whole[-1].label


def _fences(rows: Sequence[str], skipped: set[int]) -> _Fences:
    """Return the code fences of a file; the lines `skipped` open and close none."""
    of_row, fence, start = [], "", -1
    for number, row in enumerate(rows):
        of_row.append(start)
        found = _FENCE.fullmatch(row) if number not in skipped else None
        if found and not fence and ("`" not in found["info"] or found["mark"][0] == "~"):
            fence, start = found["mark"], number
        elif found and fence and _ends(row, fence):
            fence, start = "", -1
    return _Fences(of_row, start)


def _ends(row: str, fence: str) -> bool:
    line = row.strip()
    return line.startswith(fence) and not line.strip(fence[0])


def _is_shown(whole: Sequence[_Marker], rows: Sequence[str], fences: _Fences) -> bool:
    """Return whether a conflict is an example in one fence, or its first two markers stand in separate fences."""
    first, second = fences.of_row[whole[0].row], fences.of_row[whole[1].row]
    if first < 0 or first == fences.unclosed:
        return False
    if second != first:
        return second >= 0
    opened = _FENCE.fullmatch(rows[first])
    return not opened or not any(_ends(row, opened["mark"]) for row in rows[whole[0].row : whole[-1].row])


def _remains(markers: Sequence[_Marker], rows: Sequence[str]) -> Iterator[Conflict]:
    """Yield markers forgotten when a conflict was resolved by hand: a first marker, or a last one with its `=`."""
    rule: _Marker | None = None
    for marker in markers:
        if marker.sign == "=":
            rule = marker
        elif marker.sign == "<" and _LABEL.fullmatch(marker.label):
            yield Conflict((marker.row,), whole=False)
        elif marker.sign == ">" and _LABEL.fullmatch(marker.label) and not _is_quoted(marker.row, rows):
            yield Conflict((*((rule.row,) if rule and rule.width == marker.width else ()), marker.row), whole=False)
            rule = None


def _is_quoted(row: int, rows: Sequence[str]) -> bool:
    """Return whether a line next to this one begins with `>` too, as in a quoted mail."""
    beside = (*rows[max(row - 1, 0) : row], *rows[row + 1 : row + 2])
    return any(other.startswith(">") for other in beside)
