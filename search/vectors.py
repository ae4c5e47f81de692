"""The one module that knows faiss: vectors of passages → those nearest to a query."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import faiss
import numpy as np
from numpy.typing import NDArray

from search.arrays import map_array, write_array
from search.cache import text_key
from search.errors import DamagedIndex
from search.vector_file import NAME

if TYPE_CHECKING:
    from search.encoder import Vectors


_KEYS = "keys.npy"
_BYTES_AT_ONCE = 1 << 20
_NEAR_AT_ONCE = 256
"""So many vectors stay in the cache next to the processor."""
KEY_BYTES = 16

Keys = NDArray[np.uint8]
"""Of which text each vector is: its hash; shape (passages, 16)."""


class VectorIndex:
    """Exact inner products; of unit vectors that is the cosine. Right to about a million passages."""

    def __init__(self, index: faiss.IndexFlat) -> None:
        self._index = index

    @classmethod
    def from_vectors(cls, vectors: Vectors) -> VectorIndex:
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @classmethod
    def read(cls, folder: Path) -> VectorIndex:
        """Read what a `VectorFile` holds; raises `DamagedIndex`."""
        path = folder / NAME
        # Python reads the bytes, as many as faiss asks for: faiss itself cannot open every path on every system.
        try:
            with path.open("rb") as file:
                reader = faiss.PyCallbackIOReader(file.read, _BYTES_AT_ONCE)  # type: ignore[attr-defined]  # made by SWIG
                index = faiss.read_index(reader)
        except (OSError, RuntimeError, ValueError) as error:
            raise DamagedIndex(f"{path}: {str(error).splitlines()[0]}") from error
        if not isinstance(index, faiss.IndexFlat) or index.metric_type != faiss.METRIC_INNER_PRODUCT:
            raise DamagedIndex(f"{path}: not an index of exact inner products")
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def vectors(self) -> Vectors:
        """Return all vectors, shape (passages, dimension)."""
        return self.vectors_at(0, len(self))

    def scores(self, query: Vectors) -> Vectors:
        """Return the inner product of every passage with one query vector; raises `ValueError` for another length."""
        # The scan that faiss's own search begins with; sorting all of them afterwards would take ten times
        # as long (56,000 passages: 44 ms against 4), and nobody wants them sorted.
        scores = np.zeros(len(self), np.float32)
        if len(self):
            query = np.ascontiguousarray(query, np.float32).reshape(self.dimension)  # no other may be read
            pointers = faiss.swig_ptr(scores), faiss.swig_ptr(query), self._index.get_xb()
            faiss.fvec_inner_products_ny(*pointers, self.dimension, len(self))  # type: ignore[attr-defined]  # made by SWIG
        return scores

    def scores_of_all(self, queries: Vectors) -> Vectors:
        """Return for each of many queries what `scores` gives, to the bit; shape (queries, passages).

        Vectors are brought to the processor once for all of the queries: three times as fast as one by one.
        """
        scores = np.empty((len(queries), len(self)), np.float32)
        vectors = faiss.rev_swig_ptr(self._index.get_xb(), len(self) * self.dimension).reshape(-1, self.dimension)
        for start in range(0, len(self), _NEAR_AT_ONCE):
            near = vectors[start : start + _NEAR_AT_ONCE]
            for query, row in zip(np.ascontiguousarray(queries, np.float32), scores, strict=True):
                pointers = (faiss.swig_ptr(array) for array in (row[start : start + len(near)], query, near))
                faiss.fvec_inner_products_ny(*pointers, self.dimension, len(near))  # type: ignore[attr-defined]  # made by SWIG
        return scores

    def vectors_at(self, start: int, count: int) -> Vectors:
        """Return the vectors of consecutive passages, shape (count, dimension)."""
        return np.asarray(self._index.reconstruct_n(start, count), np.float32)


def keys_of(texts: Iterable[str]) -> Keys:
    """Return the key of each text."""
    return np.frombuffer(b"".join(map(text_key, texts)), np.uint8).reshape(-1, KEY_BYTES)


def write_keys(folder: Path, keys: Keys) -> None:
    """Write beside the vectors of which text each is, so that it can be proved that none is another's."""
    write_array(folder / _KEYS, keys)


def read_keys(folder: Path) -> Keys:
    """Read what `write_keys` wrote; raises `DamagedIndex`."""
    path = folder / _KEYS
    keys = map_array(path)
    if keys.dtype != np.uint8 or keys.ndim != 2 or keys.shape[1] != KEY_BYTES:
        raise DamagedIndex(f"{path}: not the keys of texts")
    return keys
