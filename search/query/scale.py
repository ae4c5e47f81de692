"""Conditions on fields whose values are words in an order: `evidence:>=B`, `evidence:D..B`, `evidence:A|C`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from search.errors import QueryError

_PART = re.compile(r"\s*(?P<operator>>=|<=|>|<)?\s*[\"\u201c\u201d]?(?P<word>[^\"\u201c\u201d]*?)[\"\u201c\u201d]?\s*")


def words_on_scale(field: str, text: str, scale: Sequence[str]) -> Iterator[str]:
    """Yield the words of an ascending scale that meet a condition; raises `QueryError` for any other word."""
    for part in filter(str.strip, text.rstrip(",;:!?)").split("|")):
        found = _PART.fullmatch(part)
        operator, word = (found["operator"], found["word"]) if found else ("", part)
        low, is_range, high = word.partition("..")
        if is_range and not operator:
            first = _place(field, text, low, scale) if low.strip() else 0
            last = _place(field, text, high, scale) if high.strip(". ") else len(scale) - 1
            yield from scale[min(first, last) : max(first, last) + 1]
        else:
            yield from scale[_span(operator, _place(field, text, word, scale))]


def _span(operator: str | None, place: int) -> slice:
    if not operator:
        return slice(place, place + 1)
    if operator.startswith(">"):
        return slice(place + (operator == ">"), None)
    return slice(place + (operator == "<="))


def _place(field: str, text: str, word: str, scale: Sequence[str]) -> int:
    folded = [known.casefold() for known in scale]
    wanted = word.strip(" .").casefold()
    if wanted not in folded:
        middle = scale[len(scale) // 2]
        raise QueryError(
            f"{field}:{text}: {word.strip()!r} is none of {', '.join(scale)} (weakest first); write {field}:>={middle}"
        )
    return folded.index(wanted)
