"""Phrases for messages: counts, sizes, durations and suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.query import nearest

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

_SIZES = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_TIMES = ((86400, "day"), (3600, "hour"), (60, "minute"))


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: `1 lesson`, `2,102 lessons`."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def shortened(text: str, length: int) -> str:
    """Return a text of at most `length` characters, cut between words where there is white space, and marked."""
    if len(text) <= length:
        return text
    return f"{text[:length].rpartition(' ')[0] or text[: length - 1]}\u2026"


def have_changed(count: int) -> str:
    """Return the sentence for a number of changed lessons: `2 lessons have changed since …`."""
    lessons = "1 lesson has" if count == 1 else f"{count:,} lessons have"
    return f"{lessons} changed since the index was built"


def meant_by(word: str, known: Collection[str]) -> str:
    """Return the suggestion for an unknown word: the most similar of the known ones, or all of them."""
    near = nearest(word, known)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"


def size_in_words(count: int) -> str:
    """Return a number of bytes in the largest unit that fits: `41.2 MB`."""
    for size, unit in _SIZES:
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"


def age_of(instant: str, now: datetime | None = None) -> str:
    """Return the time since an ISO 8601 instant in the largest unit that fits; `0 s` for the future."""
    from datetime import UTC, datetime  # imported here, because most searches do not need it

    return in_words(((now or datetime.now(UTC)) - datetime.fromisoformat(instant)).total_seconds())


def in_words(seconds: float) -> str:
    """Return a duration in the largest unit that fits: `3 hours`."""
    for size, unit in _TIMES:
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{max(int(seconds), 0)} s"


def lasted(seconds: float) -> str:
    """Return a duration in one or two units: `0.5 s`, `12 s`, `2 min 5 s`, `26 h`."""
    if seconds < 10:
        return f"{max(seconds, 0):.1f} s"
    whole, unit, rest, part = round(seconds), "s", 0, ""
    if whole >= 3600:
        whole, unit, rest, part = whole // 3600, "h", whole % 3600 // 60, "min"
    elif whole >= 60:
        whole, unit, rest, part = whole // 60, "min", whole % 60, "s"
    return f"{whole:,} {unit}" + (f" {rest} {part}" if rest else "")
