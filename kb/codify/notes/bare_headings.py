"""Headings without Markdown syntax: a name alone on its line, numbered, in bold or in capitals, above its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.kinds import Kind, KindTable
from ingest.markdown.plain import plain_inline
from kb.codify.labels.labels import label_of
from kb.codify.labels.names import kind_of_heading, kind_of_name
from kb.codify.labels.roles import role_of
from kb.codify.sources.fences import without_fenced

_NUMBER = r"\d{1,2}(?:\.\d{1,2})*[.)]?\s+"
_ROW = re.compile(
    rf" {{0,3}}(?P<number>{_NUMBER})?(?P<mark>\*{{2,3}}|__|\*|_)?(?P<inner>{_NUMBER})?"
    r"(?P<name>[^\s*_|`<>#\[\]][^*_|`]{0,58}?)(?(mark):?(?P=mark):?|:?)\s*\\?\s*"
)
_REAL = re.compile(r" {0,3}(#{1,6})\s")
_UNDERLINE = re.compile(r" {0,3}(?:-+|=+)\s*")
_ENDS_SENTENCE = re.compile(r"[.!?\u2026:;)\"\u201d]\s*\\?\s*$")
_ENDS_NAME = re.compile(r"[\w)?\u201d\"]$")
_NO_NAME = re.compile(r"[.!;,]\s|[-*+>|#]\s|https?:|\d+[.:]\d|.*\S@\S")
_MOST_WORDS = 7
_ALIKE = 2
"""With this many known names in one style, unknown names in that style count as headings too."""
_SENTENCE = 6
"""A line with more words than this is more than a name."""
_BROKEN_OFF = 60
"""In characters; a shorter line was ended on purpose, so it need not end a sentence."""


@dataclass(frozen=True, slots=True)
class _Bare:
    """A row that may be a heading."""

    name: str
    kind: Kind
    style: tuple[bool, bool, bool, bool]
    """Whether it is emphasized, numbered, in capitals, and followed by text on the next row."""
    number: int = 0
    is_item: bool = False
    """Whether it may be a list item instead; then it is a heading only if its number follows that of a known one."""


def with_headings(rows: Sequence[str], kinds: KindTable) -> tuple[list[str], frozenset[int]]:
    """Return the rows with a Markdown heading for each bare one, and the numbers of these rows."""
    readable = without_fenced(list(rows))
    found = {row: bare for row in range(len(rows)) if (bare := _bare(readable, row, kinds))}
    known_numbers = {
        bare.number for bare in found.values() if bare.number and bare.kind is not Kind.OTHER and not bare.is_item
    }
    found = {row: bare for row, bare in found.items() if not bare.is_item or bare.number - 1 in known_numbers}
    known = {row for row, bare in found.items() if bare.kind is not Kind.OTHER and not _is_listed(row, found, readable)}
    styles = Counter(found[row].style for row in known)
    chosen = {
        row for row in found if row in known or (styles[found[row].style] >= _ALIKE and _has_text(row, found, readable))
    }
    chosen -= {row for row in chosen if row not in known and _is_listed(row, found, readable)}
    return _marked(rows, {row: found[row].name for row in chosen}), frozenset(chosen)


def _bare(rows: Sequence[str], row: int, kinds: KindTable) -> _Bare | None:
    """Parse a row that looks like a heading: a short name below a blank row or the end of a sentence."""
    line, above, below = rows[row], _at(rows, row - 1), _at(rows, row + 1)
    found = _ROW.fullmatch(line) if 0 < len(line.strip()) <= 80 else None
    if not found or _UNDERLINE.fullmatch(below) or _NO_NAME.match(found["name"]):
        return None
    name = plain_inline(found["name"]).strip()
    numbered = bool(found["number"] or found["inner"])
    is_clear = bool(found["mark"]) or numbered or name.endswith("?")
    kind = _kind(name, kinds, is_clear=is_clear)
    is_exact = kinds.kind_of([name]) is not Kind.OTHER
    if _is_no_heading(line, name, above, kind, is_marked=bool(found["mark"]), is_exact=is_exact):
        return None
    is_unclear = False
    if found["number"] and kind is Kind.OTHER and "." not in found["number"].strip(" .\t"):
        is_item = not below.strip() or below.lstrip()[0].isdigit()
        is_unclear = is_item and not found["mark"]
        if is_unclear and (below.strip() or above.strip()):
            return None
    style = (bool(found["mark"]), numbered, name.isupper(), bool(below.strip()))
    return _Bare(name, kind, style, _number(found["number"]), is_unclear)


def _number(number: str | None) -> int:
    """Return the number of a part; 0 for none, or one such as `2.1`."""
    plain = (number or "").strip(" \t.)")
    return int(plain) if plain.isdecimal() else 0


def _kind(name: str, kinds: KindTable, *, is_clear: bool) -> Kind:
    if role_of(name.casefold()) is not None:
        return Kind.PEOPLE
    return kind_of_heading(name, kinds) if is_clear else kind_of_name(name, kinds)


def _is_no_heading(line: str, name: str, above: str, kind: Kind, *, is_marked: bool, is_exact: bool) -> bool:
    if line.rstrip().endswith(":") and not is_marked:  # a label
        return True
    if len(name.split()) > _MOST_WORDS or not _ENDS_NAME.search(name):
        return True
    if name[:1].islower() and (not is_exact or (above.strip() and not _ENDS_SENTENCE.search(above))):
        return True
    if above.strip() and (kind is Kind.OTHER or not (_ENDS_SENTENCE.search(above) or len(above) < _BROKEN_OFF)):
        return True
    label = label_of(line)
    return bool(label and label.text)


def _at(rows: Sequence[str], row: int) -> str:
    return rows[row] if 0 <= row < len(rows) else ""


def _is_listed(row: int, found: dict[int, _Bare], rows: Sequence[str]) -> bool:
    """Return whether names stand directly below each other, as in a table of contents."""
    return any(other in found and found[other].kind is not Kind.OTHER for other in (row - 1, row + 1))


def _has_text(row: int, found: dict[int, _Bare], rows: Sequence[str]) -> bool:
    """Return whether an unknown name has text below it, and no other name."""
    below = next((number for number in range(row + 1, len(rows)) if rows[number].strip()), None)
    if below is None or _at(rows, row - 1).strip():
        return False
    if below in found and (found[below].kind is not Kind.OTHER or not found[row].is_item):
        return False
    is_glued = below == row + 1
    says_more = (
        len(rows[below].split()) > _SENTENCE or _ENDS_SENTENCE.search(rows[below]) or rows[below].lstrip()[0] in "-*+|"
    )
    return is_glued or found[row].style[0] or bool(says_more)


def _marked(rows: Sequence[str], names: dict[int, str]) -> list[str]:
    level, marked = 1, []
    for row, line in enumerate(rows):
        if real := _REAL.match(line):
            level = len(real[1])
        marked.append(f"{'#' * min(6, level + 1)} {names[row]}" if row in names else line)
    return marked
