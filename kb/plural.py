"""How many of something, as people say it."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: `1 lesson`, `2,102 lessons`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
