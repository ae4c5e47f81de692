"""The scores that a query gives to lessons, behind an interface that does not need the scores of all lessons.

An index in another process can keep its scores there and answer these few methods. An index in this process has them in
an array: `ArrayScores`.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]


class Statistics(NamedTuple):
    """Statistics of the scores of all lessons that have one, whatever the scope of the query; 0 if none has one."""

    lessons: int
    lowest: np.float32
    highest: np.float32
    mean: np.float32
    deviation: np.float32
    """Population standard deviation."""

    @classmethod
    def of(cls, scores: Floats) -> Statistics:
        """Compute the statistics of scores, shape (lessons,)."""
        if not len(scores):
            return cls(0, *[np.float32(0)] * 4)
        return cls(len(scores), scores.min(), scores.max(), scores.mean(), scores.std())


class Scores(Protocol):
    """The scores that a query gives to lessons; lessons are given by their numbers."""

    @property
    def statistics(self) -> Statistics: ...

    @property
    def unseen(self) -> float:
        """The score of a lesson that the query did not find; a found lesson has a higher score."""
        ...

    def among(self, lessons: Ints) -> Scores:
        """Return the same scores with only some lessons ranked; `lessons` is ascending."""
        ...

    def best(self, count: int) -> Ints:
        """Return the numbers of the `count` best lessons that are found and ranked, the best first; ties by number.

        If it returns fewer than `count`, there are no more.
        """
        ...

    def of(self, lessons: Ints) -> Floats:
        """Return the scores of some lessons, ranked or not; shape (lessons,)."""
        ...

    def rank_of(self, lesson: int) -> int | None:
        """Return a lesson's rank in the order of `best`, from 1; None if it is not found or not ranked."""
        ...


class ArrayScores:
    """The scores of all lessons of a library in one array."""

    def __init__(self, values: Floats, unseen: float, ranked: Mask | None = None) -> None:
        """`values` (-inf: no score) and `ranked` have the shape (lessons,); without `ranked` all lessons are ranked."""
        self._values = values
        self._unseen = unseen
        self._ranked = ranked

    @cached_property
    def statistics(self) -> Statistics:
        return Statistics.of(self._values[np.isfinite(self._values)])

    @property
    def unseen(self) -> float:
        return self._unseen

    def among(self, lessons: Ints) -> ArrayScores:
        ranked = np.zeros(len(self._values), bool)
        ranked[lessons] = True
        return ArrayScores(self._values, self._unseen, ranked)

    def best(self, count: int) -> Ints:
        found, values = self._found, self._values[self._found]
        if 0 < count < len(found):
            last = np.partition(values, len(values) - count)[len(values) - count]
            found, values = found[values >= last], values[values >= last]
        return np.asarray(found[np.lexsort((found, -values))][:count], np.int64)

    def of(self, lessons: Ints) -> Floats:
        return np.asarray(self._values[lessons], np.float32)

    def rank_of(self, lesson: int) -> int | None:
        if not self._is_found[lesson]:
            return None
        score = self._values[lesson]
        before = self._values > score
        before[:lesson] |= self._values[:lesson] == score
        return int(np.count_nonzero(before & self._is_found)) + 1

    @cached_property
    def _found(self) -> Ints:
        return np.flatnonzero(self._is_found)

    @cached_property
    def _is_found(self) -> Mask:
        found = self._values > self._unseen
        return found if self._ranked is None else found & self._ranked
