"""Explains YAML errors to authors: the line, what is wrong, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import yaml

from ingest.front_matter.key_line import BLANKS, UNSEEN, key_line
from ingest.front_matter.unread import fence_meant, no_closing

IN_QUOTES = "put the value in quotes"

_MEANINGS = {
    "*": "YAML reads as a name",
    "&": "YAML reads as a name",
    "!": "YAML reads as a tag",
    "[": "starts a list in YAML",
    "{": "starts a mapping in YAML",
    '"': "ends before the text does",
    "'": "ends before the text does",
    ">": "in YAML starts a text on the lines below",
    "|": "in YAML starts a text on the lines below",
    "- ": "YAML reads as an item of a list",
    "? ": "YAML reads as a key",
    **dict.fromkeys("@`%", "YAML reserves"),
    **dict.fromkeys(",]}", "YAML reads as a part of a list"),
}
"""How YAML reads the character that a value begins with."""

_VALUE = re.compile(r"\s*(?:-\s+)*(?:(?P<key>[\w-]++)\s*:\s+)?(?P<value>.*)")
_NO_BLANK = re.compile(rf"\s*(?:-\s+)*[\w-]++(?P<before>[{BLANKS}]*+):(?P<behind>[{BLANKS}]?+)")
_UNSEEN = re.compile(f"[{UNSEEN}]")
_INDENT = re.compile(rf"[ \t{BLANKS}]*+")
_KEY = re.compile(r"\s*(?:-\s+)*(?P<key>[\w-]++)\s*:(?:\s|$)")
_COLON = re.compile(r":(?:\s|$)")
_OPEN_TEXT = re.compile(r":\s+[|>][-+0-9]*\s*(?:#.*)?$")
_LONGEST_SHOWN = 30


class Slip(NamedTuple):
    """An error in a block, and its line."""

    row: int
    """Line of the block, from 0."""
    reason: str


def slip_of(error: yaml.MarkedYAMLError, rows: Sequence[str]) -> Slip:
    """Return why a block cannot be read, found in its lines: the parser's message only says what it expected."""
    mark = error.problem_mark or error.context_mark
    at = min(mark.line if mark else 0, len(rows) - 1)
    start = min(error.context_mark.line, at) if error.context_mark else at
    problem = error.problem or error.context or "cannot be read"
    return (
        odd_sign(rows, at)
        or _tab(error, rows, at)
        or _closed_otherwise(rows, at)
        or _wrongly_indented(problem, rows, at)
        or _unclosed(error, problem, start)
        or _odd_value(rows, start, at)
        or _no_key(problem, rows, start, at)
        or Slip(at, f"{problem}; check the quotes, brackets and spaces of this line and the one above")
    )


def odd_sign(rows: Sequence[str], last: int) -> Slip | None:
    """Return the first line, up to line `last`, with a colon or space that YAML does not read as one.

    Indented lines are checked only near `last`: further up they may be a text after `|`.
    """
    for row, line in enumerate(rows[: last + 1]):
        if line[:1] in (" ", "\t") and row < last - 1:
            continue
        indent = _INDENT.match(line)
        if odd := [sign for sign in (indent.group() if indent else "") if sign not in " \t"]:
            return Slip(row, f"the line begins with {_named(odd[0])}; put plain spaces there")
        if reason := odd_colon(line):
            return Slip(row, reason)
    return None


def odd_colon(row: str) -> str:
    """Return what is wrong with the colon after a key; empty if nothing is."""
    line = key_line(row)
    if line and (unseen := _UNSEEN.search(line.sign)):
        return f"the invisible character U+{ord(unseen[0]):04X} is beside the colon after `{line.key}`; delete it"
    if line and (colon := line.sign.strip()) != ":" and colon != "=":
        return f"{_named(colon)} is after `{line.key}`; write `{line.key}: `"
    found = _NO_BLANK.match(row)
    if found and (odd := found["before"] or found["behind"]):
        place = "before" if found["before"] else "after"
        return f"{_named(odd[0])} is {place} the colon; put a plain space there"
    if line and line.sign.endswith(":") and line.value:
        return f"no space is after `{line.key}:`; put one there"
    return ""


def _named(sign: str) -> str:
    if sign == "\u00a0":
        return "a no-break space"
    return "a full-width colon" if sign == "\uff1a" else f"an unusual {_kind(sign)} (U+{ord(sign):04X})"


def _kind(sign: str) -> str:
    return "space" if sign.isspace() else "colon"


def _tab(error: yaml.MarkedYAMLError, rows: Sequence[str], at: int) -> Slip | None:
    mark = error.problem_mark
    problem = error.problem or ""
    if "cannot start any token" not in problem and "found a tab character" not in problem:
        return None
    if mark is None or rows[at][mark.column :].startswith("\t"):
        return Slip(at, "a tab where YAML needs spaces")
    return None


