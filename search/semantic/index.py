"""What an index by meaning must be able to do, wherever it keeps its vectors.

`FlatVectors` is the index that kb has; `tests/plain_index.py` is the same in lists and loops.
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
        """By lesson the score of its nearest passage, -inf where it has none; the statistics leave these out."""
        ...

    def of_passages(self, lesson: int) -> Floats:
        """Return the score of each passage of a lesson, -inf where it was left out; shape (passages of the lesson,)."""
        ...


class VectorIndex(Protocol):
    """The vectors of all passages of a library. A score is an inner product: of unit vectors the cosine."""

    @property
    def dimension(self) -> int: ...

    def match(self, query: Vectors, passages: Ints | None = None) -> VectorMatch:
        """Compare every passage, or some by number, with the nearest of a query's vectors, shape (slices, dimension).

        Raises `ValueError` for vectors of another dimension.
        """
        ...

    def match_all(self, queries: Sequence[Vectors]) -> Iterator[VectorMatch]:
        """Give for each of many queries what `match` gives, and faster."""
        ...

    def closest(self, lesson: int) -> Scores:
        """Return by lesson the mean, over the passages of one, of the score of its nearest passage; 0 without any.

        So a short lesson is close to a long one that says the same among other things, and not the other way round.
        """
        ...
