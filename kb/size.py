"""Bytes as people say them."""

from __future__ import annotations


def size_in_words(count: int) -> str:
    """Return a number of bytes in the largest unit that fits: `41.2 MB`."""
    for size, unit in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"