def _closed_otherwise(rows: Sequence[str], last: int) -> Slip | None:
    """Return the line that was meant to close the block but does not, so that the text below is read as YAML."""
    for row in range(1, last + 1):
        if fence_meant(rows[row]) and not rows[row].startswith("  "):  # indented, it is a text after `|`
            return Slip(row, f"it {no_closing(rows[row])}")
        if rows[row].startswith("---"):
            return Slip(row, f"it {no_closing(_shown(rows[row]))}")
    return None


def _wrongly_indented(problem: str, rows: Sequence[str], at: int) -> Slip | None:
    row, key = rows[at], _KEY.match(rows[at])
    first = next((number for number, text in enumerate(rows) if text.strip()), at)
    if "<document start>" in problem and rows[first].startswith(" "):
        return Slip(first, "the line begins with a space; keys begin at the start of a line")
    if "mapping values are not allowed" in problem:
        is_too_far_in = key and at > first and row.startswith(" ") and len(_COLON.findall(row)) == 1
        reason = f"`{key['key']}:` is indented more than the line above it; indent both alike" if key else ""
        return Slip(at, reason) if is_too_far_in else None
    above = next((number for number in range(at - 1, -1, -1) if rows[number].strip()), None)
    if above is None or not row.startswith(" ") or not 0 < _depth(row) < _depth(rows[above]):
        return None
    if _is_in_text(rows, above) and not key:
        return Slip(at, "the line is indented less than the first line of its text; indent it as much")
    return Slip(at, "the line is indented differently from the lines above; indent it like them")


def _is_in_text(rows: Sequence[str], row: int) -> bool:
    """Return whether a line is part of a text that begins after `|` or `>`."""
    above = next((line for line in reversed(rows[:row]) if line.strip() and _depth(line) < _depth(rows[row])), "")
    return bool(_OPEN_TEXT.search(above))


def _unclosed(error: yaml.MarkedYAMLError, problem: str, start: int) -> Slip | None:
    if "end of stream" in problem and "quoted scalar" in (error.context or ""):
        return Slip(start, "a quote is never closed; put another at the end of the value")
    if "did not find expected ','" in problem or "expected ',' or" in problem:
        end = "]" if "sequence" in (error.context or "") else "}"
        return Slip(start, f"a comma or the closing `{end}` is missing; {IN_QUOTES} if it is no list")
    if "unknown escape" in problem:
        return Slip(start, "a backslash in double quotes; write two, or use single quotes")
    return None


def _odd_value(rows: Sequence[str], start: int, at: int) -> Slip | None:
    """Return a value that begins with a special character of YAML, on line `at` of the error or `start`."""
    for row in dict.fromkeys((at, start)):
        found = _VALUE.match(rows[row])
        if not found or not (found["key"] or rows[row].startswith((" ", "- "))):
            continue
        key, value = f"{found['key']}: " if found["key"] else "", found["value"]
        sign = value[:1]
        if meaning := _MEANINGS.get(sign) or _MEANINGS.get(value[:2]):
            shown = "a backtick" if sign == "`" else f"`{sign}`"
            advice = "put all of it in quotes of the other kind" if sign in "\"'" else IN_QUOTES
            return Slip(row, f"{key}begins with {shown}, which {meaning}; {advice}")
    return None


def _no_key(problem: str, rows: Sequence[str], start: int, at: int) -> Slip | None:
    """Return a line without a key, or with two."""
    if "mapping values are not allowed" in problem:
        above = next((row for row in range(at - 1, -1, -1) if rows[row].strip()), at)
        if len(_COLON.findall(rows[at])) > 1 or above == at or _KEY.match(rows[above]):
            return Slip(at, f"a second `: ` on the line; {IN_QUOTES}")
        return Slip(above, _without_key(rows[above]))
    if "could not find expected ':'" in problem:
        return Slip(start, _without_key(rows[start]))
    if not rows[at].startswith((" ", "-")) and not _KEY.match(rows[at]):
        return Slip(at, _without_key(rows[at]))
    if "expected '-' indicator" in problem:
        return Slip(at, "the line is in a list without a `- `; write one, or indent it like its neighbours")
    return None


def _without_key(row: str) -> str:
    return f"`{_shown(row)}` has no `key: `; write one, or indent it by two spaces if it continues the line above"


def _depth(row: str) -> int:
    return len(row) - len(row.lstrip(" "))


def _shown(row: str) -> str:
    line = row.strip()
    return line if len(line) <= _LONGEST_SHOWN else f"{line[: _LONGEST_SHOWN - 3]}..."
