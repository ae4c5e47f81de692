"""Known words that are written much like one that is none of them: what a message says may have been meant."""

from __future__ import annotations

from collections.abc import Iterable

ALIKE = 0.6
"""The share of letters, in the same order, that a word must have in common with another to be suggested for it."""
HARDLY_OTHER = 0.8
"""The same, where the other word may be right as it is: `tables` is no slip of `labels`."""
_LONG_ENOUGH = 4
"""In a word of fewer letters one letter makes too much of a difference."""


def nearest(word: str, known: Iterable[str], most: int = 1, alike: float = ALIKE) -> list[str]:
    """Return the known words that are written most like one, the nearest first; case does not count."""
    from rapidfuzz import fuzz, process  # takes 20 ms, and most words are spelt right

    found = process.extract(
        word, list(known), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=100 * alike, limit=most
    )
    return [near for near, _, _ in found]


def is_slip(word: str, meant: str) -> bool:
    """Return whether one slip of the hand lies between two words: a letter more, less or other, or two swapped."""
    from rapidfuzz.distance import OSA

    return min(len(word), len(meant)) >= _LONG_ENOUGH and OSA.distance(word, meant, score_cutoff=1) == 1
