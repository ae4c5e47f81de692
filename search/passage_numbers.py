"""Which passages belong to which lesson. Lessons are numbered by path, passages by lesson and order in the file."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.int32]
    Ints = NDArray[np.int32]
    Floats = NDArray[np.floating]


class PassageNumbers:
    """The numbers of a library's passages, computed from the number of passages of each lesson."""

    def __init__(self, counts: Counts) -> None:
        """`counts`: the number of passages of each lesson, shape (lessons,)."""
        self.counts = counts

    @cached_property
    def lesson_of(self) -> Ints:
        """The number of each passage's lesson, shape (passages,)."""
        return np.repeat(np.arange(len(self.counts), dtype=np.int32), self.counts)

    @cached_property
    def first(self) -> Ints:
        """The number of each lesson's first passage, shape (lessons,); of a lesson without any, the next lesson's."""
        return np.concatenate([[0], np.cumsum(self.counts)])[:-1].astype(np.int32)

    @cached_property
    def place_in_lesson(self) -> Ints:
        """The position of each passage in its lesson, from 0; shape (passages,)."""
        return np.asarray(np.arange(len(self.lesson_of)) - self.first[self.lesson_of], np.int32)

    def of(self, lesson: int) -> slice:
        """Return the numbers of a lesson's passages."""
        first = int(self.first[lesson])
        return slice(first, first + int(self.counts[lesson]))

    def best(self, scores: Floats, without: float) -> Floats:
        """Return each lesson's highest passage score, `without` for a lesson that has no passage; shape (lessons,)."""
        best = np.full(len(self.counts), without, scores.dtype)
        with_passages = np.flatnonzero(self.counts)
        if len(with_passages):
            best[with_passages] = np.maximum.reduceat(scores, self.first[with_passages])
        return best
