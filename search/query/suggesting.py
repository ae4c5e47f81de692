"""Known words with a spelling similar to an unknown one, to be suggested in messages."""

from __future__ import annotations

from collections.abc import Iterable

SIMILAR = 0.6
"""Minimum similarity for a suggestion: normalized indel similarity (`fuzz.ratio`), 0 to 1."""
NEARLY_EQUAL = 0.8
"""The same where the given word may be right as it is: `tables` is no misspelling of `labels`."""
_LONG_ENOUGH = 4
"""Letters; in a shorter word one letter makes too much of a difference."""


def nearest(word: str, known: Iterable[str], most: int = 1, alike: float = SIMILAR) -> list[str]:
    """Return up to `most` known words that are spelt most like `word`, the most similar first; case is ignored."""
    from rapidfuzz import fuzz, process  # imported here: it takes 20 ms, and most words are spelt right

    found = process.extract(
        word, list(known), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=100 * alike, limit=most
    )
    return [near for near, _, _ in found]


def is_slip(word: str, meant: str) -> bool:
    """Return whether two words differ by one typing error: a letter inserted, deleted or replaced, or two swapped."""
    from rapidfuzz.distance import OSA

    return min(len(word), len(meant)) >= _LONG_ENOUGH and OSA.distance(word, meant, score_cutoff=1) == 1
