"""The one module that knows faiss: vectors of passages → those nearest to a query."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import faiss
import numpy as np
from numpy.typing import NDArray

from search.errors import DamagedIndex
from search.semantic.cache import text_key
from search.semantic.vector_file import map_vectors
from search.storage.arrays import map_array, write_array

if TYPE_CHECKING:
    from search.semantic.encoder import Vectors


_KEYS = "keys.npy"
_NEAR_AT_ONCE = 256
"""So many vectors stay in the cache next to the processor."""
KEY_BYTES = 16

Keys = NDArray[np.uint8]
"""Of which text each vector is: its hash; shape (passages, 16)."""


class VectorIndex:
    """Exact inner products; of unit vectors that is the cosine. Right to about a million passages."""

    def __init__(self, rows: Vectors) -> None:
        """`rows` have the shape (passages, dimension), one after the other in memory or in a file that is mapped."""
        self._rows = rows

    @classmethod
    def from_vectors(cls, vectors: Vectors) -> VectorIndex:
        return cls(np.ascontiguousarray(vectors, np.float32))

    @classmethod
    def read(cls, folder: Path) -> VectorIndex:
        """Map what a `VectorFile` holds; raises `DamagedIndex`."""
        return cls(map_vectors(folder))

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def dimension(self) -> int:
        return int(self._rows.shape[1])

    def vectors(self) -> Vectors:
        """Return a copy of all vectors, shape (passages, dimension)."""
        return self._rows.copy()

    def scores(self, query: Vectors) -> Vectors:
        """Return the inner product of every passage with one query vector; raises `ValueError` for another length."""
        # The scan that faiss's own search begins with; sorting all of them afterwards would take ten times
        # as long (56,000 passages: 44 ms against 4), and nobody wants them sorted.
        scores = np.zeros(len(self), np.float32)
        if len(self):
            query = np.ascontiguousarray(query, np.float32).reshape(self.dimension)  # no other may be read
            pointers = (faiss.swig_ptr(array) for array in (scores, query, self._rows))
            faiss.fvec_inner_products_ny(*pointers, self.dimension, len(self))  # type: ignore[attr-defined]  # made by SWIG
        return scores

    def scores_of_all(self, queries: Vectors) -> Vectors:
        """Return for each of many queries what `scores` gives, to the bit; shape (queries, passages).

        Vectors are brought to the processor once for all of the queries: three times as fast as one by one.
        """
        scores = np.empty((len(queries), len(self)), np.float32)
        for start in range(0, len(self), _NEAR_AT_ONCE):
            near = self._rows[start : start + _NEAR_AT_ONCE]
            for query, row in zip(np.ascontiguousarray(queries, np.float32), scores, strict=True):
                pointers = (faiss.swig_ptr(array) for array in (row[start : start + len(near)], query, near))
                faiss.fvec_inner_products_ny(*pointers, self.dimension, len(near))  # type: ignore[attr-defined]  # made by SWIG
        return scores

    def vectors_at(self, start: int, count: int) -> Vectors:
        """Return the vectors of consecutive passages, shape (count, dimension)."""
        return self._rows[start : start + count]


def keys_of(texts: Iterable[str]) -> Keys:
    """Return the key of each text."""
    return np.frombuffer(b"".join(map(text_key, texts)), np.uint8).reshape(-1, KEY_BYTES)


def write_keys(folder: Path, keys: Keys) -> None:
    """Write beside the vectors of which text each is, so that it can be proved that none is another's."""
    write_array(folder / _KEYS, keys)


def read_keys(folder: Path) -> Keys:
    """Read what `write_keys` wrote; raises `DamagedIndex`."""
    path = folder / _KEYS
    keys = map_array(path, np.uint8, 2)
    if keys.shape[1] != KEY_BYTES:
        raise DamagedIndex(f"{path}: not the keys of texts")
    return keys
