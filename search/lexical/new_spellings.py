"""The spellings of lessons' words, and how those of new lessons are merged with those of kept lessons."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.lexical.postings import Postings


class Spellings(NamedTuple):
    """The arrays `spelling_text`, `first_spelling` and `spellings_of` of `Postings`."""

    text: NDArray[np.uint8]
    first: NDArray[np.int64]
    numbers: NDArray[np.int32]


class NewSpellings:
    """Collects the spellings of new lessons."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._lessons: list[array[int]] = []

    def add(self, spellings: Collection[str]) -> None:
        """Add the spellings of one lesson."""
        self._lessons.append(array("i", [self._numbers.setdefault(word, len(self._numbers)) for word in spellings]))

    def merged_into(self, base: Postings, old: Sequence[int], added: Sequence[int]) -> Spellings:
        """Return the spellings of a new list of lessons.

        `old` has each lesson's number in the base, -1 for a new one; `added` has for each new one, in the order of the
        list, its number in the order added.
        """
        new = iter(added)
        every = [self._of_base(base, number) if number >= 0 else self._of_added(base, next(new)) for number in old]
        numbers = np.concatenate([np.zeros(0, np.int64), *every])
        words = [*base.spellings, *self._numbers]
        known = {word: number for number, word in enumerate(sorted({words[number] for number in np.unique(numbers)}))}
        renumbered = np.array([known.get(word, -1) for word in words], np.int32)
        first = np.cumsum([0, *map(len, every)], dtype=np.int64)
        in_order = [np.sort(renumbered[found]) for found in every]
        text = np.frombuffer("\n".join(known).encode(), np.uint8)
        return Spellings(text, first, np.concatenate([np.zeros(0, np.int32), *in_order]))

    def _of_base(self, base: Postings, lesson: int) -> NDArray[np.int64]:
        return base.spellings_of[int(base.first_spelling[lesson]) : int(base.first_spelling[lesson + 1])].astype(
            np.int64
        )

    def _of_added(self, base: Postings, lesson: int) -> NDArray[np.int64]:
        """Return the numbers of an added lesson's words, which follow those of the base's words."""
        return len(base.spellings) + np.asarray(self._lessons[lesson], np.int64)
