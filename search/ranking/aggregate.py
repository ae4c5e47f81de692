"""Finds the lessons with the highest sums of several indexes' scores, without reading every score.

The threshold algorithm: Fagin, Lotem, Naor: Optimal Aggregation Algorithms for Middleware (2003). Lessons are taken
from the top of each list; once enough of them have a sum above what any other lesson can reach, the rest is not read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.scores import Scores

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

_FIRST_DEPTH = 32
"""Lessons taken from each list beyond those wanted; each further round takes four times as many."""


class Summand(NamedTuple):
    """What one index adds to a lesson's sum."""

    scores: Scores
    part: Callable[[Floats], Floats]
    """The index's scores → what they add; a non-decreasing function."""

    def of(self, lessons: Ints) -> Floats:
        """Return what is added for each given lesson, shape (lessons,)."""
        return self.part(self.scores.of(lessons))

    def below(self, taken: Ints, depth: int) -> float:
        """Return the most that is added for a lesson not among the first `depth`; `taken` are these, or all found."""
        if len(taken) < depth:  # these are all that were found
            return float(self.part(np.array([self.scores.unseen], np.float32))[0])
        return float(self.of(taken[-1:])[0])


def candidates(
    summands: Sequence[Summand], count: int, *, always: Ints, total: Callable[[Ints], Floats], most_added: float = 0.0
) -> Ints:
    """Return numbers of lessons, ascending, that include the found lessons with the `count` highest totals.

    `total` gives lessons their sums plus at most `most_added`, or -inf for one that must not be found. The lessons
    `always` are returned in any case.
    """
    depth = count + _FIRST_DEPTH
    while True:
        taken = [summand.scores.best(depth) for summand in summands]
        lessons = union([*taken, always])
        if all(len(found) < depth for found in taken):
            return lessons
        highest = sum(summand.below(found, depth) for summand, found in zip(summands, taken, strict=True))
        if np.count_nonzero(total(lessons) > highest + most_added) >= count:
            return lessons
        depth *= 4


def highest_sum(summands: Sequence[Summand]) -> np.float32:
    """Return the highest sum of any lesson that was found, at least 0."""
    if len(summands) == 1:
        (summand,) = summands
        return np.float32(summand.of(summand.scores.best(1)).max(initial=0))

    def total(lessons: Ints) -> Floats:
        return np.asarray(np.sum([summand.of(lessons) for summand in summands], axis=0), np.float32)

    found = candidates(summands, 1, always=np.zeros(0, np.int64), total=total)
    return np.float32(total(found).max(initial=0))


def union(lessons: Sequence[Ints]) -> Ints:
    """Return the union of several arrays of numbers, ascending."""
    # `np.union1d` does the same but imports masked arrays: a tenth of the time of a search by words.
    every = np.sort(np.concatenate(lessons))
    return every[np.flatnonzero(np.diff(every, prepend=-1))]
