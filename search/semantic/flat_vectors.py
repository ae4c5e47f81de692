"""The index by meaning that kb uses, exact search over all vectors; the one module that imports faiss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import faiss
import numpy as np

from search.passage_numbers import PassageNumbers
from search.scores import ArrayScores
from search.semantic.vector_file import map_vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]
    Vectors = NDArray[np.float32]

_ROWS_AT_ONCE = 256
"""Vectors per block, so that a block stays in the processor's cache."""
_QUERIES_AT_ONCE = 32
"""Queries per block; bounds the matrix of scores, which has one number per query and passage."""


class FlatVectors:
    """A `VectorIndex` with exact search, suitable up to about a million passages."""

    def __init__(self, rows: Vectors, passages: PassageNumbers) -> None:
        """`rows` have the shape (passages, dimension)."""
        self._rows = np.ascontiguousarray(rows, np.float32)
        self._passages = passages

    @classmethod
    def read(cls, folder: Path, passages: PassageNumbers) -> FlatVectors:
        """Memory-map what a `VectorFile` holds; raises `DamagedIndex`."""
        return cls(map_vectors(folder), passages)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def dimension(self) -> int:
        return int(self._rows.shape[1])

    def match(self, query: Vectors, passages: Ints | None = None) -> FlatMatch:
        scores = np.asarray(np.max([self._scores(vector) for vector in query], axis=0), np.float32)
        if passages is not None:
            only = np.full(len(scores), -np.inf, np.float32)
            only[passages] = scores[passages]
            scores = only
        return FlatMatch(scores, self._passages)

    def match_all(self, queries: Sequence[Vectors]) -> Iterator[FlatMatch]:
        for start in range(0, len(queries), _QUERIES_AT_ONCE):
            some = queries[start : start + _QUERIES_AT_ONCE]
            scores = iter(self._scores_of_all(np.concatenate(some)))
            for query in some:
                yield FlatMatch(np.max([next(scores) for _ in query], axis=0), self._passages)

    def closest(self, lesson: int) -> ArrayScores:
        own = self._rows[self._passages.of(lesson)]
        best = [self._passages.best(self._scores(vector), 0.0) for vector in own]
        mean = (
            np.asarray(sum(best) / len(own), np.float32) if best else np.zeros(len(self._passages.counts), np.float32)
        )
        return ArrayScores(mean, -np.inf)

    def close_pairs(self, least: float) -> Iterator[tuple[int, int, float]]:
        with_passages = np.flatnonzero(self._passages.counts)
        for lessons in self._blocks(with_passages):
            first = self._passages.first[lessons]
            rows = slice(int(first[0]), int(first[-1] + self._passages.counts[lessons[-1]]))
            best = np.maximum.reduceat(self._rows[rows] @ self._rows.T, self._passages.first[with_passages], axis=1)
            sums = np.add.reduceat(best, first - first[0], axis=0)
            means = sums / self._passages.counts[lessons][:, None]
            for one, other in np.argwhere(means >= least).tolist():
                if lessons[one] != with_passages[other]:
                    yield int(lessons[one]), int(with_passages[other]), float(means[one, other])

    def _blocks(self, lessons: Ints) -> Iterator[Ints]:
        """Yield lessons in order, those with some `_ROWS_AT_ONCE` passages together; at least one."""
        ends = np.cumsum(self._passages.counts[lessons])
        block = (ends - 1) // _ROWS_AT_ONCE
        yield from np.split(lessons, np.flatnonzero(np.diff(block)) + 1) if len(lessons) else ()

    def _scores(self, query: Vectors) -> Floats:
        """Return the inner product of every passage with one query vector; raises `ValueError` for another length."""
        # The scan with which faiss's own search begins. It would then sort all scores, which nobody needs and which
        # takes ten times as long (56,000 passages: 44 ms against 4).
        scores = np.zeros(len(self), np.float32)
        if len(self):
            query = np.ascontiguousarray(query, np.float32).reshape(self.dimension)  # no other length may be read
            pointers = (faiss.swig_ptr(array) for array in (scores, query, self._rows))
            faiss.fvec_inner_products_ny(*pointers, self.dimension, len(self))  # type: ignore[attr-defined]  # made by SWIG
        return scores

    def _scores_of_all(self, queries: Vectors) -> Floats:
        """Return for each query vector what `_scores` returns, bit-identical; shape (queries, passages).

        Each block of vectors is loaded into the processor's cache once for all queries: three times as fast as one by
        one.
        """
        scores = np.empty((len(queries), len(self)), np.float32)
        for start in range(0, len(self), _ROWS_AT_ONCE):
            near = self._rows[start : start + _ROWS_AT_ONCE]
            for query, row in zip(np.ascontiguousarray(queries, np.float32), scores, strict=True):
                pointers = (faiss.swig_ptr(array) for array in (row[start : start + len(near)], query, near))
                faiss.fvec_inner_products_ny(*pointers, self.dimension, len(near))  # type: ignore[attr-defined]  # made by SWIG
        return scores


class FlatMatch:
    """A `VectorMatch`: the scores of all passages."""

    def __init__(self, passages: Floats, numbers: PassageNumbers) -> None:
        """`passages` are the scores, -inf where a passage is left out; shape (passages,)."""
        self._of_passages = passages
        self._numbers = numbers
        lessons = numbers.best(passages, -np.inf)
        self.scores = ArrayScores(lessons, -np.inf)

    def of_passages(self, lesson: int) -> Floats:
        return self._of_passages[self._numbers.of(lesson)]
