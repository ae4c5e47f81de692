"""Finds lines that look like front matter but are not read as such: not on line 1, or without valid fences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from ingest.front_matter.block import opened_by
from ingest.front_matter.key_line import COLONS, UNSEEN, is_certain, key_line


class Unread(NamedTuple):
    """The place of such lines, counted from 0, and why they are not read."""

    start: int
    """First line, including the one meant as a fence if there is one."""
    end: int
    """The line after it."""
    reason: str


class _Above(StrEnum):
    """What is above it; the value is used in the message."""

    NOTHING = ""
    EMPTY = "an empty line"
    COMMENT = "a comment"
    HEADING = "a heading"


_INVISIBLE = re.compile(rf"[\s{UNSEEN}]+")
# Including the dashes into which keyboards and word processors turn `---`.
_FENCE = re.compile(
    "[-_\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]{2,}|[\u2010-\u2015\u2e3a\u2e3b]|([*~=;+])\\1{2,}"
)
_OF_MARKDOWN = re.compile(r"\*+|_+|`.*|~.*")
"""Lines that are Markdown themselves: a thematic break or a code fence."""
_CODE = re.compile("`{3,}|~{3,}")
_ENDS = ("...", "\u2026")
_LINE_OF_KEY = re.compile(rf"[\"']?[\w.-]++[\"']?\s*[:={COLONS}]|[\s#\"'{{\]}}-]")
_LONGEST_FENCE = 80


def unread_front(rows: Sequence[str], first: int = 0) -> Unread | None:
    """Return the lines from `first` on that look like front matter; None if they are ordinary Markdown.

    They must have two known keys, or one whose value fits: a thematic break above a list of words is not enough.
    """
    start, above = _first_text(rows, first)
    if start == len(rows):
        return None
    lines: Sequence[str]
    if _is_json(rows[start]):
        lines, end, is_closed = rows[start].strip("{}\t ").split(","), start + 1, True
    elif _opens(rows[start]):
        end, is_closed = _extent(rows, start + 1, _core(rows[start]))
        lines = rows[start + 1 : end]
    elif above is not _Above.HEADING and key_line(rows[start]):
        end, is_closed = _extent(rows, start, "")
        lines = rows[start:end]
        if not is_closed:
            return None
    else:
        return None
    may_be_a_title = above is _Above.NOTHING and _opens(rows[start]) and not _OF_MARKDOWN.fullmatch(_core(rows[start]))
    return Unread(start, end, _reason(rows[start], above)) if is_certain(lines, may_be_a_title) else None


def fence_meant(row: str) -> bool:
    """Return whether a line consists of dashes or similar characters, but is not a valid fence."""
    return bool(_FENCE.fullmatch(_core(row))) and opened_by(row) is None


def no_closing(row: str) -> str:
    """Return why a line that was meant to close a front matter does not."""
    bare = row.strip(" \t")
    if bare == "---":
        return "is not closed by ` ---`; delete the space before it"
    return f"is not closed by `{bare}`; make it a line of `---`"


def _first_text(rows: Sequence[str], first: int) -> tuple[int, _Above]:
    """Return the first line below empty lines, comments and a heading, and what was skipped."""
    row, above = first, _Above.NOTHING
    while row < len(rows):
        line = rows[row].strip()
        if not _core(line):
            above = _Above.EMPTY if above is _Above.NOTHING else above
        elif line.startswith("<!--"):
            row = next((end for end in range(row, len(rows)) if "-->" in rows[end]), len(rows) - 1)
            if not rows[row].rstrip().endswith("-->"):
                break
            above = _Above.COMMENT
        elif line.startswith("#") and above is not _Above.HEADING:
            above = _Above.HEADING
        else:
            break
        row += 1
    return row, above


def _opens(row: str) -> bool:
    core = _core(row)
    is_fence = bool(_FENCE.fullmatch(core) or _CODE.match(core)) or core == "{"
    return is_fence or (core.startswith("---") and len(row) <= _LONGEST_FENCE)


def _is_json(row: str) -> bool:
    return row.startswith('{"') and row.rstrip().endswith("}")


def _extent(rows: Sequence[str], start: int, opening: str) -> tuple[int, bool]:
    """Return the line after the keys that begin on line `start`, and whether a fence closes them."""
    end = start
    for row in range(start, len(rows)):
        core = _core(rows[row])
        if _closes(core, opening):
            return row + 1, True
        if not core:
            continue
        # After an empty line, `#` and `-` begin a heading and a list.
        is_text = row > end and rows[row].startswith(("#", "-"))
        if is_text or not _LINE_OF_KEY.match(rows[row]):
            break
        end = row + 1
    return end, False


def _closes(core: str, opening: str) -> bool:
    if opening == "{":
        return core == "}"
    if code := _CODE.match(opening):
        return core.startswith(code.group())
    return bool(_FENCE.fullmatch(core)) or core in _ENDS


def _core(row: str) -> str:
    """Return a line without blanks and invisible characters."""
    return _INVISIBLE.sub("", row)


def _reason(opening: str, above: _Above) -> str:
    """Return why the lines are not read as front matter, and what to do."""
    return f"looks like front matter, but {'; '.join(_reasons(opening, above))}"


def _reasons(opening: str, above: _Above) -> Iterator[str]:
    core, bare = _core(opening), opening.strip()
    if not _opens(opening) and not _is_json(opening):
        yield "no line of `---` is above it; put one there"
    elif _CODE.match(core):
        yield "it is in a code block; put it between two lines of `---`"
    elif opened_by(opening) is None and not _is_json(opening) and core != "{":
        yield _reason_of_fence(opening)
    elif above is _Above.NOTHING:
        yield f"it is never closed; end it with a line of `{'}' if bare == '{' else bare}`"
    else:
        yield f"it is below {above}; move it to line 1"


def _reason_of_fence(opening: str) -> str:
    bare = opening.strip(" \t")
    if opened_by(bare) is not None:
        return "a space is before `---`; delete it"
    sign = next((sign for sign in opening if _INVISIBLE.match(sign) and sign not in " \t"), "")
    if sign and opened_by(_core(opening)) is not None:
        return f"the invisible character U+{ord(sign):04X} is beside `---`; delete it"
    return f"`{bare}` does not open one; make it a line of `---`"
