"""The interface of an index by meaning, wherever it keeps its vectors.

`FlatVectors` is the index that kb uses; `tests/plain_index.py` does the same with lists and loops.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from search.scores import Scores

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]
    Vectors = NDArray[np.float32]


class VectorMatch(Protocol):
    """What an index by meaning found for one query."""

    @property
    def scores(self) -> Scores:
        """By lesson the score of its nearest passage, -inf for a lesson without any; the statistics leave those out."""
        ...

    def of_passages(self, lesson: int) -> Floats:
        """Return the score of each passage of a lesson, -inf if it was left out; shape (passages of the lesson,)."""
        ...


class VectorIndex(Protocol):
    """The vectors of all passages of a library. A score is an inner product, for unit vectors the cosine."""

    @property
    def dimension(self) -> int: ...

    def match(self, query: Vectors, passages: Ints | None = None) -> VectorMatch:
        """Score every passage, or only `passages`, by the nearest of a query's vectors, shape (slices, dimension).

        Raises `ValueError` for vectors of another dimension.
        """
        ...

    def match_all(self, queries: Sequence[Vectors]) -> Iterator[VectorMatch]:
        """Yield for each of many queries what `match` returns, but faster."""
        ...

    def closest(self, lesson: int) -> Scores:
        """Return every lesson's closeness: the mean, over the passages of `lesson`, of its nearest passage's score.

        It is 0 for a lesson without passages. It is not symmetric: a short lesson is close to a long one that says the
        same among other things, but the long one is less close to the short one.
        """
        ...

    def close_pairs(self, least: float) -> Iterator[tuple[int, int, float]]:
        """Yield each lesson, another one, and the closeness of the two (`closest`), if at least `least`.

        `least` is above 0. The pairs are in ascending order. It is faster than asking for each lesson.
        """
        ...
